/** A half-open range of one file's text, in UTF-16 code units from its start. */
export type Range = readonly [start: number, end: number];

/** The path of the file that stands for standard input. */
export const STDIN_PATH = '<stdin>';

/**
 * A place in one file: what an editor, SARIF and a person need to find it.
 * Lines and columns are 1-based, columns count UTF-16 code units, the end is exclusive.
 */
export interface Location {
  /** Path with forward slashes, relative to the base of the run; `<stdin>` for standard input. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The template that a renderer names for this text (`# Source: chart/templates/x.yaml`). */
  readonly renderedFrom?: string;
  /** The values that decide what stands there: of a chart's template. */
  readonly setBy?: readonly SettingPlace[];
}

/** A value of a values file that a template uses. */
export interface SettingPlace {
  /** `orders.replicas`. */
  readonly key: string;
  readonly at: Location;
}

/** A text file whose offsets can be turned into lines. */
export interface Lines {
  readonly path: string;
  readonly lineStarts: readonly number[];
}

/** Where the pieces of a rendered text come from. Offsets of the facts are those of the rendered text. */
export interface SourceMap {
  /** Files that pieces come from. */
  readonly sources: readonly MappedSource[];
  /** By `start`, from 0 on: each is valid up to the start of the next one. */
  readonly segments: readonly Segment[];
  /** By `start`: where something could stand and does not, because of values. */
  readonly gaps?: readonly Gap[];
  /** Objects that all templates of the chart leave out because of values. */
  readonly omittedObjects?: readonly OmittedObject[];
  /** Where a person finds the call of a vendored template; absent when the template of this text is vendored itself. */
  readonly anchor?: MappedPlace;
}

export interface MappedSource extends Lines {
  /** Nobody edits it here: it comes from a registry of charts. */
  readonly vendored?: true;
}

/** A place in one of the sources. */
export interface MappedPlace {
  /** Index of the source. */
  readonly source: number;
  readonly range: Range;
}

/** A place in a rendered text at which a condition left something out. */
export interface Gap {
  /** Offset behind the last character in front of it that is no space. */
  readonly start: number;
  /** Keys of a map that would stand there. */
  readonly keys: readonly string[];
  /** Kinds of objects that would stand there. */
  readonly kinds: readonly string[];
  /** The values that decided it. */
  readonly from: readonly (MappedPlace & { readonly key?: string })[];
}

/** An object that a template would write under other values. */
export interface OmittedObject extends Pick<Gap, 'kinds' | 'from'> {
  /** Of its template. */
  readonly path: string;
}

/** A stretch of a rendered text. */
export interface Segment extends MappedPlace {
  /** Offset in the rendered text. */
  readonly start: number;
  /** It is written there as it is: offsets within it are offsets within `range`. */
  readonly literal?: true;
  /** The values that it was made of. */
  readonly from?: readonly (MappedPlace & { readonly key?: string })[];
}

/** The offset of the first character of every line of `text`. Lines end with LF, CRLF or CR. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      starts.push(at + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) starts.push(i + 1);
    else if (code === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last line that starts at or before `offset`. */
function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Turns a range of a file into a `Location`; of a rendered text, into the place of what made it. */
export function locate(
  file: Lines & { readonly map?: SourceMap },
  range: Range,
  renderedFrom?: string,
): Location {
  if (file.map !== undefined) return mapped(file.map, range);
  const [start, end] = range;
  const line = lineAt(file.lineStarts, start);
  const endLine = lineAt(file.lineStarts, end);
  return {
    path: file.path,
    start,
    end,
    line: line + 1,
    column: start - (file.lineStarts[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: end - (file.lineStarts[endLine] ?? 0) + 1,
    ...(renderedFrom === undefined ? {} : { renderedFrom }),
  };
}

/** Index of the segment that holds an offset; the first one for what lies in front of all. */
function segmentAt(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Settings that one place names; a text that joins more says too little of each. */
const MOST_SETTINGS = 3;
/** Segments of one place that are asked for settings. */
const MOST_SEGMENTS = 20;

function mapped({ sources, segments, anchor }: SourceMap, [start, end]: Range): Location {
  const first = segmentAt(segments, start);
  // An empty range belongs to what stands in front of it.
  const last = segmentAt(segments, Math.max(start, end - 1));
  const settings = settingsIn({ sources, segments }, [start, end]);
  const segment = segments[first];
  const source = sources[segment?.source ?? 0];
  if (segment === undefined || source === undefined)
    return locate({ path: '', lineStarts: [0] }, [0, 0]);
  if (source.vendored === true) {
    const own = causeOf(settings);
    if (own !== undefined && !isMadeOfVendored(sources, segments.slice(first, last + 1)))
      return { ...own.at, renderedFrom: source.path };
    const called = anchor === undefined ? undefined : sources[anchor.source];
    if (anchor !== undefined && called !== undefined)
      return { ...locate(called, anchor.range), renderedFrom: source.path };
  }
  const at = locate(source, sourceRange(segments, first, last, [start, end]));
  // Nothing of ours is the cause of what a vendored template and its values say.
  return settings.length === 0 || source.vendored ? at : { ...at, setBy: settings };
}

/** The setting that explains a finding in a vendored template: one that only names an object explains nothing. */
function causeOf(settings: readonly SettingPlace[]): SettingPlace | undefined {
  return settings.find(({ key }) => !/name(?:override)?$/i.test(key));
}

/** True when a value of a vendored chart has a part in it: then it need not be ours that matters. */
function isMadeOfVendored(sources: readonly MappedSource[], segments: readonly Segment[]): boolean {
  return segments
    .slice(0, MOST_SEGMENTS)
    .some(({ from = [] }) => from.some(({ source }) => sources[source]?.vendored === true));
}

/** The range in the source of its first segment that a range of the rendered text stands for. */
function sourceRange(
  segments: readonly Segment[],
  first: number,
  last: number,
  [start, end]: Range,
): Range {
  const opening = segments[first];
  if (opening === undefined) return [0, 0];
  const from = opening.literal ? opening.range[0] + (start - opening.start) : opening.range[0];
  const closing = segments[last];
  let to = opening.range[1];
  if (closing !== undefined && closing.source === opening.source) {
    const until = closing.literal ? closing.range[0] + (end - closing.start) : closing.range[1];
    // A loop, or a template that is called twice, leads back.
    if (until >= from) to = until;
  }
  return [Math.min(from, to), to];
}

/** Values that say what a thing is called; what is missing at it comes from somewhere else. */
const ONLY_NAMES = /(?:^|\.)(?:name|nameOverride|fullnameOverride)$/;

/** The values of files that somebody edits here which `segments` were made of, each once. */
function settingsOf(
  sources: readonly MappedSource[],
  segments: readonly Pick<Segment, 'from'>[],
): readonly SettingPlace[] {
  const found = new Map<string, SettingPlace>();
  for (const { from = [] } of segments)
    for (const { source, range, key } of from) {
      const file = sources[source];
      if (key === undefined || file === undefined || file.vendored === true) continue;
      if (ONLY_NAMES.test(key)) continue;
      const id = `${source} ${range[0]}`;
      if (!found.has(id)) found.set(id, { key, at: locate(file, range) });
      if (found.size === MOST_SETTINGS) return [...found.values()];
    }
  return [...found.values()];
}

/** The values of files that somebody edits here which left a key of a map out of a range. */
export function omissions(
  { sources, gaps = [] }: SourceMap,
  [start, end]: Range,
  key: string,
): readonly SettingPlace[] {
  return settingsOf(
    sources,
    gaps.filter((gap) => start <= gap.start && gap.start <= end && gap.keys.includes(key)),
  );
}

/** The same for everything that was left out of a range. */
export function allOmissions({ sources, gaps = [] }: SourceMap, [start, end]: Range) {
  return settingsOf(
    sources,
    gaps.filter((gap) => start <= gap.start && gap.start <= end),
  );
}

/**
 * The values that keep a chart from writing an object of a kind, for what the template `path` writes: those of a template in the same
 * folder, or the only ones; none when several could be meant.
 */
export function objectOmissions(
  { sources, omittedObjects = [] }: SourceMap,
  path: string,
  kind: string,
): readonly SettingPlace[] {
  const folder = (of: string) => of.slice(0, of.lastIndexOf('/') + 1);
  const all = omittedObjects.filter(({ kinds }) => kinds.includes(kind));
  const near = all.filter((one) => folder(one.path) === folder(path));
  const [only, ...others] = near.length > 0 ? near : all;
  return only === undefined || others.length > 0 ? [] : settingsOf(sources, [only]);
}

/** The values of files that somebody edits here which a range of a rendered text was made of. */
export function settingsIn(
  { sources, segments }: SourceMap,
  [start, end]: Range,
): readonly SettingPlace[] {
  const first = segmentAt(segments, start);
  const last = segmentAt(segments, Math.max(start, end - 1));
  return settingsOf(sources, segments.slice(first, Math.min(last + 1, first + MOST_SEGMENTS)));
}

/** Orders places by path, then by position: code-unit order, the same on every machine. */
export function compareLocations(a: Location, b: Location): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}
