/** Syntax trees to the nodes of the facts: aliases, merge keys and duplicates resolved, placeholders unknown. */
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, Scalar, type YAMLMap } from 'yaml';
import type { MapEntry, Node, ScalarNode, UnknownNode } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { placeholderIn, placeholderInKey } from './placeholders.ts';
import { plainValue, type ScalarValue, taggedValue } from './scalars.ts';

/** Nodes that all aliases of a document may stand for together; a bomb has billions. */
const MAX_ALIASED = 100_000;

/** The kind whose texts have templates of their own: Prometheus fills them in, nobody before it. */
const ALERTING_KIND = 'PrometheusRule';

/** What a reader found besides the nodes. */
export interface Remarks {
  duplicateKey(key: string, range: Range): void;
  unresolvedAlias(name: string, range: Range): void;
}

interface Anchored {
  /** Absent while the value is being read: an alias in there refers to itself. */
  node?: Node;
  /** Nodes that an alias of it stands for. */
  size: number;
}

const MERGE = Symbol('merge key');

/** The text of a document, and what its texts mean. */
export interface DocumentText {
  readonly text: string;
  /** Where the text of the document starts in the file. */
  readonly base: number;
  /** Texts are values as they are: nothing fills in what looks like a placeholder before they are used. */
  readonly literal?: boolean;
}

/** Reads the tree of one document. */
export function nodeOf(contents: ParsedNode, file: DocumentText, remarks: Remarks): Node {
  return new DocumentReader(file, remarks).read(contents);
}

class DocumentReader {
  private readonly text: string;
  private readonly base: number;
  private readonly remarks: Remarks;
  private readonly anchors = new Map<string, Anchored>();
  private readonly hasAlerts: boolean;
  /** Within texts that are values as they are. */
  private isLiteral: boolean;
  /** Nodes so far, those behind aliases counted each time. */
  private count = 0;
  private aliased = 0;

  constructor({ text, base, literal = false }: DocumentText, remarks: Remarks) {
    this.text = text;
    this.base = base;
    this.remarks = remarks;
    this.isLiteral = literal;
    this.hasAlerts = text.includes(ALERTING_KIND);
  }

  read(node: ParsedNode): Node {
    if (isAlias(node)) return this.alias(node.source, this.place(node.range[0], node.range[1]));
    const { anchor } = node;
    if (anchor === undefined) return this.value(node);
    const anchored: Anchored = { size: 0 };
    this.anchors.set(anchor, anchored);
    const before = this.count;
    const value = this.value(node);
    anchored.node = value;
    anchored.size = this.count - before;
    return value;
  }

  private value(node: ParsedNode): Node {
    this.count++;
    if (isScalar(node)) return this.scalar(node);
    if (isMap(node)) return this.map(node);
    if (isSeq(node)) {
      const items: Node[] = [];
      for (const item of node.items) items.push(this.read(item as ParsedNode));
      return { kind: 'sequence', items, range: this.place(node.range[0], this.endOf(node)) };
    }
    return unknown('an unreadable value', this.place(node.range[0], node.range[1]));
  }

  private alias(name: string, range: Range): Node {
    const anchored = this.anchors.get(name);
    if (anchored === undefined) {
      this.remarks.unresolvedAlias(name, range);
      return unknown('an alias without an anchor', range);
    }
    if (anchored.node === undefined) return unknown('an alias that contains itself', range);
    return this.spend(anchored.size) ? anchored.node : unknown('a cut alias', range);
  }

  /** Counts nodes behind an alias; false when there are too many. */
  private spend(size: number): boolean {
    if (this.aliased + size > MAX_ALIASED) return false;
    this.aliased += size;
    this.count += size;
    return true;
  }

  private scalar(node: Scalar.Parsed): ScalarNode | UnknownNode {
    const range = this.place(node.range[0], this.endOf(node));
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    const value = isBlock ? this.blockValue(node) : scalarValue(node);
    if (typeof value === 'string' && !isBlock && !this.isLiteral) {
      const why = placeholderIn(value);
      if (why !== undefined) return { ...unknown(why, range), text: value };
    }
    return {
      kind: 'scalar',
      value,
      text: this.text.slice(range[0] - this.base, range[1] - this.base),
      range,
    };
  }

  /** A block at the end of a file without a last line end has none either for go-yaml; the library makes one. */
  private blockValue(node: Scalar.Parsed): ScalarValue {
    const value = scalarValue(node);
    const isCut = node.range[1] === this.text.length && !/[\r\n]$/.test(this.text);
    return isCut && typeof value === 'string' ? value.replace(/\n$/, '') : value;
  }

  private map(node: YAMLMap.Parsed): Node {
    const range = this.place(node.range[0], this.endOf(node));
    const entries = new Map<string, MapEntry>();
    const merged = new Set<string>();
    const alerts =
      this.hasAlerts && node.items.some(({ key, value }) => isAlertingKind(key, value));
    let open: string | undefined;
    for (const { key: keyNode, value: valueNode } of node.items) {
      const key = this.key(keyNode);
      if (key === MERGE) {
        open ??= this.merge(valueNode, entries, merged);
        continue;
      }
      const keyRange = this.place(keyNode.range[0], keyNode.range[1]);
      const outside = this.isLiteral;
      if (alerts && key === 'spec') this.isLiteral = true;
      let value = this.entryValue(keyNode, valueNode);
      this.isLiteral = outside;
      const why = placeholderInKey(key);
      if (why !== undefined && !this.isLiteral) value = unknown(why, value.range);
      if (entries.has(key)) {
        if (!merged.delete(key)) this.remarks.duplicateKey(key, keyRange);
        entries.delete(key);
      }
      entries.set(key, { key, keyRange, value });
    }
    if (open !== undefined) return unknown(open, range);
    return { kind: 'map', entries: [...entries.values()], range };
  }

  private entryValue(key: ParsedNode, value: ParsedNode | null): Node {
    if (value !== null) return this.read(value);
    const range = this.place(key.range[1], key.range[1]);
    return { kind: 'scalar', value: null, text: '', range };
  }

  private key(node: ParsedNode): string | typeof MERGE {
    if (node.anchor !== undefined || isAlias(node)) {
      const value = this.read(node);
      return value.kind === 'scalar' ? keyText(value.value, value.text) : '';
    }
    if (!isScalar(node)) return this.text.slice(node.range[0], node.range[1]);
    if (node.type === Scalar.PLAIN && node.source === '<<' && node.tag === undefined) return MERGE;
    return keyText(scalarValue(node), node.source ?? '');
  }

  /** Merges one map or several into `entries`. Answers why the result cannot be told, if so. */
  private merge(
    node: ParsedNode | null,
    entries: Map<string, MapEntry>,
    merged: Set<string>,
  ): string | undefined {
    if (node === null) return 'a merge of nothing';
    const source = this.read(node);
    // The first of several maps wins.
    const sources = source.kind === 'sequence' ? source.items : [source];
    for (const { kind, ...map } of sources) {
      if (kind !== 'map' || !('entries' in map)) return 'a merge of something unknown';
      if (!this.spend(map.entries.length)) return 'a cut merge';
      for (const entry of map.entries) {
        const present = entries.get(entry.key);
        if (present === undefined) {
          entries.set(entry.key, entry);
          merged.add(entry.key);
        } else if (!merged.has(entry.key)) {
          // The specification lets the map's own key win, go-yaml v2 the later of the two.
          const value = unknown('a key in front of a merge that has it too', present.value.range);
          entries.set(entry.key, { ...present, value });
        }
      }
    }
    return undefined;
  }

  /** The offset in the document behind the last character of a node, without comments and line ends after it. */
  private endOf(node: ParsedNode): number {
    let last = node;
    while ((isMap(last) || isSeq(last)) && last.flow !== true) {
      const item = last.items.at(-1);
      if (item === undefined) break;
      const next = 'key' in item ? (item.value ?? item.key) : item;
      last = next as ParsedNode;
    }
    let end = last.range[1];
    if (isScalar(last) && (last.type === Scalar.BLOCK_LITERAL || last.type === Scalar.BLOCK_FOLDED))
      while (end > last.range[0] && '\r\n'.includes(this.text.charAt(end - 1))) end--;
    return Math.max(end, node.range[0]);
  }

  private place(start: number, end: number): Range {
    return [this.base + start, this.base + end];
  }
}

function unknown(why: string, range: Range): UnknownNode {
  return { kind: 'unknown', why, range };
}

function scalarValue(node: Scalar.Parsed): ScalarValue {
  const source = typeof node.value === 'string' ? node.value : (node.source ?? '');
  if (node.tag !== undefined && node.tag !== '!') return taggedValue(node.tag, source);
  const isPlain = node.type === undefined || node.type === Scalar.PLAIN;
  return isPlain && node.tag === undefined ? plainValue(source) : source;
}

/** The key as JSON has it: `yes: 1` becomes "true". */
function keyText(value: ScalarValue, text: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : text;
  return String(value);
}

function isAlertingKind(key: ParsedNode, value: ParsedNode | null): boolean {
  return (
    isScalar(key) && key.source === 'kind' && isScalar(value) && value.source === ALERTING_KIND
  );
}
