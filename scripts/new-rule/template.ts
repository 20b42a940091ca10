/** What a new rule starts from. */
import { SIDES } from '../generate/rule-folders.ts';

const EXAMPLE = (replicas: number) => `kind: Deployment
metadata: { name: orders }
spec:
  replicas: ${replicas}
`;

const CASE = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: registry.example.com/shop/orders:5.0.3
`;

/** A property as the formatter writes it: single quotes where they can be, on its own line when it is long. */
function property(name: string, text: string): string {
  const quoted = text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`;
  const line = `  ${name}: ${quoted},`;
  return line.length > 100 ? `  ${name}:\n    ${quoted},` : line;
}

const RULE = (id: string, title: string) => `import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: '${id}',
${property('title', title)}
${property('cause', id.replaceAll('-', ' '))}
  subject: 'workload',
  levels: { found: 'warning' },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['no-spare-pod'],
  fix: 'Run at least 3 replicas:\\nspec:\\n  replicas: 3',

  *check() {
    // Takes the subject, yields { at, message } for the bad state and { undecided, at } for what is unknown.
  },
});
`;

const DOCUMENTATION = (id: string, title: string) => `# ${id}

${title}

## What it looks for

Which fields are read, what is reported at which level, and what is silent.

## Why it fails under chaos

Which fault shows it, and what users see then.

## Bad

\`\`\`yaml
${EXAMPLE(1)}\`\`\`

## Good

\`\`\`yaml
${EXAMPLE(3)}\`\`\`

## Fix

The smallest change that is right.

## When to ignore it

The workload for which the bad state is no problem.
`;

/**
 * The files of a new rule by path, relative to the repository. They pass the walker but for one thing, which is
 * the author's: the rule does not report its bad case yet.
 * @param name side and id, `kubernetes/too-few-replicas`
 * @throws Error that says what is wrong with the name or the title
 */
export function newRule(name: string, title: string): Map<string, string> {
  const [side = '', id = '', ...rest] = name.split('/');
  if (rest.length > 0 || !(SIDES as readonly string[]).includes(side))
    throw new Error(`"${name}" is not one of ${SIDES.map((known) => `${known}/<id>`).join(', ')}`);
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id))
    throw new Error(`"${id}" is not an id: lower-case words with hyphens that name the bad state`);
  if (!/^[A-Z][^\n]*\.$/.test(title))
    throw new Error(`"${title}" is not a title: one sentence that ends with a full stop`);
  const folder = `rules/${side}/${id}`;
  return new Map([
    [`${folder}/rule.ts`, RULE(id, title)],
    [`${folder}/rule.md`, DOCUMENTATION(id, title)],
    [`${folder}/cases/bad-first/orders.yaml`, CASE(1)],
    [`${folder}/cases/good-first/orders.yaml`, CASE(3)],
  ]);
}
