/** Facts of code files: each kind on small sources, then hostile texts, then the worker. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse as parseReference } from '@typescript-eslint/parser';
import fc from 'fast-check';
import type { CodeFacts, Expression, ListItem, TypeRef } from '../src/code-facts.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import type { Parser } from '../src/extract/typescript/parse.ts';
import { openCodeExtractor } from '../src/extract/typescript/pool.ts';
import { prefilter } from '../src/extract/typescript/prefilter.ts';
import { scan } from '../src/extract/typescript/scan.ts';
import type { SourceFile } from '../src/facts.ts';
import type { Range } from '../src/location.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Facts of a text together with its text, to read them. */
function read(text: string, path = 'a.ts') {
  const facts = extractCode({ path, text });
  const at = (range: Range) => text.slice(...range);
  const expression = (index: number | undefined): Expression =>
    facts.expressions[index ?? -1] ?? assert.fail(`no expression ${index}`);
  const source = (index: number | undefined) =>
    index === undefined ? undefined : at(expression(index).range);
  const item = (of: ListItem) => {
    if (of === null) return null;
    return typeof of === 'number' ? source(of) : `...${source(of.spread)}`;
  };
  const binding = (name: string) =>
    facts.bindings.find((other) => other.name === name) ?? assert.fail(`no binding ${name}`);
  const call = (name: string) =>
    facts.calls.find(({ nameRange }) => at(nameRange) === name) ?? assert.fail(`no call ${name}`);
  const named = (name: string) =>
    facts.functions.find((other) => other.name === name) ?? assert.fail(`no function ${name}`);
  /** `body > loop > then` for a region of a function. */
  const regionPath = (fn: number, region: number): string => {
    const path: string[] = [];
    for (let i: number | undefined = region; i !== undefined; ) {
      const found: CodeFacts['functions'][number]['regions'][number] | undefined =
        facts.functions[fn]?.regions[i];
      path.unshift(found?.kind ?? '?');
      i = found?.parent;
    }
    return path.join(' > ');
  };
  const type = (ref: TypeRef | null | undefined): string => {
    if (ref === null || ref === undefined) return '?';
    const { root: from } = ref;
    let text = '';
    if ('binding' in from) text = `#${facts.bindings[from.binding]?.name}`;
    else if ('global' in from) text = from.global;
    else if ('module' in from) text = `import(${from.module})`;
    else text = `{${from.members.map((m) => `${m.name}: ${type(m.type)}`).join(', ')}}`;
    text = [text, ...(ref.path ?? [])].join('.');
    if (ref.arguments !== undefined) text += `<${ref.arguments.map(type).join(', ')}>`;
    return `${ref.query ? 'typeof ' : ''}${text}${ref.nullish ? ' | null' : ''}`;
  };
  return { facts, text, at, expression, source, item, binding, call, named, regionPath, type };
}

const sourceFiles = (folder: string): SourceFile[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, folder, path), 'utf8') }));

// Modules

test('imports of every form', () => {
  const { facts, at } = read(`import 'side';
import d, { a as b, type T, default as e, 'odd name' as o } from './x.js';
import * as ns from 'y';
import type { U } from 'z';
import q = require('q');
const r = require('r'), { s, t: { deep }, u = 1, ...rest } = require('./s');
const { v, w: x } = await import('v');
const y = import('y2');
export { p as p2, type P } from 'p';
export * from 'star';
export * as all from 'all';
`);
  const names = facts.imports.map(({ from, form, typeOnly, names: list, fromRange }) => [
    from,
    form,
    typeOnly ?? false,
    list.map(
      ({ imported, binding, typeOnly: isType }) =>
        `${imported}=${facts.bindings[binding]?.name}${isType ? ' (type)' : ''}`,
    ),
    at(fromRange).slice(1, -1) === from,
  ]);
  assert.deepEqual(names, [
    ['side', 'import', false, [], true],
    [
      './x.js',
      'import',
      false,
      ['default=d', 'a=b', 'T=T (type)', 'default=e', 'odd name=o'],
      true,
    ],
    ['y', 'import', false, ['*=ns'], true],
    ['z', 'import', true, ['U=U'], true],
    ['q', 'require', false, ['==q'], true],
    ['r', 'require', false, ['==r'], true],
    ['./s', 'require', false, ['s=s'], true],
    ['v', 'dynamic', false, ['v=v', 'w=x'], true],
    ['y2', 'dynamic', false, [], true],
    ['p', 'export-from', false, [], true],
    ['star', 'export-from', false, [], true],
    ['all', 'export-from', false, [], true],
  ]);
  assert.deepEqual(
    facts.bindings.filter(({ kind }) => kind === 'import').map(({ name, from }) => [name, from]),
    [
      ['d', { import: 1, imported: 'default' }],
      ['b', { import: 1, imported: 'a' }],
      ['T', { import: 1, imported: 'T' }],
      ['e', { import: 1, imported: 'default' }],
      ['o', { import: 1, imported: 'odd name' }],
      ['ns', { import: 2, imported: '*' }],
      ['U', { import: 3, imported: 'U' }],
      ['q', { import: 4, imported: '=' }],
    ],
  );
});

test('only the free require loads a module, and only a known one', () => {
  const { facts } = read(
    `function f(require) { require('x'); } require(name); require.resolve('y'); import(name);`,
  );
  assert.deepEqual(facts.imports, []);
  assert.equal(facts.calls.length, 3);
  const { facts: used, expression } = read(`require('pg').Pool;`);
  assert.deepEqual(expression(used.expressions.length - 1).is, 'member');
  assert.ok(used.expressions.some((found) => found.is === 'module' && found.import === 0));
  assert.deepEqual(used.calls, []);
});

test('exports of every form', () => {
  const { facts, source } = read(`export const a = 1, { b, c: [d] } = x;
export function f() {} export class C {} export enum E { A } export type T = 1; export interface I {}
const g = 1; export { g, g as h, type T as T2, free };
export { p as p2, type P } from 'p'; export * from 'star'; export * as all from 'all'; export type * from 't';
export default g;
namespace N { export const hidden = 1; }
`);
  const list = facts.exports.map((found) => {
    const name = found.typeOnly ? `type ${found.name}` : found.name;
    if (found.is === 'binding') return `${name} = ${facts.bindings[found.binding]?.name}`;
    if (found.is === 'expression') return `${name} = (${source(found.expression)})`;
    const from = facts.imports[found.import]?.from;
    return found.is === 'star'
      ? `${name}* from ${from}`
      : `${name} = ${found.imported} from ${from}`;
  });
  assert.deepEqual(list, [
    'a = a',
    'b = b',
    'd = d',
    'f = f',
    'C = C',
    'E = E',
    'type T = T',
    'type I = I',
    'g = g',
    'h = g',
    'type T2 = T',
    'free = (free)',
    'p2 = p from p',
    'type P = P from p',
    '* from star',
    'all = * from all',
    'type * from t',
    'default = g',
  ]);
});

test('default exports that have no name, and export =', () => {
  const one = (text: string) => {
    const { facts, expression } = read(text);
    assert.equal(facts.exports.length, 1);
    const [found] = facts.exports;
    return found?.is === 'expression'
      ? [found.name, expression(found.expression).is]
      : [found?.name, found?.is];
  };
  assert.deepEqual(one('export default function () {}'), ['default', 'function']);
  assert.deepEqual(one('export default function f() {}'), ['default', 'binding']);
  assert.deepEqual(one('export default class {}'), ['default', 'class']);
  assert.deepEqual(one('export default { a: 1 }'), ['default', 'object']);
  assert.deepEqual(one('export default create()'), ['default', 'call']);
  assert.deepEqual(one('export = create()'), ['=', 'call']);
});

test('CommonJS exports', () => {
  const { facts, source } = read(
    `module.exports = exports = app; exports.a = 1; module.exports.b = 2; exports.c.d = 3; x.exports = 4; exports.e += 5;`,
    'a.cjs',
  );
  assert.deepEqual(
    facts.exports.map((found) => [
      found.name,
      found.is === 'expression' && source(found.expression),
    ]),
    [
      ['=', 'exports = app'],
      ['a', '1'],
      ['b', '2'],
    ],
  );
  assert.deepEqual(read('function f(module) { module.exports = 1; }').facts.exports, []);
});

// Names

test('bindings: kinds, values, paths, defaults, functions', () => {
  const { facts, source, at } = read(`const a = 1;
let { b, c: { d: e = 2 } = {}, ['k' + i]: f, ...g } = o;
var [h, , j = 3, ...k] = list;
function m(n, { p = 4 } = q, ...r) { try {} catch (s) {} }
enum E { A } namespace N {} interface I {} type T<U> = U; class C {}
for (const { id } of ids) id;
`);
  const list = facts.bindings.map((found) => {
    const path = (found.path ?? []).map((step) =>
      typeof step === 'object' ? `[${source(step.computed)}]` : step,
    );
    const defaults = (found.defaults ?? []).map(({ depth, value }) => `${depth}: ${source(value)}`);
    assert.equal(at(found.range), found.name);
    return [
      found.kind,
      found.name,
      found.function,
      source(found.value),
      path,
      defaults,
      found.rest ?? false,
    ];
  });
  assert.deepEqual(list, [
    ['const', 'a', 0, '1', [], [], false],
    ['let', 'b', 0, 'o', ['b'], [], false],
    ['let', 'e', 0, 'o', ['c', 'd'], ['1: {}', '2: 2'], false],
    ['let', 'f', 0, 'o', ["['k' + i]"], [], false],
    ['let', 'g', 0, 'o', [], [], true],
    ['var', 'h', 0, 'list', [0], [], false],
    ['var', 'j', 0, 'list', [2], ['3: 3'].map(() => '1: 3'), false],
    ['var', 'k', 0, 'list', [3], [], true],
    ['function', 'm', 0, undefined, [], [], false],
    ['parameter', 'n', 1, undefined, [], [], false],
    ['parameter', 'p', 1, undefined, ['p'], ['0: q', '1: 4'], false],
    ['parameter', 'r', 1, undefined, [], [], true],
    ['catch', 's', 1, undefined, [], [], false],
    ['enum', 'E', 0, 'enum E { A }', [], [], false],
    ['enum-member', 'A', 0, undefined, [], [], false],
    ['namespace', 'N', 0, undefined, [], [], false],
    ['interface', 'I', 0, undefined, [], [], false],
    ['type', 'T', 0, undefined, [], [], false],
    ['type-parameter', 'U', 0, undefined, [], [], false],
    ['class', 'C', 0, undefined, [], [], false],
    ['const', 'id', 0, undefined, ['id'], [], false],
  ]);
});

test('free names: what nothing in the file declares as a value', () => {
  const { facts } = read(
    `fetch(process.env.X); function f(window) { return window; } const x: Promise<A> = y; type fetch = 1;`,
  );
  assert.deepEqual(facts.freeNames, ['fetch', 'process', 'y']);
});

test('a declaration without a value behind it is a global', () => {
  const { facts, expression, call } = read(
    'declare const fetch: Fetch; declare function log(x): void; fetch(a); log(b);',
  );
  assert.deepEqual(facts.freeNames, ['a', 'b', 'fetch', 'log']);
  assert.equal(expression(call('fetch').callee).is, 'global');
  assert.equal(facts.bindings[0]?.ambient, true);
});

test('an enum is an object of its members', () => {
  const { facts, expression, binding } = read(
    `enum Timeout { Short = 500, Next, Name = 'x', After, Computed = f() }`,
  );
  const value = expression(binding('Timeout').value);
  assert.ok(value.is === 'object');
  const members = value.entries.map((entry) => {
    assert.ok('key' in entry);
    const member = expression(entry.value);
    return [entry.key, member.is === 'value' ? member.value : member.is];
  });
  assert.deepEqual(members, [
    ['Short', 500],
    ['Next', 501],
    ['Name', 'x'],
    ['After', 'opaque'],
    ['Computed', 'call'],
  ]);
  assert.deepEqual(facts.incomplete, []);
});

// Expressions

/** The expression of `x` in `const x = ...`, without places. */
function shapeOf(text: string): unknown {
  const { facts, binding } = read(`const x = ${text}`);
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(strip);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'range' && key !== 'keyRange')
        .map(([key, inner]) => [key, strip(inner)]),
    );
  };
  const inline = (index: number): unknown => {
    const found = facts.expressions[index] ?? assert.fail();
    if (found.is === 'value') return found.value;
    if (found.is === 'global') return `$${found.name}`;
    if (found.is === 'member')
      return {
        of: inline(found.of),
        name: found.name,
        ...(found.optional ? { optional: true } : {}),
      };
    if (found.is === 'index') return { of: inline(found.of), key: inline(found.key) };
    if (found.is === 'choice')
      return {
        [found.operator]: [
          ...(found.test === undefined ? [] : [inline(found.test)]),
          ...found.of.map(inline),
        ],
      };
    if (found.is === 'operator') return { [found.operator]: found.of.map(inline) };
    if (found.is === 'await') return { await: inline(found.of) };
    if (found.is === 'cast') return { [found.as]: inline(found.of) };
    if (found.is === 'array')
      return found.items.map((item) => {
        if (item === null) return 'hole';
        return typeof item === 'number' ? inline(item) : { spread: inline(item.spread) };
      });
    if (found.is === 'template')
      return {
        template: found.parts.map((part) =>
          typeof part === 'string' ? part : { value: inline(part.value) },
        ),
      };
    if (found.is === 'object')
      return {
        object: found.entries.map((entry) => {
          if ('spread' in entry) return { spread: inline(entry.spread) };
          if ('computed' in entry)
            return { computed: inline(entry.computed), value: inline(entry.value) };
          return {
            [entry.key]: inline(entry.value),
            ...(entry.accessor ? { accessor: true } : {}),
          };
        }),
      };
    return strip(found);
  };
  return inline(binding('x').value ?? -1);
}

test('expressions', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['1', 1],
    ['1_000', 1000],
    [`'a'`, 'a'],
    ['true', true],
    ['null', null],
    ['undefined', '$undefined'],
    ['1e999', '$Infinity'],
    ['12n', { is: 'bigint', value: '12' }],
    ['/a+/gi', { is: 'regexp', source: 'a+', flags: 'gi' }],
    ['-1', { '-': [1] }],
    ['!a', { '!': ['$a'] }],
    ['typeof a', { typeof: ['$a'] }],
    ['30 * 1000', { '*': [30, 1000] }],
    ['(a)', '$a'],
    ['a.b.c', { of: { of: '$a', name: 'b' }, name: 'c' }],
    [`a['b']`, { of: '$a', name: 'b' }],
    ['a?.b.c', { of: { of: '$a', name: 'b', optional: true }, name: 'c' }],
    ['a[0]', { of: '$a', key: 0 }],
    ['a[b]', { of: '$a', key: '$b' }],
    ['[a, , ...b]', ['$a', 'hole', { spread: '$b' }]],
    [
      `{ a, 'b': 1, 2: 3, [c]: 4, ...d }`,
      {
        object: [{ a: '$a' }, { b: 1 }, { 2: 3 }, { computed: '$c', value: 4 }, { spread: '$d' }],
      },
    ],
    [`\`a\${b}c\``, { template: ['a', { value: '$b' }, 'c'] }],
    ['`plain`', 'plain'],
    ['await a', { await: '$a' }],
    ['a ? b : c', { '?:': ['$a', '$b', '$c'] }],
    ['a ?? b', { '??': ['$a', '$b'] }],
    ['a || b && c', { '||': ['$a', { '&&': ['$b', '$c'] }] }],
    ['a as T', { as: '$a' }],
    ['<T>a', { as: '$a' }],
    ['a satisfies T', { satisfies: '$a' }],
    ['a!', { '!': '$a' }],
    ['(a, b)', '$b'],
    ['this', { is: 'this' }],
    ['import.meta.url', { of: '$import.meta', name: 'url' }],
    ['f()', { is: 'call', call: 0 }],
    ['() => 1', { is: 'function', function: 1 }],
    ['class {}', { is: 'class', class: 0 }],
    ['(y = 1)', { is: 'write', write: 0 }],
    ['y++', { is: 'write', write: 0 }],
    ['function* () { const z = yield 1; }', { is: 'function', function: 1 }],
  ];
  for (const [text, expected] of cases) assert.deepEqual(shapeOf(text), expected, text);
  const { expression, binding } = read('const x = <a b="c">{d}</a>;', 'a.tsx');
  assert.deepEqual(expression(binding('x').value).is, 'opaque');
});

test('keys that would hurt an object stay keys', () => {
  const text = `{ __proto__: 1, constructor: 2, ['__proto__']: 3, get toString() { return 1; } }`;
  assert.deepEqual(shapeOf(text), {
    object: [
      Object.fromEntries([['__proto__', 1]]),
      { constructor: 2 },
      Object.fromEntries([['__proto__', 3]]),
      { toString: { is: 'function', function: 1 }, accessor: true },
    ],
  });
});

// Calls

test('calls: form, callee, arguments, name', () => {
  const { facts, at, source, item } =
    read(`a(1, ...b); new C(); new D; x.y.z(); x?.w?.(); tag\`t\${u}\`;
@Dec(1) @Bare class K { @Get('/') m(@Body() p) {} }
(await f()).g(); (() => {})(); super_.h<T, U[]>(); 'text'.split(''); this.i.j();
`);
  const list = facts.calls.map((call) => [
    call.form,
    source(call.callee),
    call.arguments.map(item),
    at(call.nameRange),
    call.optional ?? false,
  ]);
  assert.deepEqual(list, [
    ['call', 'a', ['1', '...b'], 'a', false],
    ['new', 'C', [], 'C', false],
    ['new', 'D', [], 'D', false],
    ['call', 'x.y.z', [], 'z', false],
    ['call', 'x?.w', [], 'w', true],
    ['tag', 'tag', [`\`t\${u}\``], 'tag', false],
    ['decorator', 'Dec', ['1'], 'Dec', false],
    ['bare-decorator', 'Bare', [], 'Bare', false],
    ['decorator', 'Body', [], 'Body', false],
    ['decorator', 'Get', [`'/'`], 'Get', false],
    ['call', 'f', [], 'f', false],
    ['call', '(await f()).g', [], 'g', false],
    ['call', '() => {}', [], '() => {}', false],
    ['call', 'super_.h', [], 'h', false],
    ['call', `'text'.split`, [`''`], 'split', false],
    ['call', 'this.i.j', [], 'j', false],
  ]);
});

test('order of calls is order of evaluation', () => {
  const { facts, at } = read(
    'a(b(c()), d()).e(f()); for (g(); h(); i()) j(); do { k(); } while (l());',
  );
  const sorted = [...facts.calls].sort((x, y) => x.order - y.order);
  assert.deepEqual(sorted.map(({ nameRange }) => at(nameRange)).join(''), 'cbdafeghjikl');
});

test('what becomes of the result of a call', () => {
  const { facts, at } = read(`async function* run() {
  await awaited1(); await (x ? awaited2() : y || awaited3()); const v = stored1(); this.v = stored2() as T;
  call0(argument1(), argument2()!); const w = { k: element1() }, l = [element2()];
  chained1().then(z); chained2()(); void voided1(); dropped1(); ok && dropped2(); (dropped3(), dropped4());
  if (other1()) {} other2() && y; yield yielded1(); \`\${other3()}\`; const g = () => returned1();
  return cond ? returned2() : null;
}
class K { field = stored3(); }
`);
  for (const { nameRange, use } of facts.calls) {
    const name = at(nameRange);
    if (/^[a-z]+\d$/.test(name) && name !== 'call0') assert.equal(use, name.slice(0, -1), name);
  }
  assert.ok(facts.calls.length > 25);
});

test('regions: which part of a function runs a call', () => {
  const { facts, at, regionPath } = read(`async function f(xs) {
  a();
  if (t1()) b(); else if (t2) c(); else { d(); }
  for (const x of over()) { e(); try { g(); } catch (error) { h(error); } finally { i(); } }
  while (j()) k();
  for (l(); m(); n()) o();
  do { p(); } while (q());
  switch (s0()) { case s1(): s2(); break; default: s3(); }
  u && v(); u || w(); u ? y() : z();
  cache ??= aa(); const { bb = cc() } = u;
  label: for await (const chunk of stream()) { dd(); continue label; }
}`);
  const places = Object.fromEntries(
    facts.calls.map((call) => [at(call.nameRange), regionPath(call.function, call.region)]),
  );
  assert.deepEqual(places, {
    a: 'body',
    t1: 'body',
    b: 'body > then',
    c: 'body > else > then',
    d: 'body > else > else',
    over: 'body',
    e: 'body > loop',
    g: 'body > loop > try',
    h: 'body > loop > catch',
    i: 'body > loop > finally',
    j: 'body > loop',
    k: 'body > loop',
    l: 'body',
    m: 'body > loop',
    n: 'body > loop',
    o: 'body > loop',
    p: 'body > loop',
    q: 'body > loop',
    s0: 'body',
    s1: 'body > case',
    s2: 'body > case',
    s3: 'body > case',
    v: 'body > then',
    w: 'body > else',
    y: 'body > then',
    z: 'body > else',
    aa: 'body > else',
    cc: 'body > else',
    stream: 'body',
    dd: 'body > loop',
  });
});

test('regions: tests, loops, the statement they belong to, the error', () => {
  const { facts, at, source, named } = read(`function f(xs) {
  if (!r.ok) throw e1;
  for (const [k, v] of xs) a();
  for (let i = 0, n = 3; i < n; i++) b();
  while (c() < 3) {}
  try { d(); } catch (error) { g(); } finally { h(); }
  switch (s) { case 1: return; default: j(); }
}`);
  assert.equal(read('outer: for (;;) f();').facts.functions[0]?.regions[1]?.loop?.label, 'outer');
  const { regions } = named('f');
  const list = regions
    .slice(1)
    .map((region) => [
      region.kind,
      source(region.test),
      source(region.subject),
      region.loop && [
        region.loop.form,
        source(region.loop.over),
        region.loop.bindings.map((binding) => facts.bindings[binding]?.name),
      ],
      region.error === undefined ? undefined : facts.bindings[region.error]?.name,
      region.of && at(region.of).slice(0, 6),
    ]);
  assert.deepEqual(list, [
    ['then', '!r.ok', undefined, undefined, undefined, 'if (!r'],
    ['loop', undefined, undefined, ['of', 'xs', ['k', 'v']], undefined, undefined],
    ['loop', 'i < n', undefined, ['for', undefined, ['i', 'n']], undefined, undefined],
    ['loop', 'c() < 3', undefined, ['while', undefined, []], undefined, undefined],
    ['try', undefined, undefined, undefined, undefined, 'try { '],
    ['catch', undefined, undefined, undefined, 'error', 'try { '],
    ['finally', undefined, undefined, undefined, undefined, 'try { '],
    ['case', '1', 's', undefined, undefined, 'switch'],
    ['case', undefined, 's', undefined, undefined, 'switch'],
  ]);
});

test('leaves', () => {
  const { facts, source, regionPath } = read(`function* f() {
  outer: for (;;) { if (a) break outer; else continue; }
  try { throw new Error('x'); } catch { return 1; }
  yield b; yield* c; return;
}
const g = () => h();`);
  const list = facts.functions.flatMap(({ leaves }, fn) =>
    leaves.map(({ how, value, region, label }) => [
      how,
      source(value),
      regionPath(fn, region),
      label,
    ]),
  );
  assert.deepEqual(list, [
    ['break', undefined, 'body > loop > then', 'outer'],
    ['continue', undefined, 'body > loop > else', undefined],
    ['throw', `new Error('x')`, 'body > try', undefined],
    ['return', '1', 'body > catch', undefined],
    ['yield', 'b', 'body', undefined],
    ['yield*', 'c', 'body', undefined],
    ['return', undefined, 'body', undefined],
    ['return', 'h()', 'body', undefined],
  ]);
});

test('writes', () => {
  const { facts, source, regionPath } = read(`let i = 0, a, b;
axios.defaults.timeout = 5000; i += 1; i++; --i; a ??= f(); delete opts.timeout;
({ a, b: [b = 1], ...o.rest } = source); for (a of xs) {} if (x) this.y = 2; (a as any) = 3; var v = 1; var v = 2;`);
  const list = facts.writes.map((write) => [
    source(write.target),
    write.operator,
    source(write.value),
    write.path ?? [],
    (write.defaults ?? []).map(({ depth, value }) => `${depth}: ${source(value)}`),
    write.rest ?? false,
    regionPath(write.function, write.region),
  ]);
  assert.deepEqual(list, [
    ['axios.defaults.timeout', '=', '5000', [], [], false, 'body'],
    ['i', '+=', '1', [], [], false, 'body'],
    ['i', '++', undefined, [], [], false, 'body'],
    ['i', '--', undefined, [], [], false, 'body'],
    ['a', '??=', 'f()', [], [], false, 'body'],
    ['opts.timeout', 'delete', undefined, [], [], false, 'body'],
    ['a', '=', 'source', ['a'], [], false, 'body'],
    ['b', '=', 'source', ['b', 0], ['2: 1'], false, 'body'],
    ['o.rest', '=', 'source', [], [], true, 'body'],
    ['a', 'of', 'xs', [], [], false, 'body > loop'],
    ['this.y', '=', '2', [], [], false, 'body > then'],
    ['a', '=', '3', [], [], false, 'body'],
    ['v', '=', '2', [], [], false, 'body'],
  ]);
  const writes = Object.fromEntries(facts.bindings.map(({ name, writes: count }) => [name, count]));
  assert.deepEqual(writes, { i: 3, a: 4, b: 1, v: 1 });
});

// Functions and classes

test('functions: names, forms, parents, what they are', () => {
  const { facts, at, regionPath } = read(`function a() { 'use server'; return () => {}; }
const b = async () => {}; const c = function* named() {}; o.d = () => {}; const e = { f() {}, get g() { return 1; }, h: () => {} };
class K { i() {} static async j() {} #k = () => {}; l = new L(); m = 1; static n = p(); static { q(); } get r() { return 1; } }
export default () => {}; if (x) { y(() => {}); }`);
  const list = facts.functions.map((found) => [
    found.form,
    found.name,
    found.parent,
    [found.async && 'async', found.generator && '*'].filter(Boolean).join(''),
    found.of && `${found.of.static ? 'static ' : ''}${found.of.kind} ${found.of.member}`,
  ]);
  assert.deepEqual(list, [
    ['module', undefined, undefined, '', undefined],
    ['function', 'a', 0, '', undefined],
    ['arrow', undefined, 1, '', undefined],
    ['arrow', 'b', 0, 'async', undefined],
    ['function', 'named', 0, '*', undefined],
    ['arrow', 'd', 0, '', undefined],
    ['method', 'f', 0, '', undefined],
    ['method', 'g', 0, '', undefined],
    ['arrow', 'h', 0, '', undefined],
    ['method', 'i', 0, '', 'method i'],
    ['method', 'j', 0, 'async', 'static method j'],
    ['arrow', '#k', 0, '', 'field #k'],
    ['field', 'l', 0, '', 'field l'],
    ['static-block', undefined, 0, '', undefined],
    ['method', 'r', 0, '', 'getter r'],
    ['arrow', undefined, 0, '', undefined],
    ['arrow', undefined, 0, '', undefined],
  ]);
  assert.deepEqual(facts.functions[1]?.prologue, ['use server']);
  const last = facts.functions.at(-1);
  assert.equal(regionPath(0, last?.region ?? -1), 'body > then');
  const runs = Object.fromEntries(
    facts.calls.map((call) => [at(call.nameRange), facts.functions[call.function]?.form]),
  );
  assert.deepEqual(runs, { L: 'field', p: 'module', q: 'static-block', y: 'module' });
});

test('the prologue of a module', () => {
  assert.deepEqual(
    read(`'use client';\n"use strict";\nf('use server');`).facts.functions[0]?.prologue,
    ['use client', 'use strict'],
  );
  assert.equal(read(`f(); 'use client';`).facts.functions[0]?.prologue, undefined);
});

test('functions in arguments', () => {
  const { facts, at } = read(
    `a(1, () => {}); b({ c: function () {}, d: [0, () => {}], e() {} }); g(h(() => {}));`,
  );
  const list = facts.functions.slice(1).map(({ argumentOf }) => {
    const call = facts.calls[argumentOf?.call ?? -1];
    return call && [at(call.nameRange), argumentOf?.index, argumentOf?.path];
  });
  assert.deepEqual(list, [
    ['a', 1, []],
    ['b', 0, ['c']],
    ['b', 0, ['d', 1]],
    ['b', 0, ['e']],
    ['h', 0, []],
  ]);
});

test('parameters and declared types', () => {
  const { facts, type, source, named } = read(`import { Repo } from 'r'; import * as ns from 'n';
interface Order {}
function f(a: Repo<Order>, b?: ns.Deep.Type, c: string[] = [], ...d: readonly Order[]): Promise<Order | null> {}
function g({ x, y }: { x: Repo; y?: Order; m(): void }, e: typeof ns, h: A | B, i: import('i').I, j: Order | undefined) {}`);
  assert.deepEqual(
    named('f').parameters.map((parameter) => [
      parameter.bindings.map((binding) => facts.bindings[binding]?.name).join(),
      type(parameter.type),
      source(parameter.default),
      parameter.rest ?? false,
      parameter.optional ?? false,
    ]),
    [
      ['a', '#Repo<#Order>', undefined, false, false],
      ['b', '#ns.Deep.Type | null', undefined, false, true],
      ['c', 'Array<string>', '[]', false, false],
      ['d', 'Array<#Order>', undefined, true, false],
    ],
  );
  assert.equal(type(named('f').returns), 'Promise<#Order | null>');
  assert.deepEqual(
    named('g').parameters.map((parameter) => type(parameter.type)),
    ['{x: #Repo, y: #Order | null, m: ?}', 'typeof #ns', '?', 'import(i).I', '#Order | null'],
  );
});

test('types of a file: interfaces and aliases', () => {
  const { facts, type } =
    read(`interface A<T> extends B, c.D<T> { http: HttpService; name?: string; run(): void; [key: string]: unknown }
type E = A<string>; type F = { g: E }; type H = 1 | 2; type Self = { next: Self };`);
  const list = facts.types.map((found) => [
    facts.bindings[found.binding]?.name,
    found.extends.map(type),
    found.members.map((member) => `${member.name}: ${type(member.type)}`),
    type(found.alias),
  ]);
  assert.deepEqual(list, [
    ['A', ['B', 'c.D<#T>'], ['http: HttpService', 'name: string | null', 'run: ?'], '?'],
    ['E', [], [], '#A<string>'],
    ['F', [], ['g: #E'], '?'],
    ['H', [], [], '?'],
    ['Self', [], ['next: #Self'], '?'],
  ]);
});

test('classes: heritage, fields, parameter properties, methods, decorators', () => {
  const { facts, at, source, type } = read(`@Injectable() @Other
export abstract class Orders<T> extends Base<T> implements OnInit, ns.Other {
  private readonly client: Client = new Client(); static shared?: Client; declare later: Later; abstract http: Http; #secret = 1; ['computed'] = 2; [sym]() {}
  @Column() id: number;
  constructor(@Inject('TOKEN') private readonly repo: Repo<Order>, plain: Plain, protected readonly log?: Log, public deep = new Deep()) { super(); }
  get size() { return 1; } set size(v) {} static make(): Orders<string> {} abstract todo(): void;
  over(a: string): void; over(a) {}
}
const Anonymous = class Inner {};`);
  const [orders, inner] = facts.classes;
  const decorators = (calls: readonly number[]) =>
    calls.map((index) => source(facts.calls[index]?.callee));
  assert.deepEqual(decorators(orders?.decorators ?? []), ['Injectable', 'Other']);
  assert.equal(source(orders?.extends), 'Base');
  assert.deepEqual(orders?.extendsArguments?.map(type), ['#T']);
  assert.deepEqual(orders?.implements.map(type), ['OnInit', 'ns.Other']);
  assert.equal(orders?.abstract, true);
  assert.equal(orders?.name, 'Orders');
  assert.deepEqual(
    orders?.fields.map((field) => [
      field.name,
      type(field.type),
      source(field.value),
      [field.static && 'static', field.ambient && 'ambient', field.readonly && 'readonly']
        .filter(Boolean)
        .join(' '),
      field.parameter,
      decorators(field.decorators),
      at(field.range),
    ]),
    [
      ['client', 'Client', 'new Client()', 'readonly', undefined, [], 'client'],
      ['shared', 'Client | null', undefined, 'static', undefined, [], 'shared'],
      ['later', 'Later', undefined, 'ambient', undefined, [], 'later'],
      ['http', 'Http', undefined, 'ambient', undefined, [], 'http'],
      ['#secret', '?', '1', '', undefined, [], '#secret'],
      ['computed', '?', '2', '', undefined, [], `'computed'`],
      ['id', 'number', undefined, '', undefined, ['Column'], 'id'],
      ['repo', 'Repo<Order>', undefined, 'readonly', 0, ['Inject'], 'repo'],
      ['log', 'Log | null', undefined, 'readonly', 2, [], 'log'],
      ['deep', '?', undefined, '', 3, [], 'deep'],
    ],
  );
  assert.deepEqual(
    orders?.methods.map((method) => [
      method.name,
      method.kind,
      method.static ?? false,
      method.function === undefined ? undefined : facts.functions[method.function]?.of?.member,
      type(method.returns),
    ]),
    [
      ['[sym]', 'method', false, '[sym]', '?'],
      ['constructor', 'constructor', false, 'constructor', '?'],
      ['size', 'getter', false, 'size', '?'],
      ['size', 'setter', false, 'size', '?'],
      ['make', 'method', true, 'make', '#Orders<string>'],
      ['todo', 'method', false, undefined, 'void'],
      ['over', 'method', false, 'over', '?'],
    ],
  );
  assert.equal(facts.bindings[inner?.binding ?? -1]?.name, 'Inner');
  assert.deepEqual(
    facts.functions
      .filter(({ of }) => of?.kind === 'constructor')
      .map(({ parameters }) => parameters.map((p) => decorators(p.decorators ?? []))),
    [[['Inject'], [], [], []]],
  );
});

// What cannot be known

test('eval and with', () => {
  assert.deepEqual(
    read(`function f(x) { eval(x); }`).facts.incomplete.map(({ why }) => why),
    ['eval'],
  );
  assert.deepEqual(
    read(`with (o) { f(); }`, 'a.cjs').facts.incomplete.map(({ why }) => why),
    ['with'],
  );
});

test('a syntax error is one notification, at its place', () => {
  const text = 'const a = 1;\nconst = 2;\n';
  const { facts } = read(text);
  assert.deepEqual(facts.calls, []);
  assert.deepEqual(facts.incomplete, [{ range: [19, 20], why: 'syntax' }]);
  assert.deepEqual(
    facts.notifications.map(({ id, path, range, level }) => [id, path, range, level]),
    [['broken-typescript', 'a.ts', [19, 20], 'warning']],
  );
  assert.deepEqual(facts.lineStarts, [0, 13, 24]);
});

test('every kind of file is read as what it is', () => {
  for (const path of ['a.tsx', 'a.jsx', 'a.js', 'a.mjs', 'a.cjs'])
    assert.deepEqual(read('const a = <b c={d()}/>;', path).facts.calls.length, 1, path);
  for (const path of ['a.ts', 'a.mts', 'a.cts'])
    assert.equal(read('const a = <T>b();', path).facts.calls.length, 1, path);
  assert.equal(read('// @flow\nconst a: ?string = f();', 'a.js').facts.calls.length, 1);
  assert.equal(read('#!/usr/bin/env node\nf();', 'a.js').facts.calls.length, 1);
  assert.equal(read('\uFEFFf();').facts.calls.length, 1);
});

test('directives in comments, and only there', () => {
  const { facts, at } = read(`// chaoslint-disable-next-line rule-a, rule-b -- a reason -- and more
// another comment

/* chaoslint-disable-next-line
   rule-c */ f();
const text = '// chaoslint-disable-next-line rule-d';
const t2 = \`// chaoslint-disable-next-line rule-e \${g(/* chaoslint-disable-next-line */)}\`;
const re = /\\/\\/ chaoslint-disable-next-line rule-f/;
// chaoslint-disable-next-lines rule-g
h(); // chaoslint-disable-next-line rule-h
`);
  assert.deepEqual(
    facts.directives.map(({ rules, reason, line, form }) => [rules, reason, line, form]),
    [
      [['rule-a', 'rule-b'], 'a reason -- and more', 5, 'next-line'],
      [['rule-c'], '', 6, 'next-line'],
      [[], '', 8, 'next-line'],
      [['rule-h'], '', 11, 'next-line'],
    ],
  );
  assert.equal(
    at(facts.directives[0]?.range ?? [0, 0]),
    '// chaoslint-disable-next-line rule-a, rule-b -- a reason -- and more',
  );
  const jsx = read(
    `const a = <p>don't {/* chaoslint-disable-next-line rule-i */}\n{f()}</p>;`,
    'a.tsx',
  );
  assert.deepEqual(
    jsx.facts.directives.map(({ rules }) => rules),
    [['rule-i']],
  );
});

// Hostile texts

const repeat = (text: string, times: number) => text.repeat(times);

test('nesting beyond the limit is refused before the parser sees it', () => {
  for (const [open, close] of ['()', '[]', '{}'].map((pair) => pair.split('')))
    for (const depth of [151, 1000, 100_000]) {
      const { facts } = read(`x = ${repeat(`${open}\n`, depth)}1${repeat(close ?? '', depth)}`);
      assert.deepEqual(
        facts.notifications.map(({ id }) => id),
        ['too-deep'],
      );
      assert.deepEqual(
        facts.incomplete.map(({ why }) => why),
        ['too-deep'],
      );
    }
  const callbacks = read(`${repeat('f(()=>{\n', 100_000)}${repeat('})', 100_000)}`);
  assert.deepEqual(
    callbacks.facts.notifications.map(({ id }) => id),
    ['too-deep'],
  );
  assert.deepEqual(read(`x = ${repeat('(', 149)}1${repeat(')', 149)}`).facts.notifications, []);
});

test('long chains are walked without recursion, or refused with a notification', () => {
  const shapes: readonly ((n: number) => string)[] = [
    (n) => `x${repeat('\n.a()', n)}`,
    (n) => `x = 1${repeat('\n+1', n)}`,
    (n) => `x = a${repeat('\n|| f()', n)}`,
    (n) => `if (a) b();${repeat('\nelse if (a) b();', n)}`,
    (n) => `x = ${repeat('a ? b() :\n', n)}c`,
    (n) => repeat('-\n', n).concat('1'),
    (n) => repeat('if (a)\n', n).concat('b();'),
    (n) => `x = ${repeat('await\n', n)}y`,
    (n) => `let t: ${repeat('A<\n', n)}B${repeat('>', n)}`,
    (n) => `x = ${repeat('`${\n', n)}1${repeat('}`', n)}`,
    (n) => `const ${repeat('{a:\n', n)}b${repeat('}', n)} = c`,
    (n) => repeat('f();\n', n),
    (n) => `x = [${repeat('1,\n', n)}]`,
  ];
  for (const [index, shape] of shapes.entries())
    for (const n of [100, 3000, 30_000]) {
      const { facts } = read(shape(n));
      const ids = facts.notifications.map(({ id }) => id);
      assert.ok(
        ids.length === 0 || ids.every((id) => id === 'too-deep'),
        `shape ${index} ${n}: ${ids}`,
      );
    }
  assert.equal(read(`x${repeat('\n.a()', 300)}`).facts.calls.length, 300);
});

test('texts that are no code are passed over in silence, minified code with a note', () => {
  const packet = `G${repeat('\0', 187)}`;
  for (const text of [
    '<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1"></TS>',
    '<!DOCTYPE TS><TS></TS>',
    '<TS version="2.1" language="de">',
    packet.repeat(50),
  ]) {
    const { facts } = read(text);
    assert.deepEqual([facts.notifications, facts.calls], [[], []]);
  }
  const minified = `${repeat('function a(b){return c(b,1)};', 2000)}`;
  assert.deepEqual(
    read(minified, 'a.js').facts.notifications.map(({ id, level }) => [id, level]),
    [['minified-code', 'note']],
  );
  const picture = `f(); const image = '${repeat('iVBORw0KGgoAAAANSUhEUg', 500)}';`;
  assert.equal(read(picture).facts.calls.length, 1);
});

test('a file with more in it than people write is passed over with a note', () => {
  const table = (rows: number) =>
    `export const table = [\n${repeat('  { a: 1, b: 2 },\n', rows)}];`;
  const { facts } = read(table(40_000));
  assert.deepEqual(
    facts.notifications.map(({ id, level }) => [id, level]),
    [['too-large-code', 'note']],
  );
  assert.deepEqual(facts.expressions, []);
  assert.deepEqual(read(table(10_000)).facts.notifications, []);
});

test('odd bytes', () => {
  for (const text of [
    '\0',
    '\uD800',
    'f(\uD800)',
    '"\uD800"',
    '\u2028f()',
    '<<<<<<< HEAD\nf()\n=======\n>>>>>>> x',
    '`',
    '/*',
    '"',
    "'",
    '/',
    '${',
    '}',
    '',
    '\r\r\n',
    '\x1b[31m',
  ]) {
    const facts = extractCode({ path: 'a.ts', text });
    assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
  }
});

test('the scanner: brackets in strings, comments, templates and regular expressions do not count', () => {
  const depth = (text: string) => scan(text).depth;
  assert.equal(depth(`'((' + "[[" // {{\n /* (( */`), 0);
  assert.equal(depth(`\`((\${ f(\`[\${x}]\`) }((\``), 3);
  assert.equal(depth('x = /[(]{/.test(y); z = a / (b) / c'), 1);
  assert.equal(depth('return /((/; f()'), 1);
  assert.equal(depth(`<p>don't ((</p>`), 2);
  assert.equal(depth(repeat('(', 1e6)), 1e6);
});

// Properties

test('facts are plain JSON, with every range inside the text and every index inside its list', () => {
  const files = [...sourceFiles('src'), ...sourceFiles('test'), ...sourceFiles('scripts')];
  for (const [index, file] of files.entries()) if (index % 3 === 0) assertSound(file);
});

function assertSound(file: SourceFile): CodeFacts {
  const facts = extractCode(file);
  assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
  assert.deepEqual(extractCode(file), facts);
  const { length } = file.text;
  const stack: unknown[] = [facts];
  for (let value = stack.pop(); value !== undefined || stack.length > 0; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (
        /[rR]ange$/.test(key) ||
        (key === 'of' && Array.isArray(inner) && 'kind' in value && !('is' in value))
      ) {
        const [start, end] = inner as [number, number];
        assert.ok(
          0 <= start && start <= end && end <= length,
          `${file.path}: ${key} ${start}-${end}`,
        );
      } else stack.push(inner);
    }
  }
  const inside = (index: number | undefined, list: readonly unknown[], what: string) =>
    assert.ok(index === undefined || (index >= 0 && index < list.length), `${what} ${index}`);
  for (const { callee, arguments: args, function: fn, region } of facts.calls) {
    inside(callee, facts.expressions, 'callee');
    for (const item of args)
      if (typeof item === 'number') inside(item, facts.expressions, 'argument');
    inside(fn, facts.functions, 'function');
    inside(region, facts.functions[fn]?.regions ?? [], 'region');
  }
  for (const { value, target } of facts.writes) {
    inside(value, facts.expressions, 'value');
    inside(target, facts.expressions, 'target');
  }
  for (const binding of facts.bindings) {
    inside(binding.value, facts.expressions, 'value');
    inside(binding.function, facts.functions, 'function');
  }
  facts.expressions.forEach((expression, index) => {
    // Parts come first: whoever evaluates needs no guard against cycles within one expression.
    for (const part of partsOf(expression))
      assert.ok(part < index, `${expression.is} ${index} before its part ${part}`);
  });
  return facts;
}

function partsOf(expression: Expression): number[] {
  switch (expression.is) {
    case 'member':
    case 'await':
    case 'cast':
      return [expression.of];
    case 'index':
      return [expression.of, expression.key];
    case 'choice':
    case 'operator':
      return [...expression.of];
    case 'array':
      return expression.items.flatMap((item) =>
        item === null ? [] : typeof item === 'number' ? item : item.spread,
      );
    case 'object':
      return expression.entries.flatMap((entry) =>
        'spread' in entry ? entry.spread : entry.value,
      );
    default:
      return [];
  }
}

test('the tree of the parser that ESLint uses gives the same facts', () => {
  const reference: Parser = (text, jsx) =>
    parseReference(text, {
      ecmaFeatures: { jsx },
      range: true,
      loc: true,
      tokens: true,
      comment: true,
    });
  for (const [index, file] of sourceFiles('src').entries())
    if (index % 8 === 0) assert.deepEqual(extractCode(file, reference), extractCode(file));
});

test('the time grows with the text, not with its square', () => {
  const texts: readonly ((n: number) => string)[] = [
    (n) => Array.from({ length: n }, (_, i) => `export const a${i} = f();\n`).join(''),
    (n) => `// chaoslint-disable-next-line rule\n`.repeat(n),
    (n) => `/* */ // chaoslint-disable-next-line rule\n\n`.repeat(n),
    (n) => `f({ a: [\n${'() => {},\n'.repeat(n)}] });`,
    (n) => `let a;\n${'a = 1; if (a) { a++; }\n'.repeat(n)}`,
    (n) => `class A {\n${'m() { return this.x; }\n'.repeat(n)}}`,
  ];
  for (const [index, text] of texts.entries()) {
    const started = process.cpuUsage();
    extractCode({ path: 'a.ts', text: text(15_000) });
    const { user } = process.cpuUsage(started);
    assert.ok(user < 8_000_000, `text ${index} took ${user / 1000} ms`);
  }
});

test('mutated sources never throw and stay sound', () => {
  const files = sourceFiles('src').filter(({ text }) => text.length < 6000);
  const pieces = [
    '(',
    ')',
    '{',
    '}',
    '[',
    '`',
    '${',
    "'",
    '/',
    '*/',
    '//',
    '=>',
    '...',
    '?.',
    '=',
    ';',
    ' await ',
    ' class ',
    '@',
    '<',
    '\0',
    '\n',
    '\uD800',
    'eval(x)',
    'import ',
  ];
  const mutation = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 12 }),
    insert: fc.constantFrom('', ...pieces),
  });
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('a.ts', 'a.tsx', 'a.js'),
      (pick, mutations, path) => {
        let text = files[pick % files.length]?.text ?? '';
        for (const { at, remove, insert } of mutations) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        assertSound({ path, text });
      },
    ),
    { numRuns: 150 },
  );
});

// The prefilter

test('the prefilter lets through what holds a word, and no declarations', () => {
  const mayMatter = prefilter(['axios', 'fetch(', 'a.b']);
  assert.ok(mayMatter(`import axios from 'axios'`, 'a.ts'));
  assert.ok(mayMatter('// axios', 'a.ts'));
  assert.ok(mayMatter('await fetch(url)', 'a.ts'));
  assert.ok(!mayMatter('prefetch', 'a.ts'));
  assert.ok(!mayMatter('a-b', 'a.ts'));
  assert.ok(!mayMatter('axios', 'a.d.ts'));
  assert.ok(prefilter([])('anything', 'a.ts'));
});

// The worker

test('the side of the main thread loads no parser', () => {
  const folder = join(root, 'src/extract/typescript');
  const seen = new Set<string>();
  const outside = new Set<string>();
  const open = ['pool.ts'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = readFileSync(join(folder, path), 'utf8');
    for (const [, isType, from] of text.matchAll(/^import (type )?.*from '(.+)';$/gm))
      if (isType === undefined && from !== undefined)
        if (from.startsWith('./')) open.push(from.slice(2));
        else outside.add(from);
  }
  assert.deepEqual([...outside].sort(), ['../../location.ts', 'node:worker_threads']);
});

test('the worker says what the extractor says, in order', async () => {
  const files = sourceFiles('src').slice(0, 40);
  const extractor = openCodeExtractor();
  try {
    const [facts, again, none] = await Promise.all([
      extractor.extract(files),
      extractor.extract(files.slice(0, 3)),
      extractor.extract([]),
    ]);
    assert.deepEqual(
      facts,
      files.map((file) => extractCode(file)),
    );
    assert.deepEqual(again, facts.slice(0, 3));
    assert.deepEqual(none, []);
    // The worker has a deeper stack than this thread, and a limit of its own that does not depend on it.
    const chain = (links: number) => ({ path: 'a.ts', text: `x${repeat('\n.a()', links)}` });
    const [long, tooLong] = await extractor.extract([chain(900), chain(1100)]);
    assert.equal(long?.calls.length, 900);
    assert.deepEqual(
      tooLong?.notifications.map(({ id }) => id),
      ['too-deep'],
    );
  } finally {
    await extractor.close();
  }
});

/** A worker that does what the path says, and else extracts. */
const misbehaving = new URL(
  `data:text/javascript,${encodeURIComponent(`
import { createRequire } from 'node:module';
const { register } = await import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))});
register();
const { serve } = await import(${JSON.stringify(pathToFileURL(join(root, 'src/extract/typescript/serve.ts')).href)});
const { extractCode } = await import(${JSON.stringify(pathToFileURL(join(root, 'src/extract/typescript/extract.ts')).href)});
serve((file) => {
  if (file.path.startsWith('hang')) for (;;);
  if (file.path.startsWith('eat')) { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }
  if (file.path.startsWith('exit')) process.exit(3);
  return extractCode(file);
});
`)}`,
);

test('a file that hangs, eats the memory or ends the worker costs itself only', async () => {
  const paths = ['a.ts', 'hang.ts', 'b.ts', 'eat.ts', 'exit.ts', 'c.ts'];
  const files = paths.map((path) => ({ path, text: `f('${path}');` }));
  const extractor = openCodeExtractor({ entry: misbehaving, timeLimit: 1000, memoryLimit: 96 });
  try {
    const facts = await extractor.extract(files);
    assert.deepEqual(
      facts.map(({ path, calls, notifications, incomplete }) => [
        path,
        calls.length,
        notifications.map(({ id }) => id).join(),
        incomplete.map(({ why }) => why).join(),
      ]),
      [
        ['a.ts', 1, '', ''],
        ['hang.ts', 0, 'extraction-timeout', 'time'],
        ['b.ts', 1, '', ''],
        ['eat.ts', 0, 'extraction-memory', 'memory'],
        ['exit.ts', 0, 'extraction-crash', 'crash'],
        ['c.ts', 1, '', ''],
      ],
    );
    assert.deepEqual(
      (await extractor.extract(files.slice(0, 1))).map(({ calls }) => calls.length),
      [1],
    );
  } finally {
    await extractor.close();
  }
});

test('a worker that cannot start is an error of the run', async () => {
  const extractor = openCodeExtractor({
    entry: new URL('data:text/javascript,throw new Error("no")'),
  });
  for (const path of ['a.ts', 'b.ts'])
    await assert.rejects(extractor.extract([{ path, text: '' }]), /no/);
  await extractor.close();
});
