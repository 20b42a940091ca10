/** The lines of a Dockerfile as instructions: continuations joined, comments and heredocs taken out. */
import type { Range } from '../../location.ts';

/** One word of an instruction. */
export interface Word {
  /** Without quotes and escapes. */
  readonly value: string;
  readonly raw: string;
  /** Offset in the body. */
  readonly start: number;
  readonly range: Range;
}

interface Piece {
  /** Offset in the body at which the piece starts, and where it stands in the file. */
  readonly start: number;
  readonly offset: number;
}

export class Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** What stands behind the keyword, on one line. */
  readonly body: string;
  /** Its heredocs as written, each with the line end in front of it. */
  readonly heredocs: string;
  readonly range: Range;
  private readonly pieces: readonly Piece[];
  private readonly escapeCharacter: string;

  constructor(fields: {
    keyword: string;
    body: string;
    heredocs: string;
    range: Range;
    pieces: readonly Piece[];
    escapeCharacter: string;
  }) {
    this.keyword = fields.keyword;
    this.body = fields.body;
    this.heredocs = fields.heredocs;
    this.range = fields.range;
    this.pieces = fields.pieces;
    this.escapeCharacter = fields.escapeCharacter;
  }

  /** The range in the file of a range of the body. */
  place(start: number, end: number): Range {
    return [this.offsetOf(start), end > start ? this.offsetOf(end - 1) + 1 : this.offsetOf(start)];
  }

  rangeFrom(start: number): Range {
    return this.place(start, this.body.trimEnd().length);
  }

  private offsetOf(at: number): number {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle]?.start ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const piece = this.pieces[low];
    return piece === undefined ? this.range[0] : piece.offset + at - piece.start;
  }

  /** Offset in the body behind all `--flags`. */
  afterFlags(): number {
    const flags = /(?:\s*--[a-z][^\s]*(?:\s|$))*\s*/y;
    flags.lastIndex = 0;
    return flags.exec(this.body)?.[0].length ?? 0;
  }

  /** Words as Docker splits them: by space, outside of quotes. */
  words(): readonly Word[] {
    const { body, escapeCharacter } = this;
    const words: Word[] = [];
    let at = 0;
    while (at < body.length) {
      if (isSpace(body[at])) {
        at++;
        continue;
      }
      const start = at;
      const parts: string[] = [];
      let quote = '';
      for (; at < body.length && (quote !== '' || !isSpace(body[at])); at++) {
        const character = body[at] ?? '';
        if (character === quote) quote = '';
        else if (quote === '' && (character === '"' || character === "'")) quote = character;
        else if (character === escapeCharacter && quote !== "'" && at + 1 < body.length) {
          const next = body[at + 1] ?? '';
          // Between double quotes only these lose their escape.
          if (quote === '' || next === '"' || next === '$' || next === escapeCharacter)
            parts.push(next);
          else parts.push(character, next);
          at++;
        } else parts.push(character);
      }
      words.push({
        value: parts.join(''),
        raw: body.slice(start, at),
        start,
        range: this.place(start, at),
      });
    }
    return words;
  }
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

const HEREDOC = /^[0-9]*<<(-?)(["']?)([A-Za-z_][\w.-]*)\2$/;

interface Line {
  readonly text: string;
  readonly start: number;
}

/** All instructions of a text; not `complete` when a heredoc does not end or a line is no instruction. */
export function instructionsOf(text: string): {
  readonly instructions: readonly Instruction[];
  readonly complete: boolean;
} {
  const lines = linesOf(text);
  const escapeCharacter = escapeOf(lines);
  const instructions: Instruction[] = [];
  let complete = true;
  for (let i = 0; i < lines.length; ) {
    const first = lines[i];
    i++;
    if (first === undefined || isBlankOrComment(first.text)) continue;
    const [head = '', keyword = ''] = /^\s*([A-Za-z]+)(?:[ \t]+|$)/.exec(first.text) ?? [];
    const start = first.start + (first.text.length - first.text.trimStart().length);
    const pieces: Piece[] = [];
    const parts: string[] = [];
    let length = 0;
    let end = start;
    let line: Line | undefined = {
      text: first.text.slice(head.length),
      start: first.start + head.length,
    };
    while (line !== undefined) {
      const trimmed: string = line.text.trimEnd();
      const continues = trimmed.endsWith(escapeCharacter);
      const content: string = continues ? trimmed.slice(0, -1) : trimmed;
      pieces.push({ start: length, offset: line.start });
      parts.push(content);
      length += content.length;
      end = line.start + trimmed.length;
      if (!continues) break;
      // Comments and blank lines do not end a continuation.
      while (i < lines.length && isBlankOrComment(lines[i]?.text ?? '')) i++;
      line = lines[i];
      i++;
    }
    if (keyword === '') {
      complete = false;
      continue;
    }
    const body = parts.join('');
    let heredocs = '';
    if (body.includes('<<') && /^(?:RUN|COPY|ADD)$/i.test(keyword)) {
      const from = i;
      for (const word of body.split(/\s+/)) {
        const [, tabs, , name] = HEREDOC.exec(word) ?? [];
        if (name === undefined) continue;
        const strip = tabs === '-';
        while (i < lines.length && terminator(lines[i]?.text ?? '', strip) !== name) i++;
        if (i >= lines.length) complete = false;
        else i++;
      }
      const last = lines[i - 1];
      const begin = lines[from];
      if (i > from && last !== undefined && begin !== undefined) {
        end = last.start + last.text.length;
        heredocs = `\n${text.slice(begin.start, end)}`;
      }
    }
    instructions.push(
      new Instruction({
        keyword: keyword.toUpperCase(),
        body,
        heredocs,
        range: [start, end],
        pieces,
        escapeCharacter,
      }),
    );
  }
  return { instructions, complete };
}

function terminator(line: string, strip: boolean): string {
  return strip ? line.replace(/^\t+/, '') : line;
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const stop = text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end;
    lines.push({ text: text.slice(start, stop), start });
    start = end + 1;
  }
  return lines;
}

const LONGEST_DIRECTIVE = 256;

/** The escape character: a backslash, unless a directive on top says `# escape=` and a backtick. */
function escapeOf(lines: readonly Line[]): string {
  for (const { text } of lines) {
    if (text.length > LONGEST_DIRECTIVE) break;
    const [, key, value] = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S*)\s*$/.exec(text) ?? [];
    if (key === undefined) break;
    if (key.toLowerCase() === 'escape') return value === '`' ? '`' : '\\';
  }
  return '\\';
}
