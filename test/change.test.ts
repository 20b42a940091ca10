/** Runs about a change, and baselines: real git repositories in temporary folders, through the command line. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'chaoslint-change-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const deployment = (name: string, replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ghcr.io/shop/${name}:1.0.0
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /readyz, port: 8080 } }
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: orders, namespace: shop }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: orders } } }
`;

let made = 0;
/** A repository with one commit of these files. */
function repository(files: Readonly<Record<string, string>>) {
  const folder = join(scratch, `r${++made}`);
  mkdirSync(folder);
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      [
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@shop.example',
        '-c',
        'commit.gpgsign=false',
        ...args,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) write(path, text);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const result = spawnSync(
      process.execPath,
      [join(root, 'bin/chaoslint.js'), ...args, '--format', 'compact'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          PRE_COMMIT: '',
          PRE_COMMIT_FROM_REF: '',
          PRE_COMMIT_TO_REF: '',
          ...env,
        },
      },
    );
    const found = [...result.stdout.matchAll(/^(\S+?):\d+:\d+: (\w+): .* \[([\w-]+)\]$/gm)].map(
      ([, path, level, rule]) => `${path} ${level} ${rule}`,
    );
    return { found, code: result.status, output: result.stdout + result.stderr };
  };
  return { folder, git, write, run };
}

const GOOD = {
  'deploy/orders.yaml': deployment('orders', 3),
  'deploy/pdb.yaml': budget,
  'deploy/payments.yaml': deployment('payments', 1),
  'README.md': '# shop\n',
};

describe('--staged', () => {
  test('a bad Deployment that is staged is reported, an old one beside it is not', () => {
    const { git, write, run } = repository(GOOD);
    write('deploy/catalog.yaml', deployment('catalog', 1));
    assert.deepEqual(run(['--staged']), {
      found: [],
      code: 0,
      output: 'Nothing that chaoslint looks at has changed.\n',
    });
    git('add', '-A');
    const { found, code } = run(['--staged']);
    assert.deepEqual([found, code], [['deploy/catalog.yaml error too-few-replicas'], 1]);
  });

  test('a deleted budget is reported at the workload that it leaves alone', () => {
    const { git, run } = repository(GOOD);
    git('rm', '-q', 'deploy/pdb.yaml');
    const { found, code } = run(['--staged']);
    assert.deepEqual(
      [found, code],
      [['deploy/orders.yaml error missing-pod-disruption-budget'], 1],
    );
  });

  test('prose and untracked files are of no interest', () => {
    const { git, write, run } = repository(GOOD);
    write('README.md', '# the shop\n');
    git('add', 'README.md');
    write('deploy/mailer.yaml', deployment('mailer', 1));
    const { code, output } = run(['--staged']);
    assert.deepEqual([code, output], [0, 'Nothing that chaoslint looks at has changed.\n']);
    write('deploy/orders.yaml', `${deployment('orders', 3)}# a comment\n`);
    git('add', 'deploy/orders.yaml');
    assert.deepEqual(run(['--staged']).found, []);
  });

  test('pre-commit: everything with --all-files, a range for a push', () => {
    const { git, write, run } = repository(GOOD);
    const all = ['deploy/payments.yaml error too-few-replicas'];
    assert.deepEqual(run(['--staged'], { PRE_COMMIT: '1' }).found, all);
    git('switch', '-q', '-c', 'work');
    write('deploy/catalog.yaml', deployment('catalog', 1));
    git('add', '-A');
    git('commit', '-q', '-m', 'second');
    const range = { PRE_COMMIT: '1', PRE_COMMIT_FROM_REF: 'main', PRE_COMMIT_TO_REF: 'work' };
    assert.deepEqual(run(['--staged'], range).found, [
      'deploy/catalog.yaml error too-few-replicas',
    ]);
  });

  test('a merge commit is judged by what it brings', () => {
    const { git, write, run } = repository(GOOD);
    git('switch', '-q', '-c', 'work');
    write('deploy/catalog.yaml', deployment('catalog', 1));
    git('add', '-A');
    git('commit', '-q', '-m', 'second');
    git('switch', '-q', 'main');
    write('README.md', '# other\n');
    git('commit', '-q', '-a', '-m', 'third');
    git('merge', '-q', '--no-commit', '--no-ff', 'work');
    assert.deepEqual(run(['--staged']).found, ['deploy/catalog.yaml error too-few-replicas']);
  });

  test('before the first commit all staged files count', () => {
    const { git, run } = repository(GOOD);
    git('update-ref', '-d', 'HEAD');
    assert.deepEqual(run(['--staged']).found, ['deploy/payments.yaml error too-few-replicas']);
  });
});

test('--changed-since: what a branch and the working tree changed since they parted', () => {
  const { git, write, run } = repository(GOOD);
  git('switch', '-q', '-c', 'work');
  write('deploy/catalog.yaml', deployment('catalog', 1));
  git('add', '-A');
  git('commit', '-q', '-m', 'second');
  write('deploy/mailer.yaml', deployment('mailer', 1));
  const { found } = run(['--changed-since', 'main']);
  assert.deepEqual(found, [
    'deploy/catalog.yaml error too-few-replicas',
    'deploy/mailer.yaml error too-few-replicas',
  ]);
  const unknown = run(['--changed-since', 'nowhere']);
  assert.deepEqual(
    [unknown.code, unknown.output],
    [2, 'chaoslint: git knows no revision "nowhere"\n'],
  );
  assert.equal(run(['--changed-since', '--output=/tmp/x']).code, 2);
  assert.equal(run(['--changed-since', 'main', '--staged']).code, 2);
});

describe('the baseline', () => {
  test('old findings pass, new ones fail, also when files move and lines change', () => {
    const { folder, git, write, run } = repository(GOOD);
    assert.equal(run([]).code, 1);
    assert.equal(run(['--suppress-all']).code, 0);
    const text = readFileSync(join(folder, 'chaoslint-baseline.json'), 'utf8');
    assert.match(
      text,
      /^ {6}\{"rule":"too-few-replicas","about":"apps\/Deployment\/shop\/payments",/m,
    );
    assert.deepEqual(run([]).found, []);
    mkdirSync(join(folder, 'k8s'));
    git('mv', 'deploy/payments.yaml', 'k8s/pay.yaml');
    write('k8s/pay.yaml', `\n\n# moved\n${deployment('payments', 1).replaceAll('{ ', '{')}`);
    assert.deepEqual([run([]).found, run([]).code], [[], 0]);
    write('k8s/new.yaml', deployment('catalog', 1));
    const { found, code } = run([]);
    assert.deepEqual([found, code], [['k8s/new.yaml error too-few-replicas'], 1]);
    assert.equal(run(['--suppress-all']).code, 0);
    assert.deepEqual(run([]).found, []);
    assert.equal(
      readFileSync(join(folder, 'chaoslint-baseline.json'), 'utf8').match(/"too-few-replicas"/g)
        ?.length,
      2,
    );
  });

  test('one rule is accepted, findings that are gone are pruned', () => {
    const { folder, write, run } = repository({
      'a.yaml': deployment('orders', 1).replace(/ +readinessProbe.*\n/, ''),
    });
    assert.deepEqual(run([]).found.length, 2);
    run(['--suppress-rule', 'too-few-replicas']);
    assert.deepEqual(run([]).found, ['a.yaml error missing-readiness-probe']);
    write('a.yaml', `${deployment('orders', 3)}---\n${budget}`);
    const { code, output } = run([]);
    assert.equal(code, 0, output);
    assert.equal(run(['a.yaml', '--prune-suppressions']).code, 2);
    assert.equal(run(['--prune-suppressions']).code, 0);
    assert.equal(
      readFileSync(join(folder, 'chaoslint-baseline.json'), 'utf8'),
      '{\n  "version": 1,\n  "files": {}\n}\n',
    );
  });

  test('a moved file of code keeps its accepted findings', () => {
    const { folder, git, write, run } = repository({ 'README.md': '' });
    cpSync(join(root, 'rules/typescript/http-call-without-timeout/cases/bad-base-class'), folder, {
      recursive: true,
    });
    git('add', '-A');
    const before = run([]).found.length;
    assert.ok(before > 0);
    run(['--suppress-all']);
    assert.deepEqual(run([]).found, []);
    git('mv', 'src', 'app');
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    write('package.json', manifest.replace('src/', 'app/'));
    assert.deepEqual(run([]).found, []);
    rmSync(join(folder, 'chaoslint-baseline.json'));
    assert.equal(run([]).found.length, before);
  });

  test('a wrong baseline ends the run', () => {
    const { write, run } = repository({ 'chaoslint-baseline.json': '[]' });
    assert.equal(run([]).code, 2);
    write('chaoslint-baseline.json', '{"version":1,"files":{"a":[{"rule":1}]}}');
    assert.match(run([]).output, /chaoslint-baseline\.json is wrong: an entry of "a"/);
    assert.equal(run(['--baseline', 'nothing.json']).code, 2);
  });
});
