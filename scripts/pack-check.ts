/** Packs the package as it would be published, checks it, installs it elsewhere and uses it there. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Bytes: a third above what the package has today. Raise them on purpose only. */
const MOST_PACKED = 3_300_000;
const MOST_UNPACKED = 14_500_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const temporary = mkdtempSync(join(tmpdir(), 'chaoslint-pack-'));

function output(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function step(what: string, check: () => unknown): Promise<void> {
  await check();
  console.log(`ok ${what}`);
}

try {
  const [packed] = JSON.parse(
    output('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary], root),
  );
  const tarball = join(temporary, packed.filename);
  const files: string[] = packed.files.map((file: { path: string }) => file.path);

  await step(
    'it holds the program, its types, its schema and the licences, and nothing else',
    () => {
      for (const path of [
        'LICENSE',
        'README.md',
        'THIRD-PARTY-NOTICES.txt',
        'bin/chaoslint.js',
        'dist/cli.js',
        'dist/index.js',
        'dist/schema.json',
        'dist/worker.js',
        'dist/fix-worker.js',
        'dist/types/src/index.d.ts',
        'package.json',
      ])
        assert.ok(files.includes(path), `the package has no ${path}: npm run build`);
      const others = files.filter(
        (path) =>
          !/^(bin|dist)\/|^(LICENSE|README\.md|THIRD-PARTY-NOTICES\.txt|package\.json)$/.test(path),
      );
      assert.deepEqual(others, []);
    },
  );

  await step(`it is small (${packed.size} bytes packed, ${packed.unpackedSize} unpacked)`, () => {
    assert.ok(packed.size <= MOST_PACKED, `more than ${MOST_PACKED} bytes packed`);
    assert.ok(packed.unpackedSize <= MOST_UNPACKED, `more than ${MOST_UNPACKED} bytes unpacked`);
  });

  await step('it has no dependencies and no scripts that run on installation', () => {
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies'])
      assert.equal(manifest[field], undefined, field);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare', 'prepack'])
      assert.equal(manifest.scripts[script], undefined, script);
  });

  await step('publint has nothing to say', async () => {
    const bytes = readFileSync(tarball);
    const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: content } });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    );
  });

  await step('its types resolve (attw)', () => {
    const attw = join(root, 'node_modules/.bin/attw');
    const result = spawnSync(attw, [tarball, '--profile', 'esm-only', '--no-color'], {
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  });

  const home = join(temporary, 'project');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{ "name": "project", "private": true }');
  cpSync(join(root, 'fixtures/orders-before'), join(home, 'shop'), { recursive: true });
  const npx = (...args: string[]) =>
    spawnSync('npx', ['--no', '--', 'chaoslint', ...args], { cwd: home, encoding: 'utf8' });

  await step('it installs without a network', () => {
    const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    output('npm', ['install', ...flags, tarball], home);
    const installed = readdirSync(join(home, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    assert.deepEqual(installed, ['chaoslint']);
  });

  await step('its command says its version', () => {
    const { stdout, stderr, status } = npx('--version');
    assert.deepEqual(
      { stdout, stderr, status },
      { stdout: `${manifest.version}\n`, stderr: '', status: 0 },
    );
  });

  await step('its command finds what is wrong, and explains it', () => {
    const check = npx('shop', '--format', 'json');
    assert.equal(check.stderr, '');
    assert.equal(check.status, 1);
    const { findings } = JSON.parse(check.stdout);
    assert.ok(findings.some(({ rule }: { rule: string }) => rule === 'too-few-replicas'));
    const explained = npx('explain', 'too-few-replicas');
    assert.equal(explained.status, 0);
    assert.match(explained.stdout, /## Why|Why it fails under chaos/);
  });

  await step('its command reads program text', () => {
    cpSync(
      join(root, 'rules/typescript/http-call-without-timeout/cases/bad-fetch-in-route'),
      join(home, 'service'),
      { recursive: true },
    );
    const check = npx('service', '--isolated', '--format', 'json');
    assert.equal(check.stderr, '');
    const { findings } = JSON.parse(check.stdout);
    assert.ok(findings.some(({ rule }: { rule: string }) => rule === 'http-call-without-timeout'));
    rmSync(join(home, 'service'), { recursive: true });
  });

  await step('its command reads a policy file', () => {
    writeFileSync(join(home, '.chaoslint.yaml'), 'failOn: nevr\n');
    const wrong = npx('shop');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /never/);
    writeFileSync(join(home, '.chaoslint.yaml'), 'failOn: never\n');
    assert.equal(npx('shop').status, 0);
  });

  await step('it can be imported', () => {
    const program = `
import { analyse, defaultPolicy } from 'chaoslint';
import schema from 'chaoslint/schema.json' with { type: 'json' };
const text = 'apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: orders\\nspec:\\n  containers:\\n    - name: orders\\n      image: shop/orders:1.0.0\\n';
const { findings } = analyse([{ path: 'pod.yaml', text }], defaultPolicy);
console.log(JSON.stringify({ rules: findings.map(({ rule }) => rule), schema: schema.title }));`;
    const result = output(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program],
      home,
    );
    const { rules, schema } = JSON.parse(result);
    assert.ok(rules.includes('naked-pod'), result);
    assert.equal(typeof schema, 'string');
  });

  await step('its types describe it', () => {
    writeFileSync(
      join(home, 'use.ts'),
      `import { analyse, defaultPolicy, type Finding, rules } from 'chaoslint';
const found: readonly Finding[] = analyse([{ path: 'a.yaml', text: '' }], defaultPolicy).findings;
// @ts-expect-error a level is not a number
const level: number | undefined = found[0]?.level;
export const ids: readonly string[] = rules.map((rule) => rule.id);
export { level };
`,
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const flags = '--noEmit --strict --module nodenext --target es2023'.split(' ');
    const result = spawnSync(process.execPath, [compiler, ...flags, 'use.ts'], {
      cwd: home,
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, result.stdout);
  });
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
