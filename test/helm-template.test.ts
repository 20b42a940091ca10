import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine, inHelmOrder, type Templates } from '../src/extract/helm/engine.ts';
import { functions } from '../src/extract/helm/functions/index.ts';
import { hiddenKinds } from '../src/extract/helm/hidden.ts';
import { parseTemplate } from '../src/extract/helm/parse.ts';
import { textOf } from '../src/extract/helm/text.ts';
import {
  BudgetSpent,
  type Operand,
  type Origin,
  type Piece,
  TemplateError,
  type Text,
  Unknown,
} from '../src/extract/helm/value.ts';
import { ERRORS, OUTPUTS, SHOP } from './helm-template-cases.ts';

/** JSON as templates see it; every leaf comes from its path in values.yaml. */
function operandOf(json: unknown, key = ''): Operand {
  const from: readonly Origin[] = [{ path: 'values.yaml', range: [0, 1], key }];
  if (typeof json === 'string') return { value: textOf(json, from), from };
  if (typeof json === 'boolean' || typeof json === 'number') return { value: json, from };
  if (json instanceof Unknown) return { value: json, from };
  if (Array.isArray(json))
    return { value: json.map((item, index) => operandOf(item, `${key}[${index}]`)), from };
  if (json === null || typeof json !== 'object') return { value: null, from };
  const below = (name: string) => (key === '' ? name : `${key}.${name}`);
  const entries = Object.entries(json).map(
    ([name, value]) => [name, operandOf(value, below(name))] as const,
  );
  return { value: new Map(entries), from };
}

type Files = Readonly<Record<string, string>>;

/** What the first of `files` writes. */
function render(files: Files | string, dot: unknown = SHOP, limits?: Templates['limits']): Text {
  const all = Object.entries(typeof files === 'string' ? { 'orders.yaml': files } : files);
  const templates = all.map(([path, text]) => parseTemplate({ path, text }));
  const engine = new Engine({ templates, functions, ...(limits === undefined ? {} : { limits }) });
  return engine.render(all[0]?.[0] ?? '', operandOf(dot));
}

/** The pieces as [text, place in the template, keys of values]. */
function pieces(text: Text, source: string): [string, string, string][] {
  return text.pieces.map(({ text: written, at, from }) => [
    written,
    at === undefined ? '' : source.slice(...at.range),
    from.map(({ key }) => key).join(','),
  ]);
}

const unknownPieces = (text: Text): Piece[] =>
  text.pieces.filter(({ unknown }) => unknown !== undefined);

test('templates write what those of Go write', () => {
  for (const [template, output] of OUTPUTS) {
    const text = render(template);
    assert.equal(text.value, output, template);
    assert.equal(text.unknown, undefined, template);
  }
});

test('templates that Go refuses are refused, when they are read or when they run', () => {
  for (const [template, stage] of ERRORS) {
    const read = () => parseTemplate({ path: 'orders.yaml', text: template });
    if (stage === 'read') assert.throws(read, TemplateError, template);
    else {
      read();
      assert.throws(() => render(template), TemplateError, template);
    }
  }
});

test('an error says the file, the line and the place', () => {
  const text = 'a\n{{ include "part" . }}\n';
  const part = '{{ define "part" }}\n\nb: {{ .name.first }}\n{{ end }}';
  const place = (error: unknown) => {
    assert.ok(error instanceof TemplateError);
    const { at, line } = error;
    return [error.message, at?.path, line, at && part.slice(...at.range)];
  };
  try {
    render({ 'orders.yaml': text, '_part.tpl': part });
    assert.fail('it renders');
  } catch (error) {
    assert.deepEqual(place(error), [
      "can't evaluate field first in type string",
      '_part.tpl',
      3,
      '.name.first',
    ]);
  }
  const broken = 'a\n\n{{ if }}\n{{ end }}';
  assert.throws(
    () => parseTemplate({ path: 'orders.yaml', text: broken }),
    (error) =>
      error instanceof TemplateError && error.line === 3 && error.at?.path === 'orders.yaml',
  );
});

test('every piece knows its place in the template and the values that it came from', () => {
  const source = 'a: {{ .name }}\nb: {{ printf "%s-%v" .name .replicas | quote }}\n';
  assert.deepEqual(
    pieces(render(source), source),
    [
      ['a: ', 'a: ', ''],
      ['orders', '{{ .name }}', 'name'],
      ['\nb: ', '\nb: ', ''],
      ['"', '{{ printf "%s-%v" .name .replicas | quote }}', ''].with(1, 'quote'),
      ['orders', '{{ printf "%s-%v" .name .replicas | quote }}', 'name'],
      ['-', '"%s-%v"', ''],
      ['3', 'printf "%s-%v" .name .replicas', 'replicas'],
      ['"', 'quote', ''],
      ['\n', '\n', ''],
    ].map((row) => row as [string, string, string]),
  );
});

test('pieces of an included template keep their places in its file', () => {
  const part = '{{ define "labels" }}app: {{ .name }}\ntier: web{{ end }}';
  const text = render({
    'orders.yaml': 'labels:{{ include "labels" . | nindent 2 }}',
    '_labels.tpl': part,
  });
  assert.equal(text.value, 'labels:\n  app: orders\n  tier: web');
  const [name] = text.pieces.filter((piece) => piece.text === 'orders');
  assert.deepEqual(
    name?.from.map(({ key }) => key),
    ['name'],
  );
  assert.equal(name?.at?.path, '_labels.tpl');
  const web = text.pieces.find((piece) => piece.text.includes('web'));
  assert.equal(web?.at?.path, '_labels.tpl');
});

test('a value that is a template keeps its own origin and adds those of its values', () => {
  const values = { host: '{{ .name }}.shop.example', name: 'orders' };
  const source = '{{ tpl .host . }}';
  assert.deepEqual(pieces(render(source, values), source), [
    ['orders', 'tpl .host .', 'name,host'],
    ['.shop.example', 'tpl .host .', 'host'],
  ]);
});

test('tpl sees the templates around it, and its own only inside', () => {
  assert.equal(
    render('{{ define "q" }}Q{{ end }}{{ tpl "{{ include \\"q\\" . }}" . }}').value,
    'Q',
  );
  assert.equal(
    render('{{ tpl "{{ define \\"q\\" }}Q{{ end }}{{ include \\"q\\" . }}" . }}').value,
    'Q',
  );
  assert.throws(() => render('{{ tpl "{{ define \\"q\\" }}Q{{ end }}" . }}{{ include "q" . }}'));
  assert.equal(render('{{ tpl "{{ .nil }}x" . }}').value, 'x');
  assert.throws(() => render('{{ tpl "{{ .name" . }}'), TemplateError);
});

test('the deepest template comes first, and the chart overrides what its subcharts define', () => {
  const names = [
    'shop/templates/a.yaml',
    'shop/charts/db/templates/a.yaml',
    'shop/templates/b.yaml',
  ];
  assert.deepEqual(
    inHelmOrder(names.map((name) => ({ name }))).map(({ name }) => name),
    ['shop/charts/db/templates/a.yaml', 'shop/templates/b.yaml', 'shop/templates/a.yaml'],
  );
  const files = {
    'shop/templates/orders.yaml': '{{ include "name" . }}',
    'shop/templates/_a.tpl': '{{ define "name" }}chart{{ end }}',
    'shop/charts/db/templates/_a.tpl': '{{ define "name" }}subchart{{ end }}',
  };
  assert.equal(render(files).value, 'chart');
  const blank = { ...files, 'shop/templates/_a.tpl': '{{ define "name" }} {{ end }}' };
  assert.equal(render(blank).value, 'subchart');
});

test('what nobody can tell is an unknown piece in its place', () => {
  const values = { password: new Unknown('nobody gives it'), name: 'orders' };
  const text = render('a: {{ .password }}\nb: {{ .name }}{{ .password.length | quote }}', values);
  assert.equal(text.value.replaceAll('"', ''), 'a: \nb: orders');
  assert.deepEqual(
    unknownPieces(text).map(({ unknown, from }) => [unknown, from[0]?.key]),
    [
      ['nobody gives it', 'password'],
      ['nobody gives it', 'password'],
    ],
  );
  const odd = render('{{ notAFunction .name }}');
  assert.match(odd.unknown ?? '', /notAFunction/);
});

test('a condition that nobody can tell hides what its branches write', () => {
  const values = { tls: new Unknown('nobody gives it'), name: 'orders' };
  for (const [template, hidden] of [
    ['{{ if .tls }}kind: A{{ else }}kind: B{{ end }}', ['kind: A', 'kind: B']],
    ['{{ if .tls }}kind: A{{ end }}', ['kind: A', '']],
    ['{{ with .tls }}kind: A{{ .x }}{{ end }}', ['kind: A', '']],
    ['{{ if eq .tls "x" }}a{{ else if .name }}b{{ else }}c{{ end }}', ['a', 'b']],
    ['{{ if and .tls .name }}a{{ end }}', ['a', '']],
  ] as const) {
    const text = render(template, values);
    assert.equal(text.value, '', template);
    const [piece, ...others] = unknownPieces(text);
    assert.deepEqual(
      piece?.hides?.map(({ value }) => value),
      hidden,
      template,
    );
    assert.equal(others.length, 0, template);
    assert.deepEqual(
      piece?.from.map(({ key }) => key),
      ['tls'],
      template,
    );
  }
});

test('the kinds of all hidden branches are known, at any depth', () => {
  const values = { tls: new Unknown('nobody gives it'), kind: new Unknown('nobody gives it') };
  const kinds = (template: string) => hiddenKinds(render(template, values));
  const branches =
    '{{ if .tls }}kind: Ingress{{ else }}{{ range .tls }}\n---\nkind: "PodDisruptionBudget"\n{{ end }}{{ end }}';
  assert.deepEqual(kinds(branches), ['Ingress', 'PodDisruptionBudget']);
  assert.deepEqual(kinds('kind: Service\n{{ if .tls }}x: 1{{ end }}'), []);
  assert.ok(kinds('{{ if .tls }}kind: {{ .kind }}\n{{ end }}').includes('Deployment'));
});

test('a range over what nobody can tell hides its body, and what else it may write', () => {
  const text = render('a{{ range $k, $v := .hosts }}kind: {{ $v }}{{ else }}none{{ end }}b', {
    hosts: new Unknown('nobody gives it'),
  });
  assert.equal(text.value, 'ab');
  const hidden = unknownPieces(text).flatMap(({ hides = [] }) => hides.map(({ value }) => value));
  assert.deepEqual(new Set(hidden), new Set(['kind: ', '', 'none']));
});

test('what can be told under an unknown condition is told', () => {
  const values = { u: new Unknown('nobody gives it'), name: 'orders', no: false };
  const told = (template: string) => {
    const text = render(template, values);
    return text.unknown === undefined ? text.value : undefined;
  };
  // Both branches write the same.
  assert.equal(told('{{ if .u }}a{{ else }}a{{ end }}'), 'a');
  // A branch that ends in an error is not taken.
  assert.equal(told('{{ if not .u }}{{ fail "give u" }}{{ end }}b'), 'b');
  assert.equal(told('{{ if .u }}b{{ else }}{{ fail "give u" }}{{ end }}'), 'b');
  assert.throws(() => told('{{ if .u }}{{ fail "x" }}{{ else }}{{ fail "y" }}{{ end }}'));
  // One argument decides.
  assert.equal(told('{{ if or .u .name }}a{{ end }}'), 'a');
  assert.equal(told('{{ if and .u .no }}a{{ end }}b'), 'b');
  assert.equal(told('{{ if not (and .u .no) }}a{{ end }}'), 'a');
  assert.equal(told('{{ if or .u .no }}a{{ end }}'), undefined);
  assert.equal(told('{{ if eq "a" .u "a" }}x{{ end }}'), 'x');
  // A text with something in it is true.
  assert.equal(told('{{ $n := printf "a-%s" .u }}{{ if $n }}x{{ end }}'), 'x');
});

test('what an unknown branch may change is unknown afterwards, and nothing else', () => {
  const values = { u: new Unknown('nobody gives it'), name: 'orders' };
  const told = (template: string) => {
    const text = render(template, values);
    return text.unknown === undefined ? text.value.trim() : undefined;
  };
  assert.equal(told('{{ $x := 1 }}{{ if .u }}{{ $x = 2 }}{{ end }}{{ $x }}'), undefined);
  assert.equal(told('{{ $x := 1 }}{{ if .u }}{{ $x = 1 }}{{ end }}{{ $x }}'), '1');
  assert.equal(told('{{ $x := 1 }}{{ if .u }}{{ $x := 2 }}{{ end }}{{ $x }}'), '1');
  assert.equal(told('{{ $x := 1 }}{{ range .u }}{{ $x = 2 }}{{ end }}{{ $x }}'), undefined);
  const set = '{{ $d := dict "a" 1 "b" 1 }}{{ if .u }}{{ $_ := set $d "a" 2 }}{{ end }}';
  assert.equal(told(`${set}{{ $d.a }}`), undefined);
  assert.equal(told(`${set}{{ $d.b }}`), '1');
  const merge = '{{ $d := dict "a" 1 "b" 1 }}{{ if .u }}{{ $_ := merge $d (dict "c" 1) }}{{ end }}';
  assert.equal(told(`${merge}{{ $d.c }}`), undefined);
});

test('a value that is required and not given is unknown wherever it is read afterwards', () => {
  const required = '{{ $_ := required "give it" .db.password }}{{ tpl .db.password . | b64enc }}';
  assert.match(render(required, { db: {} }).unknown ?? '', /give it/);
  assert.equal(render(required, { db: { password: 'x' } }).value, 'eA==');
  const piped =
    '{{ with .db }}{{ .user | required "give it" }}{{ if $.db.user }}x{{ end }}{{ end }}';
  const text = render(piped, { db: { user: '' } });
  assert.equal(text.value, 'x');
  assert.equal(unknownPieces(text).length, 1);
  const under = '{{ if .u }}{{ required "x" .name }}{{ end }}{{ .name }}|';
  assert.equal(render(under, { u: new Unknown('nobody gives it'), name: '' }).value, '|');
});

test('a break that may happen makes the rest of the loop unknown', () => {
  const values = { u: new Unknown('nobody gives it'), list: ['a', 'b'] };
  const text = render(
    '{{ $n := 0 }}{{ range .list }}<{{ . }}{{ if $.u }}{{ break }}{{ end }}>{{ $n = . }}{{ end }}|{{ $n }}',
    values,
  );
  assert.equal(text.value, '<a|');
  const hidden = unknownPieces(text).flatMap(({ hides = [] }) => hides.map(({ value }) => value));
  assert.ok(hidden.includes('>'));
  assert.ok(hidden.some((value) => value.startsWith('<b')));
});

test('no chart gets more work than its limits', () => {
  for (const template of [
    '{{ range 1000000000 }}{{ end }}',
    '{{ range until 1000000000 }}x{{ end }}',
    '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
    '{{ define "a" }}{{ template "a" . }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
    '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}',
    `{{ $x := "0123456789abcdef" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}{{ $x }}`,
    '{{ $x := "" }}{{ range 3000000 }}{{ $x = printf "%s%s" $x "y" }}{{ end }}{{ len $x }}',
    '{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}',
    '{{ $d := dict }}{{ range 200000 }}{{ $d = dict "d" $d }}{{ end }}{{ $d }}',
    '{{ printf "%1000000d" 1 }}'.repeat(100),
  ]) {
    const start = performance.now();
    assert.throws(() => render(template), BudgetSpent, template);
    assert.ok(performance.now() - start < 5000, template);
  }
});

test('the limits are those that are asked for', () => {
  const limits = { steps: 1000, output: 100, includes: 10 };
  const loop = (count: number) => `{{ range ${count} }}{{ end }}`;
  assert.equal(render(loop(500), SHOP, limits).value, '');
  assert.throws(() => render(loop(1001), SHOP, limits), BudgetSpent);
  assert.throws(() => render('x'.repeat(101), SHOP, limits), BudgetSpent);
  const deep = (depth: number) =>
    `{{ define "a" }}{{ if . }}{{ include "a" (substr 1 99 .) }}{{ end }}{{ end }}{{ include "a" "${'x'.repeat(depth)}" }}`;
  assert.equal(render(deep(5), SHOP, limits).value, '');
  assert.throws(() => render(deep(20), SHOP, limits), BudgetSpent);
});

test('deep nesting is an error of the template, whatever is nested', () => {
  for (const [open, close] of [
    ['(', ')'],
    ['{{ if 1 }}', '{{ end }}'],
    ['{{ range 1 }}', '{{ end }}'],
    ['{{ if 1 }}{{ else }}{{ if 1 }}', '{{ end }}{{ end }}'],
    ['{{ block "x" . }}', '{{ end }}'],
  ] as const) {
    const count = 20_000;
    const inner = open === '(' ? `{{ ${open.repeat(count)}1${close.repeat(count)} }}` : '';
    const text = inner || `${open.repeat(count)}${close.repeat(count)}`;
    assert.throws(() => parseTemplate({ path: 'a', text }), TemplateError, open);
  }
  const chain = `{{ if .no }}${'{{ else if .no }}'.repeat(5_000)}{{ else }}x{{ end }}`;
  assert.equal(render(chain).value, 'x');
  assert.equal(render(`{{ .${'a.'.repeat(5_000)}a }}`, new Unknown('x')).value, '');
  assert.equal(render(`{{ "x" ${'| print '.repeat(5_000)} }}`).value, 'x');
});

test('any text is read or refused, and never anything else', () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      ...['{{', '}}', '{{-', '-}}', ' ', '"', '`', "'", '|', '(', ')', ':=', '=', ',', '.', '$'],
      ...['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'nil'],
      ...['.name', '$x', '1', '1.5', '0x', 'printf', 'index', '"%d"', '/*', '*/', '\n', 'é', '😀'],
    ),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
      try {
        const text = render(fragments.join(''));
        assert.equal(text.value, text.pieces.map((piece) => piece.text).join(''));
      } catch (error) {
        assert.ok(error instanceof TemplateError || error instanceof BudgetSpent, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
