/** The walker: every rule has its documentation and its cases, and says in each exactly what is written there. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { documentation } from '../rules/documentation.ts';
import { rules } from '../rules/index.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import type { SourceFile } from '../src/facts.ts';
import type { Report } from '../src/finding.ts';
import {
  analyseCase,
  analyseRepository,
  casesOf,
  expectedText,
  readFolder,
  repositoryRoot,
  ruleFolders,
  textOf,
} from './cases.ts';
import { assertDocumented, assertSyntax, examples, type Language } from './documented.ts';

const runbook = readFileSync(join(repositoryRoot, 'rules/RUNBOOK.md'), 'utf8');
const STRICT = { ...defaultPolicy, preset: 'strict' } as const;

/** A repository around the examples of rule.md: manifests, or the program of a package with all that examples import. */
function repositoryOf(texts: readonly string[], language: Language): SourceFile[] {
  if (language === 'yaml') return texts.map((text, i) => ({ path: `example-${i}.yaml`, text }));
  const dependencies = { axios: '1.11.0', express: '5.1.0', pg: '8.16.3' };
  const manifest = { name: 'orders', scripts: { start: 'node main-0.ts' }, dependencies };
  return [
    { path: 'package.json', text: JSON.stringify(manifest) },
    ...texts.map((text, i) => ({ path: `main-${i}.ts`, text })),
  ];
}

/** A report without what may differ between two runs on the same files. */
function comparable(files: readonly SourceFile[]): Omit<Report, 'durationMs'> {
  const { durationMs: _, ...report } = analyseRepository(files, STRICT);
  return report;
}

const folders = ruleFolders();

test('rules/index.ts and rules/documentation.ts hold exactly the folders of rules/', () => {
  const ids = folders.map(({ id }) => id).sort();
  assert.ok(ids.length > 20);
  assert.deepEqual(
    rules.map(({ id }) => id),
    ids,
  );
  assert.deepEqual([...documentation.keys()], ids);
});

for (const { id, side, folder } of folders) {
  describe(id, () => {
    const rule = rules.find((candidate) => candidate.id === id);
    const cases = casesOf(id, folder);
    const language = side === 'typescript' ? 'ts' : 'yaml';

    test('is documented', () => {
      assert.ok(rule, 'rules/index.ts does not hold it');
      const text = readFileSync(join(folder, 'rule.md'), 'utf8');
      assertDocumented(rule, text, language);
      const report = (heading: string) =>
        analyseRepository(repositoryOf(examples(text, heading, language), language), {
          ...STRICT,
          only: new Set([id]),
        });
      assert.equal(textOf(report('Good')), '', 'the rule is silent on what rule.md calls good');
      if (language === 'ts') assert.ok(report('Bad').findings.length > 0, 'it reports what is bad');
    });

    test('declares what can be found', () => {
      assert.ok(rule);
      assert.match(rule.title, /^[A-Z].*\.$/);
      assert.doesNotMatch(rule.cause, /\.$/);
      assert.ok(runbook.includes(`<a id="${rule.runbook}"></a>`), `no anchor ${rule.runbook}`);
      assert.ok(Object.keys(rule.levels).length > 0);
    });

    test('uses or documents every option', () => {
      const policies = cases
        .map((example) => join(example.folder, '.chaoslint.yaml'))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8'));
      for (const name of Object.keys(rule?.options ?? {})) {
        const told = `${documentation.get(id)?.text}\n${policies.join('\n')}`;
        assert.match(told, new RegExp(`\\b${name}\\b`), `nothing shows the option ${name}`);
      }
    });

    test('has bad and good cases', () => {
      const kinds = cases.map(({ name }) => /^(bad|good)-[a-z0-9-]+$/.exec(name)?.[1] ?? name);
      assert.deepEqual([...new Set(kinds)].sort(), ['bad', 'good']);
      for (const { name, files } of cases) assert.ok(files.length > 0, `${name} is empty`);
    });

    for (const example of cases) {
      test(example.name, async () => {
        const report = await analyseCase(example);
        assert.ok(report.complete);
        assert.deepEqual(
          report.notifications.filter(({ level }) => level === 'error'),
          [],
        );
        if (example.name.startsWith('good-')) {
          assert.equal(textOf(report), '');
          assert.equal(expectedText(example), undefined, 'a good case expects nothing');
          return;
        }
        assert.ok(report.findings.length > 0, 'a bad case is reported');
        assert.deepEqual([...new Set(report.findings.map((finding) => finding.rule))], [id]);
        for (const { at, related, fix, message } of report.findings) {
          assert.doesNotMatch(message, /[\n.]$|\n/, 'one line without a full stop');
          assert.ok(at.end > at.start, 'a region that can be seen');
          assertSyntax(fix.split('\n').slice(1).join('\n'), language);
          for (const place of [at, ...related.map((other) => other.at)])
            assert.ok(report.sources.has(place.path), `the report holds ${place.path}`);
        }
        const expected = expectedText(example);
        assert.notEqual(expected, undefined, 'no expected.txt: npm run update-cases');
        assert.equal(textOf(report), expected, 'read the change, then npm run update-cases');
      });
    }
  });
}

describe('the order of the files does not matter', () => {
  const fixtures = join(repositoryRoot, 'fixtures');
  const repositories = [
    ...readdirSync(fixtures).map((name) => ({ name, files: readFolder(join(fixtures, name)) })),
    ...folders.flatMap(({ id, folder }) =>
      casesOf(id, folder).map(({ name, files }) => ({ name: `${id}/${name}`, files })),
    ),
  ].filter(({ files }) => files.length > 1);

  test('reversed', () => {
    for (const { name, files } of repositories)
      assert.deepEqual(comparable([...files].reverse()), comparable(files), name);
  });

  test('shuffled', () => {
    // Of two files there is no order but the usual and the reversed one.
    for (const { name, files } of repositories.filter(
      (repository) => repository.files.length > 2,
    )) {
      const usual = comparable(files);
      const shuffled = fc.shuffledSubarray([...files], { minLength: files.length });
      fc.assert(
        fc.property(shuffled, (order) => assert.deepEqual(comparable(order), usual, name)),
        { numRuns: 5 },
      );
    }
  });
});
