/**
 * Changes of a YAML or JSON text by ranges: what is not changed stays as it is, byte for byte. Each change is checked by
 * reading the result again: exactly the wanted data differ.
 */
import type { MapEntry, MapNode, Node } from '../../facts.ts';
import { applyEdits, type TextEdit } from '../diff.ts';
import {
  columnOf,
  entryLines,
  eolOf,
  flowText,
  isFlow,
  itemLines,
  lineEnd,
  lineStart,
  scalarText,
  styleOf,
  valueLines,
} from './style.ts';
import {
  type Data,
  dataOf,
  documentsIn,
  entryOf,
  nodeAt,
  type Path,
  sameData,
  Unfit,
  withValue,
  type YamlDocument,
} from './tree.ts';

/** What to change, in one document of a text. */
export type Change =
  /** A value at a path; maps on the way are made. */
  | { readonly set: Path; readonly to: Data }
  /** An item at the end of a list. */
  | { readonly append: Path; readonly item: Data }
  /** A document of its own behind this one. */
  | { readonly document: Data };

/**
 * The text with a change made in its document `index`.
 * Throws Unfit when it cannot be made, or when anything but the wanted would change.
 */
export function changed(text: string, index: number, change: Change): string {
  const documents = documentsIn(text);
  const document = documents[index];
  if (document === undefined) throw new Unfit('the document is not there any more');
  const before = documents.map(({ node }) => dataOf(node));
  const { edits, expected } = plan(text, documents, document, index, before, change);
  const result = applyEdits(
    text,
    [...edits].sort((a, b) => a.range[0] - b.range[0]),
  );
  const after = documentsIn(result).map(({ node }) => dataOf(node));
  if (!sameData(after, expected)) throw new Unfit('more would change than is wanted');
  return result;
}

interface Plan {
  readonly edits: readonly TextEdit[];
  readonly expected: readonly Data[];
}

function plan(
  text: string,
  documents: readonly YamlDocument[],
  document: YamlDocument,
  index: number,
  before: readonly Data[],
  change: Change,
): Plan {
  const style = styleOf(text, documents);
  const writer = new Writer(text, style);
  const now = before[index];
  const replaced = (data: Data) => before.map((old, at) => (at === index ? data : old));
  if ('document' in change) {
    if (isFlow(text, document.node)) throw new Unfit('a JSON file holds one object');
    const body = blockOf(change.document, style);
    const end = text.slice(0, document.end).trimEnd().length;
    const { eol } = style;
    return {
      edits: [{ range: [end, end], text: `${eol}---${eol}${body.join(eol)}` }],
      expected: [...before.slice(0, index + 1), change.document, ...before.slice(index + 1)],
    };
  }
  if ('append' in change) {
    const list = nodeAt(document.node, change.append);
    if (list?.kind !== 'sequence') throw new Unfit('the list is not there');
    return {
      edits: writer.append(list, change.item),
      expected: replaced(withValue(now, [...change.append, list.items.length], change.item)),
    };
  }
  return {
    edits: writer.set(document.node, change.set, change.to),
    expected: replaced(withValue(now, change.set, change.to)),
  };
}

/** The lines of a document. */
export function blockOf(data: Data, style: Parameters<typeof entryLines>[3]): string[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => entryLines(key, value, 0, style));
}

/** The value at the end of a path below which nothing is there yet. */
function nested(path: Path, value: Data): Data {
  return path.reduceRight<Data>((inner, step) => {
    if (typeof step === 'number') throw new Unfit('an item of a list is not there');
    return { [step]: inner };
  }, value);
}

function isScalarData(data: Data): data is string | number | boolean | null {
  return typeof data !== 'object' || data === null;
}

class Writer {
  readonly #text: string;
  readonly #style: ReturnType<typeof styleOf>;

  constructor(text: string, style: ReturnType<typeof styleOf>) {
    this.#text = text;
    this.#style = style;
  }

  set(root: Node, path: Path, value: Data): readonly TextEdit[] {
    let at = root;
    for (const [index, step] of path.entries()) {
      const rest = path.slice(index + 1);
      if (typeof step === 'number') {
        const item = at.kind === 'sequence' ? at.items[step] : undefined;
        if (item === undefined || rest.length === 0)
          throw new Unfit('an item of a list is not there');
        at = item;
        continue;
      }
      if (at.kind !== 'map') throw new Unfit('something else stands where a map is wanted');
      const entry = entryOf(at, step);
      if (entry === undefined) return this.#insert(at, step, nested(rest, value));
      const { value: inner, keyRange } = entry;
      if (inner.range[0] < keyRange[0] || keyRange[0] < at.range[0])
        throw new Unfit('the value stands behind an alias, which others may use too');
      const isEmpty =
        (inner.kind === 'scalar' && inner.value === null) ||
        (inner.kind === 'map' && inner.entries.length === 0);
      if (rest.length === 0 || isEmpty) return this.#replace(at, entry, nested(rest, value));
      at = inner;
    }
    throw new Unfit('nothing to set');
  }

  #replace(map: MapNode, { keyRange, value: old }: MapEntry, value: Data): readonly TextEdit[] {
    const text = this.#text;
    if (isScalarData(value)) {
      if (old.kind === 'scalar' && old.text !== '') {
        if (/^[|>&!*]/.test(old.text)) throw new Unfit('the value is written in an unusual way');
        const [quote] = /^["']/.exec(old.text) ?? [];
        const fresh = quote === undefined ? scalarText(value) : `${quote}${value}${quote}`;
        return [{ range: old.range, text: fresh }];
      }
      if (old.kind !== 'scalar') throw new Unfit('something else stands where a value is wanted');
      const colon = text.indexOf(':', keyRange[1]) + 1;
      return [{ range: [colon, colon], text: ` ${scalarText(value)}` }];
    }
    if (isFlow(text, map)) return [{ range: old.range, text: flowText(value, isJson(text, map)) }];
    const lines = valueLines(value, columnOf(text, keyRange[0]), this.#style);
    if (lines === undefined) throw new Unfit('nothing to write');
    const end = lineEnd(text, old.range[1]);
    const { eol } = this.#style;
    const insertion = { range: [end, end] as const, text: eol + lines.join(eol) };
    if (old.range[0] === old.range[1]) return [insertion];
    if (text.slice(old.range[0], old.range[1]).includes('\n'))
      throw new Unfit('the value is written in an unusual way');
    // The blank in front of `{}` goes with it.
    const from = text.charAt(old.range[0] - 1) === ' ' ? old.range[0] - 1 : old.range[0];
    if (end === old.range[1]) return [{ range: [from, end], text: insertion.text }];
    return [{ range: [from, old.range[1]], text: '' }, insertion];
  }

  #insert(map: MapNode, key: string, value: Data): readonly TextEdit[] {
    const text = this.#text;
    if (isFlow(text, map)) return this.#insertInFlow(map, key, value);
    const own = map.entries.filter(
      ({ keyRange }) => keyRange[0] >= map.range[0] && keyRange[1] <= map.range[1],
    );
    const [first] = own;
    const last = own.at(-1);
    if (first === undefined || last === undefined)
      throw new Unfit('the map has no entry of its own');
    const indent = columnOf(text, first.keyRange[0]);
    const lines = entryLines(key, value, indent, this.#style);
    const { eol } = this.#style;
    const behind = (offset: number): readonly TextEdit[] => {
      const end = lineEnd(text, offset);
      return [{ range: [end, end], text: eol + lines.join(eol) }];
    };
    if (isScalarData(value)) {
      const short = own.findLast((entry) => this.#isShort(entry));
      if (short !== undefined) return behind(short.value.range[1]);
      const start = lineStart(text, first.keyRange[0]);
      const above = text.slice(lineStart(text, start - 1), start);
      const opens = text.slice(start, first.keyRange[0]).trim() === '';
      if (opens && start > 0 && !above.trimStart().startsWith('#'))
        return [{ range: [start, start], text: lines.join(eol) + eol }];
    }
    const end = Math.max(map.range[1], last.keyRange[1], last.value.range[1]);
    // A value behind an alias ends elsewhere; a block keeps its last lines.
    const isAlias =
      last.value.range[0] < last.keyRange[1] && last.value.range[1] !== last.keyRange[1];
    if (isAlias || last.value.range[0] > map.range[1]) return behind(last.keyRange[1]);
    return behind(end);
  }

  /** A value that stands in one line with its key, and no comment or value goes on below. */
  #isShort({ keyRange, value }: MapEntry): boolean {
    if (value.kind !== 'scalar' || value.text === '' || /^[|>]/.test(value.text)) return false;
    if (value.range[0] < keyRange[1]) return false;
    if (this.#text.slice(keyRange[0], value.range[1]).includes('\n')) return false;
    return /^[ \t]*(?:#.*)?$/.test(
      this.#text.slice(value.range[1], lineEnd(this.#text, value.range[1])),
    );
  }

  #insertInFlow(map: MapNode, key: string, value: Data): readonly TextEdit[] {
    const text = this.#text;
    const json = isJson(text, map);
    const name = json ? JSON.stringify(key) : scalarText(key);
    const last = map.entries.at(-1);
    if (last === undefined)
      return [{ range: map.range, text: `{ ${name}: ${flowText(value, json)} }` }];
    const end = last.value.range[1];
    if (end > map.range[1] || end < last.keyRange[1])
      throw new Unfit('the map is written in an unusual way');
    const start = lineStart(text, last.keyRange[0]);
    const pad = text.slice(start, last.keyRange[0]);
    if (pad.trim() !== '' || start < map.range[0])
      return [{ range: [end, end], text: `, ${name}: ${flowText(value, json)}` }];
    const { eol } = this.#style;
    const outer = columnOf(text, lineStart(text, map.range[0]) + indentOf(text, map.range[0]));
    const step = Math.max(1, pad.length - outer);
    const unit = pad.includes('\t') ? '\t' : ' '.repeat(step);
    const written = json
      ? JSON.stringify(value, null, unit).replaceAll('\n', eol + pad)
      : flowText(value, false);
    return [{ range: [end, end], text: `,${eol}${pad}${name}: ${written}` }];
  }

  append(list: Node & { kind: 'sequence' }, item: Data): readonly TextEdit[] {
    const text = this.#text;
    const last = list.items.at(-1);
    if (isFlow(text, list)) {
      const written = flowText(item, isJson(text, list));
      if (last === undefined) return [{ range: list.range, text: `[${written}]` }];
      const end = last.range[1];
      return [{ range: [end, end], text: `, ${written}` }];
    }
    if (last === undefined) throw new Unfit('the list is empty');
    const start = list.range[0];
    if (text.charAt(start) !== '-') throw new Unfit('the list is written in an unusual way');
    const lines = itemLines(item, columnOf(text, start), this.#style);
    const end = lineEnd(text, list.range[1]);
    const eol = eolOf(text);
    return [{ range: [end, end], text: eol + lines.join(eol) }];
  }
}

/** Keys in double quotes: JSON, or YAML that is written like it. */
function isJson(text: string, node: Node): boolean {
  return /^[[{]\s*["\]}[{]/.test(text.slice(node.range[0], node.range[0] + 4000));
}

function indentOf(text: string, offset: number): number {
  const line = text.slice(lineStart(text, offset), offset);
  return line.length - line.trimStart().length;
}
