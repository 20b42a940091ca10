/** The binder of extract/typescript, compared with the scope analysis of typescript-eslint. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { analyze, type Reference } from '@typescript-eslint/scope-manager';
import { parse as parseReference } from '@typescript-eslint/typescript-estree';
import { bind } from '../src/extract/typescript/bind.ts';
import { parse } from '../src/extract/typescript/parse.ts';

export interface Comparison {
  /** References that scope-manager knows. */
  readonly compared: number;
  /** Where ours and theirs disagree: `name@offset: theirs X, ours Y`. */
  readonly differing: readonly string[];
}

/** Declarations of a reference as offsets, `free` for none. Merged declarations count as one when they share an offset. */
export function compare(path: string, text: string): Comparison | undefined {
  const parsed = parse(path, text);
  if (!parsed.ok) return undefined;
  const bound = bind(parsed.program);
  const declarations = new Map<unknown, Set<number>>();
  for (const [node, target] of bound.declarations) {
    const places = declarations.get(target) ?? new Set();
    places.add(node.range[0]);
    declarations.set(target, places);
  }
  const ours = new Map<number, unknown>();
  // An initialisation is a reference of scope-manager; here it is a declaration.
  for (const [node, target] of bound.declarations) ours.set(node.range[0], target);
  for (const [node, target] of bound.references) ours.set(node.range[0], target);
  const tree = parseReference(text, {
    jsx: !/\.[cm]?ts$/.test(path),
    range: true,
    loc: true,
    loggerFn: false,
  });
  const manager = analyze(tree, { sourceType: 'module', lib: [], jsxPragma: null });
  const references = new Set<Reference>(
    manager.scopes
      .flatMap((scope) => scope.references)
      .filter(({ identifier: { range } }) => {
        // `as const` is no name, and the name of a closing tag is that of its opening tag.
        return (
          text.slice(...range) !== 'const' && !/<\/\s*$/.test(text.slice(0, range[0]).slice(-9))
        );
      }),
  );
  const differing: string[] = [];
  for (const reference of references) {
    const { identifier, resolved } = reference;
    const start = identifier.range[0];
    const theirs = resolved?.defs.map(({ name }) => name.range[0]) ?? [];
    const target = ours.get(start);
    const line = `${text.slice(...identifier.range).slice(0, 40)}@${start}`;
    if (theirs.length === 0) {
      const same = resolved === null ? target === 'free' : target === 'arguments';
      if (!same) differing.push(`${line}: theirs free, ours ${describe(target)}`);
    } else {
      const places = declarations.get(target);
      if (places === undefined || !theirs.some((place) => places.has(place)))
        differing.push(`${line}: theirs ${theirs}, ours ${describe(target)}`);
    }
  }
  return { compared: references.size, differing };
}

function describe(target: unknown): string {
  if (typeof target !== 'object' || target === null) return String(target ?? 'not a reference');
  return 'node' in target ? String((target.node as { range: number[] }).range[0]) : '?';
}

const root = fileURLToPath(new URL('..', import.meta.url));

function assertSame(path: string, text: string, atLeast = 1): void {
  const { compared, differing } = compare(path, text) ?? assert.fail(`${path} was not parsed`);
  assert.deepEqual(differing, [], path);
  assert.ok(compared >= atLeast, `${path}: only ${compared} references`);
}

test('our own sources bind as scope-manager binds them', () => {
  let files = 0;
  for (const path of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    assertSame(path, readFileSync(join(root, 'src', path), 'utf8'), 0);
    files++;
  }
  assert.ok(files > 50);
});

/** Texts whose scopes are easy to get wrong. */
const TRICKY: Readonly<Record<string, string>> = {
  'hoisted functions and var': `use(); if (a) { var v = 1; function inner() { return v; } } inner(); v; function use() {}`,
  'blocks shadow': `const x = 1; { const x = 2; x; { x; } } x;`,
  'switch is one block': `switch (x) { case 1: let a = 1; a; break; default: a; } a;`,
  'loop heads': `for (let i = 0; i < n; i++) i; i; for (const k in o) k; for (const { id } of list) id; id; for (x of y) x;`,
  'catch parameters': `try { f(); } catch ({ message, code: c }) { message; c; } message; try {} catch { c; }`,
  'defaults of parameters do not see the body': `const x = 1; function f(a = () => x) { const x = 2; return a; } function g(b, c = b) { return c; }`,
  'var with the name of a parameter': `function f(a) { var a; return a; } function g(a) { var a = 1; return () => a; }`,
  'named function expressions': `const f = function g() { return g; }; g;`,
  'class expression names': `const C = class D { static x = D; m() { return D; } }; D; class E { static y = E; }`,
  'fields and computed keys': `const key = 'k'; class A { [key] = key; static { var v = key; v; } #p = 1; m() { return this.#p; } }`,
  'destructuring assignment': `let a, b, rest; ({ a, b: [b = a], ...rest } = source); [a, o.b, o[a]] = list; (a as any) = 1; a!++;`,
  'type and value of one name': `interface Foo {} const Foo = 1; const y: Foo = Foo; type T = typeof Foo; type U = Foo;`,
  'type parameters': `type Box<T> = { v: T }; function id<T extends Box<T>>(x: T): T { return x; } class Q<T> extends R<T> { m<U>(u: U, t: T) {} }`,
  'infer and conditional types': `type E<T> = T extends (infer U)[] ? U : U; type F<T> = T extends (a: infer P) => infer R ? [P, R] : P;`,
  'mapped and function types': `type M<T> = { [K in keyof T as \`a\${K}\`]: (v: T[K], w: typeof v) => K }; type G = <A>(a: A) => a is A;`,
  'enums see their members': `enum E { A = 1, B = A << 1, C = E.A } const x = E.B; let y: E.A;`,
  namespaces: `namespace N { export const a = 1; export type T = N.T; a; } N.a; let t: N.T; namespace A.B { const z = 1; z; }`,
  'declare global': `declare global { var redis: Redis; interface Window { a: Redis } } redis; export {};`,
  overloads: `function f(a: string): void; function f(a: any) { f(a); }`,
  imports: `import d, { a as b, type T } from 'x'; import * as ns from 'y'; import type U from 'z'; import q = require('q'); import r = ns.deep; d; b; ns; q; r; let x: T | U | ns.V;`,
  exports: `const a = 1; type T = 1; export { a, T, a as b }; export { c } from 'x'; export * from 'y'; export default a;`,
  arguments: `function f() { return arguments; } const g = () => arguments; const h = { m() { return () => arguments; } };`,
  decorators: `@Dec(x) class A { @Prop(y) p = x; constructor(@Inject(T) private t: T, z = t) {} } const x = 1, y = 2;`,
  'labels and keys are no names': `label: for (;;) { break label; } const o = { label, key: 1, [key]: 2, m() {} }; o.key;`,
  using: `{ using a = open(); await using b = a; b; } b;`,
  'optional chains and templates':
    'const a = 1; a?.b?.[a]; tag`x`; new.target; import.meta; import(a); `$' + '{a}`;',
};

for (const [name, text] of Object.entries(TRICKY))
  test(`tricky scopes: ${name}`, () => assertSame('a.ts', text));

test('JSX refers to components, not to elements', () => {
  assertSame(
    'a.tsx',
    `import { Foo, ns } from 'x'; const a = <Foo {...p} b={c}><div/><ns.Bar>{d}</ns.Bar></Foo>;`,
  );
  const parsed = parse('a.tsx', '<div><Foo/></div>');
  assert.ok(parsed.ok);
  const names = [...bind(parsed.program).references.keys()].map(
    (node) => 'name' in node && node.name,
  );
  assert.deepEqual(names, ['Foo']);
});

/** What the name that is read last in a text refers to. */
function lastRead(text: string) {
  const parsed = parse('a.ts', text);
  assert.ok(parsed.ok);
  return [...bind(parsed.program).references]
    .sort(([a], [b]) => a.range[0] - b.range[0])
    .at(-1)?.[1];
}

test('a name that only types declare is free as a value', () => {
  assert.equal(lastRead('type fetch = 1; fetch'), 'free');
  assert.equal(lastRead('interface fetch {} fetch'), 'free');
  assert.notEqual(lastRead('function f(fetch: Fetch) { fetch }'), 'free');
  assert.equal(lastRead('function f(cb: (fetch: string) => void) { fetch }'), 'free');
});

test('a namespace with a dotted name declares the first name', () => {
  // scope-manager does not know it.
  const target = lastRead('namespace A.B {} A');
  assert.ok(typeof target === 'object' && target.kind === 'namespace');
});

test('declared and not defined: ambient', () => {
  const target = lastRead('declare const fetch: Fetch; fetch');
  assert.ok(typeof target === 'object' && target.ambient);
  const merged = lastRead('declare namespace Foo {} function Foo() {} Foo');
  assert.ok(typeof merged === 'object' && !merged.ambient);
});

test('writes after the initialisation are counted', () => {
  const parsed = parse(
    'a.ts',
    'let a = 1; const b = 2; let c; a = 2; a++; [c] = x; for (c of y) {} ({ c = 1 } = z);',
  );
  assert.ok(parsed.ok);
  assert.deepEqual(
    bind(parsed.program).bindings.map(({ name, writes }) => [name, writes]),
    [
      ['a', 2],
      ['b', 0],
      ['c', 3],
    ],
  );
});
