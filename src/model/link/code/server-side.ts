/** Which parts of a file a server never comes to: those behind a test for a browser. */
import type { CallIndex, CodeFacts, ExpressionIndex, FunctionIndex } from '../../../code-facts.ts';
import { declarationOf } from './declarations.ts';
import type { Program } from './program.ts';

/** What browsers bring and servers do not. */
const BROWSER_GLOBAL = /^(?:window|document|localStorage|sessionStorage|self)$/;
/** What the builders of pages put in for the side that the code runs on. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['import.meta.client', false],
  ['import.meta.browser', false],
  ['import.meta.server', true],
  ['import.meta.env.SSR', true],
  ['process.browser', false],
  ['process.client', false],
  ['process.server', true],
]);
/** The same, as exports of a module. */
const FLAGS_OF_MODULES: ReadonlyMap<string, boolean> = new Map([
  ['$app/environment browser', false],
  ['esm-env BROWSER', false],
]);
/** Functions of modules that name the platform: what they give on Node.js. */
const PLATFORMS_OF_MODULES: ReadonlyMap<string, string> = new Map([
  ['hono/adapter getRuntimeKey', 'node'],
]);
/** Functions of frameworks whose callbacks only browsers run. */
const EFFECTS = /^use(?:Layout|Insertion)?Effect$/;
const MAX_DEPTH = 12;

export class ServerSide {
  readonly #program: Program;
  readonly #files = new WeakMap<CodeFacts, ReadonlySet<CallIndex>>();

  /** How often a test was decided by the side and not by a constant. */
  #decidedBySide = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  /** False: a call that only browsers come to. */
  runs(file: CodeFacts, call: CallIndex): boolean {
    let skipped = this.#files.get(file);
    if (skipped === undefined) {
      skipped = this.#skippedIn(file);
      this.#files.set(file, skipped);
    }
    return !skipped.has(call);
  }

  #skippedIn(file: CodeFacts): ReadonlySet<CallIndex> {
    const result = new Set<CallIndex>();
    const truths = new Map<ExpressionIndex, boolean | undefined>();
    const truth = (test: ExpressionIndex) => {
      if (!truths.has(test)) truths.set(test, this.#truth(file, test, 0));
      return truths.get(test);
    };
    /** By region: whether a server takes it, when that can be told. */
    const taken = file.functions.map(({ regions }) =>
      regions.map(({ kind, test }): boolean | undefined => {
        if (test === undefined || (kind !== 'then' && kind !== 'else')) return undefined;
        const value = truth(test);
        if (value !== undefined) return (kind === 'then') === value;
        // `if (isServer && request) ... else ...`: what is left is for browsers, or nobody knows.
        return kind === 'else' && this.#isPartlyServer(file, test, 0) ? false : undefined;
      }),
    );
    /** `from`: where it stands, so that a way out before it counts. */
    const skips = (fn: FunctionIndex, region: number, from: number): boolean => {
      const fact = file.functions[fn];
      for (let at: number | undefined = region; at !== undefined; at = fact?.regions[at]?.parent) {
        if (taken[fn]?.[at] === false) return true;
        const around = at;
        // `if (isServer) return;`
        const left = fact?.leaves.some(
          (leaf) =>
            (leaf.how === 'return' || leaf.how === 'throw') &&
            leaf.range[1] <= from &&
            taken[fn]?.[leaf.region] === true &&
            fact.regions[leaf.region]?.parent === around,
        );
        if (left) return true;
      }
      return false;
    };
    const functions = file.functions.map(() => false);
    // A function stands behind the one around it.
    for (const [fn, fact] of file.functions.entries()) {
      if (fact.parent === undefined) continue;
      // What is declared behind a way out can be called before it.
      const from = fact.form === 'arrow' ? fact.range[0] : -1;
      functions[fn] =
        functions[fact.parent] === true ||
        skips(fact.parent, fact.region ?? 0, from) ||
        this.#isEffect(file, fn);
    }
    for (const [call, fact] of file.calls.entries())
      if (functions[fact.function] || skips(fact.function, fact.region, fact.range[0]))
        result.add(call);
    return result;
  }

  /** `useEffect(() => ...)`: servers render without it. */
  #isEffect(file: CodeFacts, fn: FunctionIndex): boolean {
    const given = file.functions[fn]?.argumentOf;
    if (given === undefined || given.index !== 0 || given.path.length > 0) return false;
    const callee = file.expressions[file.calls[given.call]?.callee ?? -1];
    if (callee?.is === 'member')
      return EFFECTS.test(callee.name) && file.expressions[callee.of]?.is === 'binding';
    if (callee?.is !== 'binding') return false;
    return EFFECTS.test(file.bindings[callee.binding]?.from?.imported ?? '');
  }

  /** A part of a chain of `&&` is a test that holds on a server. */
  #isPartlyServer(file: CodeFacts, test: ExpressionIndex, depth: number): boolean {
    const fact = file.expressions[test];
    if (fact === undefined || depth > MAX_DEPTH) return false;
    if (fact.is === 'cast') return this.#isPartlyServer(file, fact.of, depth + 1);
    return (
      fact.is === 'choice' &&
      fact.operator === '&&' &&
      fact.of.some(
        (part) => this.#holdsOnServers(file, part) || this.#isPartlyServer(file, part, depth + 1),
      )
    );
  }

  /** True because of the side: `const cached = true` says nothing of it. */
  #holdsOnServers(file: CodeFacts, test: ExpressionIndex): boolean {
    const before = this.#decidedBySide;
    return this.#truth(file, test, 0) === true && this.#decidedBySide > before;
  }

  /** What a test is on a server; undefined when it has nothing to do with that. */
  #truth(file: CodeFacts, expression: ExpressionIndex, depth: number): boolean | undefined {
    const fact = file.expressions[expression];
    if (fact === undefined || depth > MAX_DEPTH) return undefined;
    const truth = (of: ExpressionIndex | undefined) =>
      of === undefined ? undefined : this.#truth(file, of, depth + 1);
    switch (fact.is) {
      case 'value':
        return typeof fact.value === 'boolean' ? fact.value : undefined;
      case 'cast':
        return truth(fact.of);
      case 'choice': {
        const [left, right] = fact.of.map(truth);
        if (fact.operator === '?:') {
          const test = truth(fact.test);
          return test === undefined ? undefined : test ? left : right;
        }
        if (fact.operator === '??') return undefined;
        const decisive = fact.operator === '||';
        if (left === decisive || right === decisive) return decisive;
        return left === undefined || right === undefined ? undefined : !decisive;
      }
      case 'operator':
        return this.#operator(file, fact.operator, fact.of, depth);
      case 'member': {
        const name = nameOf(file, expression);
        if (name === undefined) {
          const entry = this.#entry(file, fact.of, fact.name);
          return entry && this.#truth(entry.file, entry.expression, depth + 1);
        }
        const global = /^(?:globalThis|global)\.(\w+)$/.exec(name)?.[1];
        if (global !== undefined && BROWSER_GLOBAL.test(global)) return false;
        if (FLAGS.has(name)) this.#decidedBySide++;
        return FLAGS.get(name);
      }
      case 'binding': {
        const flag = this.#flagOfModule(file, fact.binding);
        if (flag !== undefined) {
          this.#decidedBySide++;
          return flag;
        }
        const declared = declarationOf(this.#program, file, fact.binding);
        const found = declared?.file.bindings[declared.binding];
        if (declared === undefined || found?.value === undefined) return undefined;
        if (found.writes > 0 || (found.path ?? []).length > 0) return undefined;
        return this.#truth(declared.file, found.value, depth + 1);
      }
      case 'call': {
        const callee = file.expressions[file.calls[fact.call]?.callee ?? -1];
        return callee?.is === 'binding'
          ? this.#returned(file, callee.binding, depth + 1)
          : undefined;
      }
      default:
        return undefined;
    }
  }

  #operator(
    file: CodeFacts,
    operator: string,
    of: readonly ExpressionIndex[],
    depth: number,
  ): boolean | undefined {
    const [left, right] = of;
    if (left === undefined) return undefined;
    if (operator === '!') {
      const truth = this.#truth(file, left, depth + 1);
      return truth === undefined ? undefined : !truth;
    }
    if (right === undefined) return undefined;
    if (operator === 'in') {
      const key = file.expressions[left];
      const where = nameOf(file, right);
      return key?.is === 'value' &&
        typeof key.value === 'string' &&
        BROWSER_GLOBAL.test(key.value) &&
        (where === 'globalThis' || where === 'global')
        ? false
        : undefined;
    }
    const equal = /^===?$/.test(operator);
    if (!equal && !/^!==?$/.test(operator)) return undefined;
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const type = typeOnServer(file, one);
      const wanted = file.expressions[other];
      if (type === undefined) continue;
      if (wanted?.is === 'value' && typeof wanted.value === 'string') {
        this.#decidedBySide++;
        return (wanted.value === type) === equal;
      }
    }
    const texts = [left, right].map((one) => this.#text(file, one, depth + 1));
    const [one, other] = texts;
    return one === undefined || other === undefined ? undefined : (one === other) === equal;
  }

  /** The text that a constant is on a server: `isServer ? 'server' : 'client'`. */
  #text(file: CodeFacts, expression: ExpressionIndex, depth: number): string | undefined {
    const fact = file.expressions[expression];
    if (fact === undefined || depth > MAX_DEPTH) return undefined;
    switch (fact.is) {
      case 'value':
        return typeof fact.value === 'string' ? fact.value : undefined;
      case 'cast':
        return this.#text(file, fact.of, depth + 1);
      case 'choice': {
        if (fact.operator !== '?:' || fact.test === undefined) return undefined;
        const test = this.#truth(file, fact.test, depth + 1);
        const chosen = test === undefined ? undefined : fact.of[test ? 0 : 1];
        return chosen === undefined ? undefined : this.#text(file, chosen, depth + 1);
      }
      case 'member': {
        const entry = this.#entry(file, fact.of, fact.name);
        return entry && this.#text(entry.file, entry.expression, depth + 1);
      }
      case 'call': {
        const callee = file.expressions[file.calls[fact.call]?.callee ?? -1];
        const platform =
          callee?.is === 'binding'
            ? PLATFORMS_OF_MODULES.get(importedName(file, callee.binding) ?? '')
            : undefined;
        if (platform !== undefined) this.#decidedBySide++;
        return platform;
      }
      case 'binding': {
        const declared = declarationOf(this.#program, file, fact.binding);
        const found = declared?.file.bindings[declared.binding];
        if (declared === undefined || found?.value === undefined) return undefined;
        if (found.writes > 0 || (found.path ?? []).length > 0) return undefined;
        return this.#text(declared.file, found.value, depth + 1);
      }
      default:
        return undefined;
    }
  }

  /** An entry of an object that is written once: `environment.isBrowser`. */
  #entry(
    file: CodeFacts,
    of: ExpressionIndex,
    name: string,
  ): { readonly file: CodeFacts; readonly expression: ExpressionIndex } | undefined {
    const fact = file.expressions[of];
    if (fact?.is !== 'binding') return undefined;
    const declared = declarationOf(this.#program, file, fact.binding);
    const binding = declared?.file.bindings[declared.binding];
    if (declared === undefined || binding?.value === undefined || binding.writes > 0)
      return undefined;
    let value = declared.file.expressions[binding.value];
    while (value?.is === 'cast') value = declared.file.expressions[value.of];
    if (value?.is !== 'object') return undefined;
    const entry = value.entries.find((one) => 'key' in one && one.key === name && !one.accessor);
    return entry !== undefined && 'key' in entry
      ? { file: declared.file, expression: entry.value }
      : undefined;
  }

  /** What a function without parameters gives: `isBrowser()`. */
  #returned(file: CodeFacts, binding: number, depth: number): boolean | undefined {
    const declared = declarationOf(this.#program, file, binding);
    if (declared === undefined) return undefined;
    const found = declared.file.bindings[declared.binding];
    const value = found?.value === undefined ? undefined : declared.file.expressions[found.value];
    const fn =
      found?.declares !== undefined && 'function' in found.declares
        ? found.declares.function
        : value?.is === 'function' && found?.writes === 0
          ? value.function
          : undefined;
    const fact = fn === undefined ? undefined : declared.file.functions[fn];
    const [leaf] = fact?.leaves ?? [];
    if (fact === undefined || fact.leaves.length !== 1 || fact.parameters.length > 0)
      return undefined;
    if (fact.async || fact.generator || leaf?.how !== 'return' || leaf.region !== 0)
      return undefined;
    return leaf.value === undefined ? undefined : this.#truth(declared.file, leaf.value, depth);
  }

  #flagOfModule(file: CodeFacts, binding: number): boolean | undefined {
    const name = importedName(file, binding);
    return name === undefined ? undefined : FLAGS_OF_MODULES.get(name);
  }
}

/** The module and the name that a binding is imported by: `esm-env BROWSER`. */
function importedName(file: CodeFacts, binding: number): string | undefined {
  const from = file.bindings[binding]?.from;
  return from && `${file.imports[from.import]?.from} ${from.imported}`;
}

/** `typeof window` is 'undefined' on a server. */
function typeOnServer(file: CodeFacts, expression: ExpressionIndex): string | undefined {
  const fact = file.expressions[expression];
  if (fact?.is === 'operator' && fact.operator === 'typeof') {
    const name = fact.of[0] === undefined ? undefined : nameOf(file, fact.of[0]);
    const [root, member] = name?.split('.') ?? [];
    if (root === undefined) return undefined;
    if (BROWSER_GLOBAL.test(root)) return 'undefined';
    if (/^(?:globalThis|global)$/.test(root) && BROWSER_GLOBAL.test(member ?? ''))
      return 'undefined';
    return name === 'process' ? 'object' : undefined;
  }
  return undefined;
}

/** `process.browser`: members of a name that the platform brings. */
function nameOf(file: CodeFacts, expression: ExpressionIndex): string | undefined {
  const fact = file.expressions[expression];
  if (fact?.is === 'cast') return nameOf(file, fact.of);
  if (fact?.is === 'global') return fact.name;
  if (fact?.is !== 'member') return undefined;
  const of = nameOf(file, fact.of);
  return of === undefined ? undefined : `${of}.${fact.name}`;
}
