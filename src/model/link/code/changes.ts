/** Which variables and fields hold an object that something changes after it was made, so that it may have further entries. */
import type { CallIndex, CodeFacts, ExpressionIndex, FunctionIndex } from '../../../code-facts.ts';
import { type Abstract, alternatives, each, unknown } from './abstract.ts';
import type { Evaluation } from './evaluation.ts';
import { classOf, constructorOf } from './program.ts';

/** Functions of the language that change their first argument. */
const CHANGE_FIRST = new Set([
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
  'Reflect.set',
  'Reflect.defineProperty',
]);

/** Objects in objects are opened this deep. */
const MAX_DEPTH = 4;

/** A variable or a field of a class in one file. */
type Holder = string;

interface FileChanges {
  /** Changed in a way that does not tell which entry it gets. */
  readonly unclear: Set<Holder>;
  /** Entries are set by name. */
  readonly named: Set<Holder>;
  /** Holders that get the same object. */
  readonly aliases: Map<Holder, Holder[]>;
  /** Holders that get an object or array in which it is. */
  readonly containers: Map<Holder, Holder[]>;
  /** Calls that get it, alone or in something; without an index it may be any argument. */
  readonly handed: Map<Holder, { readonly call: CallIndex; readonly index?: number }[]>;
}

export function holderOfBinding(binding: number): Holder {
  return `binding ${binding}`;
}

export function holderOfField(cls: number, name: string): Holder {
  return `field ${cls} ${name}`;
}

/** Names that a holder gets another value. */
export function writtenHolder(holder: Holder): string {
  return `written ${holder}`;
}

export class Changes {
  readonly #evaluation: Evaluation;
  readonly #files = new WeakMap<CodeFacts, FileChanges>();
  #known = new Map<string, { readonly changed: boolean; readonly ofParameters: boolean }>();
  readonly #running = new Set<string>();
  /** Holders that code outside of their file or class changes, with their path. */
  outside: ReadonlySet<string> = new Set();

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation;
  }

  /** Calls may lead elsewhere now. */
  forget(): void {
    this.#known = new Map();
  }

  /** The value of a holder: open when something changes it. `named`: entries that are set by name count too. */
  opened(file: CodeFacts, holder: Holder, value: Abstract, named: boolean): Abstract {
    if (this.outside.has(`${file.path} ${writtenHolder(holder)}`))
      return alternatives([open(value), unknown('mutated', value.at)], value.at);
    if (!each(value).some((one) => one.is === 'object')) return value;
    return this.outside.has(`${file.path} ${holder}`) || this.#changed(file, holder, named)
      ? open(value)
      : value;
  }

  /** Something in its own file changes what a holder holds, in whatever way. */
  changedIn(file: CodeFacts, holder: Holder): boolean {
    return this.#changed(file, holder, true);
  }

  #changed(file: CodeFacts, holder: Holder, named: boolean): boolean {
    const changes = this.#of(file);
    if (changes.unclear.has(holder) || (named && changes.named.has(holder))) return true;
    const aliases = changes.aliases.get(holder);
    const containers = changes.containers.get(holder);
    const handed = changes.handed.get(holder);
    if (aliases === undefined && containers === undefined && handed === undefined) return false;
    const key = `${file.path} ${holder}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      if (known.ofParameters) this.#evaluation.noteParameter();
      return known.changed;
    }
    if (this.#running.has(key)) return false;
    const reads = this.#evaluation.parameterReads;
    this.#running.add(key);
    const result =
      (aliases ?? []).some((alias) => this.#changed(file, alias, true)) ||
      (containers ?? []).some((container) => this.#changed(file, container, false)) ||
      (handed ?? []).some(({ call, index }) => this.#changedBy(file, call, index));
    this.#running.delete(key);
    // Within a circle the answer may be a part of it.
    if (result || this.#running.size === 0)
      this.#known.set(key, {
        changed: result,
        ofParameters: this.#evaluation.parameterReads !== reads,
      });
    return result;
  }

  #changedBy(file: CodeFacts, call: CallIndex, index: number | undefined): boolean {
    return each(this.#evaluation.callee({ file, call })).some((callee) => {
      switch (callee.is) {
        case 'function':
          return this.#changesParameter(callee.file, callee.fn, index);
        case 'class': {
          const fn = constructorOf(callee.file, callee.cls);
          return fn !== undefined && this.#changesParameter(callee.file, fn, index);
        }
        case 'global':
          return (index ?? 0) === 0 && CHANGE_FIRST.has(callee.name);
        case 'library':
        case 'library-module':
        case 'method':
          return false;
        default:
          return true;
      }
    });
  }

  #changesParameter(file: CodeFacts, fn: FunctionIndex, index: number | undefined): boolean {
    const parameters = file.functions[fn]?.parameters ?? [];
    const last = parameters.at(-1);
    const one = index === undefined ? undefined : (parameters[index] ?? (last?.rest && last));
    const possible = index === undefined ? parameters : one ? [one] : [];
    return possible.some(({ bindings }) =>
      bindings.some((binding) => this.#changed(file, holderOfBinding(binding), true)),
    );
  }

  #of(file: CodeFacts): FileChanges {
    let changes = this.#files.get(file);
    if (changes === undefined) {
      changes = changesIn(file);
      this.#files.set(file, changes);
    }
    return changes;
  }
}

function changesIn(file: CodeFacts): FileChanges {
  const changes: FileChanges = {
    unclear: new Set(),
    named: new Set(),
    aliases: new Map(),
    containers: new Map(),
    handed: new Map(),
  };
  for (const write of file.writes) {
    const target = file.expressions[write.target];
    if (target?.is === 'member' || target?.is === 'index') {
      const direct = holdersOf(file, target.of, write.function);
      if (target.is === 'member' && file.expressions[bare(file, target.of)]?.is === 'binding')
        for (const holder of direct) changes.named.add(holder);
      else
        for (const holder of rootsOf(file, target.of, write.function)) changes.unclear.add(holder);
    }
    if (write.value !== undefined && (write.path ?? []).length === 0)
      for (const to of holdersOf(file, write.target, write.function))
        for (const from of holdersOf(file, write.value, write.function))
          push(changes.aliases, from, to);
  }
  for (const [index, binding] of file.bindings.entries())
    if (binding.value !== undefined && (binding.path ?? []).length === 0 && !binding.rest) {
      for (const from of holdersOf(file, binding.value, binding.function))
        push(changes.aliases, from, holderOfBinding(index));
      for (const from of heldIn(file, binding.value, binding.function))
        push(changes.containers, from, holderOfBinding(index));
    }
  for (const { regions } of file.functions)
    for (const { loop } of regions)
      if (loop?.over !== undefined)
        for (const from of [...holdersOf(file, loop.over, 0), ...heldIn(file, loop.over, 0)])
          for (const binding of loop.bindings)
            push(changes.aliases, from, holderOfBinding(binding));
  for (const [call, { arguments: items, function: fn }] of file.calls.entries())
    for (const [index, item] of items.entries()) {
      if (item === null) continue;
      const given = typeof item === 'number' ? item : item.spread;
      const place = typeof item === 'number' ? { call, index } : { call };
      for (const holder of [...holdersOf(file, given, fn), ...heldIn(file, given, fn)])
        push(changes.handed, holder, place);
    }
  return changes;
}

/** The variables and fields that an expression names, whichever of them it takes. */
function holdersOf(file: CodeFacts, expression: ExpressionIndex, fn: FunctionIndex): Holder[] {
  const fact = file.expressions[bare(file, expression)];
  if (fact?.is === 'binding') return [holderOfBinding(fact.binding)];
  if (fact?.is === 'choice') return fact.of.flatMap((of) => holdersOf(file, of, fn));
  if (fact?.is !== 'member' || file.expressions[bare(file, fact.of)]?.is !== 'this') return [];
  const owner = classOf(file, fn);
  return owner === undefined ? [] : [holderOfField(owner.class, fact.name)];
}

/** The variables and fields whose objects are in an object or array that is being made. */
function heldIn(file: CodeFacts, expression: ExpressionIndex, fn: FunctionIndex): Holder[] {
  const fact = file.expressions[bare(file, expression)];
  const inner = (of: ExpressionIndex) => [...holdersOf(file, of, fn), ...heldIn(file, of, fn)];
  if (fact?.is === 'array')
    return fact.items.flatMap((item) => (typeof item === 'number' ? inner(item) : []));
  if (fact?.is === 'object')
    return fact.entries.flatMap((entry) => ('value' in entry ? inner(entry.value) : []));
  return [];
}

/** What holds the object that an entry, or an entry of an entry, belongs to. */
function rootsOf(file: CodeFacts, expression: ExpressionIndex, fn: FunctionIndex): Holder[] {
  for (let at = bare(file, expression); ; ) {
    const holders = holdersOf(file, at, fn);
    if (holders.length > 0) return holders;
    const fact = file.expressions[at];
    if (fact?.is !== 'member' && fact?.is !== 'index') return [];
    at = bare(file, fact.of);
  }
}

export function bare(file: CodeFacts, expression: ExpressionIndex): ExpressionIndex {
  let at = expression;
  for (let fact = file.expressions[at]; fact?.is === 'cast'; fact = file.expressions[at])
    at = fact.of;
  return at;
}

function open(value: Abstract, depth = 0): Abstract {
  if (depth > MAX_DEPTH) return value;
  if (value.is === 'alternatives') return { ...value, of: value.of.map((one) => open(one, depth)) };
  if (value.is !== 'object') return value;
  const entries = new Map(
    [...value.entries].map(([name, property]) => [
      name,
      { ...property, value: open(property.value, depth + 1) },
    ]),
  );
  // Whoever changes it may do so with words that stand in no text of the application.
  return {
    ...value,
    entries,
    open: value.open ?? 'mutated',
    openFrom: value.openFrom ?? 'written',
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
