/** The code of a run with its indexes: what is written where, which class extends which. */
import type {
  BindingIndex,
  CallIndex,
  ClassIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
  WriteFact,
} from '../../../code-facts.ts';
import type { Range } from '../../../location.ts';
import type { Package, Packages } from './packages.ts';
import type { Resolution, Specifiers } from './specifiers.ts';

/** What is looked up often in one file. */
export interface FileIndex {
  readonly facts: CodeFacts;
  readonly package: Package;
  /** Writes to a binding that is not initialised by them. */
  readonly writesTo: ReadonlyMap<BindingIndex, readonly WriteFact[]>;
  /** Writes `this.name = value`, by class and name. */
  readonly fieldWrites: ReadonlyMap<string, readonly WriteFact[]>;
  /** Writes to a member of a binding: `config.timeout = 5`, `module.exports.x = `. */
  readonly memberWrites: ReadonlyMap<BindingIndex, readonly WriteFact[]>;
  /** Loops by the bindings of their head. */
  readonly loops: ReadonlyMap<
    BindingIndex,
    { readonly over: ExpressionIndex; readonly form: string }
  >;
  readonly exportsByName: ReadonlyMap<string, readonly number[]>;
  readonly stars: readonly number[];
  /** The `super(...)` call of a constructor. */
  readonly superCalls: ReadonlyMap<FunctionIndex, CallIndex>;
  /** The function that makes the first value of a field, by class and name. */
  readonly initialisers: ReadonlyMap<string, FunctionIndex>;
  /** Interfaces and aliases, by the binding that names them. */
  readonly types: ReadonlyMap<BindingIndex, number>;
  /** Bindings that a function declares. */
  readonly functionBindings: ReadonlyMap<FunctionIndex, readonly BindingIndex[]>;
  /** Where this file's things begin when those of all files are counted. */
  readonly base: number;
  /** The innermost function whose text holds a range. */
  functionAt(range: Range): FunctionIndex | undefined;
  /** Nothing of the file is known. */
  readonly unread: boolean;
}

export interface Program {
  readonly packages: Packages;
  readonly specifiers: Specifiers;
  readonly files: ReadonlyMap<string, FileIndex>;
  indexOf(file: CodeFacts): FileIndex;
  resolve(file: CodeFacts, importIndex: number): Resolution;
}

export function programOf(
  code: readonly CodeFacts[],
  packages: Packages,
  specifiers: Specifiers,
): Program {
  const files = new Map<string, FileIndex>();
  const indexes = new Map<CodeFacts, FileIndex>();
  let base = 0;
  const sorted = [...code].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const facts of sorted) {
    const index = indexFile(facts, packages.ownerOf(facts.path), base);
    files.set(facts.path, index);
    indexes.set(facts, index);
    base += Math.max(facts.expressions.length, facts.bindings.length, facts.calls.length);
  }
  const resolutions = new Map<CodeFacts, Resolution[]>();
  return {
    packages,
    specifiers,
    files,
    indexOf(file) {
      const index = indexes.get(file);
      if (index === undefined) throw new Error(`not a file of the program: ${file.path}`);
      return index;
    },
    resolve(file, importIndex) {
      let known = resolutions.get(file);
      if (known === undefined) {
        known = file.imports.map(({ from }) => specifiers.resolve(file.path, from));
        resolutions.set(file, known);
      }
      return known[importIndex] ?? { is: 'unresolved', why: 'module-not-found', candidates: [] };
    },
  };
}

function indexFile(facts: CodeFacts, owner: Package, base: number): FileIndex {
  const writesTo = new Map<BindingIndex, WriteFact[]>();
  const fieldWrites = new Map<string, WriteFact[]>();
  const memberWrites = new Map<BindingIndex, WriteFact[]>();
  for (const write of facts.writes) {
    const target = facts.expressions[write.target];
    if (target?.is === 'binding') push(writesTo, target.binding, write);
    if (target?.is !== 'member') continue;
    const of = facts.expressions[target.of];
    if (of?.is === 'this') {
      const cls = classOf(facts, write.function);
      if (cls !== undefined) push(fieldWrites, `${cls.class}#${target.name}`, write);
    } else if (of?.is === 'binding') push(memberWrites, of.binding, write);
  }
  const loops = new Map<BindingIndex, { over: ExpressionIndex; form: string }>();
  for (const fn of facts.functions)
    for (const { loop } of fn.regions)
      if (loop?.over !== undefined)
        for (const binding of loop.bindings)
          loops.set(binding, { over: loop.over, form: loop.form });
  const exportsByName = new Map<string, number[]>();
  const stars: number[] = [];
  for (const [index, fact] of facts.exports.entries()) {
    if (fact.is === 'star') stars.push(index);
    else push(exportsByName, fact.name, index);
  }
  const superCalls = new Map<FunctionIndex, CallIndex>();
  for (const [call, { function: fn, callee }] of facts.calls.entries())
    if (facts.expressions[callee]?.is === 'super' && !superCalls.has(fn)) superCalls.set(fn, call);
  const initialisers = new Map<string, FunctionIndex>();
  for (const [fn, { of }] of facts.functions.entries()) {
    const key = of?.kind === 'field' ? `${of.class}#${of.member}` : undefined;
    if (key !== undefined && !initialisers.has(key)) initialisers.set(key, fn);
  }
  const types = new Map<BindingIndex, number>();
  for (const [index, { binding }] of facts.types.entries())
    if (!types.has(binding)) types.set(binding, index);
  const functionBindings = new Map<FunctionIndex, BindingIndex[]>();
  for (const [binding, { declares }] of facts.bindings.entries())
    if (declares !== undefined && 'function' in declares)
      push(functionBindings, declares.function, binding);
  return {
    facts,
    package: owner,
    superCalls,
    initialisers,
    types,
    functionBindings,
    base,
    functionAt: functionFinder(facts),
    writesTo,
    fieldWrites,
    memberWrites,
    loops,
    exportsByName,
    stars,
    unread: facts.functions.length === 0,
  };
}

/**
 * Texts of functions lie in each other: the one that begins last before a place holds it, or one of those around it does. The
 * function that a decorator's argument runs in is not the one that its text lies in.
 */
function functionFinder(facts: CodeFacts): (range: Range) => FunctionIndex | undefined {
  let nested: { readonly fn: FunctionIndex; readonly range: Range; readonly around: number }[];
  return ([start, end]) => {
    nested ??= nestedFunctions(facts);
    let low = 0;
    let high = nested.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((nested[middle]?.range[0] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    let found = nested[low - 1];
    while (found !== undefined && found.range[1] < end) found = nested[found.around];
    return found?.fn;
  };
}

function nestedFunctions(facts: CodeFacts) {
  const sorted = facts.functions
    .map(({ range }, fn) => ({ fn, range }))
    .sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1] || a.fn - b.fn);
  const open: number[] = [];
  return sorted.map(({ fn, range }, index) => {
    while (open.length > 0 && (sorted[open.at(-1) ?? 0]?.range[1] ?? 0) < range[1]) open.pop();
    const around = open.at(-1) ?? -1;
    open.push(index);
    return { fn, range, around };
  });
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** The class whose `this` a function sees: its own, or that of the method around an arrow function. */
export function classOf(
  facts: CodeFacts,
  fn: FunctionIndex,
):
  | { readonly class: ClassIndex; readonly static: boolean; readonly fn: FunctionIndex }
  | undefined {
  for (let at: FunctionIndex | undefined = fn; at !== undefined; ) {
    const found: CodeFacts['functions'][number] | undefined = facts.functions[at];
    if (found === undefined) return undefined;
    if (found.of !== undefined)
      return { class: found.of.class, static: found.of.static === true, fn: at };
    if (found.form !== 'arrow') return undefined;
    at = found.parent;
  }
  return undefined;
}

/** The constructor of a class, when it has one. */
export function constructorOf(facts: CodeFacts, cls: ClassIndex): FunctionIndex | undefined {
  return facts.classes[cls]?.methods.find(({ kind }) => kind === 'constructor')?.function;
}
