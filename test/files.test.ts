/** The files layer: real folders, real git, hostile content. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../src/config/errors.ts';
import {
  type DiscoverOptions,
  type Discovery,
  discover,
  MAX_FILE_BYTES,
} from '../src/files/discover.ts';
import { fileMatcher } from '../src/files/ignore.ts';
import { listFolder } from '../src/files/list.ts';
import { readStdin } from '../src/files/stdin.ts';
import { walk } from '../src/files/walk.ts';
import { writeFileAtomic } from '../src/files/write.ts';
import { nearest } from '../src/nearest.ts';

const made: string[] = [];
after(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

const POSIX = process.platform !== 'win32';
const posixOnly = POSIX ? {} : { skip: 'needs pipes, links and modes of a POSIX system' };

const manifest = (name: string, kind = 'Deployment') =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;

type Content = string | Uint8Array;

function write(root: string, files: Readonly<Record<string, Content>>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
}

/** A new folder, its real path (temporary folders may be links). */
function folder(files: Readonly<Record<string, Content>> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'shop-')));
  made.push(root);
  write(root, files);
  return root;
}

function git(root: string, ...args: string[]): string {
  const user = ['-c', 'user.name=ada', '-c', 'user.email=ada@shop.example'];
  const env = Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'));
  return execFileSync('git', [...user, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...Object.fromEntries(env), GIT_CONFIG_GLOBAL: os.devNull },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function repository(files: Readonly<Record<string, Content>> = {}): string {
  const root = folder(files);
  git(root, 'init', '-q');
  return root;
}

function run(cwd: string, options: Partial<DiscoverOptions> = {}): Promise<Discovery> {
  return discover({ cwd, paths: [], isolated: false, ignored: [], include: [], ...options });
}

const pathsOf = (found: Discovery) => found.files.map((file) => file.path);
const reported = (found: Discovery) => pathsOf(found).filter(found.selects);
const told = (found: Discovery) => found.notifications.map((n) => `${n.id} ${n.path}`);

const usage = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UsageError, String(error));
  assert.match(error.message, pattern);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

/** The same tree with and without git. */
const places = [
  ['in a git repository', repository],
  ['without git', folder],
] as const;

for (const [where, make] of places) {
  describe(`files ${where}`, () => {
    it('finds manifests of every extension, in dot folders too, sorted', async () => {
      const root = make({
        'k8s/orders.yaml': manifest('orders'),
        'k8s/Payments.YML': manifest('payments'),
        'k8s/catalog.json': '{"apiVersion": "v1", "kind": "Service"}',
        'k8s/prices.json': '{"kind": "prices"}',
        '.github/workflows/deploy.yml': 'on: push\n',
        'Chart.yaml': 'name: shop\n',
        'templates/_shop.tpl': '{{ define "shop" }}',
        'templates/NOTES.txt': 'apiVersion: v1\nkind: Note\n',
        'package-lock.json': '{"apiVersion": 1, "kind": 1}',
        'pnpm-lock.yaml': 'lockfileVersion: 9\n',
        'src/server.ts': 'apiVersion',
      });
      const found = await run(root);
      assert.deepEqual(pathsOf(found), [
        '.github/workflows/deploy.yml',
        'Chart.yaml',
        'k8s/Payments.YML',
        'k8s/catalog.json',
        'k8s/orders.yaml',
      ]);
      assert.equal(found.base, root);
      assert.deepEqual(found.roots, [root]);
      assert.deepEqual(found.notifications, []);
      assert.equal(found.files.at(-1)?.text, manifest('orders'));
    });

    it('respects ignore files, deep ones and exceptions too', async () => {
      const root = make({
        '.gitignore': 'rendered/\n*.local.yaml\n!keep.local.yaml\n/only-here.yaml\n',
        'orders.yaml': manifest('orders'),
        'orders.local.yaml': manifest('orders'),
        'keep.local.yaml': manifest('orders'),
        'only-here.yaml': manifest('orders'),
        'payments/only-here.yaml': manifest('payments'),
        'payments/rendered/all.yaml': manifest('payments'),
        'catalog/.gitignore': '*\n!*.yaml\nsecret.yaml\n',
        'catalog/catalog.yaml': manifest('catalog'),
        'catalog/secret.yaml': manifest('secret'),
      });
      assert.deepEqual(pathsOf(await run(root)), [
        'catalog/catalog.yaml',
        'keep.local.yaml',
        'orders.yaml',
        'payments/only-here.yaml',
      ]);
    });

    it('reads what is ignored when it is named, and tells nobody else of it', async () => {
      const root = make({
        '.gitignore': 'rendered/\n',
        '.chaoslint.yaml': 'preset: recommended\n',
        'orders.yaml': manifest('orders'),
        'rendered/orders.yaml': manifest('orders'),
        'rendered/payments.yaml': manifest('payments'),
      });
      const both = ['orders.yaml', 'rendered/orders.yaml', 'rendered/payments.yaml'];
      assert.deepEqual(pathsOf(await run(root, { paths: ['rendered'] })), both);
      assert.deepEqual(pathsOf(await run(root, { paths: ['rendered/*.yaml'] })), both);
      const one = await run(root, { paths: ['rendered/orders.yaml'] });
      assert.deepEqual(pathsOf(one), ['orders.yaml', 'rendered/orders.yaml']);
      assert.deepEqual(reported(one), ['rendered/orders.yaml']);
      assert.deepEqual(reported(await run(root, { paths: ['**/*.yaml'] })), ['orders.yaml']);
    });

    it('leaves out tests, examples and vendored code, and counts their manifests', async () => {
      const root = make({
        'orders.yaml': manifest('orders'),
        'contest/orders.yaml': manifest('contest'),
        'test/orders.yaml': manifest('test'),
        'deploy/e2e/orders.yml': manifest('e2e'),
        'Examples/orders/all.yaml': manifest('examples'),
        'examples/readme.json': '{"title": "no manifest"}',
        'samples/service.json': '{"apiVersion": "v1", "kind": "Service"}',
        'vendor/redis.yaml': manifest('redis'),
        'chart/Chart.yaml': 'name: shop\n',
        'chart/templates/orders.yaml': manifest('orders'),
        'chart/charts/redis/templates/redis.yaml': manifest('redis'),
        'charts/catalog/templates/catalog.yaml': manifest('catalog'),
        'tests.yaml': manifest('tests'),
      });
      const found = await run(root);
      assert.deepEqual(pathsOf(found), [
        'chart/Chart.yaml',
        'chart/templates/orders.yaml',
        'charts/catalog/templates/catalog.yaml',
        'contest/orders.yaml',
        'orders.yaml',
        'tests.yaml',
      ]);
      // Charts in charts are read with those, and not left out.
      assert.equal(found.leftOut, 5);
    });

    it('includes left-out folders that are named, by a path in them or by the policy', async () => {
      const root = make({
        '.chaoslint.yaml': '',
        'orders.yaml': manifest('orders'),
        'examples/shop/orders.yaml': manifest('orders'),
        'examples/shop/test/load.yaml': manifest('load'),
        'examples/bgp/router.yaml': manifest('router'),
        'samples/catalog.yaml': manifest('catalog'),
      });
      const examples = ['examples/bgp/router.yaml', 'examples/shop/orders.yaml'];
      const named = await run(root, { paths: ['examples'] });
      assert.deepEqual(pathsOf(named), [...examples, 'orders.yaml']);
      assert.deepEqual(reported(named), examples);
      assert.equal(named.leftOut, 2);

      // The base of an overlay in the examples is wanted as well.
      const inside = await run(root, { paths: ['examples/shop'] });
      assert.deepEqual(pathsOf(inside), [...examples, 'orders.yaml']);
      assert.deepEqual(reported(inside), ['examples/shop/orders.yaml']);
      const file = await run(root, { paths: ['examples/shop/orders.yaml'] });
      assert.deepEqual(pathsOf(file), [...examples, 'orders.yaml']);
      const deep = await run(root, { paths: ['examples/shop/test/load.yaml'] });
      assert.ok(pathsOf(deep).includes('examples/shop/test/load.yaml'));
      const here = await run(path.join(root, 'examples/shop'));
      assert.deepEqual(reported(here), ['examples/shop/orders.yaml']);

      const glob = await run(root, { paths: ['**/examples/**/*.yaml'] });
      assert.deepEqual(reported(glob), examples);
      const wide = await run(root, { paths: ['**/*.yaml'] });
      assert.deepEqual(pathsOf(wide), ['orders.yaml']);

      const policy = await run(root, { include: ['samples/', 'examples/bgp/**'] });
      assert.deepEqual(pathsOf(policy), [
        'examples/bgp/router.yaml',
        'orders.yaml',
        'samples/catalog.yaml',
      ]);
    });

    it('removes what the policy ignores, also when it is named', async () => {
      const root = make({
        '.chaoslint.yaml': '',
        'orders.yaml': manifest('orders'),
        'legacy/orders.yaml': manifest('orders'),
        'k8s/legacy/keep.yaml': manifest('keep'),
      });
      const ignored = ['/legacy/'];
      assert.deepEqual(pathsOf(await run(root, { ignored })), [
        'k8s/legacy/keep.yaml',
        'orders.yaml',
      ]);
      const named = await run(root, { ignored, paths: ['legacy/orders.yaml'] });
      assert.deepEqual(reported(named), []);
      assert.deepEqual(told(named), ['ignored-by-policy legacy/orders.yaml']);
    });

    it('tells of huge, binary and badly encoded manifests, never of other files', async () => {
      const root = make({
        'huge.yaml': `${manifest('crds')}${'# filler\n'.repeat(1000)}`,
        'huge-words.yaml': 'word: text\n'.repeat(1000),
        'binary.yaml': Buffer.from([0, 71, 73, 84, 67, 82, 89, 80, 84, 0]),
        'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]),
        'latin1.yaml': Buffer.from(`${manifest('orders')}# caf\xe9\n`, 'latin1'),
        'latin1-words.yml': Buffer.from('word: caf\xe9\n', 'latin1'),
        'data.json': Buffer.from([0, 1, 2]),
        'orders.yaml': manifest('orders'),
      });
      const found = await run(root, { maxFileBytes: 4096 });
      assert.deepEqual(pathsOf(found), ['orders.yaml']);
      assert.deepEqual(told(found), [
        'binary-file binary.yaml',
        'file-too-large huge.yaml',
        'not-utf8 latin1.yaml',
      ]);
      // A file that was named is spoken of in any case.
      const named = await run(root, { maxFileBytes: 4096, paths: ['huge-words.yaml'] });
      assert.ok(told(named).includes('file-too-large huge-words.yaml'));
    });

    it('reads at most 4 MiB by default', async () => {
      assert.equal(MAX_FILE_BYTES, 4 * 1024 * 1024);
      const start = manifest('orders');
      const fill = (bytes: number) => start + '#'.repeat(bytes - start.length);
      const root = make({
        'just.yaml': fill(MAX_FILE_BYTES),
        'over.yaml': fill(MAX_FILE_BYTES + 1),
      });
      const found = await run(root);
      assert.deepEqual(pathsOf(found), ['just.yaml']);
      assert.deepEqual(told(found), ['file-too-large over.yaml']);
    });

    it('decodes UTF-8 and UTF-16 with a byte order mark, which is not part of the text', async () => {
      const text = `${manifest('orders')}# café 🛒\n`;
      const little = Buffer.from(`\ufeff${text}`, 'utf16le');
      const root = make({
        'utf8.yaml': `\ufeff${text}`,
        'utf16le.yaml': little,
        'utf16be.yaml': Buffer.from(little).swap16(),
        'plain.yaml': text.replaceAll('\n', '\r\n'),
        'empty.yaml': '',
      });
      const found = await run(root);
      assert.deepEqual(found.notifications, []);
      const texts = new Map(found.files.map((file) => [file.path, file.text]));
      assert.equal(texts.get('utf8.yaml'), text);
      assert.equal(texts.get('utf16le.yaml'), text);
      assert.equal(texts.get('utf16be.yaml'), text);
      assert.equal(texts.get('plain.yaml'), text.replaceAll('\n', '\r\n'));
      assert.equal(texts.get('empty.yaml'), '');

      write(root, {
        'odd.yaml': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('abc')]),
        'lone.yaml': Buffer.from('\ufeffapiVersion: v1\nkind: \ud800\n', 'utf16le'),
        'no-mark.yaml': Buffer.from(manifest('orders'), 'utf16le'),
      });
      assert.deepEqual(told(await run(root)), ['not-utf8 lone.yaml', 'binary-file no-mark.yaml']);
    });

    it('never follows a link out of the project, and ends on loops', posixOnly, async () => {
      const outside = folder({
        'secret.yaml': manifest('secret'),
        'k8s/more.yaml': manifest('more'),
      });
      const root = make({
        '.chaoslint.yaml': '',
        'k8s/orders.yaml': manifest('orders'),
        'k8s/payments.tmpl': manifest('payments'),
      });
      fs.symlinkSync(path.join(outside, 'secret.yaml'), path.join(root, 'secret.yaml'));
      fs.symlinkSync(outside, path.join(root, 'away'));
      fs.symlinkSync(root, path.join(root, 'k8s/loop'));
      fs.symlinkSync('self.yaml', path.join(root, 'self.yaml'));
      fs.symlinkSync('nowhere.yaml', path.join(root, 'broken.yaml'));
      fs.symlinkSync('/dev/zero', path.join(root, 'zero.yaml'));
      fs.symlinkSync('k8s/orders.yaml', path.join(root, 'same.yaml'));
      fs.symlinkSync('k8s/payments.tmpl', path.join(root, 'payments.yaml'));
      const found = await run(root);
      // A link to a manifest of the project adds nothing; one to a file of another name is its only way in.
      assert.deepEqual(pathsOf(found), ['k8s/orders.yaml', 'payments.yaml']);
      assert.deepEqual(told(found), ['outside-project secret.yaml', 'outside-project zero.yaml']);

      for (const given of ['secret.yaml', 'away', 'away/secret.yaml', 'zero.yaml', 'away/*.yaml']) {
        try {
          const named = await run(root, { paths: [given] });
          assert.deepEqual(reported(named), [], given);
          assert.ok(told(named).includes(`outside-project ${given}`), given);
        } catch (error) {
          assert.equal(given, 'away/*.yaml');
          assert.ok(error instanceof UsageError);
        }
      }
      const inside = await run(root, { paths: ['same.yaml', 'k8s/loop/k8s'] });
      assert.deepEqual(reported(inside), ['k8s/orders.yaml']);
      await assert.rejects(run(root, { paths: ['broken.yaml'] }), usage(/link to nothing/));
    });

    it('reads no pipes and no devices, named or not', posixOnly, async () => {
      const root = make({ '.chaoslint.yaml': '', 'orders.yaml': manifest('orders') });
      execFileSync('mkfifo', [path.join(root, 'pipe.yaml'), path.join(root, 'pipe.png')]);
      const found = await run(root, { paths: ['pipe.yaml', '/dev/zero'] });
      assert.ok(told(found).some((line) => /^not-a-regular-file .*pipe\.yaml$/.test(line)));
      assert.ok(told(found).some((line) => /^not-a-regular-file .*dev\/zero$/.test(line)));
      assert.deepEqual(reported(found), []);
      const all = await run(root);
      assert.deepEqual(pathsOf(all), ['orders.yaml']);
      assert.ok(told(all).every((line) => line === 'not-a-regular-file pipe.yaml'));
    });

    it('keeps names with line ends, escapes and other bytes as they are', posixOnly, async () => {
      const names = [
        'a\nb.yaml',
        'esc\u001b[31m.yaml',
        'quote"\\.yaml',
        'ünïcode 🛒.yaml',
        '-.yaml',
      ];
      const root = make(Object.fromEntries(names.map((name) => [name, manifest('orders')])));
      assert.deepEqual(pathsOf(await run(root)), [...names].sort());
      const one = await run(root, { paths: ['a\nb.yaml'] });
      assert.deepEqual(reported(one), ['a\nb.yaml']);
    });

    it('tells of a file whose name is not UTF-8', {
      ...(process.platform === 'linux' ? {} : { skip: 'needs a file system that takes any bytes' }),
    }, async () => {
      const root = make({ 'orders.yaml': manifest('orders') });
      const name = Buffer.concat([
        Buffer.from(`${root}/caf`),
        Buffer.from([0xe9]),
        Buffer.from('.yaml'),
      ]);
      fs.writeFileSync(name, manifest('cafe'));
      const found = await run(root);
      assert.deepEqual(pathsOf(found), ['orders.yaml']);
      assert.deepEqual(told(found), ['unreadable-name caf\ufffd.yaml']);
    });

    it('takes globs, and a name with wildcards literally when it exists', async () => {
      const root = make({
        '.chaoslint.yaml': '',
        'k8s/orders.yaml': manifest('orders'),
        'k8s/deep/payments.yaml': manifest('payments'),
        'k8s/.hidden/catalog.yml': manifest('catalog'),
        'k8s/[all].yaml': manifest('all'),
        'k8s/a.yaml': manifest('a'),
      });
      const of = async (...paths: string[]) => reported(await run(root, { paths }));
      assert.deepEqual(await of('k8s/*.yaml'), ['k8s/[all].yaml', 'k8s/a.yaml', 'k8s/orders.yaml']);
      assert.deepEqual(await of('k8s/**/*.{yml,yaml}'), [
        'k8s/.hidden/catalog.yml',
        'k8s/[all].yaml',
        'k8s/a.yaml',
        'k8s/deep/payments.yaml',
        'k8s/orders.yaml',
      ]);
      assert.deepEqual(await of('k8s/[all].yaml'), ['k8s/[all].yaml']);
      assert.deepEqual(await of('k8s/[a-b].yaml'), ['k8s/a.yaml']);
      assert.deepEqual(await of(path.join(root, 'k8s/d*/*')), ['k8s/deep/payments.yaml']);
      const sub = await run(path.join(root, 'k8s/deep'), { paths: ['../*.yaml'] });
      assert.deepEqual(reported(sub), ['k8s/[all].yaml', 'k8s/a.yaml', 'k8s/orders.yaml']);
      await assert.rejects(of('k8s/*.toml'), usage(/^No file matches "k8s\/\*\.toml"$/));
      await assert.rejects(of('!k8s/*.yaml'), usage(/No file matches|no folder/));
    });

    it('names the nearest path when one does not exist', async () => {
      const root = make({
        'k8s/orders.yaml': manifest('orders'),
        'k8s/payments.yaml': manifest('payments'),
      });
      const fails = (given: string, pattern: RegExp) =>
        assert.rejects(run(root, { paths: [given] }), usage(pattern));
      await fails(
        'k8s/ordres.yaml',
        /^No file or folder "k8s\/ordres.yaml"; did you mean "k8s\/orders.yaml"\?$/,
      );
      await fails('k9s/orders.yaml', /did you mean "k8s\/orders.yaml"\?$/);
      await fails('./k8ss/', /did you mean "\.\/k8s/);
      await fails(path.join(root, 'k8s/order.yaml'), /did you mean ".*\/k8s\/orders.yaml"\?$/);
      await fails('k8/*.yaml', /did you mean "k8s"\?$/);
      await fails('warehouse', /^No file or folder "warehouse"$/);
      await fails('k8s/orders.yaml/x', /^No file or folder/);
      await fails('', /empty/);
      await fails('no\nsuch\u001bc', /^No file or folder "no\\u\{a\}such\\u\{1b\}c"/);
    });

    it('selects for the report by path, and analyses the project', async () => {
      const root = make({
        '.chaoslint.yaml': '',
        'k8s/orders.yaml': manifest('orders'),
        'k8s/pdb.yaml': manifest('orders', 'PodDisruptionBudget'),
        'k8s-dev/orders.yaml': manifest('orders'),
        'README.md': '# shop\n',
      });
      const all = ['k8s-dev/orders.yaml', 'k8s/orders.yaml', 'k8s/pdb.yaml'];
      const file = await run(root, { paths: ['k8s/orders.yaml'] });
      assert.deepEqual(pathsOf(file), all);
      assert.deepEqual(reported(file), ['k8s/orders.yaml']);
      assert.deepEqual(reported(await run(root, { paths: ['k8s'] })), all.slice(1));
      assert.deepEqual(reported(await run(root, { paths: ['k8s/', './k8s-dev'] })), all);
      assert.deepEqual(reported(await run(path.join(root, 'k8s'))), all.slice(1));
      assert.deepEqual(reported(await run(path.join(root, 'k8s'), { paths: ['..'] })), all);
      assert.deepEqual(reported(await run(root, { paths: ['README.md'] })), []);

      const isolated = await run(root, { paths: ['k8s/orders.yaml'], isolated: true });
      assert.deepEqual(pathsOf(isolated), ['k8s/orders.yaml']);
      assert.equal(isolated.base, root);
      const part = await run(root, { paths: ['k8s', 'k8s-dev/*.yaml'], isolated: true });
      assert.deepEqual(pathsOf(part), all);
      assert.deepEqual(pathsOf(await run(root, { paths: ['k8s'], isolated: true })), all.slice(1));
    });

    it('joins two projects under their common ancestor', async () => {
      const base = folder();
      for (const name of ['application', 'gitops']) {
        fs.renameSync(
          make({ 'k8s/orders.yaml': manifest(name), 'test/orders.yaml': manifest('test') }),
          path.join(base, name),
        );
      }
      const found = await run(base, { paths: ['gitops', 'application'] });
      assert.equal(found.base, base);
      assert.deepEqual(found.roots, [path.join(base, 'application'), path.join(base, 'gitops')]);
      assert.deepEqual(pathsOf(found), ['application/k8s/orders.yaml', 'gitops/k8s/orders.yaml']);
      assert.deepEqual(reported(found), pathsOf(found));
      assert.equal(found.leftOut, 2);
      // From above both, one walk sees the repositories inside.
      assert.deepEqual(pathsOf(await run(base)), pathsOf(found));
      // A project inside of another given one is part of it.
      const nested = await run(base, { paths: ['.', 'gitops/k8s'] });
      assert.deepEqual(nested.roots, [base]);
      assert.deepEqual(pathsOf(nested), pathsOf(found));
    });
  });
}

describe('the project root', () => {
  it('is the nearest folder with a repository or a policy file', async () => {
    const root = repository({
      'orders.yaml': manifest('orders'),
      'team/.chaoslint.yml': '',
      'team/k8s/payments.yaml': manifest('payments'),
    });
    assert.equal((await run(path.join(root, 'team/k8s'))).base, path.join(root, 'team'));
    const found = await run(root, { paths: ['team/k8s/payments.yaml'] });
    assert.equal(found.base, path.join(root, 'team'));
    assert.deepEqual(pathsOf(found), ['k8s/payments.yaml']);
    assert.equal((await run(root)).base, root);
  });

  it('below a fixtures folder counts only its own part of the path', async () => {
    const root = repository({
      'fixtures/orders-before/.chaoslint.yaml': '',
      'fixtures/orders-before/k8s/orders.yaml': manifest('orders'),
      'fixtures/orders-before/test/orders.yaml': manifest('test'),
      'orders.yaml': manifest('orders'),
    });
    const found = await run(path.join(root, 'fixtures/orders-before'));
    assert.deepEqual(pathsOf(found), ['k8s/orders.yaml']);
    assert.equal(found.leftOut, 1);
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
  });

  it('is the current folder for a file in it, and only the file outside of it', async () => {
    const root = folder({ 'k8s/orders.yaml': manifest('orders'), 'pdb.yaml': manifest('pdb') });
    const elsewhere = folder({ 'payments.yaml': manifest('p'), 'other.yaml': manifest('o') });
    const inside = await run(root, { paths: ['k8s/orders.yaml'] });
    assert.equal(inside.base, root);
    assert.deepEqual(pathsOf(inside), ['k8s/orders.yaml', 'pdb.yaml']);
    const outside = await run(root, { paths: [path.join(elsewhere, 'payments.yaml')] });
    assert.equal(outside.base, elsewhere);
    assert.deepEqual(pathsOf(outside), ['payments.yaml']);
  });

  it('of a folder without a repository is the folder', async () => {
    const root = folder({ 'k8s/orders.yaml': manifest('orders'), 'pdb.yaml': manifest('pdb') });
    const found = await run(root, { paths: ['k8s'] });
    assert.equal(found.base, path.join(root, 'k8s'));
    assert.deepEqual(pathsOf(found), ['orders.yaml']);
  });
});

describe('standard input', () => {
  it('is one file, alone or beside a project', async () => {
    const root = folder({ 'orders.yaml': manifest('orders') });
    const text = manifest('rendered');
    const alone = await run(root, { paths: ['-'], stdin: `\ufeff${text}` });
    assert.deepEqual(alone.files, [{ path: '<stdin>', text }]);
    assert.equal(alone.base, root);
    assert.deepEqual(alone.roots, []);
    assert.deepEqual(reported(alone), ['<stdin>']);
    assert.equal(alone.selects('orders.yaml'), false);
    const both = await run(root, { paths: ['-', '.'], stdin: text });
    assert.deepEqual(reported(both), ['<stdin>', 'orders.yaml']);
    const project = await run(root);
    assert.equal(project.selects('<stdin>'), false);
  });

  it('is spoken of when it is empty', async () => {
    const found = await run(folder(), { paths: ['-'], stdin: '\n' });
    assert.deepEqual(told(found), ['empty-input <stdin>']);
  });

  it('is read to its end and decoded', async () => {
    const text = `${manifest('orders')}# 🛒\n`;
    const bytes = Buffer.from(text);
    const cut = bytes.length - 3;
    const pieces = Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)]);
    assert.equal(await readStdin(pieces), text);
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    assert.equal(await readStdin(Readable.from([wide])), text);
    assert.equal(await readStdin(Readable.from([])), '');
    await assert.rejects(readStdin(Readable.from([Buffer.from([0xe9])])), usage(/not valid UTF-8/));
    await assert.rejects(readStdin(Readable.from([Buffer.from([65, 0])])), usage(/binary/));
  });
});

describe('git', () => {
  it('gives tracked files even when ignored, and no deleted ones', async () => {
    const root = repository({
      'orders.yaml': manifest('orders'),
      'gone.yaml': manifest('gone'),
      'kept/payments.yaml': manifest('payments'),
    });
    git(root, 'add', '-A');
    write(root, { '.gitignore': 'kept/\n', 'new.yaml': manifest('new') });
    fs.rmSync(path.join(root, 'gone.yaml'));
    const found = await run(root);
    assert.deepEqual(pathsOf(found), ['kept/payments.yaml', 'new.yaml', 'orders.yaml']);
    assert.deepEqual(found.notifications, []);
  });

  it('gives a conflicting file once', async () => {
    const root = repository({ 'orders.yaml': manifest('orders') });
    const hash = git(root, 'hash-object', '-w', 'orders.yaml').trim();
    const stages = [1, 2, 3].map((stage) => `100644 ${hash} ${stage}\torders.yaml\n`).join('');
    execFileSync('git', ['update-index', '--index-info'], { cwd: root, input: stages });
    assert.equal(git(root, 'ls-files').split('\n').length, 4);
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
  });

  it('is asked in worktrees, submodules and repositories inside of repositories', async () => {
    const library = repository({
      'k8s/redis.yaml': manifest('redis'),
      'k8s/tmp.yaml': manifest('t'),
    });
    write(library, { '.gitignore': 'tmp.yaml\n' });
    git(library, 'add', '-A');
    git(library, 'commit', '-qm', 'redis');
    const root = repository({ 'orders.yaml': manifest('orders') });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'platform');
    write(root, { 'platform/k8s/tmp.yaml': manifest('t') });
    fs.cpSync(library, path.join(root, 'clone'), { recursive: true });
    const files = ['clone/k8s/redis.yaml', 'orders.yaml', 'platform/k8s/redis.yaml'];
    assert.deepEqual(pathsOf(await run(root)), files);
    assert.equal((await run(path.join(root, 'platform'))).base, path.join(root, 'platform'));

    const tree = path.join(folder(), 'tree');
    git(library, 'worktree', 'add', '-q', tree);
    write(tree, { 'k8s/new.yaml': manifest('new'), 'k8s/tmp.yaml': manifest('t') });
    const found = await run(path.join(tree, 'k8s'));
    assert.equal(found.base, tree);
    assert.deepEqual(pathsOf(found), ['k8s/new.yaml', 'k8s/redis.yaml']);
  });

  it('does not listen to the variables of a git hook', async () => {
    const root = repository({ 'orders.yaml': manifest('orders') });
    git(root, 'add', '-A');
    write(root, { '.gitignore': '*.yaml\n' });
    const other = repository({ 'payments.yaml': manifest('payments') });
    git(other, 'add', '-A');
    process.env.GIT_DIR = path.join(other, '.git');
    process.env.GIT_INDEX_FILE = path.join(other, '.git/index');
    try {
      assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
  });

  it('falls back to the walk when the repository is broken', async () => {
    const root = repository({ '.gitignore': 'tmp/\n', 'orders.yaml': manifest('orders') });
    write(root, { 'tmp/x.yaml': manifest('x'), '.git/config': '[core\nbroken' });
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
  });
});

describe('a hostile repository', posixOnly, () => {
  /** A program that leaves a trace. */
  function canary(): { readonly program: string; readonly sang: () => boolean } {
    const nest = folder();
    const trace = path.join(nest, 'trace');
    const program = path.join(nest, 'sing');
    fs.writeFileSync(program, `#!/bin/sh\ntouch '${trace}'\n`, { mode: 0o755 });
    const sang = () => {
      const there = fs.existsSync(trace);
      fs.rmSync(trace, { force: true });
      return there;
    };
    return { program, sang };
  }
  const lsFiles = (root: string) => {
    try {
      git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
    } catch {
      // A plain git may fail after it has run the program; that is what the test is about.
    }
  };

  it('cannot run a program by core.fsmonitor or hooks', async () => {
    const { program, sang } = canary();
    const root = repository({ 'orders.yaml': manifest('orders') });
    git(root, 'add', '-A');
    git(root, 'config', 'core.fsmonitor', program);
    fs.mkdirSync(path.join(root, 'hooks'));
    for (const hook of ['post-index-change', 'fsmonitor-watchman'])
      fs.copyFileSync(program, path.join(root, 'hooks', hook));
    git(root, 'config', 'core.hooksPath', path.join(root, 'hooks'));
    lsFiles(root);
    assert.ok(sang(), 'a plain git ls-files runs it');
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
    assert.equal(sang(), false);
  });

  it('cannot run a program by a promised object that is missing', async () => {
    const { program, sang } = canary();
    const root = repository({
      'k8s/orders.yaml': manifest('orders'),
      'k8s/.gitignore': 'tmp/\n',
    });
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'orders');
    const hash = git(root, 'rev-parse', ':k8s/.gitignore').trim();
    git(root, 'update-index', '--skip-worktree', 'k8s/.gitignore');
    fs.rmSync(path.join(root, 'k8s/.gitignore'));
    fs.rmSync(path.join(root, '.git/objects', hash.slice(0, 2), hash.slice(2)));
    write(root, { 'k8s/new.yaml': manifest('new') });
    for (const [key, value] of [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['protocol.ext.allow', 'always'],
      ['protocol.ssh.allow', 'always'],
      ['protocol.file.allow', 'always'],
      ['core.sshCommand', program],
    ] as const)
      git(root, 'config', key, value);
    const remotes = [`ext::${program} x`, 'ssh://shop.example/x', root];
    git(root, 'config', 'remote.origin.uploadpack', program);
    for (const remote of remotes) {
      git(root, 'config', 'remote.origin.url', remote);
      lsFiles(root);
      assert.ok(sang(), `a plain git ls-files runs it: ${remote}`);
      const found = await run(root);
      assert.deepEqual(pathsOf(found), ['k8s/new.yaml', 'k8s/orders.yaml']);
      assert.equal(sang(), false, remote);
    }
  });

  it('cannot move the run by core.worktree or a forged index', async () => {
    const around = folder({ 'secret.yaml': manifest('secret') });
    const root = path.join(around, 'shop');
    fs.renameSync(repository({ 'aa/secret.yaml': manifest('orders') }), root);
    git(root, 'add', '-A');
    // Only the index knows that it is tracked: the working tree that git is told of is the right one.
    write(root, { '.gitignore': 'aa/\n' });
    git(root, 'config', 'core.worktree', around);
    assert.deepEqual(pathsOf(await run(root)), ['aa/secret.yaml']);
    git(root, 'config', '--unset', 'core.worktree');
    fs.rmSync(path.join(root, '.gitignore'));

    const index = path.join(root, '.git/index');
    const bytes = fs.readFileSync(index).subarray(0, -20);
    bytes.write('../secret.yaml', bytes.indexOf('aa/secret.yaml'));
    const sum = createHash('sha1').update(bytes).digest();
    fs.writeFileSync(index, Buffer.concat([bytes, sum]));
    assert.match(git(root, 'ls-files'), /^\.\.\/secret\.yaml$/m);
    const found = await run(root);
    assert.deepEqual(pathsOf(found), ['aa/secret.yaml']);
    assert.doesNotMatch(found.files[0]?.text ?? '', /name: secret/);
  });

  it('cannot put its own git on the PATH', async () => {
    const { program, sang } = canary();
    const root = repository({ 'orders.yaml': manifest('orders') });
    const elsewhere = folder();
    for (const bin of ['bin', 'node_modules/.bin']) {
      for (const place of [root, elsewhere]) {
        fs.mkdirSync(path.join(place, bin), { recursive: true });
        fs.copyFileSync(program, path.join(place, bin, 'git'));
      }
    }
    const before = process.env.PATH;
    const bins = ['bin', path.join(root, 'bin'), path.join(root, 'node_modules/.bin'), '.', ''];
    bins.push(path.join(elsewhere, 'node_modules/.bin'));
    const home = process.cwd();
    process.chdir(root);
    process.env.PATH = [...bins, before].join(path.delimiter);
    try {
      assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
    } finally {
      process.chdir(home);
      process.env.PATH = before;
    }
    assert.equal(sang(), false);
  });

  it('finds all without any git on the machine', async () => {
    const root = repository({ '.gitignore': 'tmp/\n', 'k8s/orders.yaml': manifest('orders') });
    write(root, {
      'tmp/x.yaml': manifest('x'),
      '.git/info/exclude': 'local.yaml\n',
      'local.yaml': '',
    });
    const before = process.env.PATH;
    process.env.PATH = '';
    try {
      const found = await run(path.join(root, 'k8s'));
      assert.equal(found.base, root);
      assert.deepEqual(pathsOf(found), ['k8s/orders.yaml']);
    } finally {
      process.env.PATH = before;
    }
  });

  it('has no git data that is read', async () => {
    const root = repository({ 'orders.yaml': manifest('orders'), '.git/x.yaml': manifest('x') });
    fs.symlinkSync('.git/x.yaml', path.join(root, 'link.yaml'));
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
    await assert.rejects(run(root, { paths: ['.git'] }), usage(/git's own data/));
  });

  it('does not block on an ignore file that is a pipe', async () => {
    const root = folder({ '.chaoslint.yaml': '', 'orders.yaml': manifest('orders') });
    execFileSync('mkfifo', [path.join(root, '.gitignore')]);
    assert.deepEqual(pathsOf(await run(root)), ['orders.yaml']);
  });
});

describe('ignore patterns', () => {
  const trees = [
    'a',
    'b',
    'ab',
    'a.b',
    'a/a',
    'a/b',
    'b/a/a',
    'b/ab/b',
    'a/b/a/b',
    'b.a/[a]',
    ' a/b ',
  ];
  const leaves = [
    'a.yaml',
    'b.yaml',
    'ab.yaml',
    '.a.yaml',
    '#a.yaml',
    '!a.yaml',
    '[a].yaml',
    'a .yaml',
  ];
  const files = ['.', ...trees].flatMap((tree) => leaves.map((leaf) => `${tree}/${leaf}`));

  it('mean what git means', posixOnly, async () => {
    const root = repository(Object.fromEntries(files.map((file) => [file, 'x: 1\n'])));
    const piece = fc.constantFrom(
      ...['a', 'b', 'ab', '*', '**', '?', '/', '/**/', '.yaml', '*.yaml', '[ab]', '[!a]', '[a-b]*'],
      ...[
        '[[:alpha:]]',
        '[',
        '\\',
        '\\*',
        '\\ ',
        ' ',
        '#',
        '!',
        '[]a]',
        '[^]b]',
        '.',
        '***',
        'a/b',
      ],
    );
    const line = fc
      .tuple(
        fc.constantFrom('', '', '!', '/', '\\'),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
      )
      .map(([start, pieces]) => start + pieces.join(''))
      // git cuts the literal start off a pattern before it looks at what stands beside `**`: `a**/b` then
      // means `ab` too. gitignore(5) calls such stars regular ones, and so do we. And \/ is odd.
      .filter((pattern) => !/(?<!^)!\*\*|[^/*!]\*\*|\\\//.test(pattern));
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, text, async (outer, inner) => {
        write(root, { '.gitignore': outer, 'b/.gitignore': inner });
        const fromGit = await listFolder(root, root);
        const own = walk(root, root);
        assert.deepEqual([...own.paths].sort(), [...fromGit.paths].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('match in time that is no power of their length', () => {
    const glob = `${'*a'.repeat(40)}b`;
    const deep = `${'**/a/'.repeat(40)}b`;
    const matches = fileMatcher([glob, deep]);
    const started = performance.now();
    assert.equal(matches(`${'a'.repeat(4000)}.yaml`), false);
    assert.equal(matches(`${'a/'.repeat(1500)}c.yaml`), false);
    assert.ok(performance.now() - started < 2000);
  });
});

describe('a large repository', () => {
  it('of 5,000 files is found and read in a fraction of a second', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `team-${i % 50}/service-${i}/deploy`);
    const root = repository(
      Object.fromEntries(
        names.map((name, i) => [`${name}.${i % 5 ? 'ts' : 'yaml'}`, manifest('s')]),
      ),
    );
    git(root, 'add', '-A');
    const before = process.cpuUsage();
    const found = await run(root);
    const { user, system } = process.cpuUsage(before);
    assert.equal(found.files.length, 1000);
    // Measured 0.1 s; the bound leaves room for a busy machine.
    assert.ok((user + system) / 1e6 < 0.6, `${(user + system) / 1e6} s of CPU`);
  });
});

describe('writeFileAtomic', posixOnly, () => {
  it('replaces a file, keeps its mode, and leaves nothing beside it', async () => {
    const root = folder({ 'out.sarif': 'old' });
    const file = path.join(root, 'out.sarif');
    fs.chmodSync(file, 0o640);
    await writeFileAtomic(file, 'new ü');
    assert.equal(fs.readFileSync(file, 'utf8'), 'new ü');
    assert.equal(fs.statSync(file).mode & 0o777, 0o640);
    await writeFileAtomic(path.join(root, 'more.json'), '{}');
    assert.deepEqual(fs.readdirSync(root).sort(), ['more.json', 'out.sarif']);
  });

  it('writes through a link and to a device', async () => {
    const root = folder({ 'real.json': 'old' });
    fs.symlinkSync('real.json', path.join(root, 'link.json'));
    await writeFileAtomic(path.join(root, 'link.json'), 'new');
    assert.equal(fs.readFileSync(path.join(root, 'real.json'), 'utf8'), 'new');
    assert.ok(fs.lstatSync(path.join(root, 'link.json')).isSymbolicLink());
    await writeFileAtomic('/dev/null', 'gone');
    assert.ok(fs.statSync('/dev/null').isCharacterDevice());
  });

  it('fails without a trace', async () => {
    const root = folder({ 'k8s/orders.yaml': '' });
    await assert.rejects(writeFileAtomic(path.join(root, 'no/out.json'), 'x'), { code: 'ENOENT' });
    await assert.rejects(writeFileAtomic(path.join(root, 'k8s'), 'x'), { code: 'EISDIR' });
    assert.deepEqual(fs.readdirSync(root), ['k8s']);
  });
});

describe('nearest', () => {
  it('finds the one slip, whatever the order', () => {
    const rules = ['too-few-replicas', 'naked-pod', 'zero-grace-period', 'selector-mismatch'];
    for (const candidates of [rules, [...rules].reverse()]) {
      assert.equal(nearest('to-few-replica', candidates), 'too-few-replicas');
      assert.equal(nearest('Naked-Pod', candidates), 'naked-pod');
      assert.equal(nearest('nakde-pod', candidates), 'naked-pod');
      assert.equal(nearest('zero', candidates), 'zero-grace-period');
      assert.equal(nearest('latency', candidates), undefined);
    }
    assert.equal(nearest('', rules), undefined);
    assert.equal(nearest('-x', ['-q', '-h']), '-h');
  });
});
