/** What is generated from the folders of rules/. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import { documentationModule, indexModule } from '../scripts/generate/modules.ts';
import { type RuleFolder, readRuleFolders } from '../scripts/generate/rule-folders.ts';
import { readmeWith, rulesPage } from '../scripts/generate/tables.ts';
import schema from '../src/schema.json' with { type: 'json' };
import { repositoryRoot } from './cases.ts';

/** A folder of rules: each is an object in the text of rule.ts. */
function rulesFolder(context: TestContext, rules: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-rules-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [path, declaration] of Object.entries(rules)) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'rule.ts'), `export default ${declaration};\n`);
    writeFileSync(join(folder, path, 'rule.md'), `# ${path}\n`);
  }
  return folder;
}

const RULE = (id: string) =>
  `{ id: '${id}', title: 'A | B.', runbook: 'pod-1-replicas', levels: { a: 'note', b: 'error', c: 'note' } }`;

describe('the folders of rules', () => {
  test('all sides in one order', async (context) => {
    const folder = rulesFolder(context, {
      'together/b-b': RULE('b-b'),
      'kubernetes/c-c': RULE('c-c'),
      'typescript/a-a': RULE('a-a'),
    });
    const folders = await readRuleFolders(folder);
    assert.deepEqual(
      folders.map(({ path }) => path),
      ['typescript/a-a', 'together/b-b', 'kubernetes/c-c'],
    );
    const index = indexModule(folders);
    assert.match(index, /import aA from '.\/typescript\/a-a\/rule.ts';/);
    assert.match(index, /= \[\n {2}aA,\n {2}bB,\n {2}cC,\n\];\n$/);
    assert.match(
      documentationModule(folders),
      /"a-a",\n {4}\{\n {6}side: "typescript",\n {6}text: "# typescript\/a-a\\n",/,
    );
    const page = rulesPage(folders);
    assert.ok(page.indexOf('Kubernetes') < page.indexOf('c-c'), 'a table for each side');
    assert.match(
      page,
      /\| \[c-c\]\(..\/rules\/kubernetes\/c-c\/rule.md\) \| error, note \| A \\\| B\. \|/,
    );
  });

  test('what is wrong with one is said', async (context) => {
    const wrong: readonly [Record<string, string>, RegExp][] = [
      [{ 'kubernetes/a-a': RULE('b-b') }, /rules\/kubernetes\/a-a\/rule.ts declares the id b-b/],
      [{ 'kubernetes/a-a': RULE('a-a'), 'together/a-a': RULE('a-a') }, /have the same id/],
      [
        { 'kubernetes/a-a': "{ id: 'a-a', levels: {}, options: { level: {} } }" },
        /an option must not be called level/,
      ],
    ];
    for (const [rules, message] of wrong)
      await assert.rejects(readRuleFolders(rulesFolder(context, rules)), message);
    const folder = rulesFolder(context, { 'kubernetes/a-a': RULE('a-a') });
    rmSync(join(folder, 'kubernetes/a-a/rule.md'));
    await assert.rejects(readRuleFolders(folder), /rules\/kubernetes\/a-a has no rule.md/);
  });
});

describe('the table and the sample of README.md', () => {
  const folders: readonly RuleFolder[] = [];
  test('only what stands between the markers changes', () => {
    const readme =
      'before\n<!-- rules -->\nold\n<!-- /rules -->\nafter\n<!-- sample -->\n<!-- /sample -->\n';
    const changed = readmeWith(readme, folders, 'said');
    assert.match(
      changed ?? '',
      /^before\n<!-- rules -->\n\|.*\|\n<!-- \/rules -->\nafter\n<!-- sample -->\nsaid\n<!-- \/sample -->\n$/s,
    );
    assert.equal(readmeWith(changed ?? '', folders, 'said'), changed);
  });
  test('a file without markers, or with one of them, has no place for it', () => {
    for (const readme of [
      '',
      '<!-- rules -->',
      '<!-- /rules -->\n<!-- rules -->',
      '<!-- rules -->\n<!-- /rules -->',
    ])
      assert.equal(readmeWith(readme, folders, 'said'), undefined);
  });
});

describe('src/schema.json', () => {
  const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

  test('accepts every default, and each rule as a level or with its options', async () => {
    for (const { id, rule } of await readRuleFolders(join(repositoryRoot, 'rules'))) {
      const options = Object.entries(rule.options ?? {}).map(([name, option]) => [
        name,
        option.default,
      ]);
      const level = 'warning';
      for (const setting of [
        'off',
        level,
        {},
        { level },
        { level, ...Object.fromEntries(options) },
      ])
        assert.ok(accepts({ rules: { [id]: setting } }), `${id}: ${JSON.stringify(setting)}`);
      assert.ok(!accepts({ rules: { [id]: { none: 1 } } }), `${id} has no option none`);
      assert.ok(!accepts({ rules: { [id]: 'fatal' } }), `${id} cannot be fatal`);
      for (const [name] of options)
        assert.ok(
          !accepts({ rules: { [id]: { [`${name}`]: null } } }),
          `${id}: ${name} is not null`,
        );
    }
  });

  test('accepts every key', () => {
    const policy = {
      $schema: './schema.json',
      preset: 'strict',
      extends: ['recommended', './shared/chaoslint.yaml'],
      rules: { 'too-few-replicas': { min: 2 } },
      overrides: [{ files: ['legacy/**'], rules: { 'too-few-replicas': 'off' } }],
      suppress: [
        {
          rules: ['too-few-replicas'],
          paths: ['deploy/**'],
          about: 'apps/Deployment/shop/orders',
          reason: 'leader election comes later',
          until: '2027-03-31',
        },
      ],
      ignore: ['vendor/**'],
      include: ['examples/**'],
      environments: { production: ['eu'], nonProduction: ['lab'] },
      assume: {
        limitRange: ['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit'],
        mesh: true,
        spread: false,
        podDisruptionBudgets: true,
      },
      helm: [
        { chart: 'charts/shop', values: ['live.yaml'], set: { replicas: 3 }, release: 'shop' },
      ],
      bindings: { 'acme/orders': 'services/orders' },
      wrappers: [
        {
          module: '@acme/http',
          functions: ['request'],
          calls: 'http',
          timeout: { argument: 2, option: 'timeoutMs' },
          unit: 'ms',
        },
      ],
      thresholds: { errorRatePercent: 1, p99Milliseconds: 1_000, restartSeconds: 120 },
      failOn: 'never',
    };
    assert.deepEqual(Object.keys(schema.properties), Object.keys(policy));
    assert.ok(accepts(policy), JSON.stringify(accepts.errors));
    assert.ok(accepts({}));
  });

  test('refuses what it does not know', () => {
    for (const policy of [
      { presets: 'strict' },
      { preset: 'all' },
      { rules: { 'too-few-replica': 'off' } },
      { rules: { 'too-few-replicas': { min: 0 } } },
      { rules: { 'too-few-replicas': { min: '3' } } },
      { ignore: 'vendor/**' },
      { environments: { staging: ['x'] } },
      { assume: { limitRange: ['cpu'] } },
      { failOn: 'fatal' },
      [],
    ])
      assert.ok(!accepts(policy), JSON.stringify(policy));
  });

  test('describes every property', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties')
          for (const [name, property] of Object.entries(value as object))
            if (!('description' in property)) undescribed.push(`${path}/${name}`);
        visit(value, `${path}/${key}`);
      }
    };
    visit(schema, '');
    assert.deepEqual(undescribed, []);
  });
});
