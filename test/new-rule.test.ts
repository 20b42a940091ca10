/** A new rule starts complete: only what it looks for is left to its author. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readRuleFolders } from '../scripts/generate/rule-folders.ts';
import { newRule } from '../scripts/new-rule/template.ts';
import { check } from '../src/check.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { link } from '../src/model/link/link.ts';
import { casesOf, repositoryRoot } from './cases.ts';
import { assertDocumented } from './documented.ts';

const NAME = 'kubernetes/orders-without-witness';
const TITLE = "Nobody sees what an order's pod does.";

test('the files of a new rule pass everything but the report of the bad case', async (context) => {
  const copy = mkdtempSync(join(tmpdir(), 'chaoslint-rule-'));
  context.after(() => rmSync(copy, { recursive: true }));
  symlinkSync(join(repositoryRoot, 'src'), join(copy, 'src'), 'dir');
  for (const [path, text] of newRule(NAME, TITLE)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }

  const [folder, ...others] = await readRuleFolders(join(copy, 'rules'));
  assert.ok(folder !== undefined && others.length === 0);
  const { rule, documentation, path } = folder;
  assert.deepEqual([path, rule.id, rule.title], [NAME, 'orders-without-witness', TITLE]);
  assertDocumented(rule, documentation);
  const runbook = readFileSync(join(repositoryRoot, 'rules/RUNBOOK.md'), 'utf8');
  assert.ok(runbook.includes(`<a id="${rule.runbook}"></a>`));

  const cases = casesOf(rule.id, join(copy, 'rules', path));
  assert.deepEqual(
    cases.map((example) => example.name),
    ['bad-first', 'good-first'],
  );
  for (const { files } of cases) {
    const facts = files.map(extractManifest);
    assert.deepEqual(
      facts.flatMap((file) => [...file.notifications, ...file.unread]),
      [],
    );
    const model = link(facts, defaultPolicy);
    assert.deepEqual(
      model.workloads.map(({ label }) => label),
      ['Deployment orders'],
    );
    // The bad case is silent too: this is what the author has to change.
    const checked = check(model, facts, [rule], defaultPolicy, () => true);
    assert.deepEqual([checked.findings, checked.crashed], [[], false]);
  }
});

for (const [name, title, message] of [
  ['too-few-pods', TITLE, /"too-few-pods" is not one of kubernetes\/<id>/],
  ['network/too-few-pods', TITLE, /is not one of/],
  ['kubernetes/too-few-pods/x', TITLE, /is not one of/],
  ['kubernetes/TooFewPods', TITLE, /"TooFewPods" is not an id/],
  ['kubernetes/../../src', TITLE, /is not one of/],
  ['kubernetes/..', TITLE, /".." is not an id/],
  ['kubernetes/too-few-pods', 'Too few pods', /ends with a full stop/],
  ['kubernetes/too-few-pods', 'Too few\npods.', /is not a title/],
] as const) {
  test(`refuses ${name} "${title.replaceAll('\n', ' ')}"`, () => {
    assert.throws(() => newRule(name, title), message);
  });
}
