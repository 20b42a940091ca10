/** The functions of sprig and Helm: their texts are those of Helm itself, and their values remember where they came from. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Engine } from '../src/extract/helm/engine.ts';
import { functions } from '../src/extract/helm/functions/index.ts';
import { parseTemplate } from '../src/extract/helm/parse.ts';
import { textOf, unknownText } from '../src/extract/helm/text.ts';
import {
  BudgetSpent,
  type Calling,
  type GoValue,
  type Operand,
  type Origin,
  TemplateError,
  Text,
  Unknown,
} from '../src/extract/helm/value.ts';

/** Plain data as a template sees values.yaml, each leaf with the path of its key. */
function leafOf(data: unknown, key = ''): Operand {
  const from: Origin[] = [{ path: 'values.yaml', range: [0, 0], key }];
  if (Array.isArray(data))
    return { value: data.map((each, index) => leafOf(each, `${key}[${index}]`)), from };
  if (typeof data === 'object' && data !== null)
    return {
      value: new Map(
        Object.entries(data).map(([name, each]) => [name, leafOf(each, `${key}.${name}`)]),
      ),
      from,
    };
  if (typeof data === 'string') return { value: textOf(data, from), from };
  return { value: data as null | boolean | number, from };
}

const here: Origin = { path: 'templates/all.yaml', range: [0, 10] };

/** Renders the text of one template. */
function render(template: string, values: unknown = {}): Text {
  const parsed = parseTemplate({ name: 'shop/templates/all', path: here.path, text: template });
  const dot = { value: new Map([['Values', leafOf(values)]]), from: [] };
  return new Engine({ templates: [parsed], functions }).render('shop/templates/all', dot);
}

const calling: Calling = {
  at: here,
  include: () => assert.fail('includes nothing'),
  tpl: () => assert.fail('runs no template'),
  spend: () => {},
};

/** Calls one function with operands, or with plain data as it stands in a template. */
function call(name: string, ...args: readonly unknown[]): Operand {
  const found = functions.get(name);
  assert.ok(found, `${name} is a function`);
  return found(args.map(operandOf), calling);
}

function operandOf(data: unknown): Operand {
  if (typeof data === 'object' && data !== null && 'from' in data) return data as Operand;
  if (typeof data === 'number') return { value: BigInt(data), from: [] };
  if (data instanceof Unknown || data instanceof Text || data instanceof Map)
    return { value: data, from: [] };
  return { ...leafOf(data), from: [] };
}

const unknown: Operand = { value: new Unknown('nobody gives it'), from: [] };
const keysOf = (operand: Operand) => operand.from.map(({ key }) => key);
const textIn = (value: GoValue) => (value instanceof Text ? value.value : assert.fail('a text'));
const whyOf = (value: GoValue) => (value instanceof Unknown ? value.why : undefined);

// What helm 3.22 prints for each template; null where it stops with an error.
const recorded = JSON.parse(
  readFileSync(new URL('data/helm-functions.json', import.meta.url), 'utf8'),
) as { values: unknown; cases: [template: string, expected: string | null][] };

test('functions give the texts that Helm gives', () => {
  assert.ok(recorded.cases.length > 1500, 'all cases are there');
  for (const [template, expected] of recorded.cases) {
    if (expected === null)
      assert.throws(() => render(template, recorded.values), TemplateError, template);
    else {
      const text = render(template, recorded.values);
      assert.equal(text.unknown, undefined, template);
      assert.equal(text.value, expected, template);
    }
  }
});

test('the recorded texts are those of the helm that CHAOSLINT_HELM names', (t) => {
  const helm = process.env.CHAOSLINT_HELM;
  if (helm === undefined) return t.skip('CHAOSLINT_HELM names no helm');
  const chart = mkdtempSync(join(tmpdir(), 'helm-functions-'));
  try {
    const cases = recorded.cases.filter(
      ([template, expected]) => expected !== null && !template.includes('define'),
    );
    const defined = cases.map(([template], index) => `{{ define "${index}" }}${template}{{ end }}`);
    const entries = cases.map((_, index) => `  c${index}: {{ include "${index}" . | toJson }}`);
    mkdirSync(join(chart, 'templates'));
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    writeFileSync(join(chart, 'values.yaml'), JSON.stringify(recorded.values));
    writeFileSync(join(chart, 'templates/_all.tpl'), defined.join('\n'));
    writeFileSync(
      join(chart, 'templates/all.yaml'),
      ['kind: ConfigMap', 'data:', ...entries, ''].join('\n'),
    );
    const text = execFileSync(helm, ['template', 'shop', chart], { maxBuffer: 1 << 26 }).toString();
    const { data } = parse(text) as { data: Record<string, string> };
    for (const [index, [template, expected]] of cases.entries())
      assert.equal(data[`c${index}`]?.replaceAll('<no value>', ''), expected, template);
  } finally {
    rmSync(chart, { recursive: true });
  }
});

/** Data that YAML can spell: no control characters and no line breaks of YAML 1.1. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'ab01:-#,[]{}&*!|>\'"%@` \n?~=.+ey') },
  { weight: 1, arbitrary: fc.constantFrom('é', '日', '\t', '\\', '\u{1f600}') },
);
const string = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
const { tree: data } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, fc.dictionary(string, tie('node'), { maxKeys: 5 })),
  node: fc.oneof(
    { depthSize: 'small' },
    string,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(string, tie('node'), { maxKeys: 4 }),
  ),
}));

/** Template values as plain data. */
function plain(value: GoValue): unknown {
  if (value instanceof Text) return value.value;
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, { value: each }]) => [key, plain(each)]));
  if (Array.isArray(value)) return value.map(({ value: each }: Operand) => plain(each));
  return typeof value === 'bigint' ? Number(value) : value;
}

test('what toYaml and toJson write is read back as it was', () => {
  fc.assert(
    fc.property(data, (tree) => {
      const operand = leafOf(tree);
      for (const writer of ['toYaml', 'toYamlPretty']) {
        const written = call(writer, operand).value;
        assert.ok(written instanceof Text);
        // The line break at the end, which Helm cuts, belongs to a block at the end.
        const whole = new Text([...written.pieces, { text: '\n', from: [] }]);
        assert.deepEqual(plain(call('fromYaml', whole).value), plain(operand.value));
      }
      assert.deepEqual(
        plain(call('fromJson', call('toJson', operand)).value),
        plain(operand.value),
      );
    }),
    { numRuns: 300 },
  );
});

test('what toYaml writes is the same data to another reader', () => {
  fc.assert(
    fc.property(data, (tree) => {
      const text = textIn(call('toYaml', leafOf(tree)).value);
      const read: unknown = parse(`${text}\n`, { uniqueKeys: false });
      assert.deepEqual(read, plain(leafOf(tree).value));
    }),
    { numRuns: 300 },
  );
});

test('lines of toYaml have the keys that they came from', () => {
  const values = { image: { tag: '1.2', args: ['serve', 'now'] }, replicas: 3 };
  const text = call('toYaml', leafOf(values)).value;
  assert.ok(text instanceof Text);
  const lines = text.pieces.map((piece) => [piece.text, piece.from.map(({ key }) => key)]);
  assert.deepEqual(lines, [
    ['image:\n', ['.image']],
    ['  args:\n', ['.image.args']],
    ['  - serve\n', ['.image.args[0]']],
    ['  - now\n', ['.image.args[1]']],
    ['  tag: "1.2"\n', ['.image.tag']],
    ['replicas: 3', ['.replicas']],
  ]);
});

test('an unknown leaf of toYaml is a hole in the text, and fromYaml gives it back', () => {
  const values = new Map([
    ['name', operandOf('orders')],
    ['tag', unknown],
    ['zone', operandOf('a')],
  ]);
  const text = call('toYaml', values);
  assert.equal(textIn(text.value), 'name: orders\ntag: \nzone: a');
  const read = call('fromYaml', text).value;
  assert.ok(read instanceof Map);
  assert.equal(textIn(read.get('name')?.value ?? null), 'orders');
  assert.equal(whyOf(read.get('tag')?.value ?? null), 'nobody gives it');
  assert.equal(textIn(read.get('zone')?.value ?? null), 'a');
});

test('fromYaml gives each value the origins of its text', () => {
  const text = new Text([
    { text: 'name: ', from: [] },
    { text: 'orders', from: [{ path: 'values.yaml', range: [3, 9], key: 'name' }] },
    { text: '\nzone: a\n', from: [] },
  ]);
  const read = call('fromYaml', text).value;
  assert.ok(read instanceof Map);
  assert.deepEqual(keysOf(read.get('name') ?? unknown), ['name']);
  assert.deepEqual(keysOf(read.get('zone') ?? unknown), []);
});

test('text keeps the places of its characters through indent, trim, quote, replace and trunc', () => {
  const origin = (key: string): Origin => ({ path: 'values.yaml', range: [0, 1], key });
  const text = new Text([
    { text: ' name: ', at: { path: 't.yaml', range: [20, 27] }, from: [] },
    { text: 'orders', at: here, from: [origin('name')] },
    { text: '\nkind: x\n', at: { path: 't.yaml', range: [40, 49] }, from: [] },
  ]);
  const placesOf = (value: GoValue) => {
    assert.ok(value instanceof Text);
    return value.pieces
      .filter(({ text: part }) => part.trim() !== '')
      .map(({ text: part, at, from }) => [part, from[0]?.key ?? at?.range]);
  };
  assert.equal(textIn(call('nindent', 2, text).value), '\n   name: orders\n  kind: x\n  ');
  assert.deepEqual(placesOf(call('nindent', 2, text).value), [
    [' name: ', [20, 27]],
    ['orders', 'name'],
    ['kind: x\n', [41, 49]],
  ]);
  assert.deepEqual(placesOf(call('trim', text).value), [
    ['name: ', [21, 27]],
    ['orders', 'name'],
    ['\nkind: x', [40, 48]],
  ]);
  assert.deepEqual(placesOf(call('trunc', 10, text).value), [
    [' name: ', [20, 27]],
    ['ord', 'name'],
  ]);
  assert.deepEqual(placesOf(call('replace', 'name: ord', 'X', text).value), [
    ['X', 'name'],
    ['ers', 'name'],
    ['\nkind: x\n', [40, 49]],
  ]);
  assert.equal(textIn(call('quote', text).value), '" name: orders\\nkind: x\\n"');
  assert.deepEqual(placesOf(call('quote', text).value)[2], ['orders', 'name']);
});

test('what is chosen keeps its own origins and those that decided', () => {
  const { value } = leafOf({ given: 'a', empty: '', on: true, list: ['x', 'y'] });
  assert.ok(value instanceof Map);
  const of = (key: string) => value.get(key) ?? assert.fail(key);
  assert.deepEqual(keysOf(call('default', of('given'), of('list'))), ['.list']);
  assert.deepEqual(keysOf(call('default', of('given'), of('empty'))), ['.given', '.empty']);
  assert.deepEqual(keysOf(call('coalesce', of('empty'), of('given'), of('list'))), [
    '.given',
    '.empty',
  ]);
  assert.deepEqual(keysOf(call('ternary', of('given'), of('list'), of('on'))), ['.given', '.on']);
  assert.deepEqual(keysOf(call('first', of('list'))), ['.list[0]']);
  assert.deepEqual(keysOf(call('get', value, 'given')), ['.given']);
  const merged = call('merge', new Map([['given', operandOf('b')]]), value).value;
  assert.ok(merged instanceof Map);
  assert.deepEqual(keysOf(merged.get('given') ?? unknown), []);
  assert.deepEqual(keysOf(merged.get('on') ?? unknown), ['.on']);
});

test('an unknown argument makes the result unknown where the function looks at it', () => {
  for (const [name, ...args] of [
    ['add', 1, unknown],
    ['sha256sum', unknown],
    ['int', unknown],
    ['toJson', new Map([['a', unknown]])],
    ['has', 'a', unknown],
    ['default', 'a', unknown],
    ['ternary', 'a', 'b', unknown],
    ['merge', new Map(), unknown],
    ['hasKey', unknown, 'a'],
    ['semverCompare', '>=1.0', unknown],
    ['fromYaml', unknown],
    ['kindIs', 'map', unknown],
    ['regexMatch', 'a', unknown],
    ['b64enc', unknownText('nobody gives it')],
    ['contains', 'a', unknownText('nobody gives it')],
  ])
    assert.equal(whyOf(call(String(name), ...args).value), 'nobody gives it', String(name));
});

test('an unknown argument does no harm where the function does not look at it', () => {
  assert.equal(textIn(call('default', unknown, 'a').value), 'a');
  assert.equal(textIn(call('ternary', 'a', unknown, true).value), 'a');
  assert.equal(textIn(call('coalesce', 'a', unknown).value), 'a');
  assert.equal(call('any', unknown, 'a').value, true);
  assert.equal(call('all', unknown, '').value, false);
  assert.equal(call('hasKey', new Map([['a', unknown]]), 'a').value, true);
  assert.equal(call('list', unknown).value instanceof Unknown, false);
  assert.equal(call('contains', 'ord', textWithHole('orders-')).value, true);
  assert.equal(call('hasPrefix', 'x', textWithHole('orders-')).value, false);
  assert.equal(textIn(call('trunc', 3, textWithHole('orders-')).value), 'ord');
  // Whether there is something is known, what it is is not.
  const either = call('default', 'a', unknown).value;
  assert.ok(either instanceof Unknown && either.truth === true);
});

/** Known text with something unknown behind it. */
function textWithHole(start: string): Text {
  return new Text([{ text: start, from: [] }, ...unknownText('nobody gives it').pieces]);
}

test('text around a hole stays', () => {
  const name = textWithHole('Orders-');
  for (const [expected, result] of [
    ['orders-', call('lower', name)],
    ['\n  Orders-', call('nindent', 2, name)],
    ['"Orders-"', call('quote', name)],
    ['Orders_', call('replace', '-', '_', name)],
    ['-', call('trimPrefix', 'Orders', name)],
    ['Orders-,b', call('join', ',', { value: [operandOf(name), operandOf('b')], from: [] })],
  ] as const) {
    assert.equal(textIn(result.value), expected);
    assert.equal(result.value instanceof Text && result.value.unknown, 'nobody gives it');
  }
});

test('what depends on time, chance or a cluster is unknown or empty', () => {
  for (const template of [
    '{{ now }}',
    '{{ randAlphaNum 8 }}',
    '{{ uuidv4 }}',
    '{{ (genCA "shop" 365).Cert }}',
    '{{ htpasswd "a" "b" }}',
    '{{ date "2006" now }}',
  ])
    assert.notEqual(render(template).unknown, undefined, template);
  assert.equal(render('{{ if randAlphaNum 8 }}some{{ end }}').value, 'some');
  assert.equal(render('{{ if (genCA "shop" 9).Cert | b64enc }}some{{ end }}').value, 'some');
  assert.equal(render('{{ if lookup "v1" "Secret" "shop" "orders" }}found{{ end }}').value, '');
});

test('a required value that nobody gives is unknown, and the rest is told', () => {
  const text = render('a: {{ required "the tag" .Values.tag }}\nb: 1');
  assert.equal(text.value, 'a: \nb: 1');
  assert.equal(text.unknown, 'a required value: the tag');
});

test('a chart that asks for too much ends with its budget', () => {
  for (const template of [
    '{{ repeat 1000000000 "x" }}',
    '{{ until 1000000000000 }}',
    '{{ untilStep 0 900000000000 1 }}',
    '{{ seq 1 100000000000 }}',
    '{{ indent 1000000000 "a" }}',
    '{{ nindent 900000000 "a\\n\\n" }}',
    '{{ $x := "xxxxxxxxxx" }}{{ range until 30 }}{{ $x = cat $x $x }}{{ end }}{{ $x }}',
    '{{ $x := .Values.empty }}{{ range until 40 }}{{ $x = join "" (list $x $x) }}{{ end }}{{ $x }}',
    '{{ $x := "xxxxxxxxxx" }}{{ range until 30 }}{{ $x = replace "x" "xx" $x }}{{ end }}{{ $x }}',
    '{{ $x := list 1 2 }}{{ range until 40 }}{{ $x = concat $x $x }}{{ end }}{{ len $x }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toJson $d }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d | toString }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toToml $d }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict }}{{ $_ := set $e "d" $e }}{{ deepEqual $d $e }}',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict }}{{ $_ := set $e "d" $e }}{{ merge $d $e }}',
    '{{ regexMatch "^(((a?){900}){900}){900}$" "a" }}',
    '{{ regexReplaceAll "x*" (repeat 100000 "y") (repeat 10000 "z") }}',
    '{{ fromJson (repeat 1000000 "[") }}{{ fromJson (cat (repeat 900 "{\\"a\\":") 1 (repeat 900 "}")) }}',
  ]) {
    const started = performance.now();
    assert.throws(() => render(template, { empty: '' }), BudgetSpent, template);
    assert.ok(performance.now() - started < 5_000, template);
  }
});

test('regular expressions that are slow elsewhere take linear time', () => {
  const started = performance.now();
  assert.equal(render('{{ regexMatch "^(a+)+$" (cat (repeat 5000 "a") "b") }}').value, 'false');
  assert.equal(render('{{ regexMatch "(x+x+)+y" (repeat 5000 "x") }}').value, 'false');
  assert.ok(performance.now() - started < 3_000);
});

test('names that mean something to JavaScript are names like others', () => {
  const template =
    '{{ $d := fromYaml .Values.text }}{{ toJson $d }}{{ hasKey $d "constructor" }}{{ toYaml $d }}';
  assert.equal(
    render(template, { text: '__proto__: {a: 1}\ntoString: x\n' }).value,
    '{"__proto__":{"a":1},"toString":"x"}false__proto__:\n  a: 1\ntoString: x',
  );
});

test('no function of sprig or Helm is missing, but those that nobody can tell', () => {
  assert.equal(functions.has('env'), false);
  assert.equal(functions.has('expandenv'), false);
  assert.ok(functions.size > 200);
});
