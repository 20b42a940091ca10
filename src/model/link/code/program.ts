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
  /** The call that an expression is. */
  readonly exportsByName: ReadonlyMap<string, readonly number[]>;
  readonly stars: readonly number[];
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
  const sorted = [...code].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const facts of sorted) {
    const index = indexFile(facts, packages.ownerOf(facts.path));
    files.set(facts.path, index);
    indexes.set(facts, index);
  }
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
      const from = file.imports[importIndex]?.from;
      return from === undefined
        ? { is: 'unresolved', why: 'module-not-found', candidates: [] }
        : specifiers.resolve(file.path, from);
    },
  };
}

function indexFile(facts: CodeFacts, owner: Package): FileIndex {
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
  return {
    facts,
    package: owner,
    writesTo,
    fieldWrites,
    memberWrites,
    loops,
    exportsByName,
    stars,
    unread: facts.functions.length === 0,
  };
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

/** The call that an expression is, without casts and awaits around it. */
export function callIn(facts: CodeFacts, expression: ExpressionIndex): CallIndex | undefined {
  const found = facts.expressions[expression];
  if (found?.is === 'call') return found.call;
  if (found?.is === 'await' || found?.is === 'cast') return callIn(facts, found.of);
  return undefined;
}
