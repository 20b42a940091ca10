/** The JSON schema of the policy file: validates it, and completes it in editors. */
import type { OptionDeclaration } from '../../src/rule.ts';
import { levelsOf, type RuleFolder } from './rule-folders.ts';

type Schema = { readonly [key: string]: unknown };

const LEVEL: Schema = {
  description:
    'off: the rule does not run. note, warning, error: everything that the rule reports has this level.',
  type: 'string',
  enum: ['off', 'note', 'warning', 'error'],
};

const strings = (
  description: string,
  items: Schema = { type: 'string', minLength: 1 },
): Schema => ({
  description,
  type: 'array',
  items,
  uniqueItems: true,
});

/** An object with these keys and no others. */
const object = (description: string, properties: Schema): Schema => ({
  description,
  type: 'object',
  additionalProperties: false,
  properties,
});

function optionSchema(option: OptionDeclaration): Schema {
  const { description } = option;
  if (option.type === 'strings') return { ...strings(description), default: option.default };
  const { type } = option;
  const limits: Record<string, unknown> = {};
  if (option.type === 'integer' || option.type === 'number') {
    if (option.minimum !== undefined) limits.minimum = option.minimum;
    if (option.maximum !== undefined) limits.maximum = option.maximum;
  }
  if (option.type === 'string' && option.enum !== undefined) limits.enum = option.enum;
  return { description, type, ...limits, default: option.default };
}

/** A level, or an object with a level and options. `if` rather than `anyOf`: its errors name the one thing that is wrong. */
function ruleSchema({ rule }: RuleFolder): Schema {
  const levels = levelsOf(rule).map((level) => (level === 'strict' ? 'only in strict' : level));
  const description = `${rule.title} Level: ${levels.join(', ')}.`;
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => [
    name,
    optionSchema(option),
  ]);
  return {
    description,
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      type: 'object',
      additionalProperties: false,
      properties: { level: { $ref: '#/definitions/level' }, ...Object.fromEntries(options) },
    },
    else: { $ref: '#/definitions/level' },
  };
}

/** Draft 07, which editors know best. */
export function policySchema(folders: readonly RuleFolder[]): Schema {
  const rules = folders.map((folder) => [folder.id, ruleSchema(folder)]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Policy file of chaoslint',
    ...object('What chaoslint reports in this repository, and what it may take for granted.', {
      $schema: { description: 'Where editors find this schema; not read.', type: 'string' },
      preset: {
        description:
          'recommended: what a careful reviewer would block or comment on. strict: advice as well.',
        type: 'string',
        enum: ['recommended', 'strict'],
        default: 'recommended',
      },
      rules: object(
        'Rule to level, or to an object with a level and options. Everything else is as the preset says.',
        Object.fromEntries(rules),
      ),
      ignore: strings('Globs of paths that are not analysed, relative to this file.'),
      include: strings(
        'Globs of example and test folders whose manifests are reported like all others, relative to this file.',
      ),
      environments: object(
        'Names of overlays, directories and values files. The rules about replicas, budgets, autoscalers and spread speak in production only.',
        {
          production: strings('Judged as production although the name sounds otherwise.'),
          nonProduction: strings('Judged as not production although the name does not say so.'),
        },
      ),
      assume: object('What the cluster provides without the repository saying so.', {
        limitRange: strings('Requests and limits that a LimitRange of the cluster fills in.', {
          type: 'string',
          enum: ['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit'],
        }),
        mesh: {
          description: 'A service mesh carries the traffic between the services.',
          type: 'boolean',
        },
        spread: {
          description: 'The scheduler of the cluster spreads the pods of a workload over nodes.',
          type: 'boolean',
        },
        podDisruptionBudgets: {
          description: 'Something in the cluster makes a PodDisruptionBudget for every workload.',
          type: 'boolean',
        },
      }),
      failOn: {
        description: 'The lowest level of a finding that ends the run with exit code 1.',
        type: 'string',
        enum: ['error', 'warning', 'note', 'never'],
        default: 'error',
      },
    }),
    definitions: { level: LEVEL },
  };
}
