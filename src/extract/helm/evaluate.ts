/** Runs templates as Go's text/template does: a walk over what the parser read. */
import type { BranchNode, Definition, Node, Pipeline, RangeNode, TemplateNode } from './ast.ts';
import { addTo } from './definitions.ts';
import { type Ending, either, nothing, type Run, type Undecided } from './either.ts';
import { type Elements, elementsOf } from './elements.ts';
import { Expressions, type Frame, type Host } from './expressions.ts';
import { NIL, NilElement } from './fields.ts';
import { print } from './functions/print.ts';
import { omittedBy } from './omitted.ts';
import { parseText } from './parse.ts';
import { shownOf } from './shown.ts';
import { allOrigins, without } from './text.ts';
import { truthOf } from './truth.ts';
import {
  BudgetSpent,
  type Calling,
  type GoValue,
  type Operand,
  type Origin,
  PerhapsAbsent,
  type Piece,
  TemplateError,
  type TemplateFunction,
  Text,
  Unknown,
} from './value.ts';

/** Bounds of one rendering. */
export interface Limits {
  /** Nodes, calls, elements and stretches of text. */
  readonly steps: number;
  /** UTF-16 code units that all templates write together, those that go into a function too. */
  readonly output: number;
  /** How deep templates may include each other: Helm's own limit for one name. */
  readonly includes: number;
}

export class Evaluator implements Host {
  private definitions: ReadonlyMap<string, Definition>;
  private readonly expressions: Expressions;
  private readonly limits: Limits;
  private readonly sources = new Map<string, string>();
  /** Values that were read as templates, by the call: a checksum of a ConfigMap renders it again for each workload. */
  private readonly readValues = new WeakMap<Text, Map<Origin, readonly Definition[]>>();
  private steps = 0;
  private written = 0;
  private depth = 0;
  /** How many conditions that nobody can tell this run is under. */
  private suppositions = 0;

  constructor(
    definitions: ReadonlyMap<string, Definition>,
    functions: ReadonlyMap<string, TemplateFunction>,
    limits: Limits,
  ) {
    this.definitions = definitions;
    this.expressions = new Expressions(this, functions);
    this.limits = limits;
    for (const { source } of definitions.values()) this.sources.set(source.path, source.text);
  }

  /** What the template `name` writes with `dot`. */
  execute(name: string, dot: Operand): Text {
    const definition = this.definitions.get(name);
    if (definition === undefined)
      throw new TemplateError(`no template ${JSON.stringify(name)} in this chart`);
    return this.run(definition, dot);
  }

  private run(definition: Definition, dot: Operand): Text {
    const out: (Piece | Text)[] = [];
    this.enter(definition, dot, out);
    return Text.of(out);
  }

  private enter(definition: Definition, dot: Operand, out: (Piece | Text)[]): void {
    if (this.depth >= this.limits.includes)
      throw new BudgetSpent(`templates include each other ${this.depth} levels deep`);
    this.depth++;
    try {
      const slots: (Operand | undefined)[] = new Array(definition.slots).fill(undefined);
      slots[0] = dot;
      this.walk(definition.nodes, 0, dot, { slots, definition, out });
    } finally {
      this.depth--;
    }
  }

  // What functions and expressions get.

  readonly spend = (steps: number): void => {
    this.steps += steps;
    if (this.steps > this.limits.steps)
      throw new BudgetSpent(`more than ${this.limits.steps} steps`);
  };

  readonly calling = (at: Origin): Calling => ({
    at,
    include: this.include,
    tpl: (text, dot) => this.tpl(text, dot, at),
    spend: this.spend,
  });

  private readonly include = (name: string, dot: Operand): Operand => {
    const inner = dot instanceof NilElement ? NIL : dot;
    return { value: this.execute(name, inner), from: NIL.from };
  };

  private tpl(text: Text, dot: Operand, at: Origin): Operand {
    const { unknown, value, length } = text;
    if (unknown !== undefined) return { value: new Unknown(unknown), from: NIL.from };
    if (!value.includes('{{')) return { value: without(text, '<no value>'), from: NIL.from };
    this.spend(1 + (length >> 3));
    const outer = this.definitions;
    try {
      const definitions = this.readValue(text, at);
      if (definitions.length > 1) {
        const all = new Map(outer);
        addTo(all, definitions);
        this.definitions = all;
      }
      const main = definitions.find(({ name }) => name === 'gotpl');
      const inner = dot instanceof NilElement ? NIL : dot;
      const result = main === undefined ? new Text([]) : this.run(main, inner);
      return { value: without(result, '<no value>'), from: NIL.from };
    } finally {
      this.definitions = outer;
    }
  }

  private readValue(text: Text, at: Origin): readonly Definition[] {
    const byCall = this.readValues.get(text) ?? new Map<Origin, readonly Definition[]>();
    let definitions = byCall.get(at);
    if (definitions === undefined) {
      ({ definitions } = parseText('gotpl', text, at));
      this.readValues.set(text, byCall.set(at, definitions));
    }
    return definitions;
  }

  fail(message: string, at: Origin): never {
    const text = this.sources.get(at.path);
    const line = text?.slice(0, at.range[0]).split('\n').length;
    throw new TemplateError(message, at, line);
  }

  readonly supposing = (): boolean => this.suppositions > 0;

  readonly attempt = <T>(run: () => T): T | TemplateError => {
    this.suppositions++;
    try {
      return run();
    } catch (error) {
      if (error instanceof TemplateError) return error;
      throw error;
    } finally {
      this.suppositions--;
    }
  };

  // What stands in a template.

  private write(part: Piece | Text, frame: Frame): void {
    this.written += part instanceof Text ? part.length : part.text.length;
    if (this.written > this.limits.output)
      throw new BudgetSpent(`more than ${this.limits.output} characters of output`);
    frame.out.push(part);
  }

  private walk(nodes: readonly Node[], start: number, dot: Operand, frame: Frame): Ending {
    for (let i = start; i < nodes.length; i++) {
      const node = nodes[i];
      if (node === undefined) break;
      this.spend(1);
      let ending: Ending;
      switch (node.kind) {
        case 'text':
          this.write(node.text, frame);
          break;
        case 'action':
          this.action(node.pipe, dot, frame);
          break;
        case 'template':
          this.template(node, dot, frame);
          break;
        case 'branch':
          ending = this.branch(node, 0, dot, frame);
          break;
        case 'range':
          ending = this.range(node, dot, frame);
          break;
        default:
          return node.kind;
      }
      if (ending === undefined) continue;
      if (typeof ending === 'object')
        this.either([() => this.walk(nodes, i + 1, dot, frame), nothing], ending, frame);
      return ending;
    }
    return undefined;
  }

  private action(pipe: Pipeline, dot: Operand, frame: Frame): void {
    const operand = this.expressions.pipeline(pipe, dot, frame);
    if (pipe.variables.length === 0) this.write(shownOf(operand, pipe, this.calling), frame);
  }

  private template({ name, pipe, at }: TemplateNode, dot: Operand, frame: Frame): void {
    const definition = this.definitions.get(name);
    if (definition === undefined) this.fail(`template ${JSON.stringify(name)} not defined`, at);
    const inner = pipe === undefined ? NIL : this.expressions.pipeline(pipe, dot, frame);
    this.enter(definition, inner, frame.out);
  }

  private branch(node: BranchNode, start: number, dot: Operand, frame: Frame): Ending {
    for (let i = start; i < node.branches.length; i++) {
      const branch = node.branches[i];
      if (branch === undefined) break;
      const condition = this.expressions.pipeline(branch.pipe, dot, frame);
      const inner = node.word === 'with' ? condition : dot;
      const truth = truthOf(condition.value);
      if (truth) {
        for (const other of [...node.branches.slice(i + 1).map(({ body }) => body), node.otherwise])
          this.omit(other, condition, node.at, frame);
        return this.walk(branch.body, 0, inner, frame);
      }
      if (truth === false) {
        this.omit(branch.body, condition, node.at, frame);
        continue;
      }
      const taken = () => this.walk(branch.body, 0, inner, frame);
      const next = () => this.branch(node, i + 1, dot, frame);
      return this.either([taken, next], undecidedBy(condition, node.at), frame);
    }
    return node.otherwise && this.walk(node.otherwise, 0, dot, frame);
  }

  /** Leaves a mark where a branch that was not taken would have written something. */
  private omit(
    body: readonly Node[] | undefined,
    condition: Operand,
    at: Origin,
    frame: Frame,
  ): void {
    const omits = omittedBy(body);
    if (omits.keys.length + omits.kinds.length === 0) return;
    const from = allOrigins(condition);
    if (from.length > 0) frame.out.push({ text: '', at, from, omits });
  }

  private range(node: RangeNode, dot: Operand, frame: Frame): Ending {
    const over = this.expressions.pipeline(node.pipe, dot, frame);
    const otherwise: Run = () => node.otherwise && this.walk(node.otherwise, 0, dot, frame);
    const why = whyUntold(over.value);
    if (why !== undefined) return this.anyTimes(node, over, why, otherwise, frame);
    const elements = elementsOf(over);
    if (elements === undefined)
      this.fail(`range can't iterate over ${print(over.value)}`, node.pipe.at);
    if (node.pipe.variables.length > 1 && elements.key === undefined)
      this.fail(
        `can't use ${print(over.value)} to iterate over more than one variable`,
        node.pipe.at,
      );
    if (elements.length <= 0) return otherwise();
    this.elements(node, elements, 0, frame);
    return undefined;
  }

  /** The body of a range for its elements from `start` on. */
  private elements(node: RangeNode, elements: Elements, start: number, frame: Frame): void {
    const [first, second] = node.pipe.variables;
    const { at } = node.pipe;
    for (let i = start; i < elements.length; i++) {
      this.spend(1);
      const value = elements.value(i);
      if (first !== undefined) {
        const key = second === undefined ? value : (elements.key?.(i) ?? NIL);
        this.expressions.assign(first, key, at, frame);
        if (second !== undefined) this.expressions.assign(second, value, at, frame);
      }
      const ending = this.walk(node.body, 0, value, frame);
      if (ending === 'break') return;
      if (typeof ending === 'object') {
        const rest = () => {
          this.elements(node, elements, i + 1, frame);
          return undefined;
        };
        this.either([rest, nothing], ending, frame);
        return;
      }
    }
  }

  /** A range over something that nobody can tell. */
  private anyTimes(
    node: RangeNode,
    over: Operand,
    why: string,
    otherwise: Run,
    frame: Frame,
  ): Ending {
    const element = { value: new Unknown(why), from: over.from };
    const elements = { length: 1, value: () => element, key: () => element };
    const once = () => {
      this.elements(node, elements, 0, frame);
      return undefined;
    };
    const undecided = { why, at: node.at, from: allOrigins(over) };
    // The second time with what the first one may have changed.
    this.either([once, nothing], undecided, frame, true);
    return this.either([once, otherwise], undecided, frame, true);
  }

  private either(
    runs: readonly Run[],
    undecided: Undecided,
    frame: Frame,
    repeats = false,
  ): Ending {
    const { supposing, attempt } = this;
    const write = (part: Piece | Text) => this.write(part, frame);
    return either(runs, undecided, { frame, supposing, attempt, write }, repeats);
  }
}

/** Why nobody can tell how often a range over this value runs. */
function whyUntold(value: GoValue): string | undefined {
  if (value instanceof Unknown) return value.why;
  if (!(value instanceof Map)) return undefined;
  for (const { value: inner } of value.values())
    if (inner instanceof PerhapsAbsent) return inner.why;
  return undefined;
}

function undecidedBy(condition: Operand, at: Origin): Undecided {
  const { value } = condition;
  const why = value instanceof Unknown ? value.why : value instanceof Text ? value.unknown : '';
  return { why: why ?? '', at, from: allOrigins(condition) };
}
