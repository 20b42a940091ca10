/** The built program: what it loads, when, and that it needs nothing else. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { notices, packageFolders } from '../scripts/notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Sources (as esbuild names them in comments) of a built file and of all that it imports statically. */
function loadedBy(entry: string): Set<string> {
  const seen = new Set<string>();
  const sources = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, source] of text.matchAll(/^ *\/\/ ((?:src|rules|node_modules)\/\S+)$/gm))
      sources.add(source ?? '');
    const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    for (const statement of parsed.statements) {
      const from =
        ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
          ? statement.moduleSpecifier
          : undefined;
      if (from === undefined || !ts.isStringLiteral(from)) continue;
      if (from.text.startsWith('.')) visit(join(dirname(file), from.text));
      else assert.ok(builtinModules.includes(from.text.replace(/^node:/, '')), from.text);
    }
  };
  visit(join(dist, entry));
  return sources;
}

const builtFiles = () =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => join(dist, path));

describe('dist/ (npm run build)', { skip: existsSync(dist) ? false : 'not built' }, () => {
  test('--help loads neither rules nor parsers', () => {
    const sources = [...loadedBy('cli.js')];
    assert.ok(sources.includes('src/cli.ts'));
    const heavy = sources.filter((path) =>
      /^(rules|src\/(model|extract|report|check|run))|^node_modules\/(yaml|ajv|globby|fast-glob)\//.test(
        path,
      ),
    );
    assert.deepEqual(heavy, []);
  });

  test('a run without a policy file does not load ajv', () => {
    const sources = [...loadedBy('index.js')];
    assert.ok(sources.includes('src/run.ts'));
    assert.deepEqual(
      sources.filter((path) => path.startsWith('node_modules/ajv/')),
      [],
    );
  });

  test('imports nothing but itself and Node', () => {
    for (const file of builtFiles()) loadedBy(relative(dist, file));
  });

  test('has the licence of every package that it holds', () => {
    const bundled = new Set<string>();
    for (const file of builtFiles()) {
      const text = readFileSync(file, 'utf8');
      for (const [, source] of text.matchAll(/^ *\/\/ (node_modules\/\S+)$/gm))
        bundled.add(source ?? '');
    }
    const told = readFileSync(join(root, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const folders = packageFolders(bundled);
    assert.ok(folders.includes('node_modules/yaml'));
    for (const folder of folders) {
      const { name, version } = JSON.parse(
        readFileSync(join(root, folder, 'package.json'), 'utf8'),
      );
      assert.ok(told.includes(`\n${name} ${version} (`), `no licence of ${name}`);
    }
  });

  test('runs: --help and --version', () => {
    const bin = join(root, 'bin/chaoslint.js');
    const help = spawnSync(process.execPath, [bin, '--help'], { encoding: 'utf8' });
    assert.deepEqual([help.status, help.stderr], [0, '']);
    assert.match(help.stdout, /^Usage: chaoslint/);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const said = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
    assert.equal(said.stdout, `${version}\n`);
  });
});

describe('licences', () => {
  test('each package once, nested and scoped ones too', () => {
    const inputs = [
      'src/cli.ts',
      'node_modules/yaml/dist/index.js',
      'node_modules/yaml/dist/compose.js',
      'node_modules/@a/b/index.js',
      'node_modules/a/node_modules/b/index.js',
    ];
    assert.deepEqual(packageFolders(inputs), [
      'node_modules/@a/b',
      'node_modules/a/node_modules/b',
      'node_modules/yaml',
    ]);
  });

  test('a package without a licence text cannot be bundled', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'chaoslint-notices-'));
    context.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'package.json'),
      '{ "name": "a", "version": "1.0.0", "license": "MIT" }',
    );
    assert.throws(
      () => notices(dirname(folder), [relative(dirname(folder), folder)]),
      /a 1\.0\.0 .*no licence/,
    );
    writeFileSync(join(folder, 'LICENSE'), 'Use it.\n');
    assert.match(
      notices(dirname(folder), [relative(dirname(folder), folder)]),
      /a 1\.0\.0 \(MIT\)\n\nUse it\.\n/,
    );
  });
});
