/**
 * The rendered text of one template as YAML can read it: known pieces as they are, what nobody can tell as fillers of the right
 * shape, and where each stretch comes from.
 */
import type { ChartFile } from '../../facts.ts';
import {
  type Gap,
  lineStartsOf,
  type MappedPlace,
  type MappedSource,
  type Range,
  type Segment,
} from '../../location.ts';
import { textIn } from './files.ts';
import type { Omitted, Origin, Piece, Text } from './value.ts';

/** A stretch of the written text that may be there or not, or may be something else. */
export interface Untold {
  readonly range: Range;
  readonly why: string;
}

/** What was written of one template. */
export interface Written {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** Sorted; they do not overlap. */
  readonly untold: readonly Untold[];
  readonly gaps: readonly Gap[];
}

/** A word that the reader of YAML takes for a placeholder, as it would be in a manifest. */
export const FILLER = '__UNKNOWN__';

/** The start of a line behind which the value of a key or an item of a list stands. */
const VALUE_FOLLOWS = /^[ \t]*(?:-[ \t]+)*(?:-|(?:[^\s"':]+|"[^"]*"|'[^']*'):)[ \t]*$/;

/** Pieces of text in which the line above a filler is looked for. */
const LOOK_BACK = 200;

/** A segment that may still get longer. */
type Growing = { -readonly [Key in keyof Segment]: Segment[Key] };

/** The files that places of one rendering lie in. */
export class Sources {
  readonly list: MappedSource[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private readonly fileAt: (path: string) => ChartFile | undefined;
  private readonly isVendored: (path: string) => boolean;

  constructor(
    fileAt: (path: string) => ChartFile | undefined,
    isVendored: (path: string) => boolean,
  ) {
    this.fileAt = fileAt;
    this.isVendored = isVendored;
  }

  indexOf(path: string): number {
    const known = this.indexes.get(path);
    if (known !== undefined) return known;
    const lineStarts = lineStartsOf(this.textOf(path));
    const vendored = this.isVendored(path) ? ({ vendored: true } as const) : {};
    this.indexes.set(path, this.list.length);
    return this.list.push({ path, lineStarts, ...vendored }) - 1;
  }

  textOf(path: string): string {
    let text = this.texts.get(path);
    if (text === undefined) {
      const file = this.fileAt(path);
      text = file === undefined ? '' : (textIn(file) ?? '');
      this.texts.set(path, text);
    }
    return text;
  }
}

/** Says of values that no file gives why they are unknown; undefined for all others. */
export type Guessed = (origin: Origin) => string | undefined;

/** Writes the text of the template `path`. */
export function written(text: Text, path: string, sources: Sources, guessed: Guessed): Written {
  const writer = new Writer(path, sources, guessed);
  writer.write(text.pieces);
  const { parts, segments, untold, gaps } = writer;
  return { text: parts.join(''), segments, untold, gaps };
}

class Writer {
  /** The text, which is joined at the end only: pieces are many and small. */
  readonly parts: string[] = [];
  private length = 0;
  /** The line that is being written, up to here. */
  private line = '';
  readonly segments: Growing[] = [];
  readonly untold: Untold[] = [];
  readonly gaps: Gap[] = [];
  /** Where the last character that is no space ends. */
  private inkEnd = 0;
  private readonly sources: Sources;
  private readonly guessed: Guessed;
  private here: MappedPlace;
  /** Where the last literal text ends, and the action behind it, until a line ends or literal text follows. */
  private after: { readonly path: string; readonly end: number } | undefined;
  private call: MappedPlace | undefined;
  /** Where the last literal text ends, whatever came behind it. */
  private literalEnd: { readonly path: string; readonly end: number } | undefined;

  constructor(path: string, sources: Sources, guessed: Guessed) {
    this.sources = sources;
    this.guessed = guessed;
    this.here = { source: sources.indexOf(path), range: [0, 0] };
  }

  write(pieces: readonly Piece[]): void {
    for (const [index, piece] of pieces.entries()) {
      if (piece.omits !== undefined) this.gap(piece, piece.omits);
      else if (piece.unknown === undefined) this.known(piece);
      else {
        const start = this.length;
        const hidden = piece.hides?.find(({ value }) => value.trim() !== '');
        const count = this.untold.length;
        if (hidden !== undefined) this.write(hidden.pieces);
        else if (piece.hides === undefined) this.filler(piece, pieces, index);
        // What is inside of it is untold for the same reason.
        this.untold.length = count;
        this.untold.push({ range: [start, this.length], why: piece.unknown });
      }
    }
  }

  private gap({ from }: Piece, { keys, kinds }: Omitted): void {
    const made = this.placesOf(from);
    if (made.length > 0) this.gaps.push({ start: this.inkEnd, keys, kinds, from: made });
  }

  /** The values among origins that some file gives. */
  private placesOf(from: readonly Origin[]): readonly (MappedPlace & { readonly key: string })[] {
    return from.flatMap(({ path, range, key }) =>
      // An empty range: nobody gave this value.
      key === undefined || range[1] === 0
        ? []
        : [{ source: this.sources.indexOf(path), range, key }],
    );
  }

  private known(piece: Piece): void {
    const start = this.length;
    this.segment(piece, piece.text);
    for (const origin of piece.from) {
      const why = this.guessed(origin);
      if (why !== undefined) {
        this.untold.push({ range: [start, this.length], why });
        return;
      }
    }
  }

  private segment({ at, from }: Piece, text: string): void {
    if (text === '') return;
    let literal = false;
    if (at !== undefined) {
      const { range } = at;
      this.here = { source: this.sources.indexOf(at.path), range };
      literal =
        range[1] - range[0] === text.length &&
        this.sources.textOf(at.path).startsWith(text, range[0]);
      const call = this.callOf(at, text);
      if (call !== undefined) {
        this.here = call;
        literal = false;
      } else if (literal) {
        this.after = { path: at.path, end: range[1] };
        this.literalEnd = this.after;
      }
    }
    if (text.includes('\n')) this.call = undefined;
    const made = this.placesOf(from);
    const last = this.segments.at(-1);
    const { source, range } = this.here;
    if (literal && last?.literal && last.source === source && last.range[1] === range[0])
      last.range = [last.range[0], range[1]];
    else
      this.segments.push({
        start: this.length,
        source,
        range,
        ...(literal ? { literal: true } : {}),
        ...(made.length === 0 ? {} : { from: made }),
      });
    this.parts.push(text);
    const ink = text.trimEnd().length;
    if (ink > 0) this.inkEnd = this.length + ink;
    this.length += text.length;
    const lineFeed = text.lastIndexOf('\n');
    this.line = lineFeed === -1 ? this.line + text : text.slice(lineFeed + 1);
  }

  /**
   * The action that stands behind the literal text of this line, when a piece of one line comes from a named template that the
   * action calls: `image: {{ include "shop.image" . }}` is what a person looks for, not the template that puts the name together.
   */
  private callOf({ path, range }: Origin, text: string): MappedPlace | undefined {
    const { after } = this;
    if (text.includes('\n')) return undefined;
    if (after !== undefined) {
      this.after = undefined;
      const { line } = this;
      const source = this.sources.textOf(after.path);
      const isElsewhere = path !== after.path || range[0] !== after.end;
      const close = source.indexOf('}}', after.end);
      const isCall = source.startsWith('{{', after.end) && close !== -1;
      this.call =
        line.trim() !== '' && isElsewhere && isCall
          ? { source: this.sources.indexOf(after.path), range: [after.end, close + 2] }
          : undefined;
      return this.call;
    }
    const { call } = this;
    const isBehind =
      call !== undefined && call.source === this.sources.indexOf(path) && range[0] >= call.range[1];
    if (isBehind) this.call = undefined;
    return this.call;
  }

  /** Something in the place of a piece that is unknown: a value, an item or an entry, by what stands around it. */
  private filler(piece: Piece, pieces: readonly Piece[], index: number): void {
    const { line } = this;
    let behind = index + 1;
    while (pieces[behind]?.omits !== undefined) behind++;
    const next = pieces[behind];
    const isLast = /^[ \t]*(?:\n|$)/.test(next?.text ?? '');
    if (line.trim() === '') {
      this.segment(piece, isLast ? this.lineFor(line) : FILLER);
      return;
    }
    const column = this.columnOf(piece);
    const isValue = VALUE_FOLLOWS.test(line);
    if (column === undefined || isValue)
      this.segment(piece, isValue && !/[ \t]$/.test(line) ? ` ${FILLER}` : FILLER);
    // The template trims the line break in front of it: it begins a line of its own.
    else this.segment(piece, `\n${' '.repeat(column)}${this.lineFor(' '.repeat(column))}`);
  }

  /** The column that an action has which stands alone on its line behind literal text; undefined for one within a line. */
  private columnOf({ at }: Piece): number | undefined {
    const { literalEnd } = this;
    if (at === undefined || literalEnd?.path !== at.path) return undefined;
    const text = this.sources.textOf(at.path);
    const isBehind = at.range[0] >= literalEnd.end;
    if (!isBehind || text.slice(literalEnd.end, at.range[0]).trim() !== '') return undefined;
    const lineStart = text.lastIndexOf('\n', at.range[0] - 1) + 1;
    const before = text.slice(lineStart, at.range[0]);
    if (before.trim() !== '') return undefined;
    const indented = /\bn?indent[ \t]+(\d{1,3})\b/.exec(text.slice(...at.range))?.[1];
    return indented === undefined ? before.length : Number(indented);
  }

  /** A line of its own behind `indentation`: an item of the list above, an entry of the map above, or a value. */
  private lineFor(indentation: string): string {
    const depth = indentation.length;
    const lines = this.parts.slice(-LOOK_BACK).join('').split('\n');
    // The last line is the one that is being written.
    for (const line of lines.reverse().slice(1)) {
      const content = line.trimStart();
      if (content.trim() === '' || content.startsWith('#')) continue;
      const own = line.length - content.length;
      if (own > depth) continue;
      if (own === depth) return content.startsWith('- ') ? `- ${FILLER}` : `${FILLER}: ${FILLER}`;
      return content.trimEnd().endsWith(':') ? FILLER : `${FILLER}: ${FILLER}`;
    }
    return depth === 0 ? FILLER : `${FILLER}: ${FILLER}`;
  }
}
