/** Splits a file into YAML documents by their markers, which no scalar of a document may contain. */

/** One document: a piece of the file, without its `---` line. */
export interface Document {
  readonly start: number;
  readonly end: number;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = 0xfeff;

/** Is this offset the start of a line? */
export function startsLine(text: string, offset: number): boolean {
  const before = text.charCodeAt(offset - 1);
  return offset === 0 || before === LINE_FEED || before === CARRIAGE_RETURN;
}

/**
 * The documents of `text`, in order, empty ones left out. A `---` at the start of a line ends a document even
 * inside of an unclosed quote, so one broken document never takes the others with it.
 */
export function documentsOf(text: string): readonly Document[] {
  const documents: Document[] = [];
  let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const push = (end: number) => {
    if (start < end) documents.push({ start, end });
  };
  for (let at = text.indexOf('---'); at !== -1; at = text.indexOf('---', at + 3)) {
    const marked = text.charCodeAt(at - 1) === BYTE_ORDER_MARK ? at - 1 : at;
    const after = text.charAt(at + 3);
    if (!startsLine(text, marked) || !(after === '' || ' \t\r\n'.includes(after))) continue;
    push(marked);
    start = contentStart(text, at);
  }
  push(text.length);
  return documents;
}

/** Where the document behind the marker at `marker` starts: at the marker itself when its line holds content. */
function contentStart(text: string, marker: number): number {
  const afterMarker = marker + 3;
  const lineFeed = text.indexOf('\n', afterMarker);
  const lineEnd = lineFeed === -1 ? text.length : lineFeed;
  const rest = text.slice(afterMarker, lineEnd).trim();
  if (rest !== '' && !rest.startsWith('#')) return marker;
  return text.charCodeAt(lineEnd + 1) === BYTE_ORDER_MARK ? lineEnd + 2 : afterMarker;
}

/**
 * The documents of a text that Helm has rendered: it splits at every line that begins with `---`, whatever follows, and cuts off
 * the spaces around each.
 */
export function renderedDocumentsOf(text: string): readonly Document[] {
  const documents: Document[] = [];
  let start = 0;
  const push = (end: number) => {
    const content = text.slice(start, end);
    const first = start + content.length - content.trimStart().length;
    if (first < end) documents.push({ start: first, end: start + content.trimEnd().length });
  };
  for (let at = text.indexOf('---'); at !== -1; at = text.indexOf('---', at + 3)) {
    if (!startsLine(text, at)) continue;
    push(at);
    start = at + 3;
  }
  push(text.length);
  return documents;
}
