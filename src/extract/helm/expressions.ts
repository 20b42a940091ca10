/** Values of pipelines: commands, fields, variables, calls. */
import type { Command, Definition, Expression, Pipeline, VariableExpression } from './ast.ts';
import { fieldOf, methodOf, NIL, NilElement } from './fields.ts';
import { isMutator, keysUntold, pretendChange } from './pretend.ts';
import { allOrigins, originsOf } from './text.ts';
import { truthOf } from './truth.ts';
import {
  type Calling,
  type Operand,
  type Origin,
  type Piece,
  TemplateError,
  type TemplateFunction,
  Text,
  Unknown,
} from './value.ts';

/** One run of one template: its variables and what it has written. */
export interface Frame {
  readonly slots: (Operand | undefined)[];
  readonly definition: Definition;
  out: (Piece | Text)[];
}

/** What expressions need of the run that they are in. */
export interface Host {
  readonly spend: Calling['spend'];
  /** What a function gets that is called at this place. */
  readonly calling: (at: Origin) => Calling;
  /** Adds the place to an error that has none. */
  readonly fail: (message: string, at: Origin) => never;
  /** Whether a condition that nobody can tell decides if this runs at all. */
  readonly supposing: () => boolean;
  /** Runs something that may not run in truth; what it changes, nobody can tell. Gives the error that it ends in. */
  readonly attempt: <T>(run: () => T) => T | TemplateError;
}

export class Expressions {
  private readonly host: Host;
  private readonly functions: ReadonlyMap<string, TemplateFunction>;
  /** Whether some map has keys that may be there or not. */
  private pretended = false;

  constructor(host: Host, functions: ReadonlyMap<string, TemplateFunction>) {
    this.host = host;
    this.functions = functions;
  }

  /** The value of a pipeline; its variables are set. */
  pipeline(pipe: Pipeline, dot: Operand, frame: Frame): Operand {
    let value: Operand | undefined;
    for (const [i, command] of pipe.commands.entries()) {
      value = this.command(command, value, dot, frame);
      if (value.value instanceof Unknown && isRequired(command))
        this.assume(command.args[1] ?? pipe.commands[i - 1]?.first, value, dot, frame);
    }
    if (value === undefined || value instanceof NilElement)
      value = value === undefined || value.from.length === 0 ? NIL : { ...value };
    for (const slot of pipe.variables) this.assign(slot, value, pipe.at, frame);
    return value;
  }

  /** A value that the chart requires and nobody gives will be given: whatever reads it later sees what nobody can tell. */
  private assume(
    expression: Expression | undefined,
    value: Operand,
    dot: Operand,
    frame: Frame,
  ): void {
    if (expression?.kind !== 'field' && expression?.kind !== 'variable') return;
    const { names } = expression;
    const last = names.at(-1);
    if (last === undefined || this.host.supposing()) return;
    const root = expression.kind === 'field' ? dot : this.slot(expression, frame);
    const { value: parent } = this.fields(root, names.slice(0, -1));
    if (parent instanceof Map) parent.set(last, value);
  }

  assign(slot: number, value: Operand, at: Origin, frame: Frame): void {
    if (slot === -1) this.host.fail('undefined variable', at);
    frame.slots[slot] = value;
  }

  /** A command; `final` is the value that comes through the pipe. */
  private command(
    command: Command,
    final: Operand | undefined,
    dot: Operand,
    frame: Frame,
  ): Operand {
    this.host.spend(1);
    try {
      return this.commandValue(command, final, dot, frame);
    } catch (error) {
      if (error instanceof TemplateError && error.at === undefined)
        this.host.fail(error.message, command.at);
      throw error;
    }
  }

  private commandValue(
    { first, args, at }: Command,
    final: Operand | undefined,
    dot: Operand,
    frame: Frame,
  ): Operand {
    const plain = args.length === 0 && final === undefined;
    switch (first.kind) {
      case 'function':
        return this.call(first.name, args, final, dot, frame, at);
      case 'field':
        if (plain) return this.fields(dot, first.names);
        return this.fields(dot, first.names, this.values(args, final, dot, frame, at));
      case 'chain': {
        const receiver = this.argument(first.of, dot, frame, at);
        if (plain) return this.fields(receiver, first.names);
        return this.fields(receiver, first.names, this.values(args, final, dot, frame, at));
      }
      case 'variable':
        if (plain) return this.variable(first, frame);
        if (first.names.length > 0)
          return this.fields(
            this.slot(first, frame),
            first.names,
            this.values(args, final, dot, frame, at),
          );
    }
    if (!plain) throw new TemplateError("can't give argument to non-function");
    if (first.kind === 'nil') throw new TemplateError('nil is not a command');
    return this.argument(first, dot, frame, at);
  }

  /** An operand of a command, without arguments of its own. */
  private argument(expression: Expression, dot: Operand, frame: Frame, at: Origin): Operand {
    switch (expression.kind) {
      case 'literal':
        if (expression.error !== undefined) throw new TemplateError(expression.error);
        return expression.operand;
      case 'field':
        return this.fields(dot, expression.names);
      case 'variable':
        return this.variable(expression, frame);
      case 'dot':
        return dot;
      case 'pipeline':
        return this.pipeline(expression, dot, frame);
      case 'function':
        return this.call(expression.name, [], undefined, dot, frame, at);
      case 'chain':
        return this.fields(this.argument(expression.of, dot, frame, at), expression.names);
      case 'nil':
        return NIL;
    }
  }

  private values(
    args: readonly Expression[],
    final: Operand | undefined,
    dot: Operand,
    frame: Frame,
    at: Origin,
  ): Operand[] {
    const values = args.map((arg) => this.argument(arg, dot, frame, at));
    if (final !== undefined) values.push(final);
    return values;
  }

  private slot({ name, slot }: VariableExpression, frame: Frame): Operand {
    const value = frame.slots[slot];
    if (value === undefined) throw new TemplateError(`undefined variable: ${name}`);
    return value;
  }

  private variable(expression: VariableExpression, frame: Frame): Operand {
    const value = this.slot(expression, frame);
    return expression.names.length === 0 ? value : this.fields(value, expression.names);
  }

  /** `.a.b` of a value; with `args`, the last name is that of a method. */
  private fields(
    receiver: Operand,
    names: readonly string[],
    args: readonly Operand[] = [],
  ): Operand {
    let value = receiver;
    let held = false;
    for (const [i, name] of names.entries()) {
      const method = args.length > 0 && i === names.length - 1;
      const bare = value.value === null || value.value instanceof Unknown;
      const next = method && !bare ? methodOf(value, name, args) : fieldOf(value, name, held);
      // The field of a nil that nothing holds is such a nil again.
      held = value.value !== null;
      value = next;
    }
    return value;
  }

  private call(
    name: string,
    args: readonly Expression[],
    final: Operand | undefined,
    dot: Operand,
    frame: Frame,
    at: Origin,
  ): Operand {
    if (name === 'and' || name === 'or')
      return this.junction(name === 'or', args, final, dot, frame, at);
    const values = this.values(args, final, dot, frame, at);
    const called = this.functions.get(name);
    if (called === undefined)
      return {
        value: new Unknown(`the function ${JSON.stringify(name)} is not known`),
        from: originsOf(values),
      };
    if (isMutator(name) && this.host.supposing()) {
      this.pretended = true;
      return pretendChange(name, values);
    }
    const why = this.pretended ? keysUntold(name, values) : undefined;
    if (why !== undefined) return { value: new Unknown(why), from: originsOf(values) };
    return called(values, this.host.calling(at));
  }

  /** `and`, `or`: the first argument that decides, or the last one. */
  private junction(
    or: boolean,
    args: readonly Expression[],
    final: Operand | undefined,
    dot: Operand,
    frame: Frame,
    at: Origin,
  ): Operand {
    const name = or ? 'or' : 'and';
    if (args.length === 0 && final === undefined)
      throw new TemplateError(`wrong number of args for ${name}: want at least 1 got 0`);
    let value = NIL;
    for (let i = 0; i < args.length + (final === undefined ? 0 : 1); i++) {
      const arg = args[i];
      value = arg === undefined ? (final ?? NIL) : this.argument(arg, dot, frame, at);
      const truth = truthOf(value.value);
      if (truth === undefined) {
        const rest = () => this.junction(or, args.slice(i + 1), final, dot, frame, at);
        const last = i === args.length - (final === undefined ? 1 : 0);
        return last ? value : undecided(or, value, this.host.attempt(rest));
      }
      if (truth === or) return value;
    }
    return value;
  }
}

function isRequired({ first }: Command): boolean {
  return first.kind === 'function' && first.name === 'required';
}

/** A junction with an argument that nobody can tell: the others may decide at least whether it is true. */
function undecided(or: boolean, unknown: Operand, rest: Operand | TemplateError): Operand {
  const { value } = unknown;
  const why = value instanceof Unknown ? value.why : value instanceof Text ? value.unknown : '';
  const decided = rest instanceof TemplateError ? undefined : truthOf(rest.value);
  const truth = decided === or ? or : undefined;
  return { value: new Unknown(why ?? '', truth), from: allOrigins(unknown) };
}
