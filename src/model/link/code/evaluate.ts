/**
 * Steps 3 to 5: what a name or an expression stands for, across files. Nothing is run; what cannot be told is unknown, with
 * the reason. Values of parameters are symbols unless the way into the function is known (`Frame`).
 */
import type {
  BindingFact,
  ClassIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
  ListItem,
  ObjectEntry,
  PathStep,
  PatternDefault,
  TypeRef,
  WriteFact,
} from '../../../code-facts.ts';
import type { Callable } from '../../../library.ts';
import type { Why } from '../../code.ts';
import {
  type Abstract,
  type Argument,
  alternatives,
  type CallSite,
  type ClientOrigin,
  each,
  type Frame,
  type FunctionValue,
  type InstanceValue,
  type LibraryValue,
  literal,
  type ObjectValue,
  type ParameterValue,
  type Property,
  type Site,
  type TypeIn,
  unknown,
} from './abstract.ts';
import { Changes, holderOfBinding, holderOfField } from './changes.ts';
import type { Evaluation } from './evaluation.ts';
import type { Injections } from './injection.ts';
import { configured, globalResult, isGlobal, methodResult } from './platform.ts';
import { classOf, constructorOf, type FileIndex, type Program } from './program.ts';
import { exists, memberOf, ownMember, type Surface, signatureOf } from './surface.ts';

/** Calls on the way into a value are followed this deep. */
const MAX_FRAMES = 4;
/** Steps of one evaluation: beyond this the code is a puzzle. */
const MAX_STEPS = 6_000;
/** Steps that puzzles may cost altogether: where everything calls everything, thousands of evaluations end as one. */
const PUZZLING = 24 * MAX_STEPS;
const LEAST_STEPS = 400;
const MAX_NESTING = 200;
/** Callers whose arguments are joined. */
const MAX_CALLERS = 8;

/** Who calls what: known only after a first round. */
export interface Callers {
  /** All calls of this function that are known, and whether these are all. */
  of(
    file: CodeFacts,
    fn: FunctionIndex,
  ): { readonly sites: readonly CallSite[]; readonly complete: boolean };
}

export class Evaluator implements Evaluation {
  readonly program: Program;
  readonly surface: Surface;
  #memos = new Map<CodeFacts, FileMemo>();
  /** The file that was asked for last, since evaluation mostly stays in one. */
  #last: FileMemo | undefined;
  /** How often parameters, or `this`, were read as symbols: what is found meanwhile depends on them. */
  #parameterReads = 0;
  #selfReads = 0;
  #inFrames = new WeakMap<Frame, FrameMemo>();
  readonly #changes = new Changes(this);
  readonly #fields = new Map<string, Result>();
  readonly #running = new Set<string>();
  /** Fields that are being evaluated, with their levels. */
  readonly #runningFields = new Map<string, number>();
  /** Expressions that are being evaluated, with their levels. */
  readonly #evaluating = new Map<number, number>();
  /** Variables whose writes are being joined, with their first values. */
  readonly #joining = new Map<number, Abstract | undefined>();
  #nesting = 0;
  #steps = 0;
  /** Steps that one evaluation may take; fewer, the more of them came to nothing. */
  #most = MAX_STEPS;
  #puzzling = 0;
  /** How many of the evaluations whose values are kept are under way. */
  #level = 0;
  /**
   * The lowest level on which what is being evaluated depends: it asked for something that is under way there. What lies above
   * that level would be found in another way from elsewhere; what begins there is found.
   */
  #lowest = Number.POSITIVE_INFINITY;
  /** How often calls went too deep. */
  #limits = 0;
  #callers: Callers | undefined;
  injections: Injections | undefined;
  /** What libraries give to functions that they call: the application to a plugin. By function, first parameter. */
  handedOver: ReadonlyMap<string, Abstract> | undefined;

  constructor(program: Program, surface: Surface) {
    this.program = program;
    this.surface = surface;
  }

  /** Forgets all that it found. */
  forget(): void {
    this.#memos = new Map();
    this.#last = undefined;
    this.#fields.clear();
    this.#changes.forget();
    this.#inFrames = new WeakMap();
  }

  /** Says who calls whom, now that this is known, and forgets what it said of parameters before. */
  knowCallers(callers: Callers): void {
    this.#callers = callers;
    this.#forgetParameters();
  }

  /** Says what libraries give to functions that they call, and forgets what it said of parameters before. */
  handOver(given: ReadonlyMap<string, Abstract>): void {
    if (given.size === (this.handedOver?.size ?? 0)) return;
    this.handedOver = given;
    this.#forgetParameters();
  }

  #forgetParameters(): void {
    for (const memo of this.#memos.values()) memo.forgetParameters();
    for (const [key, { flags }] of this.#fields)
      if (isOfParameters(flags)) this.#fields.delete(key);
    this.#changes.forget();
    this.#inFrames = new WeakMap();
  }

  get parameterReads(): number {
    return this.#parameterReads;
  }

  noteParameter(): void {
    this.#parameterReads++;
  }

  #memoOf(file: CodeFacts): FileMemo {
    if (this.#last?.file === file) return this.#last;
    let memo = this.#memos.get(file);
    if (memo === undefined) {
      memo = new FileMemo(file, this.program.indexOf(file));
      this.#memos.set(file, memo);
    }
    this.#last = memo;
    return memo;
  }

  #frameMemoOf(frame: Frame): FrameMemo {
    let memo = this.#inFrames.get(frame);
    if (memo === undefined) {
      memo = { values: new Map(), variables: new Map(), argumentLists: new Map() };
      this.#inFrames.set(frame, memo);
    }
    return memo;
  }

  value(file: CodeFacts, expression: ExpressionIndex, frame?: Frame): Abstract {
    const fact = file.expressions[expression];
    if (fact === undefined) return unknown('computed', { file, range: [0, 0] });
    const memo = this.#memoOf(file);
    const place = memo.index.base + expression;
    const inFrame = frame === undefined ? undefined : this.#frameMemoOf(frame).values;
    if (inFrame === undefined) {
      const known = memo.values[expression];
      if (known !== undefined) {
        const flags = memo.dependent[expression] ?? 0;
        this.#parameterReads += flags & 1;
        this.#selfReads += flags & 2;
        return known;
      }
    } else {
      const known = inFrame.get(place);
      if (known !== undefined) return known;
    }
    const at: Site = { file, range: fact.range };
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    if (this.#nesting === 0) this.#steps = 0;
    this.#steps++;
    const running = runningKey(place, frame);
    const level = this.#evaluating.get(running);
    if (this.#steps === this.#most) this.#giveUp();
    if (level !== undefined || this.#nesting > MAX_NESTING || this.#steps > this.#most)
      return this.#cut(level, at);
    const outer = this.#begin();
    this.#evaluating.set(running, this.#level - 1);
    this.#nesting++;
    const result = this.#compute(file, expression, at, frame);
    this.#nesting--;
    this.#evaluating.delete(running);
    const isFound = this.#end(outer);
    if (isFound || this.#nesting === 0) {
      if (inFrame === undefined) {
        memo.values[expression] = result;
        memo.dependent[expression] = this.#flagsSince(parameterReads, selfReads);
      } else inFrame.set(place, result);
    }
    return result;
  }

  #begin(): number {
    const outer = this.#lowest;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#level++;
    return outer;
  }

  /** Whether what was found since `#begin` would be found from everywhere. */
  #end(outer: number): boolean {
    this.#level--;
    const isFound = this.#lowest >= this.#level;
    this.#lowest = isFound ? outer : Math.min(outer, this.#lowest);
    return isFound;
  }

  /** An evaluation took all of its steps: those that come have fewer. */
  #giveUp(): void {
    this.#puzzling += this.#most;
    if (this.#puzzling > PUZZLING && this.#most > LEAST_STEPS) {
      this.#puzzling = 0;
      this.#most = Math.max(LEAST_STEPS, this.#most >> 1);
    }
  }

  /** What depends on itself, on this level, or on too much. */
  #cut(level: number | undefined, at: Site): Abstract {
    this.#lowest = Math.min(this.#lowest, level ?? -1);
    return unknown('too-deep', at);
  }

  #compute(file: CodeFacts, expression: ExpressionIndex, at: Site, frame?: Frame): Abstract {
    const fact = file.expressions[expression];
    if (fact === undefined) return unknown('computed', at);
    switch (fact.is) {
      case 'value':
        return literal(fact.value, at);
      case 'binding':
        return this.binding(file, fact.binding, at, frame);
      case 'global':
        return this.#global(file, fact.name, at);
      case 'this':
        return this.#self(file, expression, at, frame);
      case 'module':
        return this.#module(file, fact.import, at);
      case 'super': {
        const owner = this.#ownerOf(file, expression);
        const extended = owner === undefined ? undefined : file.classes[owner]?.extends;
        return extended === undefined ? unknown('dynamic', at) : this.value(file, extended);
      }
      case 'member':
        if (file.expressions[fact.of]?.is === 'super') {
          const base = this.value(file, fact.of, frame);
          return this.member(
            base.is === 'class' ? { is: 'instance', file: base.file, cls: base.cls, at } : base,
            fact.name,
            at,
          );
        }
        return this.member(this.value(file, fact.of, frame), fact.name, at);
      case 'index': {
        const key = this.value(file, fact.key, frame);
        const of = this.value(file, fact.of, frame);
        if (
          key.is === 'literal' &&
          (typeof key.value === 'string' || typeof key.value === 'number')
        )
          return this.member(of, String(key.value), at);
        return unknown('dynamic', at);
      }
      case 'object':
        return this.#object(file, fact.entries, at, frame);
      case 'array':
        return this.#array(file, fact.items, at, frame);
      case 'template':
        return this.#template(
          fact.parts.map((part) =>
            typeof part === 'string' ? part : this.value(file, part.value, frame),
          ),
          at,
        );
      case 'call':
        return this.result({ file, call: fact.call, ...(frame === undefined ? {} : { frame }) });
      case 'function':
        return this.#function(file, fact.function, at, frame);
      case 'class':
        return { is: 'class', file, cls: fact.class, at };
      case 'await':
        return this.value(file, fact.of, frame);
      case 'cast': {
        const value = this.value(file, fact.of, frame);
        return value.is === 'unknown' && value.type === undefined && fact.type !== undefined
          ? { ...value, type: { file, ref: fact.type } }
          : value;
      }
      case 'choice':
        return this.#choice(file, fact, at, frame);
      case 'operator':
        return this.#operator(
          fact.operator,
          fact.of.map((of) => this.value(file, of, frame)),
          at,
        );
      case 'write': {
        const write = file.writes[fact.write];
        return write === undefined
          ? unknown('computed', at)
          : this.#written(file, write, at, frame);
      }
      default:
        return unknown('computed', at);
    }
  }

  /** Code outside of the file or class of these holders changes what they hold. */
  set outside(holders: ReadonlySet<string>) {
    this.#changes.outside = holders;
  }

  /** Something in the file changes the object that a name stands for. */
  changedIn(file: CodeFacts, binding: number): boolean {
    return this.#changes.changedIn(file, holderOfBinding(binding));
  }

  // Names

  binding(file: CodeFacts, index: number, at: Site, frame?: Frame): Abstract {
    const fact = file.bindings[index];
    // What entries get by name is followed for variables that are written once.
    const followed = fact?.value !== undefined && fact.writes === 0;
    const value = this.#bound(file, index, at, frame);
    return this.#changes.opened(file, holderOfBinding(index), value, !followed);
  }

  #bound(file: CodeFacts, index: number, at: Site, frame?: Frame): Abstract {
    const fact = file.bindings[index];
    if (fact === undefined) return unknown('computed', at);
    if (fact.from !== undefined)
      return this.#imported(file, fact.from.import, fact.from.imported, at);
    if (fact.declares !== undefined) {
      if ('class' in fact.declares) return { is: 'class', file, cls: fact.declares.class, at };
      return this.#function(file, fact.declares.function, at, frame);
    }
    if (fact.ambient) return unknown('not-described', at, typed(file, fact.type));
    if (fact.parameter !== undefined) return this.#parameter(file, fact, at, frame);
    const loop = this.program.indexOf(file).loops.get(index);
    if (loop !== undefined && fact.value === undefined) {
      const over = this.value(file, loop.over, frame);
      if (
        loop.form === 'of' &&
        over.is === 'array' &&
        over.open === undefined &&
        fact.path === undefined
      )
        return alternatives(over.items, at);
      return unknown('catch-or-loop', at, typed(file, fact.type));
    }
    const first =
      fact.value === undefined
        ? undefined
        : this.#withType(
            this.#along(this.value(file, fact.value, frame), fact, file, at, frame),
            file,
            fact.type,
          );
    const writes = this.program.indexOf(file).writesTo.get(index) ?? [];
    if (first !== undefined && writes.length === 0) return this.#mutated(file, index, first, frame);
    if (first === undefined && writes.length === 0)
      return unknown(
        fact.kind === 'catch' ? 'catch-or-loop' : 'reassigned',
        at,
        typed(file, fact.type),
      );
    return this.#rewritten(file, index, first, writes, at, frame);
  }

  /** A variable that is written again, perhaps with something made of itself. */
  #rewritten(
    file: CodeFacts,
    index: number,
    first: Abstract | undefined,
    writes: readonly WriteFact[],
    at: Site,
    frame?: Frame,
  ): Abstract {
    const type = file.bindings[index]?.type;
    const own = this.#memoOf(file);
    const place = own.index.base + index;
    const memo = frame === undefined ? own.variables : this.#frameMemoOf(frame).variables;
    const known = memo.get(place);
    if (known !== undefined) return this.#again(known);
    if (this.#joining.has(place)) {
      // `options = { ...options, headers }` is made of what it was before.
      const before = this.#joining.get(place);
      return before?.is === 'object' ? before : unknown('reassigned', at, typed(file, type));
    }
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    const outer = this.#begin();
    this.#joining.set(place, first);
    const result = this.#join(file, first, writes, at, frame, type);
    this.#joining.delete(place);
    if (this.#end(outer))
      memo.set(place, { value: result, flags: this.#flagsSince(parameterReads, selfReads) });
    return result;
  }

  /** What a variable or field holds that is written later: all it may hold, without the emptiness before. */
  #join(
    file: CodeFacts,
    first: Abstract | undefined,
    writes: readonly WriteFact[],
    at: Site,
    frame?: Frame,
    type?: TypeRef,
  ): Abstract {
    const values: Abstract[] = first === undefined ? [] : [...each(first)];
    for (const write of writes) {
      if (!/^(?:=|\?\?=|\|\|=)$/.test(write.operator))
        return unknown('reassigned', at, typed(file, type));
      values.push(...each(this.#written(file, write, at, frame)));
    }
    const things = values.filter(
      (value) => !(value.is === 'literal' && (value.value === undefined || value.value === null)),
    );
    if (things.length === 0) return values[0] ?? unknown('reassigned', at, typed(file, type));
    const joined = alternatives(things, at);
    return this.#withType(joined, file, type);
  }

  #written(file: CodeFacts, write: WriteFact, at: Site, frame?: Frame): Abstract {
    if (write.value === undefined) return unknown('reassigned', at);
    return this.#along(this.value(file, write.value, frame), write, file, at, frame);
  }

  /** Goes down a destructuring pattern. */
  #along(
    value: Abstract,
    pattern: {
      readonly path?: readonly PathStep[];
      readonly defaults?: readonly PatternDefault[];
      readonly rest?: true;
    },
    file: CodeFacts,
    at: Site,
    frame?: Frame,
  ): Abstract {
    let current = value;
    const path = pattern.path ?? [];
    const defaulted = (depth: number) => {
      const fallback = pattern.defaults?.find((one) => one.depth === depth);
      if (fallback === undefined) return;
      current = this.#orElse(current, () => this.value(file, fallback.value, frame), at, false);
    };
    defaulted(0);
    for (const [depth, step] of path.entries()) {
      if (typeof step === 'object') {
        const key = this.value(file, step.computed, frame);
        if (key.is !== 'literal' || typeof key.value !== 'string') return unknown('dynamic', at);
        current = this.member(current, key.value, at);
      } else current = this.member(current, String(step), at);
      defaulted(depth + 1);
    }
    if (pattern.rest)
      return current.is === 'object'
        ? { ...current, open: current.open ?? 'spread' }
        : unknown('spread', at);
    return current;
  }

  #withType(value: Abstract, file: CodeFacts, type: TypeRef | undefined): Abstract {
    if (type === undefined || value.is !== 'unknown' || value.type !== undefined) return value;
    return { ...value, type: { file, ref: type } };
  }

  /** Members that are set on an object after it was made. */
  #mutated(file: CodeFacts, binding: number, value: Abstract, frame?: Frame): Abstract {
    if (value.is !== 'object') return value;
    const writes = this.program.indexOf(file).memberWrites.get(binding);
    if (writes === undefined) return value;
    const own = this.#memoOf(file);
    const place = own.index.base + binding;
    const memo = frame === undefined ? own.variables : this.#frameMemoOf(frame).variables;
    const known = memo.get(place);
    if (known !== undefined) return this.#again(known);
    // What an entry gets is made of the object itself: each way through its entries would be another evaluation.
    if (this.#joining.has(place)) return { ...value, open: 'mutated' };
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    const outer = this.#begin();
    this.#joining.set(place, value);
    const result = this.#withWrites(file, binding, value, writes, frame);
    this.#joining.delete(place);
    if (this.#end(outer))
      memo.set(place, { value: result, flags: this.#flagsSince(parameterReads, selfReads) });
    return result;
  }

  #withWrites(
    file: CodeFacts,
    binding: number,
    value: Abstract & ObjectValue,
    writes: readonly WriteFact[],
    frame?: Frame,
  ): Abstract {
    const entries = new Map(value.entries);
    for (const write of writes) {
      const target = file.expressions[write.target];
      if (target?.is !== 'member') continue;
      const at: Site = { file, range: target.range };
      const set =
        write.operator === '=' ? this.#written(file, write, at, frame) : unknown('reassigned', at);
      const before = entries.get(target.name);
      const sameFunction =
        file.bindings[binding]?.function === write.function && write.region === 0;
      entries.set(target.name, {
        key: at,
        value: sameFunction
          ? set
          : alternatives([before?.value ?? literal(undefined, at), set], at),
      });
    }
    return { ...value, entries };
  }

  #global(file: CodeFacts, name: string, at: Site): Abstract {
    if (name === 'undefined') return literal(undefined, at);
    if (name === 'NaN') return literal(Number.NaN, at);
    if (name === 'Infinity') return literal(Number.POSITIVE_INFINITY, at);
    const index = this.program.indexOf(file);
    if (file.incomplete.some(({ why }) => why === 'eval' || why === 'with'))
      return unknown('name-shadowed', at);
    const found = this.surface.global(name, index.package);
    if (found !== undefined) return { is: 'library', ...found, name, at };
    return isGlobal(name) ? { is: 'global', name, at } : unknown('not-described', at);
  }

  #self(file: CodeFacts, expression: ExpressionIndex, at: Site, frame?: Frame): Abstract {
    const fn = this.#functionAt(file, expression);
    const owner = fn === undefined ? undefined : classOf(file, fn);
    if (owner === undefined) return unknown('dynamic', at);
    for (let one = frame; one !== undefined; one = one.outer)
      if (one.file === file && one.fn === owner.fn && one.self !== undefined) return one.self;
    this.#selfReads++;
    if (owner.static) return { is: 'class', file, cls: owner.class, at };
    return { is: 'instance', file, cls: owner.class, at };
  }

  #ownerOf(file: CodeFacts, expression: ExpressionIndex): ClassIndex | undefined {
    const fn = this.#functionAt(file, expression);
    return fn === undefined ? undefined : classOf(file, fn)?.class;
  }

  #functionAt(file: CodeFacts, expression: ExpressionIndex): FunctionIndex | undefined {
    const range = file.expressions[expression]?.range;
    return range === undefined ? undefined : this.program.indexOf(file).functionAt(range);
  }

  #function(file: CodeFacts, fn: FunctionIndex, at: Site, frame?: Frame): Abstract {
    return { is: 'function', file, fn, at, ...(frame === undefined ? {} : { frame }) };
  }

  #parameter(file: CodeFacts, fact: BindingFact, at: Site, frame?: Frame): Abstract {
    const fn = fact.function;
    const index = fact.parameter ?? 0;
    const parameter = file.functions[fn]?.parameters[index];
    for (let one = frame; one !== undefined; one = one.outer) {
      if (one.file !== file || one.fn !== fn) continue;
      if (parameter?.rest) return unknown('spread', at);
      const given = this.#argument(one, index, at);
      const whole =
        parameter?.default === undefined
          ? given
          : this.#orElse(
              given,
              () => this.value(file, parameter.default ?? 0, one.outer),
              at,
              false,
            );
      return this.#withType(this.#along(whole, fact, file, at, one), file, fact.type);
    }
    this.#parameterReads++;
    const element = this.#element(file, fn, index, at);
    if (element !== undefined) return this.#along(element, fact, file, at);
    if (parameter?.rest) return unknown('spread', at);
    const type = fact.type ?? parameter?.type;
    const base: Abstract = {
      is: 'parameter',
      file,
      fn,
      index,
      path: [],
      at,
      ...(parameter?.type === undefined ? {} : { type: { file, ref: parameter.type } }),
    };
    const injected = this.injections?.parameter(file, fn, index, this, at);
    if (injected !== undefined) return this.#along(injected, fact, file, at);
    const handed = index === 0 ? this.handedOver?.get(`${file.path}#${fn}`) : undefined;
    const joined = handed ?? this.#fromCallers(base, parameter?.default, at) ?? base;
    const value = this.#along(joined, fact, file, at);
    if (
      value.is === 'parameter' &&
      value.type === undefined &&
      type !== undefined &&
      value.path.length === 0
    )
      return { ...value, type: { file, ref: type } };
    return value;
  }

  /** What the known callers give, when a function is only called in known places. */
  #fromCallers(
    base: Abstract & ParameterValue,
    fallback: ExpressionIndex | undefined,
    at: Site,
  ): Abstract | undefined {
    if (this.#callers === undefined) return undefined;
    const { sites, complete } = this.#callers.of(base.file, base.fn);
    if (sites.length === 0 || sites.length > MAX_CALLERS) return undefined;
    const values: Abstract[] = [];
    for (const site of sites) {
      const given = this.#argument(
        { ...this.#frameFor(site, base.file, base.fn, undefined), depth: 0 },
        base.index,
        at,
      );
      values.push(
        fallback === undefined
          ? given
          : this.#orElse(given, () => this.value(base.file, fallback), at, false),
      );
    }
    if (!complete) values.push(base);
    return alternatives(values, at);
  }

  /** The elements that `forEach` and its kin give to a function. */
  #element(file: CodeFacts, fn: FunctionIndex, index: number, at: Site): Abstract | undefined {
    const position = file.functions[fn]?.argumentOf;
    if (position === undefined || position.index !== 0 || position.path.length > 0 || index !== 0)
      return undefined;
    const call = file.calls[position.call];
    const callee = call && file.expressions[call.callee];
    if (
      callee?.is !== 'member' ||
      !/^(?:forEach|map|flatMap|filter|some|every|find)$/.test(callee.name)
    )
      return undefined;
    const over = this.value(file, callee.of);
    return over.is === 'array' && over.open === undefined
      ? alternatives(over.items, at)
      : undefined;
  }

  #argument(frame: Frame, index: number, at: Site): Abstract {
    for (let i = 0; i <= index; i++) if (frame.args[i] === 'spread') return unknown('spread', at);
    const given = frame.args[index];
    if (given === undefined || given === 'spread') return literal(undefined, at);
    if ('value' in given) return given.value;
    return this.value(given.file, given.expression, given.frame);
  }

  // Modules

  #module(file: CodeFacts, index: number, at: Site): Abstract {
    const form = file.imports[index]?.form;
    return this.#imported(file, index, form === 'require' ? '=' : '*', at);
  }

  #imported(file: CodeFacts, index: number, name: string, at: Site): Abstract {
    const resolution = this.program.resolve(file, index);
    switch (resolution.is) {
      case 'file': {
        const target = this.program.files.get(resolution.path);
        return target === undefined
          ? unknown('file-not-read', at)
          : this.exported(target.facts, name, at);
      }
      case 'package': {
        const specifier = file.imports[index]?.from ?? '';
        return this.#fromPackage(file, specifier, resolution.name, name, at);
      }
      case 'builtin':
        return this.#fromPackage(file, resolution.name, 'node', name, at);
      case 'asset':
        return unknown('configuration', at);
      default: {
        const generated = this.surface.generated(file.imports[index]?.from ?? '');
        return generated === undefined
          ? unknown(resolution.why, at)
          : this.#fromPackage(file, generated.module, generated.package, name, at);
      }
    }
  }

  #fromPackage(
    file: CodeFacts,
    specifier: string,
    packageName: string,
    name: string,
    at: Site,
  ): Abstract {
    const importer = this.program.indexOf(file).package;
    if (!this.surface.describes(specifier))
      return {
        is: 'external',
        package: packageName === 'node' ? specifier : packageName,
        path: name === '*' || name === '=' || name === 'default' ? [] : [name],
        at,
      };
    const found = this.surface.exported(specifier, packageName, name, importer);
    if (found !== undefined) {
      const spelled = name === '*' || name === '=' || name === 'default' ? nameOf(specifier) : name;
      return { is: 'library', ...found, name: spelled, at };
    }
    if (name === '*' || name === '=' || name === 'default')
      return { is: 'library-module', specifier, package: packageName, importer: file.path, at };
    return {
      is: 'external',
      package: packageName === 'node' ? specifier : packageName,
      path: [name],
      at,
    };
  }

  /** What a file of the repository exports under a name. */
  exported(file: CodeFacts, name: string, at: Site): Abstract {
    const index = this.program.indexOf(file);
    if (index.unread) return unknown('file-not-read', at);
    const memo = this.#memoOf(file).exported;
    const known = memo.get(name);
    if (typeof known === 'number' || this.#nesting > MAX_NESTING)
      return this.#cut(typeof known === 'number' ? known : undefined, at);
    if (known !== undefined) return movedTo(this.#again(known), known.at, at);
    if (this.#nesting === 0) this.#steps = 0;
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    const outer = this.#begin();
    memo.set(name, this.#level - 1);
    this.#nesting++;
    const value = this.#exportedIn(file, name, at);
    this.#nesting--;
    if (this.#end(outer))
      memo.set(name, { value, at, flags: this.#flagsSince(parameterReads, selfReads) });
    else memo.delete(name);
    return value;
  }

  #exportedIn(file: CodeFacts, name: string, at: Site): Abstract {
    const index = this.program.indexOf(file);
    const whole = index.exportsByName.get('=');
    if (name === '=') {
      if (whole !== undefined) return this.#exports(file, whole, at);
      return { is: 'namespace', file, at };
    }
    if (name === '*')
      return whole === undefined ? { is: 'namespace', file, at } : this.#exports(file, whole, at);
    const own = index.exportsByName.get(name);
    if (own !== undefined) return this.#exports(file, own, at);
    if (whole !== undefined) {
      const value = this.#exports(file, whole, at);
      return name === 'default' ? value : this.member(value, name, at);
    }
    if (
      name === 'default' &&
      index.exportsByName.size > 0 &&
      file.imports.some(({ form }) => form === 'require')
    )
      return { is: 'namespace', file, at };
    let unresolved: Abstract | undefined;
    if (name !== 'default')
      for (const star of index.stars) {
        const fact = file.exports[star];
        if (fact?.is !== 'star') continue;
        const found = this.#imported(file, fact.import, name, at);
        if (
          found.is === 'unknown' &&
          (found.why === 'export-not-found' || found.why === 'too-deep')
        )
          continue;
        if (found.is === 'unknown' || found.is === 'external') unresolved ??= found;
        else return found;
      }
    return unresolved ?? unknown('export-not-found', at);
  }

  #exports(file: CodeFacts, indexes: readonly number[], at: Site): Abstract {
    const values = indexes.flatMap((one) => {
      const fact = file.exports[one];
      if (fact === undefined || fact.is === 'star') return [];
      if (fact.is === 'from') return [this.#imported(file, fact.import, fact.imported, at)];
      if (fact.is === 'expression') return [this.value(file, fact.expression)];
      // A type and a value may share a name.
      const kind = file.bindings[fact.binding]?.kind;
      if (indexes.length > 1 && (kind === 'interface' || kind === 'type')) return [];
      return [this.binding(file, fact.binding, at)];
    });
    return values.length === 0 ? unknown('export-not-found', at) : alternatives(values, at);
  }

  // Members

  member(value: Abstract, name: string, at: Site): Abstract {
    switch (value.is) {
      case 'alternatives':
        return alternatives(
          value.of.map((one) => this.member(one, name, at)),
          at,
        );
      case 'object': {
        const entry = value.entries.get(name);
        if (entry !== undefined)
          return entry.unsure
            ? alternatives([entry.value, unknown(value.open ?? 'spread', at)], at)
            : entry.value;
        if (value.open !== undefined) return unknown(value.open, at);
        return OBJECT_METHODS.has(name)
          ? { is: 'method', of: value, name, at }
          : literal(undefined, at);
      }
      case 'array': {
        if (/^\d+$/.test(name)) {
          const item = value.items[Number(name)];
          return (
            item ?? (value.open === undefined ? literal(undefined, at) : unknown(value.open, at))
          );
        }
        return { is: 'method', of: value, name, at };
      }
      case 'namespace':
        return this.exported(value.file, name, at);
      case 'library-module': {
        const importer = this.program.packages.ownerOf(value.importer);
        const found = this.surface.exported(value.specifier, value.package, name, importer);
        if (found !== undefined) return { is: 'library', ...found, name, at };
        if (name === 'default') return value;
        return { is: 'external', package: value.package, path: [name], at };
      }
      case 'instance':
        return this.#instanceMember(value, name, at);
      case 'class':
        return this.#staticMember(value.file, value.cls, name, at);
      case 'library':
        return this.#libraryMember(value, name, at);
      case 'external':
        return { ...value, path: [...value.path, name], at };
      case 'global': {
        if (value.name === 'globalThis' || value.name === 'global' || value.name === 'window')
          return this.#global(at.file, name, at);
        if (value.name === 'process.env') return { is: 'environment', name, parse: 'text', at };
        return { is: 'global', name: `${value.name}.${name}`, at };
      }
      case 'controller':
        return name === 'signal'
          ? { is: 'signal', signal: { is: 'controller', site: value.site }, at }
          : { is: 'method', of: value, name, at };
      case 'parameter': {
        if (isBuiltInType(value.type)) return { is: 'method', of: value, name, at };
        const refined = this.refine(value);
        if (refined !== undefined) return this.member(refined, name, at);
        const type = this.memberType(value.type, name);
        const { type: _, ...rest } = value;
        return {
          ...rest,
          path: [...value.path, name],
          at,
          ...(type === undefined ? {} : { type }),
        };
      }
      case 'function': {
        if (/^(?:bind|call|apply)$/.test(name)) return { is: 'method', of: value, name, at };
        return this.#functionMember(value, name, at);
      }
      case 'unknown': {
        if (isBuiltInType(value.type)) return { is: 'method', of: value, name, at };
        const refined = this.refine(value);
        if (refined !== undefined) return this.member(refined, name, at);
        const type = this.memberType(value.type, name);
        return unknown(value.why, at, {
          ...(value.package === undefined ? {} : { package: value.package }),
          ...(type === undefined ? {} : { type }),
        });
      }
      case 'literal':
        if (value.value === undefined || value.value === null) return unknown('dynamic', at);
        return { is: 'method', of: value, name, at };
      default:
        return { is: 'method', of: value, name, at };
    }
  }

  /** What is assigned to a function: `handler.timeout = 5`. */
  #functionMember(value: Abstract & FunctionValue, name: string, at: Site): Abstract {
    const index = this.program.indexOf(value.file);
    for (const binding of index.functionBindings.get(value.fn) ?? []) {
      const writes = (index.memberWrites.get(binding) ?? []).filter((write) => {
        const target = value.file.expressions[write.target];
        return target?.is === 'member' && target.name === name;
      });
      if (writes.length > 0) return this.#join(value.file, undefined, writes, at);
    }
    return unknown('dynamic', at);
  }

  #libraryMember(value: Abstract & LibraryValue, name: string, at: Site): Abstract {
    // A promise of the value, or an emitter: what these names mean is not for `others` to say.
    const isOwn = ownMember(value.shape, name) !== undefined;
    if (!isOwn && (PROMISE_METHODS.has(name) || EMITTER_METHODS.test(name)))
      return { is: 'method', of: value, name, at };
    const found = memberOf(value.shape, name);
    const { from: _, chain: __, ...base } = value;
    if (found !== undefined) {
      const shape = this.surface.shapeOf(value.library, found);
      if (shape !== undefined && exists(shape.shape, value.library.versions))
        return { ...base, ...shape, name: `${value.name}.${name}`, at, ...keptFrom(value) };
    }
    return unknown('not-described', at, { package: value.library.package });
  }

  #staticMember(file: CodeFacts, cls: ClassIndex, name: string, at: Site): Abstract {
    const fact = file.classes[cls];
    if (fact === undefined) return unknown('field', at);
    const method = fact.methods.find((one) => one.static && one.name === name);
    const self: Abstract = { is: 'class', file, cls, at };
    if (method?.function !== undefined) {
      const value: Abstract & FunctionValue = {
        is: 'function',
        file,
        fn: method.function,
        self,
        at,
      };
      return method.kind === 'getter' ? this.#returned(value, NO_ARGUMENTS, at) : value;
    }
    const field = fact.fields.find((one) => one.static && one.name === name);
    const writes = this.#staticWrites(file, cls, name);
    if (field !== undefined || writes.length > 0) {
      const opened = (value: Abstract) =>
        this.#changes.opened(file, holderOfField(cls, name), value, true);
      const first = field?.value === undefined ? undefined : this.value(file, field.value);
      if (first !== undefined && writes.length === 0)
        return opened(this.#withType(first, file, field?.type));
      if (writes.length > 0)
        return opened(this.#join(file, first, writes, at, undefined, field?.type));
      return unknown('field', at, typed(file, field?.type));
    }
    if (fact.extends === undefined) return unknown('field', at);
    return this.member(this.value(file, fact.extends), name, at);
  }

  /** `this.x = ` in static methods and `Class.x = ` anywhere in the file. */
  #staticWrites(file: CodeFacts, cls: ClassIndex, name: string): WriteFact[] {
    const index = this.program.indexOf(file);
    const binding = file.classes[cls]?.binding;
    const named = binding === undefined ? [] : (index.memberWrites.get(binding) ?? []);
    const byName = named.filter((write) => {
      const target = file.expressions[write.target];
      return target?.is === 'member' && target.name === name;
    });
    const own = (index.fieldWrites.get(`${cls}#${name}`) ?? []).filter(
      (write) => classOf(file, write.function)?.static === true,
    );
    return [...own, ...byName];
  }

  #instanceMember(value: Abstract & InstanceValue, name: string, at: Site, depth = 0): Abstract {
    const found = this.#ownOrInherited(value, name, at, depth);
    return this.#changes.opened(value.file, holderOfField(value.cls, name), found, true);
  }

  #ownOrInherited(
    value: Abstract & InstanceValue,
    name: string,
    at: Site,
    depth: number,
  ): Abstract {
    const { file, cls } = value;
    const fact = file.classes[cls];
    if (fact === undefined || depth > 16) return unknown('field', at);
    const method = fact.methods.find(
      (one) => !one.static && one.name === name && one.kind !== 'setter',
    );
    if (method !== undefined) {
      if (method.function === undefined) return this.#overridden(value, name, at);
      const fn: Abstract & FunctionValue = {
        is: 'function',
        file,
        fn: method.function,
        self: value,
        at,
      };
      return method.kind === 'getter' ? this.#returned(fn, NO_ARGUMENTS, at) : fn;
    }
    const own = this.#field(value, name, at);
    if (own !== undefined) return own;
    if (fact.extends === undefined) return unknown('field', at);
    const base = this.value(file, fact.extends);
    for (const one of each(base)) {
      if (one.is === 'class')
        return this.#instanceMember(
          { is: 'instance', file: one.file, cls: one.cls, at: value.at, ...this.#superOf(value) },
          name,
          at,
          depth + 1,
        );
      if (one.is === 'library') {
        const extended = one.shape.extended ?? one.shape.construct?.gives;
        const shape =
          extended === undefined ? undefined : this.surface.shapeOf(one.library, extended);
        if (shape !== undefined) {
          const client: ClientOrigin = { is: 'class', file, cls, instance: value };
          return this.member(
            { is: 'library', ...shape, name: fact.name ?? one.name, client, at },
            name,
            at,
          );
        }
      }
    }
    return base.is === 'external'
      ? { ...base, path: [...base.path, name], at }
      : unknown('field', at);
  }

  /** The `super(...)` call that makes the part of an instance that its base class describes. */
  #superOf(value: InstanceValue): { construct?: CallSite } {
    const { file, cls } = value;
    const fn = constructorOf(file, cls);
    // Without a constructor the arguments go through.
    if (fn === undefined)
      return value.construct === undefined ? {} : { construct: value.construct };
    const call = this.program.indexOf(file).superCalls.get(fn);
    if (call === undefined) return {};
    const frame = this.#constructorFrame(value, fn);
    return { construct: { file, call, ...(frame === undefined ? {} : { frame }) } };
  }

  #constructorFrame(value: InstanceValue, fn: FunctionIndex): Frame | undefined {
    const { construct } = value;
    if (construct === undefined || (construct.frame?.depth ?? 0) >= MAX_FRAMES) return undefined;
    const self: Abstract = { ...value, at: { file: value.file, range: [0, 0] } };
    return this.#frameFor(construct, value.file, fn, self);
  }

  /** A method without a body: what the classes that extend this one make of it. */
  #overridden(value: Abstract & InstanceValue, name: string, at: Site): Abstract {
    const key = `${value.file.path}#${value.cls}!${name}`;
    if (this.#running.has(key)) return unknown('field', at);
    this.#running.add(key);
    const result = this.#inSubclasses(value, name, at);
    this.#running.delete(key);
    return result;
  }

  #inSubclasses(value: Abstract & InstanceValue, name: string, at: Site): Abstract {
    const found: Abstract[] = [];
    for (const { facts } of this.program.files.values())
      for (const [cls, fact] of facts.classes.entries()) {
        if (fact.extends === undefined) continue;
        const base = this.value(facts, fact.extends);
        if (base.is !== 'class' || base.file !== value.file || base.cls !== value.cls) continue;
        found.push(this.#instanceMember({ is: 'instance', file: facts, cls, at }, name, at, 8));
      }
    return found.length === 0 ? unknown('field', at) : alternatives(found, at);
  }

  /** A field that the class itself declares or writes; undefined when it has none of this name. */
  #field(value: Abstract & InstanceValue, name: string, at: Site): Abstract | undefined {
    const { file, cls } = value;
    const { construct } = value;
    const made = construct === undefined ? '' : `${construct.file.path}#${construct.call}`;
    const key = `${file.path}#${cls}#${name}#${made}#${construct?.frame?.depth ?? ''}`;
    const isShared = construct?.frame === undefined;
    const known = isShared ? this.#fields.get(key) : undefined;
    if (known !== undefined) return this.#again(known);
    const level = this.#runningFields.get(key);
    if (level !== undefined) return this.#cut(level, at);
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    const outer = this.#begin();
    this.#runningFields.set(key, this.#level - 1);
    const result = this.#fieldOf(value, name, at);
    this.#runningFields.delete(key);
    const isFound = this.#end(outer);
    if (result !== undefined && isShared && isFound)
      this.#fields.set(key, {
        value: result,
        flags: this.#flagsSince(parameterReads, selfReads),
      });
    return result;
  }

  #fieldOf(value: Abstract & InstanceValue, name: string, at: Site): Abstract | undefined {
    const { file, cls } = value;
    const field = file.classes[cls]?.fields.find((one) => !one.static && one.name === name);
    const writes = this.program.indexOf(file).fieldWrites.get(`${cls}#${name}`) ?? [];
    if (field === undefined && writes.length === 0) return undefined;
    const fn = constructorOf(file, cls);
    const frame = fn === undefined ? undefined : this.#constructorFrame(value, fn);
    const self: Abstract = value;
    const here = {
      ...(frame ?? { file, fn: fn ?? 0, args: [], depth: value.construct?.frame?.depth ?? 0 }),
      self,
    };
    const inConstructor = frame;
    let first: Abstract | undefined;
    if (field?.parameter !== undefined && fn !== undefined) {
      const binding = file.functions[fn]?.parameters[field.parameter]?.bindings[0];
      if (binding !== undefined) first = this.binding(file, binding, at, inConstructor);
    } else if (field?.value !== undefined) {
      const initialiser = this.program.indexOf(file).initialisers.get(`${cls}#${name}`);
      first = this.value(
        file,
        field.value,
        value.construct === undefined || initialiser === undefined
          ? undefined
          : { ...here, fn: initialiser },
      );
    }
    if (field !== undefined && first === undefined && writes.length === 0) {
      // What a container gives may be made with parameters.
      this.noteParameter();
      const injected = this.injections?.field(file, cls, field, this, at);
      return injected ?? unknown('injected', at, typed(file, field.type));
    }
    if (first !== undefined && writes.length === 0) return this.#withType(first, file, field?.type);
    const values: Abstract[] = first === undefined ? [] : [...each(first)];
    for (const write of writes) {
      if (!/^(?:=|\?\?=|\|\|=)$/.test(write.operator))
        return unknown('field', at, typed(file, field?.type));
      const inside = write.function === fn ? inConstructor : undefined;
      values.push(...each(this.#written(file, write, at, inside)));
    }
    const things = values.filter(
      (one) => !(one.is === 'literal' && (one.value === undefined || one.value === null)),
    );
    if (things.length === 0) return values[0];
    return this.#withType(alternatives(things, at), file, field?.type);
  }

  // Types

  /** The value that stands behind an annotation: an instance of a class, a value of a library. */
  refine(value: Abstract): Abstract | undefined {
    if ((value.is !== 'parameter' && value.is !== 'unknown') || value.type === undefined)
      return undefined;
    const why: Why = value.is === 'parameter' ? 'parameter' : value.why;
    return this.ofType(value.type, why, value.at);
  }

  ofType(type: TypeIn, why: Why, at: Site, depth = 0): Abstract | undefined {
    const { file, ref } = type;
    if (depth > 8) return undefined;
    const { root } = ref;
    if ('global' in root) {
      const inner = ref.arguments?.[0];
      if (
        /^(?:Promise|Readonly|NonNullable|Awaited|Partial|Required|PromiseLike)$/.test(
          root.global,
        ) &&
        inner
      )
        return this.ofType({ file, ref: inner }, why, at, depth + 1);
      if (root.global === 'ReturnType' && inner?.query) {
        const fn = this.#typeRoot({ file, ref: inner }, at);
        return fn?.is === 'function' ? this.#returned(fn, NO_ARGUMENTS, at) : undefined;
      }
      return undefined;
    }
    if ('members' in root) return undefined;
    const value = this.#typeRoot(type, at);
    if (value === undefined) return this.#ofTypeFact(type, why, at, depth);
    if (ref.query) return value;
    // An instance of a class of a package: its members are known to be the package's.
    if (value.is === 'external') return value;
    if (value.is === 'class') return { is: 'instance', file: value.file, cls: value.cls, at };
    if (value.is === 'library') {
      const gives = value.shape.construct?.gives ?? value.shape.extended ?? value.shape.call?.gives;
      const shape = gives === undefined ? undefined : this.surface.shapeOf(value.library, gives);
      return (
        shape && { is: 'library', ...shape, name: value.name, client: { is: 'unknown', why }, at }
      );
    }
    return undefined;
  }

  /** What the name of a type is as a value; undefined for interfaces and aliases. */
  #typeRoot({ file, ref }: TypeIn, at: Site): Abstract | undefined {
    if (!('binding' in ref.root)) return undefined;
    const kind = file.bindings[ref.root.binding]?.kind;
    if (kind === 'interface' || kind === 'type' || kind === 'type-parameter') return undefined;
    let value = this.binding(file, ref.root.binding, at);
    for (const step of ref.path ?? []) value = this.member(value, step, at);
    return value.is === 'unknown' ? undefined : value;
  }

  /** An interface is its only implementation; an alias is what it stands for. */
  #ofTypeFact(type: TypeIn, why: Why, at: Site, depth: number): Abstract | undefined {
    const found = this.#typeFact(type);
    if (found === undefined) return undefined;
    const { file, index } = found;
    const fact = file.types[index];
    if (fact === undefined) return undefined;
    if (fact.alias !== undefined) return this.ofType({ file, ref: fact.alias }, why, at, depth + 1);
    for (const base of fact.extends) {
      const value = this.ofType({ file, ref: base }, why, at, depth + 1);
      if (value !== undefined) return value;
    }
    const classes = this.implementations(file, index);
    const [only] = classes;
    return only !== undefined && classes.length === 1
      ? { is: 'instance', file: only.file, cls: only.cls, at }
      : undefined;
  }

  /** The declaration of an interface or alias that a type names. */
  #typeFact(
    { file, ref }: TypeIn,
    depth = 0,
  ): { readonly file: CodeFacts; readonly index: number } | undefined {
    if (!('binding' in ref.root) || depth > 8) return undefined;
    return this.#typeFactOf(file, ref.root.binding, depth);
  }

  #typeFactOf(
    file: CodeFacts,
    binding: number,
    depth: number,
  ): { file: CodeFacts; index: number } | undefined {
    const index = this.program.indexOf(file).types.get(binding);
    if (index !== undefined) return { file, index };
    const from = file.bindings[binding]?.from;
    return from === undefined
      ? undefined
      : this.#typeFactIn(file, from.import, from.imported, depth + 1);
  }

  #typeFactIn(
    file: CodeFacts,
    importIndex: number,
    name: string,
    depth: number,
  ): { file: CodeFacts; index: number } | undefined {
    const resolution = this.program.resolve(file, importIndex);
    if (resolution.is !== 'file' || depth > 8) return undefined;
    const target = this.program.files.get(resolution.path);
    if (target === undefined) return undefined;
    for (const at of target.exportsByName.get(name) ?? []) {
      const fact = target.facts.exports[at];
      if (fact?.is === 'binding') {
        const found = this.#typeFactOf(target.facts, fact.binding, depth + 1);
        if (found !== undefined) return found;
      }
      if (fact?.is === 'from')
        return this.#typeFactIn(target.facts, fact.import, fact.imported, depth + 1);
    }
    for (const star of target.stars) {
      const fact = target.facts.exports[star];
      const found =
        fact?.is === 'star'
          ? this.#typeFactIn(target.facts, fact.import, name, depth + 1)
          : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #implementing: Map<string, { file: CodeFacts; cls: ClassIndex }[]> | undefined;

  /** Classes that say that they implement an interface. */
  implementations(file: CodeFacts, index: number): readonly { file: CodeFacts; cls: ClassIndex }[] {
    if (this.#implementing === undefined) {
      this.#implementing = new Map();
      for (const { facts } of this.program.files.values())
        for (const [cls, fact] of facts.classes.entries())
          for (const ref of fact.implements) {
            const found = this.#typeFact({ file: facts, ref });
            if (found === undefined) continue;
            const key = `${found.file.path}#${found.index}`;
            const known = this.#implementing.get(key) ?? [];
            known.push({ file: facts, cls });
            this.#implementing.set(key, known);
          }
    }
    return this.#implementing.get(`${file.path}#${index}`) ?? [];
  }

  memberType(type: TypeIn | undefined, name: string): TypeIn | undefined {
    if (type === undefined) return undefined;
    const { file, ref } = type;
    if ('members' in ref.root) {
      const member = ref.root.members.find((one) => one.name === name);
      return member?.type === undefined ? undefined : { file, ref: member.type };
    }
    const found = this.#typeFact(type);
    if (found === undefined) return undefined;
    const fact = found.file.types[found.index];
    const member = fact?.members.find((one) => one.name === name);
    if (member?.type !== undefined) return { file: found.file, ref: member.type };
    if (fact?.alias !== undefined)
      return this.memberType({ file: found.file, ref: fact.alias }, name);
    return undefined;
  }

  // Compound values

  #object(file: CodeFacts, list: readonly ObjectEntry[], at: Site, frame?: Frame): Abstract {
    let entries = new Map<string, Property>();
    let open: Why | undefined;
    let openFrom: string | undefined;
    for (const entry of list) {
      if ('spread' in entry) {
        const spread = this.value(file, entry.spread, frame);
        const merged = this.spread(entries, spread);
        entries = merged.entries;
        open ??= merged.open;
        openFrom ??= merged.openFrom;
        continue;
      }
      if ('computed' in entry) {
        const key = this.value(file, entry.computed, frame);
        if (
          key.is === 'literal' &&
          (typeof key.value === 'string' || typeof key.value === 'number')
        )
          entries.set(String(key.value), {
            value: this.value(file, entry.value, frame),
            key: key.at,
          });
        else {
          open ??= 'computed';
          for (const [name, property] of entries) entries.set(name, { ...property, unsure: true });
        }
        continue;
      }
      const value = this.value(file, entry.value, frame);
      entries.set(entry.key, {
        key: { file, range: entry.keyRange },
        value:
          entry.accessor && value.is === 'function'
            ? this.#returned(value, NO_ARGUMENTS, at)
            : value,
      });
    }
    return {
      is: 'object',
      entries,
      at,
      ...(open === undefined ? {} : { open }),
      ...(openFrom === undefined ? {} : { openFrom }),
    };
  }

  /** What `{ ...before, ...value }` holds. */
  spread(
    before: ReadonlyMap<string, Property>,
    value: Abstract,
  ): { entries: Map<string, Property>; open?: Why; openFrom?: string } {
    const entries = new Map(before);
    if (value.is === 'object') {
      for (const [name, property] of value.entries) {
        const old = entries.get(name);
        entries.set(
          name,
          property.unsure && old !== undefined
            ? { ...property, value: alternatives([old.value, property.value], property.key) }
            : property,
        );
      }
      if (value.open !== undefined)
        for (const [name, property] of before)
          if (!value.entries.has(name)) entries.set(name, { ...property, unsure: true });
      return {
        entries,
        ...(value.open === undefined ? {} : { open: value.open }),
        ...(value.openFrom === undefined ? {} : { openFrom: value.openFrom }),
      };
    }
    // `...(condition && { timeout })`, `...undefined`.
    if (
      value.is === 'literal' &&
      (value.value === undefined || value.value === null || typeof value.value === 'boolean')
    )
      return { entries };
    if (
      value.is === 'alternatives' &&
      value.of.every((one) => one.is === 'object' || one.is === 'literal')
    ) {
      const all = value.of.map((one) => this.spread(before, one));
      const names = new Set(all.flatMap(({ entries: found }) => [...found.keys()]));
      const joined = new Map<string, Property>();
      for (const name of names) {
        const found = all.flatMap(({ entries: one }) => one.get(name) ?? []);
        const [first] = found;
        if (first === undefined) continue;
        const values = found.map((one) => one.value);
        if (found.length < all.length) values.push(literal(undefined, first.key));
        joined.set(name, { ...first, value: alternatives(values, first.key) });
      }
      const open = all.find((one) => one.open !== undefined)?.open;
      return { entries: joined, ...(open === undefined ? {} : { open }) };
    }
    for (const [name, property] of before) entries.set(name, { ...property, unsure: true });
    const openFrom =
      value.is === 'external' ? value.package : value.is === 'unknown' ? value.package : undefined;
    const open: Why =
      value.is === 'unknown'
        ? value.why
        : value.is === 'external'
          ? 'package-unknown'
          : value.is === 'parameter'
            ? 'parameter'
            : 'spread';
    return { entries, open, ...(openFrom === undefined ? {} : { openFrom }) };
  }

  #array(file: CodeFacts, list: readonly ListItem[], at: Site, frame?: Frame): Abstract {
    const items: Abstract[] = [];
    let open: Why | undefined;
    for (const item of list) {
      if (item === null) items.push(literal(undefined, at));
      else if (typeof item === 'number') items.push(this.value(file, item, frame));
      else {
        const spread = this.value(file, item.spread, frame);
        if (spread.is === 'array') {
          items.push(...spread.items);
          open ??= spread.open;
        } else open ??= 'spread';
      }
    }
    return { is: 'array', items, at, ...(open === undefined ? {} : { open }) };
  }

  #template(parts: readonly (string | Abstract)[], at: Site): Abstract {
    const result: (string | null)[] = [];
    const pieces = parts.flatMap((part): readonly (string | null | Abstract)[] => {
      if (typeof part === 'string') return [part];
      if (part.is === 'literal') return [String(part.value)];
      if (part.is === 'text') return part.pieces ?? part.parts;
      return [part.is === 'environment' ? part : null];
    });
    const told = pieces.some((piece) => piece !== null && typeof piece === 'object')
      ? { pieces }
      : {};
    let written: number | undefined;
    for (const part of parts) {
      let texts: readonly (string | null)[] = [null];
      const [before = ''] = result;
      const length = result.length > 1 ? undefined : (before?.length ?? 0);
      if (typeof part === 'string') texts = [part];
      else if (part.is === 'literal') texts = [String(part.value)];
      else if (part.is === 'text') {
        texts = part.parts;
        if (part.written !== undefined && length !== undefined) written ??= length + part.written;
      } else if (part.is === 'environment' && part.fallback?.is === 'literal') {
        texts = [String(part.fallback.value)];
        written ??= length;
      }
      for (const text of texts) {
        const last = result.at(-1);
        if (text !== null && typeof last === 'string') result[result.length - 1] = last + text;
        else result.push(text);
      }
    }
    const [only] = result;
    if (result.length === 0) return literal('', at);
    if (written !== undefined) return { is: 'text', parts: result, written, at, ...told };
    return result.length === 1 && typeof only === 'string'
      ? literal(only, at)
      : { is: 'text', parts: result, at, ...told };
  }

  #choice(
    file: CodeFacts,
    fact: {
      readonly operator: string;
      readonly test?: ExpressionIndex;
      readonly of: readonly [ExpressionIndex, ExpressionIndex];
    },
    at: Site,
    frame?: Frame,
  ): Abstract {
    const [left, right] = fact.of;
    if (fact.operator === '?:') {
      const test = fact.test === undefined ? undefined : this.value(file, fact.test, frame);
      const truth = test === undefined ? undefined : truthOf(test);
      if (truth === true) return this.value(file, left, frame);
      if (truth === false) return this.value(file, right, frame);
      return alternatives([this.value(file, left, frame), this.value(file, right, frame)], at);
    }
    const first = this.value(file, left, frame);
    if (fact.operator === '&&') {
      const truth = truthOf(first);
      if (truth === false) return first;
      const second = this.value(file, right, frame);
      return truth === true ? second : alternatives([literal(undefined, at), second], at);
    }
    return this.#orElse(first, () => this.value(file, right, frame), at, fact.operator === '||');
  }

  /** `value ?? other`, `value || other`, and defaults of patterns and parameters. */
  #orElse(value: Abstract, other: () => Abstract, at: Site, falsy: boolean): Abstract {
    if (value.is === 'alternatives')
      return alternatives(
        value.of.map((one) => this.#orElse(one, other, at, falsy)),
        at,
      );
    if (value.is === 'literal') {
      const missing = falsy ? !value.value : value.value === undefined || value.value === null;
      return missing ? other() : value;
    }
    if (value.is === 'environment' && value.fallback === undefined)
      return { ...value, fallback: other() };
    if (value.is === 'parameter') return alternatives([value, other()], at);
    if (value.is === 'unknown') {
      const refined = this.refine(value);
      if (refined !== undefined) return refined;
      const fallback = other();
      return alternatives([value, fallback], at);
    }
    return value;
  }

  #operator(operator: string, of: readonly Abstract[], at: Site): Abstract {
    const [left, right] = of;
    if (left === undefined) return unknown('computed', at);
    if (right === undefined) return unary(operator, left, at);
    if (
      operator === '+' &&
      [left, right].some(
        (one) => one.is === 'text' || (one.is === 'literal' && typeof one.value === 'string'),
      )
    )
      return this.#template([left, right], at);
    if (left.is === 'alternatives' && right.is === 'literal')
      return alternatives(
        left.of.map((one) => this.#operator(operator, [one, right], at)),
        at,
      );
    if (left.is !== 'literal' || right.is !== 'literal') {
      if (left.is === 'environment' && right.is === 'literal' && left.fallback?.is === 'literal')
        return {
          ...left,
          parse: 'number',
          fallback: this.#operator(operator, [left.fallback, right], at),
        };
      return unknown(
        left.is === 'environment' || right.is === 'environment' ? 'environment' : 'computed',
        at,
      );
    }
    return binary(operator, left.value, right.value, at);
  }

  // Calls

  argumentsOf({ file, call, frame }: CallSite): readonly Argument[] {
    const memo = this.#memoOf(file);
    const lists = frame === undefined ? memo.argumentLists : this.#frameMemoOf(frame).argumentLists;
    const key = memo.index.base + call;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const items = file.calls[call]?.arguments ?? NOTHING;
    const list =
      items.length === 0
        ? []
        : items.map((item): Argument => {
            if (item === null || typeof item !== 'number') return 'spread';
            return frame === undefined
              ? { file, expression: item }
              : { file, expression: item, frame };
          });
    lists.set(key, list);
    return list;
  }

  /** The arguments; `unknown` when a spread makes their positions uncertain. */
  argumentValues(site: CallSite): readonly Abstract[] | 'unknown' {
    const values: Abstract[] = [];
    for (const argument of this.argumentsOf(site)) {
      if (argument === 'spread') return 'unknown';
      values.push(
        'value' in argument
          ? argument.value
          : this.value(argument.file, argument.expression, argument.frame),
      );
    }
    return values;
  }

  callee({ file, call, frame }: CallSite): Abstract {
    const fact = file.calls[call];
    return fact === undefined
      ? unknown('computed', { file, range: [0, 0] })
      : this.value(file, fact.callee, frame);
  }

  /** What a call gives. Promises count as what they are promises of. */
  result(site: CallSite): Abstract {
    const fact = site.file.calls[site.call];
    const at: Site = { file: site.file, range: fact?.range ?? [0, 0] };
    if (fact === undefined) return unknown('computed', at);
    const callee = this.callee(site);
    return alternatives(
      each(callee).map((one) => this.#resultOf(one, site, at)),
      at,
    );
  }

  #resultOf(callee: Abstract, site: CallSite, at: Site): Abstract {
    const fact = site.file.calls[site.call];
    switch (callee.is) {
      case 'function': {
        const value = this.#returned(callee, this.argumentsOf(site), at);
        return value;
      }
      case 'class':
        return { is: 'instance', file: callee.file, cls: callee.cls, construct: site, at };
      case 'library': {
        const callable = fact?.form === 'new' ? callee.shape.construct : callee.shape.call;
        return callable === undefined
          ? unknown('not-described', at, { package: callee.library.package })
          : this.#libraryResult(callee, callable, site, at);
      }
      case 'global':
        return globalResult(callee.name, site, this, at);
      case 'method':
        return methodResult(callee, site, at);
      case 'external': {
        const setting = configured(callee, site, this, at);
        if (setting !== undefined) return setting;
        // It only joins what it gets: nothing of its own comes into an option bag.
        if (MERGING.test(callee.package))
          return unknown('computed', at, this.#functionsGiven(site));
        return unknown('package-unknown', at, {
          package: callee.package,
          ...this.#functionsGiven(site),
        });
      }
      case 'parameter':
        return unknown('parameter', at);
      case 'environment':
        return unknown('environment', at);
      case 'unknown':
        return unknown(callee.why, at, {
          ...(callee.package === undefined ? {} : { package: callee.package }),
          ...this.#functionsGiven(site),
        });
      default:
        return unknown('dynamic', at);
    }
  }

  #functionsGiven(site: CallSite): { functions?: FunctionValue[] } {
    const functions = this.argumentsOf(site).flatMap((argument) => {
      if (argument === 'spread' || 'value' in argument) return [];
      const { is } = argument.file.expressions[argument.expression] ?? {};
      if (is !== 'function' && is !== 'binding' && is !== 'member' && is !== 'call') return [];
      const value = this.value(argument.file, argument.expression, argument.frame);
      if (value.is === 'function') return [value];
      return value.is === 'unknown' ? (value.functions ?? []) : [];
    });
    return functions.length === 0 ? {} : { functions };
  }

  #libraryResult(
    callee: Abstract & LibraryValue,
    callable: Callable,
    site: CallSite,
    at: Site,
  ): Abstract {
    if (!exists(callable, callee.library.versions)) return unknown('version-unknown', at);
    if (callable.chains) {
      const receiver = this.#receiver(site);
      if (receiver !== undefined && receiver.is === 'library')
        return { ...receiver, chain: [...(receiver.chain ?? []), site], at };
      return receiver ?? unknown('not-described', at);
    }
    if (callable.gives === undefined)
      return unknown('call-result', at, { package: callee.library.package });
    if (signatureOf(callable, this.argumentValues(site)) === 'none')
      return unknown('call-result', at, { package: callee.library.package });
    const shape = this.surface.shapeOf(callee.library, callable.gives);
    if (shape === undefined) return unknown('not-described', at);
    const constructs = callable.does?.some(({ is }) => is === 'client') === true;
    const client: ClientOrigin | undefined = constructs
      ? { is: 'construct', site }
      : (callee.client ?? this.clientGiven(callable, this.argumentValues(site)));
    return {
      is: 'library',
      ...shape,
      name: shapeName(callable.gives) ?? callee.name,
      ...(client === undefined ? {} : { client }),
      from: site,
      at,
    };
  }

  /** The client that a call gets as an argument: `new Upload({ client })`. */
  clientGiven(callable: Callable, args: readonly Abstract[] | 'unknown'): ClientOrigin | undefined {
    const signature = signatureOf(callable, args);
    if (typeof signature === 'string' || args === 'unknown') return undefined;
    for (const [index, { role, path }] of signature.entries()) {
      const arg = args[index];
      if (role !== 'value' || arg === undefined) continue;
      for (const one of each(path === undefined ? arg : this.member(arg, path, arg.at)))
        if (one.is === 'library' && one.client !== undefined) return one.client;
    }
    return undefined;
  }

  /** What the member of a method call is read of. */
  #receiver(site: CallSite): Abstract | undefined {
    const fact = site.file.calls[site.call];
    const callee = fact && site.file.expressions[fact.callee];
    return callee?.is === 'member' ? this.value(site.file, callee.of, site.frame) : undefined;
  }

  receiver(site: CallSite): Abstract | undefined {
    return this.#receiver(site);
  }

  #frameFor(site: CallSite, file: CodeFacts, fn: FunctionIndex, self: Abstract | undefined): Frame {
    return {
      file,
      fn,
      args: this.argumentsOf(site),
      depth: (site.frame?.depth ?? 0) + 1,
      ...(self === undefined ? {} : { self }),
    };
  }

  #leaves(file: CodeFacts, fn: FunctionIndex, at: Site, frame: Frame | undefined): Abstract {
    const values = (file.functions[fn]?.leaves ?? []).flatMap((leaf) => {
      if (leaf.how !== 'return') return [];
      return leaf.value === undefined
        ? [literal(undefined, at)]
        : [...each(this.value(file, leaf.value, frame))];
    });
    const things = values.filter(
      (one) => !(one.is === 'literal' && (one.value === undefined || one.value === null)),
    );
    return things.length === 0 ? (values[0] ?? literal(undefined, at)) : alternatives(things, at);
  }

  /** What a function returns when that depends on nothing that a call gives. */
  #generally({ file, fn, self }: FunctionValue, at: Site): Abstract | undefined {
    const { functions } = this.#memoOf(file);
    let known = functions.get(fn);
    if (known === 'running') return undefined;
    if (known === undefined) {
      functions.set(fn, 'running');
      const [parameterReads, selfReads] = [this.#parameterReads, this.#selfReads];
      const outer = this.#begin();
      const value = this.#withType(
        this.#leaves(file, fn, at, undefined),
        file,
        file.functions[fn]?.returns,
      );
      known = {
        value,
        // A function that it makes uses what it gets later.
        parameters: this.#parameterReads !== parameterReads || makesFunction(value, file, fn),
        self: this.#selfReads !== selfReads,
      };
      // What the function reads of its own parameters is nothing that its caller depends on.
      this.#parameterReads = parameterReads;
      this.#selfReads = selfReads;
      functions.delete(fn);
      if (!this.#end(outer)) return undefined;
      functions.set(fn, known);
    }
    if (known.parameters) return undefined;
    if (!known.self) return known.value;
    const owner = classOf(file, fn);
    const usual =
      self === undefined ||
      (self.is === 'instance' &&
        self.construct === undefined &&
        self.file === file &&
        self.cls === owner?.class);
    return usual ? known.value : undefined;
  }

  /** The function that runs when a class is constructed: its own constructor, or that of the class it extends. */
  constructorIn(file: CodeFacts, cls: ClassIndex, depth = 0): FunctionValue | undefined {
    const fn = constructorOf(file, cls);
    if (fn !== undefined) return { is: 'function', file, fn };
    const extended = file.classes[cls]?.extends;
    if (extended === undefined || depth > 8) return undefined;
    const base = this.value(file, extended);
    return base.is === 'class' ? this.constructorIn(base.file, base.cls, depth + 1) : undefined;
  }

  /** A function with these arguments: what it returns. */
  returned(callee: Abstract & FunctionValue, args: readonly Argument[], at: Site): Abstract {
    return this.#returned(callee, args, at);
  }

  #returned(callee: Abstract & FunctionValue, args: readonly Argument[], at: Site): Abstract {
    const { file, fn } = callee;
    const fact = file.functions[fn];
    const general = callee.frame === undefined ? this.#generally(callee, at) : undefined;
    if (general !== undefined) return general;
    const depth = (callerDepth(args) ?? callee.frame?.depth ?? 0) + 1;
    if (fact === undefined || fact.generator) return unknown('call-result', at);
    if (depth > MAX_FRAMES) {
      this.#limits++;
      return this.#withType(unknown('too-deep', at), file, fact.returns);
    }
    const given = args.map(
      (argument): Argument =>
        argument === 'spread' || 'value' in argument
          ? argument
          : { value: this.value(argument.file, argument.expression, argument.frame) },
    );
    const results = callee.frame === undefined ? this.#resultsFor(callee, given) : undefined;
    const known = results?.always ?? results?.byDepth?.[depth];
    if (known !== undefined) return this.#again(known);
    const { frame: outer, self } = callee;
    const frame: Frame = {
      file,
      fn,
      args: given,
      depth,
      ...(self === undefined ? {} : { self }),
      ...(outer === undefined ? {} : { outer }),
    };
    const parameterReads = this.#parameterReads;
    const selfReads = this.#selfReads;
    const limits = this.#limits;
    const before = this.#begin();
    const value = this.#withType(this.#leaves(file, fn, at, frame), file, fact.returns);
    const isFound = this.#end(before);
    if (results !== undefined && isFound) {
      const result: Result = { value, flags: this.#flagsSince(parameterReads, selfReads) };
      if (limits === this.#limits) results.always = result;
      else {
        results.byDepth ??= [];
        results.byDepth[depth] = result;
      }
    }
    return value;
  }

  /** A value that was found before. */
  #again({ value, flags }: Result): Abstract {
    this.#parameterReads += flags & 1;
    this.#selfReads += flags & 2;
    return value;
  }

  /** Whether parameters (1) or `this` (2) were read as symbols. */
  #flagsSince(parameterReads: number, selfReads: number): number {
    return (
      (this.#parameterReads === parameterReads ? 0 : 1) + (this.#selfReads === selfReads ? 0 : 2)
    );
  }

  /** What a function gave for arguments like these. */
  #resultsFor(callee: FunctionValue, args: readonly Argument[]): Results | undefined {
    const self = selfKey(callee.self);
    if (self === undefined) return undefined;
    const { results } = this.#memoOf(callee.file);
    let found = stepTo(results, `${callee.fn} ${self}`);
    for (const argument of args) {
      if (argument === 'spread') found = stepTo(found.next, 'spread');
      else if ('value' in argument) {
        const { value } = argument;
        found = stepTo(found.next, this.#argumentKey(value));
        if (value.is === 'unknown' && value.type !== undefined)
          found = stepTo(found.next, value.type.ref);
      }
    }
    return found;
  }

  /** Equal for values that a function cannot tell apart. */
  #argumentKey(value: Abstract): unknown {
    switch (value.is) {
      case 'unknown':
        return value.functions === undefined && value.why !== 'call-result'
          ? `unknown ${value.why} ${value.package ?? ''}`
          : value;
      case 'parameter':
        return `parameter ${this.#memoOf(value.file).index.base} ${value.fn} ${value.index} ${value.path.join('.')}`;
      case 'class':
        return `class ${this.#memoOf(value.file).index.base} ${value.cls}`;
      case 'function':
        return value.frame === undefined && value.self === undefined
          ? `function ${this.#memoOf(value.file).index.base} ${value.fn}`
          : value;
      default:
        return value;
    }
  }
}

interface Result {
  readonly value: Abstract;
  readonly flags: number;
}

/** What a function gives for one list of arguments, and the lists that begin with it. */
interface Results {
  readonly next: Map<unknown, Results>;
  always?: Result;
  /** Where the depth of the calls decided. */
  byDepth?: Result[];
}

function stepTo(from: Map<unknown, Results>, key: unknown): Results {
  let found = from.get(key);
  if (found === undefined) {
    found = { next: new Map() };
    from.set(key, found);
  }
  return found;
}

/** What is known of one file. Bindings and calls have places of their own beside the expressions. */
class FileMemo {
  readonly file: CodeFacts;
  readonly index: FileIndex;
  readonly values: (Abstract | undefined)[];
  /** Expressions whose value depends on parameters (1) or on `this` (2), so far as they are symbols. */
  readonly dependent: Uint8Array;
  readonly variables = new Map<number, Result>();
  readonly argumentLists = new Map<number, readonly Argument[]>();
  /** What a function gives whoever calls it, and what that depends on. */
  readonly functions = new Map<FunctionIndex, General | 'running'>();
  /** What a name that it exports stands for. */
  /** While it is being found, the level on which that is. */
  readonly exported = new Map<string, Exported | number>();
  /** What functions give for arguments, by the function and the object that it is called on. */
  readonly results = new Map<unknown, Results>();

  constructor(file: CodeFacts, index: FileIndex) {
    this.file = file;
    this.index = index;
    this.values = new Array(file.expressions.length);
    this.dependent = new Uint8Array(file.expressions.length);
  }

  forgetParameters(): void {
    for (const [expression, flags] of this.dependent.entries())
      if (isOfParameters(flags)) {
        this.values[expression] = undefined;
        this.dependent[expression] = 0;
      }
    for (const [binding, { flags }] of this.variables)
      if (isOfParameters(flags)) this.variables.delete(binding);
    for (const [fn, known] of this.functions)
      if (known === 'running' || known.parameters) this.functions.delete(fn);
    for (const [name, known] of this.exported)
      if (typeof known === 'number' || isOfParameters(known.flags)) this.exported.delete(name);
    forgetResults(this.results);
  }
}

/** A value is a function that stands in this one, which has parameters. */
function makesFunction(value: Abstract, file: CodeFacts, fn: FunctionIndex): boolean {
  if (file.functions[fn]?.parameters.length === 0) return false;
  return each(value).some((one) => {
    if (one.is !== 'function' || one.file !== file) return false;
    for (let at = file.functions[one.fn]?.parent; at !== undefined; at = file.functions[at]?.parent)
      if (at === fn) return true;
    return false;
  });
}

function isOfParameters(flags: number): boolean {
  return (flags & 1) !== 0;
}

function forgetResults(results: Map<unknown, Results>): void {
  for (const found of results.values()) {
    if (found.always !== undefined && isOfParameters(found.always.flags)) delete found.always;
    delete found.byDepth;
    forgetResults(found.next);
  }
}

interface Exported extends Result {
  /** The place that was given to what has none of its own. */
  readonly at: Site;
}

/** A value that has its place from who asked for it, asked for from another one. */
function movedTo(value: Abstract, from: Site, to: Site): Abstract {
  if (value.at !== from) return value;
  if (value.is !== 'alternatives') return { ...value, at: to };
  return { ...value, of: value.of.map((one) => movedTo(one, from, to)), at: to };
}

interface General {
  readonly value: Abstract;
  readonly parameters: boolean;
  readonly self: boolean;
}

/** What is known of one execution of a function; keys are places. */
interface FrameMemo {
  readonly values: Map<number, Abstract>;
  readonly variables: Map<number, Result>;
  readonly argumentLists: Map<number, readonly Argument[]>;
}

/** Names an expression in an execution: those of one function at one depth are not told apart. */
function runningKey(place: number, frame: Frame | undefined): number {
  return frame === undefined
    ? place
    : ((place * 2 ** 16 + (frame.fn & 0xffff)) * 8 + frame.depth) * 2 + 1;
}

/** Names the object that a function is called on; undefined when that is made in a way of its own. */
function selfKey(self: Abstract | undefined): string | undefined {
  if (self === undefined) return '';
  if (self.is === 'class') return `class ${self.file.path}#${self.cls}`;
  if (self.is !== 'instance') return undefined;
  const made = self.construct;
  if (made?.frame !== undefined) return undefined;
  return `${self.file.path}#${self.cls} ${made === undefined ? '' : `${made.file.path}#${made.call}`}`;
}

function callerDepth(args: readonly Argument[]): number | undefined {
  for (const argument of args)
    if (argument !== 'spread' && 'frame' in argument && argument.frame !== undefined)
      return argument.frame.depth;
  return undefined;
}

const MERGING = /^(?:lodash(?:-es|\.[\w-]+)?|defu|deepmerge|ts-deepmerge|ramda|remeda|es-toolkit)$/;
const BUILT_IN_TYPE =
  /^(?:string|number|boolean|bigint|symbol|Array|ReadonlyArray|Map|ReadonlyMap|Set|ReadonlySet|WeakMap|Date|RegExp|Buffer|Uint8Array|ArrayBuffer|Error|URL|URLSearchParams|Headers|FormData|Blob)$/;

/** Members of the value are methods of the language. */
function isBuiltInType(type: TypeIn | undefined): boolean {
  return (
    type !== undefined && 'global' in type.ref.root && BUILT_IN_TYPE.test(type.ref.root.global)
  );
}

const NO_ARGUMENTS: readonly Argument[] = [];
const NOTHING: readonly ListItem[] = [];
const EMITTER_METHODS =
  /^(?:on|once|off|emit|addListener|removeListener|removeAllListeners|prependListener|setMaxListeners|listeners|listenerCount|eventNames)$/;
const PROMISE_METHODS = new Set(['then', 'catch', 'finally']);
const OBJECT_METHODS = new Set(['hasOwnProperty', 'toString', 'valueOf']);

function typed(file: CodeFacts, ref: TypeRef | undefined): { type?: TypeIn } {
  return ref === undefined ? {} : { type: { file, ref } };
}

/** A member read keeps the construct of its receiver in view, and the call that gave it. */
function keptFrom(value: LibraryValue): { from?: CallSite } {
  return value.from === undefined ? {} : { from: value.from };
}

function nameOf(specifier: string): string {
  return specifier.replace(/^node:/, '');
}

function shapeName(of: string): string | undefined {
  return of.slice(of.indexOf(':') + 1);
}

/** Whether a value counts as true; undefined when it cannot be told. */
export function truthOf(value: Abstract): boolean | undefined {
  switch (value.is) {
    case 'literal':
      return Boolean(value.value);
    case 'object':
    case 'array':
    case 'function':
    case 'class':
    case 'instance':
    case 'library':
      return true;
    default:
      return undefined;
  }
}

function unary(operator: string, value: Abstract, at: Site): Abstract {
  if (operator === 'void') return literal(undefined, at);
  if (operator === '!') {
    const truth = truthOf(value);
    return truth === undefined ? unknown('computed', at) : literal(!truth, at);
  }
  if (value.is === 'environment' && operator === '+') return { ...value, parse: 'number' };
  if (value.is !== 'literal') return unknown('computed', at);
  if (operator === '-') return literal(-Number(value.value), at);
  if (operator === '+') return literal(Number(value.value), at);
  if (operator === 'typeof') return literal(typeof value.value, at);
  return unknown('computed', at);
}

function binary(operator: string, left: unknown, right: unknown, at: Site): Abstract {
  switch (operator) {
    case '===':
    case '==':
      return literal(left === right, at);
    case '!==':
    case '!=':
      return literal(left !== right, at);
    default:
  }
  if (typeof left !== 'number' || typeof right !== 'number') return unknown('computed', at);
  switch (operator) {
    case '+':
      return literal(left + right, at);
    case '-':
      return literal(left - right, at);
    case '*':
      return literal(left * right, at);
    case '/':
      return literal(left / right, at);
    case '%':
      return literal(left % right, at);
    case '**':
      return literal(left ** right, at);
    case '<<':
      return literal(left << right, at);
    case '>':
      return literal(left > right, at);
    case '>=':
      return literal(left >= right, at);
    case '<':
      return literal(left < right, at);
    case '<=':
      return literal(left <= right, at);
    default:
      return unknown('computed', at);
  }
}
