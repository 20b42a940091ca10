/**
 * Which files can matter, told from their text alone, before a parser costs milliseconds.
 *
 * The caller gives the words that a file must hold to matter: names of packages, of built-ins (`fetch(`), of signals. They are looked
 * for as plain text, also in comments and strings: a hit costs a parse, a miss costs a finding, so whatever is in doubt is a hit.
 * A file that is skipped here can still be asked for by name, when a name that it exports turns out to be wanted.
 */

/** Declarations hold no code. */
const DECLARATIONS = /\.d\.[cm]?ts$/;

/** Makes the filter for a list of words; an empty list lets everything through. */
export function prefilter(words: readonly string[]): (text: string, path: string) => boolean {
  const parts = words.filter((word) => word !== '').map(escaped);
  const pattern = parts.length === 0 ? undefined : new RegExp(parts.join('|'));
  return (text, path) => !DECLARATIONS.test(path) && (pattern === undefined || pattern.test(text));
}

/** A pattern that matches exactly this text. */
export function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
