/** The command line, as a person or a pipeline meets it: the built program in real folders. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertValidSarif } from './sarif-validation.ts';

const BIN = fileURLToPath(new URL('../bin/chaoslint.js', import.meta.url));
const POSIX = process.platform !== 'win32';
const posixOnly = POSIX ? {} : { skip: 'needs the devices and signals of a POSIX system' };

const made: string[] = [];
after(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

/** A new folder with a git repository in it, so that nothing above it is looked at. */
function folder(files: Readonly<Record<string, string>>): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'shop-')));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  execFileSync('git', ['init', '-q'], { cwd: root });
  return root;
}

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function chaoslint(
  cwd: string,
  args: readonly string[],
  more: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
    input: more.input ?? '',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...more.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

/** A Deployment behind a Service; good in all but what `replicas` says. */
const orders = (replicas: number, name = 'orders') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: api
          image: acme/${name}:1.4.2
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: { path: /readyz, port: 8080 }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`;
const budget = (name = 'orders') => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
  namespace: shop
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: ${name}
`;

interface JsonFinding {
  readonly rule: string;
  readonly level: string;
  readonly location: { readonly path: string; readonly line: number };
}

function json(result: Result): { readonly findings: readonly JsonFinding[] } {
  return JSON.parse(result.out);
}
const rulesOf = (result: Result) => json(result).findings.map(({ rule }) => rule);

describe('exit codes', () => {
  it('0: nothing to say', () => {
    const root = folder({ 'k8s/orders.yaml': orders(3), 'k8s/pdb.yaml': budget() });
    const { code, out, err } = chaoslint(root, []);
    assert.equal(err, '');
    assert.equal(code, 0, out);
    assert.match(out, /\n$/);
  });

  it('1: findings at or above --fail-on', () => {
    const root = folder({ 'orders.yaml': orders(1) });
    assert.equal(chaoslint(root, ['.']).code, 1);
    assert.equal(chaoslint(root, ['check', '.']).code, 1);
    assert.equal(chaoslint(root, ['.', '--fail-on', 'never']).code, 0);
    const warned = ['.', '--rule', 'too-few-replicas:warning'];
    assert.equal(chaoslint(root, warned).code, 0);
    assert.equal(chaoslint(root, [...warned, '--fail-on', 'warning']).code, 1);
  });

  it('2: it could not run, in one line with the nearest name', () => {
    const root = folder({
      'k8s/orders.yaml': orders(1),
      'bad/.chaoslint.yaml': 'prest: strict\n',
      'bad/orders.yaml': orders(1),
    });
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--formt', 'json'], /^chaoslint: Unknown option '--formt' \(Did you mean --format\?\)$/],
      [['--format', 'jsn'], /Did you mean "json"\?$/],
      [
        ['--only', 'too-few-replica'],
        /There is no rule "too-few-replica"; did you mean "too-few-replicas"\?$/,
      ],
      [['--rule', 'too-few-replicas:eror'], /did you mean "too-few-replicas:error"\?$/],
      [['--rule', 'naked-pods:error'], /did you mean "naked-pod"\?$/],
      [['k8'], /No file or folder "k8"; did you mean "k8s"\?$/],
      [['k8s/*.json'], /No file matches "k8s\/\*\.json"$/],
      [
        ['explain', 'to-few-replicas'],
        /There is no rule "to-few-replicas"; did you mean "too-few-replicas"\?$/,
      ],
      [['explian'], /There is a command "explain"$/],
      [['bad'], /bad\/\.chaoslint\.yaml:1:1: There is no key "prest"; did you mean "preset"\?$/],
      [['--config', 'none.yaml'], /The policy file none\.yaml does not exist$/],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = chaoslint(root, args);
      assert.equal(out, '', args.join(' '));
      assert.equal(code, 2, args.join(' '));
      assert.match(err, /^chaoslint: [^\n]*\n$/, args.join(' '));
      assert.match(err.trimEnd(), message);
    }
  });

  it('3: the output could not be written', { ...posixOnly }, () => {
    const root = folder({ 'orders.yaml': orders(1) });
    const saved = chaoslint(root, ['.', '--output-file', 'none/report.txt']);
    assert.equal(saved.code, 3);
    assert.match(saved.err, /^chaoslint: none\/report\.txt could not be written: [^\n]+\n$/);
    if (!fs.existsSync('/dev/full')) return;
    const full = fs.openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [BIN, '.'], {
      cwd: root,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    fs.closeSync(full);
    assert.equal(status, 3);
    assert.match(stderr, /could not be written: ENOSPC/);
  });

  it('143: terminated', { ...posixOnly }, async () => {
    const root = folder({ 'orders.yaml': orders(1) });
    // It waits for standard input, which never ends.
    const child = spawn(process.execPath, [BIN, '-'], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      child.on('exit', (_, signal) => resolve(signal));
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    // A shell shows a child that ended by SIGTERM as 128 + 15.
    assert.equal(await ended, 'SIGTERM');
  });
});

describe('output', () => {
  it('goes whole into a pipe, and a reader that leaves is no error', { ...posixOnly }, () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`k8s/orders-${i}.yaml`, orders(1, `orders-${i}`)]),
    );
    const root = folder(files);
    const whole = chaoslint(root, ['.', '--format', 'json']);
    assert.equal(json(whole).findings.filter((f) => f.rule === 'too-few-replicas').length, 200);
    const cut = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${BIN}" . | head -n 1; echo "\${PIPESTATUS[0]}"`],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(cut.stderr, '');
    assert.equal(cut.stdout.trimEnd().split('\n').at(-1), '1');
  });

  it('--output-file holds the report, standard output nothing', () => {
    const root = folder({ 'orders.yaml': orders(1) });
    const { code, out } = chaoslint(root, ['--format', 'sarif', '--output-file', 'r.sarif']);
    assert.equal(code, 1);
    assert.equal(out, '');
    const log = assertValidSarif(fs.readFileSync(path.join(root, 'r.sarif'), 'utf8'));
    assert.ok((log.runs[0]?.results?.length ?? 0) > 0);
  });

  it('has colours only where they are wanted', () => {
    const root = folder({ 'orders.yaml': orders(1) });
    const hasColour = (args: readonly string[], env: NodeJS.ProcessEnv) =>
      chaoslint(root, args, { env }).out.includes('\u001b[');
    assert.equal(hasColour([], {}), false);
    assert.equal(hasColour([], { FORCE_COLOR: '1' }), true);
    assert.equal(hasColour([], { FORCE_COLOR: '0' }), false);
    assert.equal(hasColour(['--no-color'], { FORCE_COLOR: '1' }), false);
    assert.equal(hasColour(['rules'], { FORCE_COLOR: '1' }), true);
    assert.equal(hasColour(['explain', 'naked-pod'], { NO_COLOR: '1' }), false);
  });

  it('--quiet shows errors only, --show notes shows notes', () => {
    const root = folder({ 'orders.yaml': orders(2), 'pdb.yaml': budget() });
    const note = 'pods-on-one-node';
    assert.doesNotMatch(chaoslint(root, []).out, new RegExp(note));
    assert.match(chaoslint(root, ['--show', 'notes']).out, new RegExp(note));
    const quiet = chaoslint(root, ['--quiet', '--rule', 'too-few-replicas:warning']);
    assert.doesNotMatch(quiet.out, /too-few-replicas/);
  });

  it('lists and explains the rules', () => {
    const root = folder({});
    const rules = chaoslint(root, ['rules']);
    assert.equal(rules.code, 0);
    assert.match(rules.out, /^too-few-replicas +error +A workload runs fewer replicas/m);
    assert.match(rules.out, /^missing-cpu-limit +off /m);
    assert.match(
      chaoslint(root, ['rules', '--preset', 'strict']).out,
      /^missing-cpu-limit +note /m,
    );
    const text = chaoslint(root, ['explain', 'too-few-replicas']);
    assert.equal(text.code, 0);
    assert.match(text.out, /^too-few-replicas\n/);
    assert.match(text.out, /^Fix$/m);
    assert.match(text.out, /^ {4}kind: Deployment$/m);
  });

  it('--help and --version', () => {
    const root = folder({});
    const help = chaoslint(root, ['--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /Exit codes: 0 clean/);
    assert.match(chaoslint(root, ['--version']).out, /^\d+\.\d+\.\d+\n$/);
  });

  it('escapes what a hostile repository calls its files and objects', { ...posixOnly }, () => {
    const root = folder({
      'a\u001b[31mb\n::error file=x::.yaml': orders(1).replaceAll('shop', '"sh\\u001b[2Jop"'),
    });
    const { code, out } = chaoslint(root, [], { env: { FORCE_COLOR: '0' } });
    assert.equal(code, 1);
    assert.match(out, /too-few-replicas/);
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f]/);
    assert.doesNotMatch(out, /^::error/m);
  });
});

describe('what is analysed and what is reported', () => {
  const files = {
    'apps/orders.yaml': orders(3),
    'apps/payments.yaml': orders(1, 'payments'),
    'policies/orders.yaml': budget(),
  };

  it('paths select what is reported, the project is what is analysed', () => {
    const root = folder(files);
    assert.deepEqual(
      rulesOf(
        chaoslint(root, [
          'apps/orders.yaml',
          '--format',
          'json',
          '--only',
          'missing-pod-disruption-budget',
        ]),
      ),
      [],
    );
    const all = json(chaoslint(root, ['--format', 'json', '--only', 'too-few-replicas']));
    assert.deepEqual(
      all.findings.map(({ location }) => location.path),
      ['apps/payments.yaml'],
    );
  });

  it('--isolated analyses the given paths alone', () => {
    const root = folder(files);
    const args = ['--format', 'json', '--only', 'missing-pod-disruption-budget'];
    const alone = chaoslint(root, ['apps/orders.yaml', '--isolated', ...args]);
    assert.deepEqual(rulesOf(alone), ['missing-pod-disruption-budget']);
  });

  it('two repositories form one model', () => {
    const application = folder({ 'orders.yaml': orders(3) });
    const operations = folder({ 'budgets.yaml': budget() });
    const args = ['--format', 'json', '--only', 'missing-pod-disruption-budget'];
    assert.deepEqual(rulesOf(chaoslint(application, ['.', ...args])), [
      'missing-pod-disruption-budget',
    ]);
    assert.deepEqual(rulesOf(chaoslint(application, ['.', operations, ...args])), []);
  });

  it('paths are given from the current folder, for GitHub from the top of the repository', () => {
    const root = folder({ ...files, 'apps/.chaoslint.yaml': '' });
    const apps = path.join(root, 'apps');
    const only = ['--only', 'too-few-replicas'];
    assert.match(chaoslint(apps, only).out, /^ {4}at payments\.yaml:\d+:\d+$/m);
    assert.match(chaoslint(root, ['apps', ...only]).out, /^ {4}at apps\/payments\.yaml:\d+:\d+$/m);
    const log = assertValidSarif(chaoslint(apps, [...only, '--format', 'sarif']).out);
    const [location] = log.runs[0]?.results?.[0]?.locations ?? [];
    assert.equal(location?.physicalLocation?.artifactLocation?.uri, 'apps/payments.yaml');
  });

  it('a budget on standard input and the Source lines of helm', () => {
    const root = folder({});
    const input = `---\n# Source: shop/templates/orders.yaml\n${orders(1)}`;
    const { code, out } = chaoslint(root, ['-', '--only', 'too-few-replicas'], { input });
    assert.equal(code, 1);
    assert.match(out, /shop\/templates\/orders\.yaml/);
  });

  it('the policy file of the folder holds, and the flags go before it', () => {
    const root = folder({
      ...files,
      '.chaoslint.yaml': 'rules: { too-few-replicas: { min: 1 } }\nignore: [policies/]\n',
    });
    const args = ['--format', 'json', '--only', 'too-few-replicas,missing-pod-disruption-budget'];
    assert.deepEqual(rulesOf(chaoslint(root, args)), ['missing-pod-disruption-budget']);
    const louder = chaoslint(root, ['--rule', 'missing-pod-disruption-budget:note', ...args]);
    assert.deepEqual(
      json(louder).findings.map(({ level }) => level),
      ['note'],
    );
  });
});

describe('program text', () => {
  const service = {
    'package.json': JSON.stringify({
      name: 'orders',
      type: 'module',
      scripts: { start: 'node src/main.ts' },
      dependencies: { express: '5.1.0' },
    }),
    'src/main.ts': `import express from 'express';
import { paymentOf } from './payments.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await paymentOf(request.params.id));
});
app.listen(8080);
`,
    'src/payments.ts': `export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(\`http://payments:8080/payments/\${order}\`);
  return answer.json();
}
`,
  };
  const only = ['--only', 'http-call-without-timeout'];

  it('is read beside the manifests, and a finding shows the way from the request to the call', () => {
    const root = folder({ ...service, 'k8s/orders.yaml': orders(3) });
    const { code, out, err } = chaoslint(root, [...only, '--format', 'sarif']);
    assert.equal(err, '');
    assert.equal(code, 1);
    const [result] = assertValidSarif(out).runs[0]?.results ?? [];
    const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    assert.equal(uri, 'src/payments.ts');
    const flow = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    assert.deepEqual(
      flow.map(({ location }) => location?.physicalLocation?.artifactLocation?.uri),
      ['src/main.ts', 'src/main.ts', 'src/payments.ts'],
    );
    assert.match(chaoslint(root, only).out, /fetch in src\/payments\.ts has no timeout/);
  });

  it('can silence a finding with a reason', () => {
    const silenced = service['src/payments.ts'].replace(
      '  const',
      '  // chaoslint-disable-next-line http-call-without-timeout -- the gateway ends it\n  const',
    );
    const root = folder({ ...service, 'src/payments.ts': silenced });
    const { code, out } = chaoslint(root, only);
    assert.equal(code, 0, out);
    assert.match(out, /1 finding is suppressed/);
  });

  it('that cannot be read is one notification, and the rest goes on', () => {
    const root = folder({
      ...service,
      'src/main.ts': `import './broken.ts';\n${service['src/main.ts']}`,
      'src/broken.ts': "import x from 'express';\nconst = ;\n",
    });
    const { code, out } = chaoslint(root, only);
    assert.equal(code, 1);
    assert.match(out, /src\/broken\.ts:2:7: Not read, because of a syntax error/);
  });

  it('of a size that would eat the machine is told and left, and the manifests are checked', () => {
    const bulk = Object.fromEntries(
      Array.from({ length: 13 }, (_, i) => [
        `src/bulk-${i}.ts`,
        `export const bulk = 1;\n// ${'x'.repeat(1_000_000)}\n`,
      ]),
    );
    const imports = Object.keys(bulk).map((path) => `import '${path.replace('src', '.')}';\n`);
    const root = folder({
      ...service,
      'src/main.ts': imports.join('') + service['src/main.ts'],
      ...bulk,
      'k8s/orders.yaml': orders(1),
    });
    const { code, out } = chaoslint(root, ['--only', 'http-call-without-timeout,too-few-replicas']);
    assert.equal(code, 1);
    assert.match(out, /The program text was not checked: 13 MB of it are more than 12 MB/);
    assert.match(out, /too-few-replicas/);
    assert.doesNotMatch(out, /http-call-without-timeout/);
  });

  it('is listed with --debug: what starts it, where each file runs, how much of it was resolved', () => {
    const tool = "import axios from 'axios';\nawait axios.get('http://orders:8080');\n";
    const root = folder({ ...service, 'scripts/seed.ts': tool });
    const { out } = chaoslint(root, [...only, '--debug']);
    assert.match(out, /^ {2}entry src\/main\.ts -> node \(script start of package\.json\)$/m);
    assert.match(out, /^ {2}judged src\/payments\.ts: runs in node$/m);
    assert.match(out, /^ {2}left {3}scripts\/seed\.ts: /m);
    assert.match(out, /^resolved imports 100\.0 % of 1, .* decided calls 100\.0 % of 1$/m);
    const { understood } = JSON.parse(chaoslint(root, [...only, '--format', 'json']).out);
    assert.deepEqual(understood.imports, { of: 1, resolved: 1 });
    assert.doesNotMatch(chaoslint(root, only).out, /resolved imports/);
  });

  it('of browsers and of tests is left alone', () => {
    const root = folder({
      'package.json': '{ "name": "page", "dependencies": { "react": "19.0.0" } }',
      'src/app.tsx': 'export const load = () => fetch("https://api.example.com/orders");\n',
      'src/app.test.ts': "import express from 'express';\nawait fetch('http://orders:8080');\n",
    });
    assert.equal(chaoslint(root, only).code, 0);
  });
});
