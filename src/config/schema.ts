/** The JSON schema of the policy file, made from the options that the rules declare. */
import type { AnyRule, OptionDeclaration } from '../rule.ts';
import { allSilencingRules } from '../silencing-rules.ts';

type Schema = Readonly<Record<string, unknown>>;

const LEVELS = ['off', 'note', 'warning', 'error'];

function optionSchema(option: OptionDeclaration): Schema {
  const { description } = option;
  switch (option.type) {
    case 'integer':
    case 'number': {
      const { type, minimum, maximum } = option;
      return {
        type,
        description,
        default: option.default,
        ...(minimum === undefined ? {} : { minimum }),
        ...(maximum === undefined ? {} : { maximum }),
      };
    }
    case 'boolean':
      return { type: 'boolean', description, default: option.default };
    case 'string':
      return {
        type: 'string',
        description,
        default: option.default,
        ...(option.enum === undefined ? {} : { enum: option.enum }),
      };
    case 'strings':
      return { ...strings(description), default: option.default };
  }
}

function strings(description: string, values?: readonly string[]): Schema {
  const items =
    values === undefined || values.length === 0
      ? { type: 'string', minLength: 1 }
      : { enum: values };
  return { type: 'array', description, items };
}

function ruleSchema(rule: AnyRule): Schema {
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => [
    name,
    optionSchema(option),
  ]);
  const level = { enum: LEVELS, description: 'One level for all that the rule reports.' };
  return {
    description: rule.title,
    anyOf: [
      { enum: LEVELS },
      {
        type: 'object',
        additionalProperties: false,
        properties: { level, ...Object.fromEntries(options) },
      },
    ],
  };
}

function object(description: string, properties: Schema): Schema {
  return { type: 'object', description, additionalProperties: false, properties };
}

/** The schema (JSON Schema draft-07, which editors know best) of a policy file for these rules. */
export function policySchema(rules: readonly AnyRule[]): Schema {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ruleSettings = object(
    'A level (off, note, warning, error), or a map of a level and options, by rule.',
    Object.fromEntries([
      ...sorted.map((rule) => [rule.id, ruleSchema(rule)]),
      ...allSilencingRules.map(({ id, title }) => [id, { enum: LEVELS, description: title }]),
    ]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Policy file of chaoslint',
    ...object('What chaoslint checks in this repository, and how.', {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      preset: {
        enum: ['recommended', 'strict'],
        default: 'recommended',
        description:
          'recommended: what a careful reviewer would block or comment on. strict: advice too.',
      },
      extends: {
        description:
          'recommended, strict, or policy files of this repository (./shared/chaoslint.yaml); what this file says goes on top.',
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: { type: 'string', minLength: 1 } },
        ],
      },
      rules: ruleSettings,
      overrides: {
        type: 'array',
        description: 'Other settings for some files; the last one that matches wins.',
        items: {
          ...object('Settings for some files.', {
            files: strings('Globs of these files, as in a .gitignore file.'),
            rules: ruleSettings,
          }),
          required: ['files', 'rules'],
        },
      },
      suppress: {
        type: 'array',
        description: 'Exceptions that the team has agreed on.',
        items: {
          ...object('One exception.', {
            rules: {
              ...strings(
                'What is silenced.',
                sorted.map(({ id }) => id),
              ),
              minItems: 1,
            },
            paths: strings('Globs of the files; all when absent.'),
            about: {
              type: 'string',
              minLength: 1,
              description: 'Only this object, as JSON names it: apps/Deployment/shop/orders.',
            },
            reason: { type: 'string', pattern: '\\S', description: 'Why.' },
            until: {
              type: 'string',
              pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
              description: 'The last day on which it holds: 2027-03-31.',
            },
          }),
          required: ['rules', 'reason'],
        },
      },
      ignore: strings('Globs of files that are not analysed, as in a .gitignore file.'),
      include: strings(
        'Globs of files in folders of examples and tests that are analysed all the same.',
      ),
      environments: object('Which contexts are production.', {
        production: strings('Names of overlays or directories that are production.'),
        nonProduction: strings(
          'Names of overlays or directories where rules on replicas, budgets, autoscalers and spread stay silent.',
        ),
      }),
      assume: object('Facts of the cluster that live elsewhere.', {
        limitRange: strings('What a LimitRange gives every container.', [
          'cpuRequest',
          'memoryRequest',
          'cpuLimit',
          'memoryLimit',
        ]),
        mesh: { type: 'boolean', description: 'Every pod has an Istio sidecar.' },
        spread: {
          type: 'boolean',
          description: 'The scheduler or a webhook spreads the pods of every workload.',
        },
        podDisruptionBudgets: {
          type: 'boolean',
          description: 'A controller makes a PodDisruptionBudget for every workload.',
        },
      }),
      helm: {
        type: 'array',
        description:
          'Charts and the values that they are rendered with; what the repository says of these charts does not count then.',
        items: {
          ...object('One chart with one set of values.', {
            chart: { type: 'string', description: 'The folder of the chart.' },
            values: strings(
              'Values files, the last one wins; relative to the root or to the chart.',
            ),
            set: {
              type: 'object',
              description: 'Single values by their paths, as helm --set takes them.',
              additionalProperties: {
                anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
              },
            },
            release: { type: 'string', minLength: 1, description: 'The name of the release.' },
            namespace: { type: 'string', minLength: 1, description: 'Its namespace.' },
          }),
          required: ['chart'],
        },
      },
      bindings: {
        type: 'object',
        description:
          'Images without tag, each with the folder of the program that runs in it: where builds and names do not say it.',
        additionalProperties: { type: 'string' },
      },
      wrappers: {
        type: 'array',
        description:
          'Functions of packages that chaoslint does not know, and how long they may take.',
        items: {
          ...object('Functions of one package.', {
            module: { type: 'string', minLength: 1, description: 'As it is imported: @acme/http.' },
            functions: {
              ...strings('Names of exports: request, default, client.get.'),
              minItems: 1,
            },
            calls: { enum: ['http', 'database'], description: 'What they call.' },
            timeout: {
              ...object('Where the caller says how long it may take.', {
                argument: { type: 'integer', minimum: 1, description: 'Counted from 1.' },
                option: {
                  type: 'string',
                  minLength: 1,
                  description: 'The option of that argument; the argument itself when absent.',
                },
              }),
              required: ['argument'],
            },
            unit: { enum: ['ms', 's'], default: 'ms', description: 'Of the time.' },
            default: {
              type: 'number',
              minimum: 1,
              description:
                'How long it takes at most when the caller says nothing; for ever when absent.',
            },
          }),
          required: ['module', 'functions', 'calls'],
        },
      },
      thresholds: object('When a chaos test has failed, for predictions.', {
        errorRatePercent: {
          type: 'number',
          minimum: 0,
          maximum: 100,
          default: 1,
          description: 'Share of requests that may fail or be late, in percent.',
        },
        p99Milliseconds: {
          type: 'number',
          minimum: 1,
          default: 1000,
          description: 'Latency that one request in a hundred may exceed, in milliseconds.',
        },
        restartSeconds: {
          type: 'number',
          minimum: 1,
          default: 120,
          description: 'Time within which a lost pod must be back, in seconds.',
        },
      }),
      failOn: {
        enum: ['error', 'warning', 'note', 'never'],
        default: 'error',
        description: 'The lowest level that makes the run fail with exit code 1.',
      },
    }),
  };
}
