/** Parameters of OpenShift templates: `${NAME}` in a text and `${{NAME}}` for a whole value, filled in with their defaults. */
import type { MapNode, Node, ScalarNode } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { placeholderIn } from './placeholders.ts';
import { plainValue } from './scalars.ts';

const REFERENCE = /\$\{([A-Za-z0-9_]+)\}/g;
const WHOLE = /^\$\{\{([A-Za-z0-9_]+)\}\}$/;

/** Characters of a text after everything is filled in. */
const LONGEST = 1024 * 1024;

interface Parameter {
  readonly value: string;
  /** The place of the default. */
  readonly range: Range;
}

function textIn(map: MapNode, key: string): ScalarNode | undefined {
  const value = map.entries.findLast((entry) => entry.key === key)?.value;
  return value?.kind === 'scalar' && value.value !== null ? value : undefined;
}

function textOf({ value, text }: ScalarNode): string {
  return typeof value === 'string' ? value : text;
}

/** Parameters that have a default; the value of every other one is known only when somebody gives it. */
function parametersOf(template: MapNode): ReadonlyMap<string, Parameter> {
  const list = template.entries.findLast(({ key }) => key === 'parameters')?.value;
  const parameters = new Map<string, Parameter>();
  for (const item of list?.kind === 'sequence' ? list.items : []) {
    if (item.kind !== 'map') continue;
    const name = textIn(item, 'name');
    const value = textIn(item, 'value');
    if (name !== undefined && value !== undefined)
      parameters.set(textOf(name), { value: textOf(value), range: value.range });
  }
  return parameters;
}

/** Says what a node of the objects of a template is once its parameters have their defaults. */
export function withDefaults(template: MapNode): (node: Node) => Node {
  const parameters = parametersOf(template);
  let left = LONGEST;
  const fill = (node: Node): Node => {
    switch (node.kind) {
      case 'map': {
        const entries = node.entries.map((entry) => {
          const value = fill(entry.value);
          return value === entry.value ? entry : { ...entry, value };
        });
        return entries.every((entry, index) => entry === node.entries[index])
          ? node
          : { ...node, entries };
      }
      case 'sequence': {
        const items = node.items.map(fill);
        return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
      }
      case 'unknown':
        return node.text === undefined ? node : filled(node, node.text);
      case 'scalar':
        return typeof node.value === 'string' && node.value.includes('$')
          ? filled(node, node.value)
          : node;
    }
  };
  const filled = (node: Node, text: string): Node => {
    const whole = parameters.get(WHOLE.exec(text)?.[1] ?? '');
    if (whole !== undefined) {
      const { value, range } = whole;
      return { kind: 'scalar', value: plainValue(value), text: value, range };
    }
    const only = /^\$\{([A-Za-z0-9_]+)\}$/.exec(text)?.[1];
    const result = text.replaceAll(
      REFERENCE,
      (written, name: string) => parameters.get(name)?.value ?? written,
    );
    left -= result.length;
    if (result === text || left < 0) return node;
    // A person who wants another value edits the default.
    const range = parameters.get(only ?? '')?.range ?? node.range;
    const why = placeholderIn(result);
    return why === undefined
      ? { kind: 'scalar', value: result, text: result, range }
      : { kind: 'unknown', why, range, text: result };
  };
  return parameters.size === 0 ? (node) => node : fill;
}
