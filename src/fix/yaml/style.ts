/** How a YAML file is written, and new pieces of it in that way. */
import type { Node } from '../../facts.ts';
import type { Data, YamlDocument } from './tree.ts';

export interface Style {
  readonly eol: '\n' | '\r\n';
  /** Columns by which a map stands in its map. */
  readonly step: number;
  /** Columns by which the dash of a list stands in its map. */
  readonly dash: number;
}

/** The column of an offset in its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line of an offset, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return text.charAt(at - 1) === '\r' && at - 1 >= offset ? at - 1 : at;
}

export function eolOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text.charAt(at - 1) === '\r' ? '\r\n' : '\n';
}

export function isFlow(text: string, node: Node): boolean {
  return '[{'.includes(text.charAt(node.range[0]));
}

/** The first of the wanted distances that occurs in a document, as most of a file is written alike. */
export function styleOf(text: string, documents: readonly YamlDocument[]): Style {
  let step: number | undefined;
  let dash: number | undefined;
  const visit = (node: Node): void => {
    if (node.kind === 'sequence' && !isFlow(text, node)) for (const item of node.items) visit(item);
    if (node.kind !== 'map' || isFlow(text, node)) return;
    for (const { keyRange, value } of node.entries) {
      if (step !== undefined && dash !== undefined) return;
      if (value.range[0] < keyRange[1] || isFlow(text, value)) continue;
      const column = columnOf(text, keyRange[0]);
      const distance = columnOf(text, value.range[0]) - column;
      const isBelow = lineStart(text, value.range[0]) > keyRange[0];
      if (isBelow && value.kind === 'map' && value.entries.length > 0 && distance > 0)
        step ??= distance;
      if (isBelow && value.kind === 'sequence' && distance >= 0) dash ??= distance;
      visit(value);
    }
  };
  for (const { node } of documents) visit(node);
  return { eol: eolOf(text), step: step ?? 2, dash: dash ?? step ?? 2 };
}

const PLAIN = /^[A-Za-z_./][\w./-]*$/;
const QUANTITY = /^\d+(?:\.\d+)?(?:m|[kMGTP]|[KMGTP]i)$/;
const NO_TEXT = /^(?:true|false|yes|no|on|off|null|y|n|\.inf|\.nan|\.)$/i;

/** A scalar as YAML; texts are quoted only where they must be. */
export function scalarText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return (PLAIN.test(value) && !NO_TEXT.test(value)) || QUANTITY.test(value)
    ? value
    : JSON.stringify(value);
}

function isScalar(data: Data): data is string | number | boolean | null {
  return typeof data !== 'object' || data === null;
}

/** A value in one line. */
export function flowText(data: Data, json: boolean): string {
  if (isScalar(data)) return json ? JSON.stringify(data) : scalarText(data);
  if (Array.isArray(data)) return `[${data.map((item) => flowText(item, json)).join(', ')}]`;
  const entries = Object.entries(data).map(
    ([key, value]) => `${json ? JSON.stringify(key) : scalarText(key)}: ${flowText(value, json)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** `key: value` as a block, its lines without line ends. */
export function entryLines(key: string, value: Data, indent: number, style: Style): string[] {
  const head = `${' '.repeat(indent)}${scalarText(key)}:`;
  if (isScalar(value)) return [`${head} ${scalarText(value)}`];
  const below = valueLines(value, indent, style);
  return below === undefined ? [`${head} ${flowText(value, false)}`] : [head, ...below];
}

/** The lines of a map or list below a key that stands at `indent`; undefined when it is empty. */
export function valueLines(value: Data, indent: number, style: Style): string[] | undefined {
  if (isScalar(value)) return undefined;
  if (Array.isArray(value))
    return value.length === 0
      ? undefined
      : value.flatMap((item) => itemLines(item, indent + style.dash, style));
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  return entries.flatMap(([key, inner]) => entryLines(key, inner, indent + style.step, style));
}

/** An item of a list whose dash stands at `indent`. */
export function itemLines(item: Data, indent: number, style: Style): string[] {
  const pad = ' '.repeat(indent);
  if (isScalar(item)) return [`${pad}- ${scalarText(item)}`];
  if (Array.isArray(item)) return [`${pad}- ${flowText(item, false)}`];
  const [first = `${pad}  {}`, ...rest] = Object.entries(item).flatMap(([key, value]) =>
    entryLines(key, value, indent + 2, style),
  );
  return [`${pad}- ${first.slice(indent + 2)}`, ...rest];
}
