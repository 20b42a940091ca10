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
}

/** A string that remembers, piece by piece, where it came from. */
export class Text {
  readonly pieces: readonly Piece[];
  private joined: string | undefined;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** The text alone; unknown pieces are left out. */
  get value(): string {
    this.joined ??= this.pieces.map(({ text }) => text).join('');
    return this.joined;
  }

  /** Why a part of it cannot be told; undefined when all of it can. */
  get unknown(): string | undefined {
    return this.pieces.find(({ unknown }) => unknown !== undefined)?.unknown;
  }
}

/** Nobody can tell this value: a required value that nobody gives, a function that is not known, chance. */
export class Unknown {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** A slice. Templates cannot change one in place. */
export type List = readonly Operand[];

/** A map with string keys. `set`, `unset`, `merge` and `mustMergeOverwrite` change one in place, as in sprig. */
export type Dict = Map<string, Operand>;

/** What templates get from Helm and cannot be written by hand: `.Files`, `.Capabilities.APIVersions`, a template's own text. */
export interface Native {
  readonly native: string;
  /** A field or a method: `.Files.Get`, `.Capabilities.APIVersions.Has`. */
  readonly member: (name: string, args: readonly Operand[]) => Operand | undefined;
}

export type GoValue = null | boolean | bigint | number | Text | List | Dict | Native | Unknown;

/** A value and the values of values.yaml that it was made of (a literal of a template: none). */
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
export class TemplateError extends Error {}

/** A chart asks for more work or output than it may. */
export class BudgetSpent extends Error {}
