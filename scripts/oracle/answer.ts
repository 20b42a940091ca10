/** What both sides are asked, and what they may answer. */

/**
 * `import`: a name that is bound by an import. `field`: a member that is read of `this`. `root`: the name that a call begins with.
 * `target`: the function that a call of a member runs.
 */
export type Kind = 'import' | 'field' | 'root' | 'target';

export interface Question {
  readonly kind: Kind;
  readonly path: string;
  /** Offset of the name that is asked about, in UTF-16 units. */
  readonly start: number;
  readonly name: string;
}

/** A declaration: the offset of its name, or that of the whole when it has none; 0 of a module. */
export interface Place {
  readonly path: string;
  readonly start: number;
  /** Other offsets that mean the same declaration: that of its value. */
  readonly also?: readonly number[];
  /** Where the declaration ends, when it may have no name: functions and classes. */
  readonly end?: number;
  /** It has no body: a member of an interface or of a type, or an abstract method. */
  readonly signature?: true;
  /** It is no function itself: a variable or a property. */
  readonly holds?: true;
}

/** Several places: the parts of a merged declaration, or alternatives. */
export type Answer = {
  /** Names on the way to the answer that stand for it: an imported variable, the value of `module.exports`. */
  readonly way?: readonly Place[];
} & ({ readonly places: readonly Place[] } | { readonly none: string });

export function samePlace(a: Place, b: Place): boolean {
  if (a.path !== b.path) return false;
  if (a.end !== undefined && a.end === b.end) return true;
  const starts = [a.start, ...(a.also ?? [])];
  return [b.start, ...(b.also ?? [])].some((start) => starts.includes(start));
}
