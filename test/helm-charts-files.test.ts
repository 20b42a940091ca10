/** Charts on a disk: which of their files are read, and which are reported. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { discover } from '../src/files/discover.ts';
import { run } from '../src/run.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-charts-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const CACHE = 'apiVersion: v2\nname: cache\nversion: 1.0.0\n';
const remote = `${CHART}dependencies: [{name: cache, version: 1.0.0, repository: "https://charts.example.com"}]\n`;
const database = (replicas: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{ include "cache.name" . }}'}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: cache}}
  template:
    metadata: {labels: {app: cache}}
    spec:
      containers:
        - name: cache
          image: acme/cache:1.4.2
          readinessProbe: {tcpSocket: {port: 80}}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
`;
const subchart = {
  'charts/shop/charts/cache/Chart.yaml': CACHE,
  'charts/shop/charts/cache/templates/_names.tpl': '{{ define "cache.name" }}cache{{ end }}',
  'charts/shop/charts/cache/templates/cache.yaml': database('1'),
};

async function reportOf(cwd: string, paths: readonly string[] = []) {
  const { report } = await run({ cwd, paths, isolated: false, adjust: (policy) => policy });
  const findings = report.findings.map(({ rule, at }) => `${rule} ${at.path}:${at.line}`);
  return { findings, report };
}

async function chartsOf(cwd: string) {
  const { charts } = await discover({ cwd, paths: [], isolated: false, ignored: [], include: [] });
  return charts.map(({ path }) => path);
}

describe('the files of a chart', () => {
  it('are read with its partial templates, subcharts and archives', async () => {
    const folder = folderWith({
      '.chaoslint.yaml': '',
      'charts/shop/Chart.yaml': CHART,
      'charts/shop/.helmignore': '*.bak\n',
      'charts/shop/README.md': '# shop\n',
      'charts/shop/templates/_helpers.tpl': '{{ define "x" }}{{ end }}',
      'charts/shop/templates/NOTES.txt': 'thanks\n',
      'charts/shop/charts/db-1.0.0.tgz': new Uint8Array([31, 139]),
      ...subchart,
      'notes.txt': 'no chart\n',
      'other/_helpers.tpl': 'no chart\n',
    });
    assert.deepEqual(await chartsOf(folder), [
      'charts/shop/.helmignore',
      'charts/shop/charts/cache/Chart.yaml',
      'charts/shop/charts/cache/templates/_names.tpl',
      'charts/shop/charts/cache/templates/cache.yaml',
      'charts/shop/charts/db-1.0.0.tgz',
      'charts/shop/templates/NOTES.txt',
      'charts/shop/templates/_helpers.tpl',
    ]);
  });

  it('are read for .Files only when a template asks for them', async () => {
    const files = {
      '.chaoslint.yaml': '',
      'shop/Chart.yaml': CHART,
      'shop/config/app.conf': 'a',
      'shop/dashboards/orders.json': '{}',
    };
    const silent = folderWith({ ...files, 'shop/templates/a.yaml': '{{ .Values.a }}\n' });
    assert.deepEqual(await chartsOf(silent), []);
    const asking = folderWith({ ...files, 'shop/templates/a.yaml': '{{ .Files.Get "x" }}\n' });
    assert.deepEqual(await chartsOf(asking), [
      'shop/config/app.conf',
      'shop/dashboards/orders.json',
    ]);
  });

  it('are not read through links', { skip: process.platform === 'win32' }, async () => {
    const outside = folderWith({ 'secret.tpl': 'secret' });
    const folder = folderWith({
      '.chaoslint.yaml': '',
      'shop/Chart.yaml': CHART,
      'shop/templates/a.yaml': '{{ .Files.Get "secret.txt" }}\n',
    });
    symlinkSync(join(outside, 'secret.tpl'), join(folder, 'shop/templates/_secret.tpl'));
    symlinkSync(join(outside, 'secret.tpl'), join(folder, 'shop/secret.txt'));
    assert.deepEqual(await chartsOf(folder), []);
  });
});

describe('a subchart', () => {
  it('of our own is reported, and not counted as left out', async () => {
    const folder = folderWith({
      '.chaoslint.yaml': '',
      'charts/shop/Chart.yaml': CHART,
      ...subchart,
    });
    const { findings, report } = await reportOf(folder);
    assert.deepEqual(findings, [
      'too-few-replicas charts/shop/charts/cache/templates/cache.yaml:5',
    ]);
    assert.equal(report.counts.leftOut, 0);
    assert.match(
      report.sources.get('charts/shop/charts/cache/templates/cache.yaml') ?? '',
      /replicas/,
    );
  });

  it('of a registry is reported when the command line names it', async () => {
    const folder = folderWith({
      '.chaoslint.yaml': '',
      'charts/shop/Chart.yaml': remote,
      ...subchart,
    });
    assert.deepEqual((await reportOf(folder)).findings, []);
    const named = await reportOf(folder, ['charts/shop/charts/cache']);
    assert.deepEqual(named.findings, [
      'too-few-replicas charts/shop/charts/cache/templates/cache.yaml:5',
    ]);
  });
});
