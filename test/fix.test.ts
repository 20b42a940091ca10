/** Fixes: what they change, what they leave, and that what they promise is checked. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { writeChanges } from '../src/files/change.ts';
import { applyEdits, editsBetween, unifiedDiff } from '../src/fix/diff.ts';
import { changed } from '../src/fix/yaml/edit.ts';
import { Unfit } from '../src/fix/yaml/tree.ts';
import { run } from '../src/run.ts';

function repository(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-fix-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function fixed(cwd: string, unsafe = true) {
  const outcome = await run({
    cwd,
    paths: [],
    isolated: true,
    adjust: (policy) => policy,
    fix: { unsafe },
  });
  assert.ok(outcome.fixed);
  return outcome.fixed;
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders # the shop's heart
  namespace: shop
spec:
  replicas: 1   # one, for now
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: "orders"}
    spec:
      containers:
      - name: 'api'
        image: registry.example.com/shop/orders:1.4.2
        ports:
        - {name: http, containerPort: 8080}
        livenessProbe:
          httpGet: {path: /livez, port: http}
          initialDelaySeconds: 30
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec:
  selector: {app: orders}
  ports: [{port: 80, targetPort: http}]
`;

describe('manifests', () => {
  test('are fixed in their own style, and nothing is left to fix after it', async (context) => {
    const cwd = repository(context, { 'deploy/orders.yaml': DEPLOYMENT });
    const { files, applied, report } = await fixed(cwd);
    const [file, ...others] = files;
    assert.ok(file);
    assert.deepEqual(others, []);
    assert.deepEqual(applied.map(({ finding }) => finding.rule).sort(), [
      'missing-pod-disruption-budget',
      'missing-readiness-probe',
      'missing-resource-requests',
      'pods-on-one-node',
      'too-few-replicas',
    ]);
    const lines = new Set(file.after.split('\n'));
    const lost = DEPLOYMENT.split('\n').filter((line) => !lines.has(line));
    assert.deepEqual(lost, ['  replicas: 1   # one, for now']);
    assert.ok(lines.has('  replicas: 3   # one, for now'));
    assert.deepEqual(report.findings, []);

    assert.deepEqual(await writeChanges(cwd, files), []);
    assert.deepEqual((await fixed(cwd)).files, []);
  });

  test('keep line ends and the byte order mark', async (context) => {
    const text = DEPLOYMENT.replaceAll('\n', '\r\n');
    const cwd = repository(context, { 'orders.yaml': `\ufeff${text}` });
    await writeChanges(cwd, (await fixed(cwd)).files);
    const written = readFileSync(join(cwd, 'orders.yaml'), 'utf8');
    assert.ok(written.startsWith('\ufeffapiVersion'));
    assert.ok(written.includes('PodDisruptionBudget'));
    assert.equal(/[^\r]\n/.test(written), false);
  });

  test('get no decision of a person by the safe flag', async (context) => {
    const cwd = repository(context, { 'orders.yaml': DEPLOYMENT });
    const { applied, held } = await fixed(cwd, false);
    assert.deepEqual(
      applied.map(({ finding }) => finding.rule),
      ['missing-readiness-probe'],
    );
    assert.ok(held.some(({ finding }) => finding.rule === 'too-few-replicas'));
  });

  test('with one object a file get a budget beside, and the kustomization lists it', async (context) => {
    const [deployment = '', service = ''] = DEPLOYMENT.replace('replicas: 1', 'replicas: 3').split(
      '---\n',
    );
    const cwd = repository(context, {
      'base/orders-deployment.yaml': deployment,
      'base/orders-service.yaml': service,
      'base/kustomization.yaml':
        'resources:\n- orders-deployment.yaml # ours\n- orders-service.yaml\n',
    });
    const { files } = await fixed(cwd);
    const texts = new Map(files.map(({ path, after }) => [path, after]));
    assert.match(
      texts.get('base/orders-pdb.yaml') ?? '',
      /^apiVersion: policy\/v1\nkind: PodDisruptionBudget\n/,
    );
    assert.equal(
      texts.get('base/kustomization.yaml'),
      'resources:\n- orders-deployment.yaml # ours\n- orders-service.yaml\n- orders-pdb.yaml\n',
    );
  });

  test('of a chart are fixed in its values, and its budget has a switch', async (context) => {
    const template = DEPLOYMENT.replace(
      'replicas: 1   # one, for now',
      'replicas: {{ .Values.replicaCount }}',
    );
    const cwd = repository(context, {
      'chart/Chart.yaml': 'apiVersion: v2\nname: orders\nversion: 1.0.0\n',
      'chart/values.yaml': '# How many pods.\nreplicaCount: 1\n',
      'chart/templates/deployment.yaml': template.replace(
        'matchLabels: {app: orders}',
        'matchLabels:\n      app: orders',
      ),
    });
    const { files } = await fixed(cwd);
    const texts = new Map(files.map(({ path, after }) => [path, after]));
    assert.equal(
      texts.get('chart/values.yaml'),
      '# How many pods.\nreplicaCount: 3\npodDisruptionBudget:\n  enabled: true\n  maxUnavailable: 1\n',
    );
    assert.match(
      texts.get('chart/templates/pdb.yaml') ?? '',
      /^\{\{- if \.Values\.podDisruptionBudget\.enabled \}\}\n/,
    );
  });

  test('that hold the state of a store are left with the reason', async (context) => {
    const cwd = repository(context, {
      'ledger.yaml': DEPLOYMENT.replace('registry.example.com/shop/orders:1.4.2', 'postgres:16'),
    });
    const { refused } = await fixed(cwd);
    const why = refused.find(({ finding }) => finding.rule === 'too-few-replicas')?.why;
    assert.match(why ?? '', /data store/);
  });
});

describe('program text', () => {
  const files = (main: string) => ({
    'package.json': JSON.stringify({
      name: 'orders',
      scripts: { start: 'node dist/main.js' },
      dependencies: { express: '^4.19.0', axios: '^1.7.0', pg: '^8.11.0' },
    }),
    'src/main.ts': main,
  });

  test('gets its bounds at the construct, and the server its handler', async (context) => {
    const cwd = repository(
      context,
      files(`import express from "express";
import axios from "axios";
import { Pool } from "pg";

const app = express();
const pool = new Pool({ max: 5 });
const payments = axios.create({
  baseURL: "http://payments", // in the cluster
});

app.get("/readyz", (_request, response) => response.sendStatus(200));
app.get("/orders", async (_request, response) => {
  const stop = new AbortController();
  await fetch("http://catalog/items", { signal: stop.signal });
  await payments.get("/x");
  response.json(await pool.query("select 1"));
});

app.listen(3000);
`),
    );
    const result = await fixed(cwd);
    const after = result.files[0]?.after ?? '';
    assert.match(
      after,
      /signal: AbortSignal\.any\(\[stop\.signal, AbortSignal\.timeout\(5000\)\]\)/,
    );
    assert.match(after, /new Pool\(\{ max: 5, connectionTimeoutMillis: 5000, query_timeout: 10000/);
    assert.match(
      after,
      /baseURL: "http:\/\/payments", \/\/ in the cluster\n {2}timeout: 5000,\n\}/,
    );
    assert.match(
      after,
      /const server = app\.listen\(3000\);\nprocess\.once\("SIGTERM", \(\) => server\.close\(\)\);/,
    );
    await writeChanges(cwd, result.files);
    assert.deepEqual((await fixed(cwd)).files, []);
  });

  test('is left where a signal may be undefined', async (context) => {
    const cwd = repository(
      context,
      files(`import express from 'express';
const app = express();
export async function items(signal?: AbortSignal) {
  return fetch('http://catalog/items', { signal });
}
app.get('/readyz', (_request, response) => response.sendStatus(200));
app.get('/orders', async (_request, response) => response.json(await items()));
const server = app.listen(3000);
process.once('SIGTERM', () => server.close());
`),
    );
    const { files: changedFiles } = await fixed(cwd);
    assert.deepEqual(
      changedFiles.filter(({ after }) => after.includes('AbortSignal.any')),
      [],
    );
  });
});

describe('YAML by ranges', () => {
  const data: fc.Arbitrary<string> = fc.constantFrom(
    'a',
    'b c',
    '"x"',
    "'y'",
    '1',
    'true',
    '~',
    '',
    '{}',
    '{k: v}',
    '[1, 2]',
  );
  const key = fc.constantFrom('spec', 'replicas', 'labels', 'name', 'x-y');
  const entries = fc.array(
    fc.record({ key, value: data, comment: fc.boolean(), gap: fc.constantFrom(' ', '   ') }),
    { minLength: 1, maxLength: 5 },
  );

  test('changes exactly what is wanted, or refuses: whatever is written', () => {
    fc.assert(
      fc.property(
        entries,
        entries,
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(1, 2, 4),
        fc.boolean(),
        (outer, inner, eol, step, ends) => {
          const line = ({ key: name, value, comment, gap }: (typeof outer)[number]) =>
            `${name}:${value === '' ? '' : gap + value}${comment ? ' # c' : ''}`;
          const text =
            [
              '# head',
              ...outer.map(line),
              'template:',
              ...inner.map((entry) => ' '.repeat(step) + line(entry)),
            ].join(eol) + (ends ? eol : '');
          try {
            const after = changed(text, 0, { set: ['template', 'spec', 'replicas'], to: 3 });
            // What was there stays: only lines are added, or one value is replaced.
            const edits = editsBetween(text, after);
            assert.ok(edits.length <= 2);
            assert.equal(applyEdits(text, edits), after);
            assert.equal(
              changed(after, 0, { set: ['template', 'spec', 'replicas'], to: 3 }),
              after,
            );
          } catch (error) {
            assert.ok(error instanceof Unfit, String(error));
          }
        },
      ),
      { numRuns: Number(process.env.CHAOSLINT_FUZZ_RUNS ?? 300) },
    );
  });

  test('refuses what others share, and keys that stand twice', () => {
    const shared = 'base: &b\n  replicas: 1\nspec: *b\nother: *b\n';
    assert.throws(() => changed(shared, 0, { set: ['spec', 'replicas'], to: 3 }), Unfit);
    assert.throws(() => changed('a: 1\na: 2\n', 0, { set: ['a'], to: 3 }), Unfit);
  });
});

describe('differences', () => {
  test('give the new text back', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', 'é\n', '\n', 'd'))
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) =>
        assert.equal(applyEdits(before, editsBetween(before, after)), after),
      ),
    );
  });

  test('are shown with three lines of context', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n';
    assert.equal(
      unifiedDiff([{ path: 'a.yaml', before, after: before.replace('5', 'five') }]),
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    );
  });
});

describe('writing', () => {
  const change = (path: string) => ({ path, before: 'old\n', after: 'new\n' });

  test('keeps the permissions and leaves no other file', async (context) => {
    const cwd = repository(context, { 'a.yaml': 'old\n' });
    chmodSync(join(cwd, 'a.yaml'), 0o640);
    assert.deepEqual(await writeChanges(cwd, [change('a.yaml')]), []);
    assert.equal(readFileSync(join(cwd, 'a.yaml'), 'utf8'), 'new\n');
    assert.equal(statSync(join(cwd, 'a.yaml')).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(cwd), ['a.yaml']);
  });

  test('leaves what is read-only, was changed, is shared, or lies outside', async (context) => {
    const cwd = repository(context, {
      'in/read-only.yaml': 'old\n',
      'in/changed.yaml': 'older\n',
      'in/shared.yaml': 'old\n',
      'out/target.yaml': 'old\n',
      'in/there.yaml': 'theirs\n',
    });
    chmodSync(join(cwd, 'in/read-only.yaml'), 0o444);
    linkSync(join(cwd, 'in/shared.yaml'), join(cwd, 'out/shared.yaml'));
    symlinkSync('../out/target.yaml', join(cwd, 'in/link.yaml'));
    const left = await writeChanges(join(cwd, 'in'), [
      change('read-only.yaml'),
      change('changed.yaml'),
      change('shared.yaml'),
      change('link.yaml'),
      change('gone.yaml'),
      { path: 'there.yaml', before: undefined, after: 'new\n' },
    ]);
    assert.deepEqual(
      new Map(left.map(({ path, why }) => [path, why])),
      new Map([
        ['there.yaml', 'a file of that name is there'],
        ['read-only.yaml', 'it is read-only'],
        ['changed.yaml', 'it has changed since it was read'],
        ['shared.yaml', 'other names of the same file exist (hard links)'],
        ['link.yaml', 'it is a link to outside of the project'],
        ['gone.yaml', 'it could not be written: ENOENT'],
      ]),
    );
    assert.equal(readFileSync(join(cwd, 'out/target.yaml'), 'utf8'), 'old\n');
  });

  test('writes through a link inside and keeps the link', async (context) => {
    const cwd = repository(context, { 'real.yaml': 'old\n' });
    symlinkSync('real.yaml', join(cwd, 'link.yaml'));
    assert.deepEqual(await writeChanges(cwd, [change('link.yaml')]), []);
    assert.ok(lstatSync(join(cwd, 'link.yaml')).isSymbolicLink());
    assert.equal(readFileSync(join(cwd, 'real.yaml'), 'utf8'), 'new\n');
  });
});
