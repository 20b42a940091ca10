/** Charts that Helm and we render: the same objects. Skipped where helm is missing (on PATH, or named by CHAOSLINT_HELM). */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { helm } from '../scripts/oracle/helm.ts';
import { repositoryRoot } from './cases.ts';

type Files = Readonly<Record<string, string>>;

const program = helm.find();
const skip = program === undefined ? 'helm is not on this machine' : false;

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-helm-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Compares every chart below a folder; answers how many objects were compared. */
function assertSame(folder: string): number {
  let objects = 0;
  for (const comparison of helm.compare(folder, program ?? '')) {
    const { name, theirError, ourError, differences, equal, chance } = comparison;
    assert.equal(theirError, undefined, name);
    assert.equal(ourError, undefined, name);
    assert.deepEqual(differences, [], name);
    assert.equal(equal + chance, comparison.objects, name);
    objects += comparison.objects;
  }
  return objects;
}

const chart = (name: string, more = '') => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
/** Shows what a template sees. */
const shows = (name: string, expression: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  seen: |\n    {{- ${expression} | nindent 4 }}\n`;

describe('helm template and we make the same objects of', { skip }, () => {
  it('the charts of the fixtures', () => {
    assert.equal(assertSame(join(repositoryRoot, 'fixtures/chart')), 6);
  });

  it('values of subcharts: overrides, nulls, globals, aliases, imports, conditions, tags', () => {
    const parent = chart(
      'shop',
      `dependencies:
  - {name: cache, version: 1.0.0, condition: "cache.enabled,global.cache"}
  - {name: store, version: 1.0.0, alias: ledger, tags: [data], import-values: [defaults, {child: ports, parent: ledgerPorts}]}
  - {name: store, version: 1.0.0, alias: archive, tags: [data, cold]}
  - {name: mailer, version: ">=1.0.0", condition: mailer.enabled}
`,
    );
    const values = `global: {region: eu, deep: {a: 1, b: null}}
tags: {data: true, cold: false}
cache: {enabled: true, size: null, nested: {keep: 2, drop: null}}
ledger: {name: books, list: [c]}
mailer: {enabled: false}
own: {a: 1}
`;
    const store = {
      'Chart.yaml': chart('store'),
      'values.yaml':
        'name: store\nlist: [a, b]\nports: {http: 80}\nexports: {defaults: {imported: true, own: {a: 2, b: 3}}}\nglobal: {deep: {c: 3}}\n',
      'templates/show.yaml': shows('{{ .Chart.Name }}', 'toYaml .Values'),
    };
    const cache = {
      'Chart.yaml': chart('cache'),
      'values.yaml':
        'enabled: false\nsize: 10\nnested: {keep: 1, drop: 1, more: {x: y}}\nnothing: null\n',
      'templates/show.yaml': shows('cache', 'toYaml .Values'),
    };
    const mailer = {
      'Chart.yaml': chart('mailer'),
      'templates/show.yaml': shows('mailer', 'toYaml .Values'),
    };
    const below = (folder: string, files: Files) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
    const objects = assertSame(
      folderWith({
        'Chart.yaml': parent,
        'values.yaml': values,
        'templates/show.yaml': shows('shop', 'toYaml .Values'),
        'ci/off-values.yaml':
          'tags: {data: false}\ncache: null\nown: null\nglobal: {cache: false}\n',
        'ci/other-values.yaml':
          'cache: {nested: {more: null}, enabled: true}\nledgerPorts: {http: 81}\nmailer: {enabled: true}\n',
        ...below('charts/cache', cache),
        ...below('charts/store', store),
        ...below('charts/mailer', mailer),
      }),
    );
    assert.ok(objects > 8, String(objects));
  });

  it('library charts, named templates of parents and children, and the order of templates', () => {
    assertSame(
      folderWith({
        'Chart.yaml': chart('shop'),
        'values.yaml': 'seen: start\n',
        'templates/_helpers.tpl':
          '{{ define "name" }}parent{{ end }}{{ define "blank" }}full{{ end }}',
        'templates/a.yaml': shows(
          'a',
          'printf "%s %s %s" (include "name" .) (include "blank" .) .Values.seen',
        ),
        'templates/deep/b.yaml': `{{- $_ := set .Values "seen" "deep" }}${shows('b', '.Template.Name')}`,
        'templates/z.yaml': `{{- $_ := set .Values "seen" (printf "%s z" .Values.seen) }}`,
        'templates/NOTES.txt': '{{ .Values.seen }}',
        'charts/lib/Chart.yaml': chart('lib', 'type: library\n'),
        'charts/lib/templates/_all.tpl':
          '{{ define "name" }}library{{ end }}{{ define "blank" }}{{/* nothing */}}{{ end }}{{ define "lib.only" }}{{ .Chart.Name }}{{ end }}',
        'charts/lib/templates/never.yaml': shows('never', '"x"'),
        'charts/child/Chart.yaml': chart('child'),
        'charts/child/templates/c.yaml': shows(
          'c',
          'printf "%s %s %v %s" (include "name" .) (include "lib.only" .) .Chart.IsRoot .Template.BasePath',
        ),
      }),
    );
  });

  it('files, ignored files, capabilities and the release', () => {
    assertSame(
      folderWith({
        'Chart.yaml': chart('shop', 'appVersion: 1.10\nannotations: {a: b}\n'),
        '.helmignore': '# nothing of these\n*.bak\nsecret/\n/config/local.*\n',
        'config/a.conf': 'listen 80;\n',
        'config/b.conf': 'a: {{ .Release.Name }}\nlast line without an end',
        'config/deep/c.txt': 'x\ny\n',
        'config/local.conf': 'no',
        'secret/key': 'no',
        'templates/old.yaml.bak': 'no: [',
        'templates/files.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: files}
data:
{{ (.Files.Glob "config/*.conf").AsConfig | indent 2 }}
  all: {{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}
  text: {{ .Files.Get "config/deep/c.txt" | quote }}
  none: {{ printf "%s|%s" (.Files.Get "secret/key") (.Files.Get "../x") | quote }}
  lines: {{ .Files.Lines "config/deep/c.txt" | join "," }}
  tpl: {{ tpl (.Files.Get "config/b.conf") . | quote }}
  encoded:
{{ (.Files.Glob "{config,nowhere}/deep/*").AsSecrets | indent 4 }}
`,
        'templates/facts.yaml': shows(
          'facts',
          'printf "%s %s %s %s %v %v %s" .Chart.AppVersion .Chart.Version .Release.Service .Release.Namespace .Release.IsInstall (.Capabilities.APIVersions.Has "policy/v1") .Capabilities.KubeVersion.Version',
        ),
      }),
    );
  });

  it('several documents in one template, whatever stands around them', () => {
    const one = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
    assert.equal(
      assertSame(
        folderWith({
          'Chart.yaml': chart('shop'),
          'templates/many.yaml': `{{ range list "a" "b" }}\n---\n${one('{{ . }}')}{{ end }}--- # c\n${one('c')}\n---\n\n{{- if false }}\n${one('never')}\n---\n{{- end }}\n${one('d')}data:\n  text: |\n    x\n   \n`,
          'templates/none.yaml': '{{- if false }}{{ end }}\n# nothing\n',
        }),
      ),
      4,
    );
  });
});
