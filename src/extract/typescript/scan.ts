/**
 * A lexical pass over a text that may be anything: how deep its brackets nest, and where its comments are. It knows strings,
 * templates, comments and regular expressions well enough; a wrong guess in odd text costs a comment or a level, never a hang.
 */
import type { Range } from '../../location.ts';

export interface Scan {
  /** The deepest nesting of (), [], {} and `${}`. */
  readonly depth: number;
  /** Where that is. */
  readonly deepest: number;
  readonly comments: readonly Range[];
}

/** Words after which `/` begins a regular expression and a quote begins a string. */
const BEFORE_VALUE = new Set([
  'await',
  'case',
  'default',
  'delete',
  'do',
  'else',
  'export',
  'extends',
  'from',
  'import',
  'in',
  'instanceof',
  'of',
  'return',
  'throw',
  'typeof',
  'void',
  'yield',
]);

/** In a stack of open brackets: the `}` that belongs to it goes on with a template. */
const HOLE = 1;
const BRACKET = 0;

export function scan(text: string): Scan {
  const comments: Range[] = [];
  const open: number[] = [];
  let depth = 0;
  let deepest = 0;
  // Whether the last token ends a value: then `/` divides.
  let afterValue = false;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code <= 32) i++;
    else if (isWordCode(code)) {
      const start = i;
      while (i < text.length && isWordCode(text.charCodeAt(i))) i++;
      afterValue = i - start > 10 || !BEFORE_VALUE.has(text.slice(start, i));
      // `don't` in JSX text: no string begins right behind a word.
      if (afterValue && isQuote(text.charCodeAt(i))) i++;
    } else if (isQuote(code)) {
      i = endOfString(text, i, code);
      afterValue = true;
    } else if (code === BACKTICK) {
      i = endOfTemplate(text, i + 1, open);
      afterValue = true;
    } else if (code === SLASH) {
      const next = text.charCodeAt(i + 1);
      if (next === SLASH || next === STAR) {
        const end = next === SLASH ? endOfLine(text, i) : endOfBlock(text, i);
        comments.push([i, end]);
        i = end;
      } else if (afterValue) {
        i++;
        afterValue = false;
      } else {
        i = endOfRegExp(text, i);
        afterValue = true;
      }
    } else if (code === 40 || code === 91 || code === 123) {
      open.push(BRACKET);
      afterValue = false;
      i++;
    } else if (code === 41 || code === 93 || code === 125) {
      const isHole = open.pop() === HOLE;
      i++;
      // `}` ends a block or an object: a regular expression behind it is rarer than a division behind an object is harmless.
      afterValue = code !== 125;
      if (isHole && code === 125) {
        i = endOfTemplate(text, i, open);
        afterValue = true;
      }
    } else {
      i++;
      afterValue = false;
    }
    if (open.length > depth) {
      depth = open.length;
      deepest = i;
    }
  }
  return { depth, deepest: Math.min(deepest, text.length), comments };
}

const BACKTICK = 96;
const SLASH = 47;
const STAR = 42;
const BACKSLASH = 92;

function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}

/** Letters, digits, `_`, `$` and everything beyond ASCII. */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code > 127
  );
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function endOfLine(text: string, start: number): number {
  let i = start;
  while (i < text.length && !isLineEnd(text.charCodeAt(i))) i++;
  return i;
}

function endOfBlock(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? text.length : end + 2;
}

/** Behind the closing quote, or at the end of the line. */
function endOfString(text: string, start: number, quote: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === quote) return i + 1;
    else if (isLineEnd(code)) return i;
  }
  return text.length;
}

/** Behind the closing backtick, or behind `${`, which it notes in `open`. */
function endOfTemplate(text: string, start: number, open: number[]): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === BACKTICK) return i + 1;
    else if (code === 36 && text.charCodeAt(i + 1) === 123) {
      open.push(HOLE);
      return i + 2;
    }
  }
  return text.length;
}

/** Behind the closing slash. What does not end on its line was no regular expression: only the slash is passed. */
function endOfRegExp(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (isLineEnd(code)) break;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === SLASH && !inClass) return i + 1;
  }
  return start + 1;
}
