/**
 * Makes text of the scanned repository harmless. Names, values, paths and excerpts may hold anything: escape
 * sequences of terminals, characters that turn the direction of the text, commands for the log of a CI system.
 */

/** Controls (C0, DEL, C1), line and paragraph separators, bidirectional controls, lone surrogates. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/** One line of text that is safe on a terminal: what cannot be printed is written as an escape, `\u{1b}`. */
export function printable(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(
    UNPRINTABLE,
    (character) =>
      SHORT_ESCAPES.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** At most `limit` UTF-16 code units of `text`; what is cut off is marked with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 2);
  // A pair of surrogates stays whole.
  const end = last >= 0xd800 && last <= 0xdbff ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}

/** The first character of what GitHub Actions and Azure Pipelines obey wherever it stands in a line. */
const LOG_COMMAND = /#(?=#(?:vso)?\[)/g;

/**
 * Breaks what CI systems would run as a command: `::` at the start of a line (GitHub Actions, which skips
 * blanks before it), `##[` and `##vso[` anywhere (GitHub Actions, Azure Pipelines).
 */
export function withoutLogCommands(output: string): string {
  return output
    .replace(/^((?:[^\S\n]|\u001b\[\d+m)*):(?=:)/gm, '$1\\u{3a}')
    .replace(LOG_COMMAND, '\\u{23}');
}

/**
 * JSON with an indent of two spaces and a newline at the end. Lone surrogates become U+FFFD. What a
 * terminal or the log of a CI system could obey is written as `\u` escapes: safe to look at, and the same when
 * parsed.
 */
export function serialise(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  // JSON.stringify writes lone surrogates, and nothing else, as escapes that begin with `\ud`.
  const wellFormed = json.includes('\\ud')
    ? json.replace(/\\(?:(ud[89a-f]..)|.)/g, (all, lone) => (lone === undefined ? all : '\ufffd'))
    : json;
  const escaped = wellFormed
    .replace(
      /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(LOG_COMMAND, '\\u0023');
  return `${escaped}\n`;
}
