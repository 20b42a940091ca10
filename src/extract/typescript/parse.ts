/** Text to syntax tree: the only file that knows a parser. */
import { parse as parseText, TSError } from '@typescript-eslint/typescript-estree';
import type { Range } from '../../location.ts';
import type { Program } from './syntax.ts';

export type Parsed =
  | { readonly ok: true; readonly program: Program }
  | {
      readonly ok: false;
      readonly why: 'syntax' | 'too-deep';
      readonly message: string;
      readonly range: Range;
    };

/** Makes a tree of a text; `jsx` says how `<` is read. Throws on syntax errors. */
export type Parser = (text: string, jsx: boolean) => Program;

/**
 * Node types and ranges only: tokens and comments cost half as much again. `loc` is not used and yet on: without it the parser
 * deletes the property of every node, which costs a pass and makes all nodes slow to read (a quarter of the whole, measured).
 */
export const parser: Parser = (text, jsx) =>
  parseText(text, {
    jsx,
    range: true,
    loc: true,
    tokens: false,
    comment: false,
    loggerFn: false,
    jsDocParsingMode: 'none',
    allowInvalidAST: true,
    suppressDeprecatedPropertyWarnings: true,
  });

/** Type assertions in angle brackets exist in these only; everything else may hold JSX (Flow and React in `.js`). */
const WITHOUT_JSX = /\.[cm]?ts$/;

/** Parses one file; a text that cannot be parsed is an answer, never an exception. */
export function parse(path: string, text: string, by: Parser = parser): Parsed {
  try {
    return { ok: true, program: by(text, !WITHOUT_JSX.test(path)) };
  } catch (error) {
    const end = text.length;
    if (error instanceof RangeError)
      return { ok: false, why: 'too-deep', message: 'nested too deeply', range: [0, end] };
    if (!(error instanceof TSError))
      return { ok: false, why: 'syntax', message: 'the parser gave up', range: [0, end] };
    const { start, end: stop } = error.location;
    const from = Math.min(start.offset, end);
    return {
      ok: false,
      why: 'syntax',
      message: error.message.replace(/\s+/g, ' ').replace(/\.$/, ''),
      range: [from, Math.min(Math.max(from + 1, stop.offset), end)],
    };
  }
}
