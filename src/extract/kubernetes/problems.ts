/** What is wrong with a broken document, in words and at the place where a person would fix it. */
import { type Node, type ParsedNode, Scalar, visit, YAMLMap, type YAMLParseError } from 'yaml';
import type { Range } from '../../location.ts';

export interface Problem {
  /** A phrase that never quotes the file. */
  readonly reason: string;
  readonly range: Range;
}

/** A key for a message; one with other characters than names have is not quoted. */
export function keyInWords(key: string): string {
  return /^[\w./$-]{1,60}$/.test(key) ? `The key ${key}` : 'A key';
}

const REASONS: Partial<Record<YAMLParseError['code'], string>> = {
  BAD_ALIAS: 'an alias or anchor without a valid name',
  BAD_DQ_ESCAPE:
    'a backslash in double quotes that YAML does not know; single quotes keep it as it is',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a text may not start with this character without quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second key on one line, or a colon in a text without quotes',
  BLOCK_IN_FLOW: 'a bracket or brace above is not closed',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MULTILINE_IMPLICIT_KEY: 'a line without a colon, or a text that goes on at the wrong indentation',
  MULTIPLE_ANCHORS: 'two anchors on one value',
  MULTIPLE_DOCS: 'a second document without --- in front of it',
  MULTIPLE_TAGS: 'two tags on one value',
  TAB_AS_INDENT: 'a tab as indentation, where YAML allows spaces only',
};

/** The message of the library tells what kind of character is missing or unexpected. */
const MESSAGES: readonly (readonly [start: string, reason: string])[] = [
  ['Missing closing', 'a quote that opens here is never closed'],
  ['Missing , ', 'a comma is missing'],
  ['Missing space after :', 'a space is missing behind the colon'],
  ['Flow ', 'a bracket or brace that opens here is never closed'],
  ['Comments must be', 'a space is missing in front of the #'],
  ['All ', 'the indentation does not fit the lines above'],
  ['Map keys', 'a key stands twice'],
  ['A block sequence', 'a list where a key belongs, or a wrong indentation'],
  [
    'Implicit map keys need',
    'a line without a colon, or a text that goes on at the wrong indentation',
  ],
];

const QUOTES: ReadonlyMap<string | undefined, string> = new Map([
  [Scalar.QUOTE_DOUBLE, '"'],
  [Scalar.QUOTE_SINGLE, "'"],
]);

const CONFLICT = /^(?:<{7}|={7}|>{7})(?: .*)?\r?$/m;

/** Describes the first error of a document whose text is `text`. */
export function problemOf(
  error: YAMLParseError,
  contents: ParsedNode | null,
  text: string,
): Problem {
  const conflict = CONFLICT.exec(text);
  if (conflict !== null && /^<{7}/m.test(text))
    return {
      reason: 'a merge conflict that nobody resolved',
      range: [conflict.index, conflict.index + conflict[0].trimEnd().length],
    };
  const reason =
    continuedLine(error, text) ??
    MESSAGES.find(([start]) => error.message.startsWith(start))?.[1] ??
    REASONS[error.code] ??
    'unexpected text';
  const opening = openingOf(error, contents, text);
  if (opening !== undefined) return { reason, range: [opening, opening + 1] };
  const start = Math.min(error.pos[0], text.length);
  const lineEnd = text.slice(start).search(/[\r\n]|$/);
  const end = Math.min(error.pos[1], start + lineEnd);
  return { reason, range: [start, Math.max(start, end)] };
}

/** A key that is indented too deep becomes the end of the text above it, where the library sees the error. */
function continuedLine({ code, pos }: YAMLParseError, text: string): string | undefined {
  if (code !== 'BLOCK_AS_IMPLICIT_KEY') return undefined;
  const [line = ''] = text.slice(pos[0]).split('\n', 1);
  return /:(?:\s|$)/.test(line)
    ? undefined
    : 'the next line is indented deeper than the key of this text, so it continues the text';
}

/** Where the quote, bracket or brace stands that the error says is never closed. */
function openingOf(
  error: YAMLParseError,
  contents: ParsedNode | null,
  text: string,
): number | undefined {
  const isQuote = error.message.startsWith('Missing closing');
  if (!isQuote && !error.message.startsWith('Flow ')) return undefined;
  const closedBy = (node: Node, mark: string) => {
    const [start, end] = node.range ?? [0, 0];
    return end - start >= 2 && text.charAt(end - 1) === mark;
  };
  let opening: number | undefined;
  visit(contents, {
    Scalar(_, node) {
      const quote = QUOTES.get(node.type);
      if (isQuote && quote !== undefined && !closedBy(node, quote)) opening ??= node.range?.[0];
    },
    Collection(_, node) {
      const mark = node instanceof YAMLMap ? '}' : ']';
      if (!isQuote && node.flow === true && !closedBy(node, mark)) opening ??= node.range?.[0];
    },
  });
  return opening;
}
