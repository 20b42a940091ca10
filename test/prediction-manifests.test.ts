/** Manifests that prove predicted failures are what Chaos Mesh takes, and never replace the files of others. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { writeOwnFile } from '../src/files/own.ts';
import { FAULTS, type Prediction, type Predictions } from '../src/prediction.ts';
import { experimentFiles, WRITTEN_BY } from '../src/report/prediction-manifests.ts';
import { repositoryRoot } from './cases.ts';

const at = {
  path: 'deploy/orders.yaml',
  start: 0,
  end: 1,
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
};

function failing(labels: Readonly<Record<string, string>>, says = 'no pod is left'): Predictions {
  const matrix = FAULTS.map((fault): Prediction => {
    const victim = {
      label: 'StatefulSet orders',
      identity: 'apps/StatefulSet/shop/orders',
      namespace: 'shop',
      context: '',
      at,
      labels,
      container: 'orders',
      volumePath: '/var/lib/orders',
      port: 8080,
    };
    const reason = {
      state: 'broken',
      says,
      at,
      property: 'no-spare-pod',
      about: [],
      runbook: 'pod-1-replicas',
      fix: '',
    } as const;
    return {
      victim,
      fault,
      injection: {
        fault,
        at,
        share: { of: 'pods', count: 1 },
        lasts: 60_000,
        volumePath: '/var/lib/orders',
      },
      verdict: 'fails',
      reasons: [reason],
    };
  });
  return { matrix, experiments: [] };
}

const schemas = JSON.parse(
  readFileSync(join(repositoryRoot, 'test/data/chaos-mesh-crds.json'), 'utf8'),
);

/** The CRDs hold keys of OpenAPI that ajv need not know; a field that a CRD does not name is pruned, so it is an error here. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const made = Object.fromEntries(entries);
  return 'properties' in made && made.type === 'object' && !('additionalProperties' in made)
    ? { ...made, additionalProperties: false }
    : made;
}

test('every fault that Chaos Mesh injects gives a manifest that its CRD takes', () => {
  const ajv = new Ajv({ strict: false });
  const files = experimentFiles(failing({ app: 'orders' }));
  assert.equal(files.length, FAULTS.length - 3, 'node and zone faults are none of Chaos Mesh');
  for (const { name, text } of files) {
    const manifest = parse(text);
    const schema = schemas[manifest.kind];
    assert.ok(schema, `${name}: ${manifest.kind}`);
    const validate = ajv.compile(closed(schema) as object);
    assert.ok(validate(manifest.spec), `${name}: ${ajv.errorsText(validate.errors)}`);
    assert.equal(name, `${manifest.metadata.name}.yaml`);
  }
});

test('the schemas refuse what Chaos Mesh refuses', () => {
  const ajv = new Ajv({ strict: false });
  const validate = ajv.compile(closed(schemas.PodChaos) as object);
  const [file] = experimentFiles(failing({ app: 'orders' }));
  const spec: object = parse(file?.text ?? '').spec;
  assert.ok(validate(spec));
  assert.ok(!validate({ ...spec, action: 'pod-explode' }));
  assert.ok(!validate({ ...spec, grace: 0 }));
});

test('hostile names stay values', () => {
  const files = experimentFiles(
    failing({ 'a: {b': '"\nspec: {mode: all}', n: 'no' }, 'x\nkind: Secret\u2028y'),
  );
  for (const { text } of files) {
    const manifest = parse(text);
    assert.notEqual(manifest.kind, 'Secret');
    assert.deepEqual(manifest.spec.selector.labelSelectors, {
      'a: {b': '"\nspec: {mode: all}',
      n: 'no',
    });
    assert.equal(manifest.spec.mode, 'one');
  }
});

test('without labels nobody is aimed at', () => {
  assert.deepEqual(experimentFiles(failing({})), []);
});

test('own files are replaced, those of others stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-'));
  try {
    const own = join(folder, 'chaos', 'own.yaml');
    assert.ok(await writeOwnFile(own, `${WRITTEN_BY}\na: 1\n`, WRITTEN_BY));
    assert.ok(await writeOwnFile(own, `${WRITTEN_BY}\na: 2\n`, WRITTEN_BY));
    assert.match(readFileSync(own, 'utf8'), /a: 2/);
    writeFileSync(own, 'mine: true\n');
    assert.equal(await writeOwnFile(own, `${WRITTEN_BY}\na: 3\n`, WRITTEN_BY), false);
    assert.equal(readFileSync(own, 'utf8'), 'mine: true\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
