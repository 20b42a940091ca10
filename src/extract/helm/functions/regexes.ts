/** Functions that use regular expressions. */
import { type GoValue, TemplateError } from '../value.ts';
import { type Match, Regex } from './regex.ts';
import {
  type Call,
  element,
  type Functions,
  fixed,
  NIL_LIST,
  spendElements,
  spendText,
} from './signature.ts';

/** A text as code points. */
class Subject {
  readonly codes: readonly number[];

  constructor(text: string) {
    this.codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  }

  slice(start: number, end = this.codes.length): string {
    let text = '';
    for (let at = start; at < end; at += 4096)
      text += String.fromCodePoint(...this.codes.slice(at, Math.min(end, at + 4096)));
    return text;
  }
}

/** All matches, at most `limit`; an empty one right after another match does not count. */
function* matches(regex: Regex, { codes }: Subject, limit: number): Generator<Match> {
  let previousEnd = -1;
  let count = 0;
  for (let at = 0; at <= codes.length && (limit < 0 || count < limit); ) {
    const match = regex.exec(codes, at);
    if (match === undefined) return;
    const [start = 0, end = 0] = match;
    const accepted = end !== at || start !== previousEnd;
    at = end === at ? at + 1 : end;
    previousEnd = end;
    if (accepted) {
      count++;
      yield match;
    }
  }
}

/** Replaces every match by what `replacement` gives for it. */
function replaceAll(
  regex: Regex,
  subject: Subject,
  replacement: (match: Match) => string,
  call: Call,
): string {
  const { codes } = subject;
  const parts: string[] = [];
  let length = 0;
  let lastEnd = 0;
  for (let at = 0; at <= codes.length; ) {
    const match = regex.exec(codes, at);
    if (match === undefined) break;
    const [start = 0, end = 0] = match;
    parts.push(subject.slice(lastEnd, start));
    if (end > lastEnd || start === 0) {
      const text = replacement(match);
      length += text.length;
      spendText(call.calling, length);
      parts.push(text);
    }
    lastEnd = end;
    at = Math.max(at + 1, end);
  }
  return parts.join('') + subject.slice(lastEnd);
}

/** The text of `$1`, `${1}`, `$name` and `${name}` in a replacement. */
function expander(template: string, regex: Regex, subject: Subject): (match: Match) => string {
  return (match) =>
    template.replace(
      /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
      (whole, braced, plain) => {
        if (whole === '$$') return '$';
        const name: string = braced ?? plain;
        const index = /^[0-9]+$/.test(name) ? Number(name) : regex.names.get(name);
        if (index === undefined) return '';
        const [start = -1, end = -1] = match.slice(index * 2, index * 2 + 2);
        return start < 0 ? '' : subject.slice(start, end);
      },
    );
}

function split(regex: Regex, pattern: string, text: string, limit: number): string[] {
  if (pattern !== '' && text === '') return [''];
  const subject = new Subject(text);
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const [from = 0, to = 0] of matches(regex, subject, limit)) {
    if (limit > 0 && parts.length === limit - 1) break;
    end = from;
    if (to !== 0) parts.push(subject.slice(begin, end));
    begin = to;
  }
  if (end !== subject.codes.length) parts.push(subject.slice(begin));
  return parts;
}

function listOf(texts: readonly string[], call: Call): GoValue {
  spendElements(call.calling, texts.length);
  return texts.map((text) => element(text, call));
}

const find = fixed(['string', 'string'], ([pattern, text], { calling }) => {
  const subject = new Subject(text);
  const [start = 0, end = 0] = new Regex(pattern, calling).exec(subject.codes, 0) ?? [];
  return subject.slice(start, end);
});

const findAll = fixed(['string', 'string', 'int'], ([pattern, text, limit], call) => {
  const subject = new Subject(text);
  const found = matches(new Regex(pattern, call.calling), subject, limit);
  const texts = Array.from(found, ([start = 0, end = 0]) => subject.slice(start, end));
  return texts.length === 0 ? NIL_LIST : listOf(texts, call);
});

const replace = fixed(['string', 'string', 'string'], ([pattern, text, template], call) => {
  const regex = new Regex(pattern, call.calling);
  const subject = new Subject(text);
  return replaceAll(regex, subject, expander(template, regex, subject), call);
});

const replaceLiteral = fixed(['string', 'string', 'string'], ([pattern, text, literal], call) =>
  replaceAll(new Regex(pattern, call.calling), new Subject(text), () => literal, call),
);

const splitting = fixed(['string', 'string', 'int'], ([pattern, text, limit], call) =>
  limit === 0
    ? NIL_LIST
    : listOf(split(new Regex(pattern, call.calling), pattern, text, limit), call),
);

const isMatch = fixed(['string', 'string'], ([pattern, text], { calling }) => {
  return new Regex(pattern, calling).exec(new Subject(text).codes, 0) !== undefined;
});

export const regexes: Functions = {
  /** Gives false for what is no pattern. */
  regexMatch: (operands, calling) => {
    try {
      return isMatch(operands, calling);
    } catch (error) {
      if (error instanceof TemplateError && /regexp/.test(error.message))
        return { value: false, from: [] };
      throw error;
    }
  },
  mustRegexMatch: isMatch,
  regexFind: find,
  mustRegexFind: find,
  regexFindAll: findAll,
  mustRegexFindAll: findAll,
  regexReplaceAll: replace,
  mustRegexReplaceAll: replace,
  regexReplaceAllLiteral: replaceLiteral,
  mustRegexReplaceAllLiteral: replaceLiteral,
  regexSplit: splitting,
  mustRegexSplit: splitting,
  regexQuoteMeta: fixed(['string'], ([text]) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
};
