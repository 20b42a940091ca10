/**
 * The values that a Helm template computes with, as Go has them, each with the places it came from.
 *
 * Go's kinds in TypeScript: nil is `null`, bool a boolean, every integer kind a `bigint` (int64), float64 a `number` (numbers of
 * values.yaml are float64: Helm reads YAML by way of JSON), string a `Text`, slices a `List`, maps a `Dict`.
 */
import type { Range } from '../../location.ts';

/** A place in one file of the chart, or in a values file: the key and its value. */
export interface Origin {
  /** Path of the file, relative to the base of the run. */
  readonly path: string;
  readonly range: Range;
  /** The path of a value: `orders.replicaCount`; absent for a place in a template. */
  readonly key?: string;
}

/** A piece of text with one origin. */
export interface Piece {
  readonly text: string;
  /** Where it is written in a template: the literal text, or the action that made it. */
  readonly at?: Origin;
  /** The values that it was made of. */
  readonly from: readonly Origin[];
  /** Why nobody can tell this text; `text` is then ''. */
  readonly unknown?: string;
  /**
   * Of an unknown piece that stands for an `if`, `with` or `range`: what each branch would write (the body of a `range`: once).
   * One of them is right, or none (a `range`: the body any number of times).
   */
  readonly hides?: readonly Text[];
  /** Of an empty piece: what a branch that was not taken would write here. `from` are the values that decided it. */
  readonly omits?: Omitted;
}

/** What the literal text of a branch begins: keys of the map that it would add to, kinds of objects. */
export interface Omitted {
  readonly keys: readonly string[];
  readonly kinds: readonly string[];
}

/** Most pieces of one text: a loop that gathers text ends there. The largest of public charts have some ten thousand. */
const MOST_PIECES = 1 << 18;
/** Longest text, in UTF-16 code units. */
const LONGEST = 1 << 26;

/** A string that remembers, piece by piece, where it came from. */
export class Text {
  /** Pieces, and texts whose pieces stand here; flattened when somebody looks, so that joining texts costs what is joined last. */
  private parts: readonly (Piece | Text)[];
  private flat: readonly Piece[] | undefined;
  private joined: string | undefined;
  private units: number | undefined;
  private count: number;

  constructor(pieces: readonly Piece[]) {
    this.parts = pieces;
    this.flat = pieces;
    this.count = pieces.length;
  }

  /** The text that `parts` give one after the other. Throws `BudgetSpent` when that is too much. */
  static of(parts: readonly (Piece | Text)[]): Text {
    const text = new Text([]);
    let units = 0;
    let count = 0;
    for (const part of parts) {
      units += part instanceof Text ? part.length : part.text.length;
      count += part instanceof Text ? part.count : 1;
    }
    if (units > LONGEST) throw new BudgetSpent(`a text of ${units} characters`);
    if (count > MOST_PIECES) throw new BudgetSpent(`a text of ${count} pieces`);
    text.parts = parts;
    text.flat = undefined;
    text.units = units;
    text.count = count;
    return text;
  }

  get pieces(): readonly Piece[] {
    if (this.flat === undefined) {
      this.flat = flatten(this.parts, (text) => text.flat ?? text.parts);
      this.parts = this.flat;
    }
    return this.flat;
  }

  /** The text alone; unknown pieces are left out. */
  get value(): string {
    if (this.joined === undefined) {
      const pieces = this.pieces;
      const [first] = pieces;
      this.joined =
        pieces.length === 1 && first !== undefined
          ? first.text
          : pieces.map(({ text }) => text).join('');
    }
    return this.joined;
  }

  /** Number of UTF-16 code units of `value`. */
  get length(): number {
    if (this.units === undefined) {
      this.units = 0;
      for (const { text } of this.pieces) this.units += text.length;
    }
    return this.units;
  }

  /** Why a part of it cannot be told; undefined when all of it can. */
  get unknown(): string | undefined {
    for (const { unknown } of this.pieces) if (unknown !== undefined) return unknown;
    return undefined;
  }
}

/** The pieces of `parts`, without recursion: a chain of joins may be as long as a loop. */
function flatten(
  parts: readonly (Piece | Text)[],
  within: (text: Text) => readonly (Piece | Text)[],
): Piece[] {
  const pieces: Piece[] = [];
  const open = [{ parts, next: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const part = top.parts[top.next++];
    if (part === undefined) open.pop();
    else if (part instanceof Text) open.push({ parts: within(part), next: 0 });
    else pieces.push(part);
  }
  return pieces;
}

/** Nobody can tell this value: a required value that nobody gives, a function that is not known, chance. */
export class Unknown {
  readonly why: string;
  /** Whether it is true in a condition, where at least this can be told. */
  readonly truth: boolean | undefined;

  constructor(why: string, truth?: boolean) {
    this.why = why;
    this.truth = truth;
  }
}

/** The value of a key of a map that may be there or not: something was done to the map under an unknown condition. */
export class PerhapsAbsent extends Unknown {}

/** A slice. Templates cannot change one in place. */
export type List = readonly Operand[];

/** A map with string keys. `set`, `unset`, `merge` and `mustMergeOverwrite` change one in place, as in sprig. */
export type Dict = Map<string, Operand>;

/** What templates get from Helm and cannot be written by hand: `.Files`, `.Capabilities.APIVersions`, a template's own text. */
export interface Native {
  readonly native: string;
  /** A field or a method: `.Files.Get`, `.Capabilities.APIVersions.Has`. */
  readonly member: (name: string, args: readonly Operand[]) => Operand | undefined;
  /** What `range`, `len`, `index` and conditions see; absent: a struct, which is always true. */
  readonly contents?: () => Dict | List;
  /** What it prints as. */
  readonly text?: string;
}

export type GoValue = null | boolean | bigint | number | Text | List | Dict | Native | Unknown;

/**
 * A value and the values of values.yaml that it was made of (a literal of a template: none). Functions get operands whose value is
 * `Unknown`, and texts with unknown pieces: they give `Unknown` unless they can do better.
 */
export interface Operand {
  readonly value: GoValue;
  readonly from: readonly Origin[];
}

/** What a function needs of the evaluator. */
export interface Calling {
  /** Where the call is written. */
  readonly at: Origin;
  /** Runs a named template: `include`. */
  readonly include: (name: string, dot: Operand) => Operand;
  /** Runs text as a template: `tpl`. */
  readonly tpl: (text: Text, dot: Operand) => Operand;
  /** Counts work; throws `BudgetSpent` when a chart asks for more than it may. */
  readonly spend: (steps: number) => void;
}

/**
 * A function of text/template, sprig or Helm. It gets its arguments with their origins and gives an operand.
 * It throws `TemplateError` where Go's would give an error.
 */
export type TemplateFunction = (args: readonly Operand[], calling: Calling) => Operand;

/** An error that stops the rendering of a chart, as Go's template engine would stop. */
export class TemplateError extends Error {
  /** Where: the action, or for text that is no template the place where reading stopped. */
  readonly at: Origin | undefined;
  /** The line of `at`, from 1. */
  readonly line: number | undefined;

  constructor(message: string, at?: Origin, line?: number) {
    super(message);
    this.at = at;
    this.line = line;
  }
}

/** A chart asks for more work or output than it may. */
export class BudgetSpent extends Error {}
