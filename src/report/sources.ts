/** The texts that a report points into, with their lines. */
import { type Location, lineStartsOf } from '../location.ts';

/** A range of one file's text that lies in one line; offsets in UTF-16 code units. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly start: number;
  /** After the last character, the line ending not included. */
  readonly end: number;
}

export class Sources {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #lineStarts = new Map<string, readonly number[]>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** The text of a file; undefined when the report does not hold it. */
  text(path: string): string | undefined {
    return this.#texts.get(path);
  }

  /** Line `number` (1-based) of a file; undefined when there is none. */
  line(path: string, number: number): Line | undefined {
    const text = this.#texts.get(path);
    if (text === undefined) return undefined;
    let starts = this.#lineStarts.get(path);
    if (starts === undefined) {
      starts = lineStartsOf(text);
      this.#lineStarts.set(path, starts);
    }
    const start = starts[number - 1];
    if (start === undefined) return undefined;
    let end = starts[number] ?? text.length;
    if (starts[number] !== undefined) {
      if (text[end - 1] === '\n') end--;
      if (end > start && text[end - 1] === '\r') end--;
    }
    return { number, start, end };
  }

  /** The last line that holds a character of the region: a region may end where the next line begins. */
  lastLineOf(at: Location): number {
    return at.endColumn === 1 && at.endLine > at.line ? at.endLine - 1 : at.endLine;
  }
}
