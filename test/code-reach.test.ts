/** What is found does not depend on which files a run can leave unread. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readReached, relevantCode } from '../src/code.ts';
import { defaultPolicy, type Policy } from '../src/config/policy.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import type { SourceFile } from '../src/facts.ts';
import { discover } from '../src/files/discover.ts';
import { libraries } from '../src/libraries/index.ts';
import type { Project } from '../src/model/link/code/link.ts';
import { readProject } from '../src/project.ts';
import { analyse } from '../src/run.ts';
import { casesOf, readFolder, repositoryRoot, ruleFolders } from './cases.ts';

const strict: Policy = { ...defaultPolicy, preset: 'strict' };
const extract = (files: readonly SourceFile[]) =>
  Promise.resolve(files.map((one) => extractCode(one)));

/** Everything that is said of the code, once with all files read and once with those that are reached. */
async function bothWays(sources: readonly SourceFile[], project: Project) {
  const { facts, unread, modules } = await readReached(sources, project, libraries, extract);
  const some = analyse([], strict, { code: { facts, project, unread, modules, sources } });
  const all = analyse([], strict, {
    code: { facts: await extract(sources), project, modules, sources },
  });
  const said = ({ findings, undecided, suppressed, complete, code }: typeof all) => ({
    findings,
    undecided,
    suppressed,
    complete,
    quality: code?.quality,
  });
  return { all: said(all), some: said(some), unread };
}

const folders = [
  ...ruleFolders().flatMap(({ id, side, folder }) =>
    side === 'kubernetes' ? [] : casesOf(id, folder).map((one) => one.folder),
  ),
  join(repositoryRoot, 'fixtures/orders-before'),
  join(repositoryRoot, 'fixtures/orders-after'),
];

describe('files that nothing in the cluster reaches need not be read', () => {
  it('in the cases of the rules and the fixtures', async () => {
    let left = 0;
    let findings = 0;
    for (const folder of folders) {
      const files = readFolder(folder);
      const code = files.filter(({ path }) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path));
      const { all, some, unread } = await bothWays(code, readProject(files, libraries));
      assert.deepEqual(some, all, folder);
      left += unread.length;
      findings += all.findings.length;
    }
    // The comparison would prove nothing if everything were read, or nothing were found.
    assert.ok(left > 0 && findings > 100, `${left} files unread, ${findings} findings`);
  });

  const given = process.env.CHAOSLINT_TEST_REPOSITORIES;
  const skip = given === undefined ? 'CHAOSLINT_TEST_REPOSITORIES names no folders' : false;
  it('in real repositories', { skip }, async () => {
    for (const cwd of given?.split(':') ?? []) {
      const found = await discover({ cwd, paths: ['.'], isolated: true, ignored: [], include: [] });
      const sources = relevantCode(found.code, found.project, libraries);
      const { all, some } = await bothWays(sources, readProject(found.project, libraries));
      assert.deepEqual(some, all, cwd);
    }
  });
});

describe('which code can matter', () => {
  const project = [{ path: 'package.json', text: '{}' }];
  const kept = (text: string) =>
    relevantCode([{ path: 'src/main.ts', text }], project, libraries).length === 1;
  const server = `import express from 'express';\nexpress().listen(80);`;

  it('a file that begins with the directive is for browsers, whatever comments stand before it', () => {
    assert.ok(kept(server));
    assert.ok(kept(`export const a = "use client";\n${server}`));
    for (const before of [
      '',
      '\uFEFF',
      '// a\n\n',
      '/* a */ /* "use server" */\n',
      '/**\n * a\n */\n// b\n',
    ])
      assert.ok(!kept(`${before}'use client';\n${server}`), before);
  });

  it('thousands of comments cost no more than reading them', () => {
    const started = process.cpuUsage();
    assert.ok(kept(`${'/* a */ // b\n'.repeat(20_000)}const use = 'use client';\n${server}`));
    assert.ok(kept(`'use client/* ${'/*'.repeat(20_000)}\n${server}`));
    // A pattern that goes back and forth over them took minutes.
    assert.ok(process.cpuUsage(started).user < 8_000_000);
  });
});
