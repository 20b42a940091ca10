/** What a team meets when it takes chaoslint up: init, print-config, silencing, standard input for a file. Through the command line. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'chaoslint-adopting-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const deployment = (replicas: number, above = '') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
${above}  replicas: ${replicas}
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers: [{ name: orders, image: "ghcr.io/shop/orders:1.0.0" }]
`;

let made = 0;
function repository(files: Readonly<Record<string, string>>) {
  const folder = join(scratch, `r${++made}`);
  mkdirSync(folder);
  execFileSync('git', ['init', '-q'], { cwd: folder });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = (args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [join(root, 'bin/chaoslint.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      input,
      env: { ...process.env, ...env },
    });
  return { folder, run };
}

test('init writes a policy file that holds, says what it found, and never writes over one', () => {
  const { folder, run } = repository({ 'deploy/orders.yaml': deployment(1) });
  const { stdout, status } = run(['init']);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^\.chaoslint\.yaml was written\.\nFound: 1 workloads in 1 Kubernetes resources/,
  );
  const text = readFileSync(join(folder, '.chaoslint.yaml'), 'utf8');
  assert.match(
    text,
    /^# yaml-language-server: \$schema=\.\/node_modules\/chaoslint\/dist\/schema\.json\n/,
  );
  assert.match(text, /^# {3}too-few-replicas: error # 1$/m);
  // What it names can be switched on as it stands.
  writeFileSync(join(folder, '.chaoslint.yaml'), text.replace(/^# (?=rules:| {2})/gm, ''));
  assert.equal(run(['--fail-on', 'never']).status, 0);
  const again = run(['init']);
  assert.equal(again.status, 2);
  assert.match(again.stderr, /There is a policy file already: \.chaoslint\.yaml/);
});

test('print-config says what holds for one file', () => {
  const { run } = repository({
    'deploy/orders.yaml': deployment(1),
    '.chaoslint.yaml':
      'failOn: warning\nignore: [old/]\noverrides: [{ files: [deploy/], rules: { too-few-replicas: { level: note, min: 4 } } }]\n',
  });
  const of = (file: string) => JSON.parse(run(['print-config', file]).stdout);
  const deploy = of('deploy/orders.yaml');
  assert.deepEqual(deploy.rules['too-few-replicas'].level, 'note');
  assert.deepEqual(deploy.rules['too-few-replicas'].min, 4);
  assert.deepEqual(
    [deploy.failOn, deploy.ignored, deploy.policyFiles],
    ['warning', false, ['.chaoslint.yaml']],
  );
  const old = of('old/a.yaml');
  assert.deepEqual([old.ignored, old.rules['too-few-replicas'].min], [true, 3]);
});

test('--include-suppressed writes what was silenced, with reasons', () => {
  const { run } = repository({
    'orders.yaml': deployment(
      1,
      '  # chaoslint-disable-next-line too-few-replicas -- one leader\n',
    ),
  });
  const only = ['--only', 'too-few-replicas'];
  assert.doesNotMatch(run(only).stdout, /one leader/);
  assert.match(
    run([...only, '--include-suppressed']).stdout,
    /suppressed\[too-few-replicas\]: orders\.yaml:6:\d+: one leader/,
  );
  const results = (args: readonly string[]) =>
    JSON.parse(run([...only, '--format', 'sarif', ...args]).stdout).runs[0].results;
  assert.deepEqual(results([]), []);
  const [result] = results(['--include-suppressed']);
  assert.deepEqual(result.suppressions, [{ kind: 'inSource', justification: 'one leader' }]);
  // It is written, and fails nothing.
  assert.equal(run([...only, '--include-suppressed', '--fail-on', 'note']).status, 0);
});

test('--stdin-filename: the text of an editor in place of the one on the disk', () => {
  const { run } = repository({
    'deploy/orders.yaml': deployment(3),
    'deploy/other.yaml': deployment(1).replaceAll('orders', 'payments'),
  });
  const args = ['--only', 'too-few-replicas', '--format', 'compact'];
  const said = (file: string, text: string) =>
    [
      ...run([...args, '--stdin-filename', file], text).stdout.matchAll(
        /^(\S+?):\d+:.*\[([\w-]+)\]$/gm,
      ),
    ].map(([, path, rule]) => `${path} ${rule}`);
  assert.deepEqual(said('deploy/orders.yaml', deployment(3)), []);
  assert.deepEqual(said('deploy/orders.yaml', deployment(1)), [
    'deploy/orders.yaml too-few-replicas',
  ]);
  // A file that was not saved yet.
  assert.deepEqual(said('deploy/new.yaml', deployment(1).replaceAll('orders', 'mailer')), [
    'deploy/new.yaml too-few-replicas',
  ]);
});

test('--timing names the parts of the run on standard error', () => {
  const { run } = repository({ 'orders.yaml': deployment(3) });
  const { stderr } = run(['--timing', '--fail-on', 'never']);
  assert.match(
    stderr,
    /^chaoslint: policy: \d+ ms\nchaoslint: files: \d+ ms\nchaoslint: program text: \d+ ms\nchaoslint: model and rules: \d+ ms\n$/,
  );
});

test('explain knows the rules on silencing', () => {
  const { run } = repository({});
  assert.match(run(['explain', 'unused-directive']).stdout, /silences nothing any more/);
});
