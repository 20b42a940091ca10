/**
 * Reads the small YAML that people write as an inline patch in a kustomization: block maps and lists, plain and quoted
 * scalars, or JSON. Whatever is beyond that is an UnknownNode, or makes the whole text unreadable: then everything that
 * the patch may touch is unknown. The general parser belongs to extraction; link gets such a patch as one scalar.
 */
import type { MapEntry, Node, ScalarNode } from '../../facts.ts';
import type { Range } from '../../location.ts';

/** Real patches nest about 12 deep. */
const MAX_DEPTH = 60;
const UNREADABLE = 'a value of an inline patch that is not plain';

interface Line {
  readonly indent: number;
  readonly text: string;
  /** Offset of the first character of `text` in the file. */
  readonly start: number;
}

class Unreadable extends Error {}

/** The documents of an inline patch, each with its places in the file; undefined when it cannot be read. */
export function readInline(scalar: ScalarNode): readonly Node[] | undefined {
  if (typeof scalar.value !== 'string') return undefined;
  try {
    const json = scalar.value.trim();
    if (/^[[{]/.test(json)) return [fromJson(JSON.parse(json), scalar.range, 0)];
    if (!/^[|>]/.test(scalar.text)) return undefined;
    return documentsOf(scalar).map((lines) => new Reader(lines).document());
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fromJson(value: unknown, range: Range, depth: number): Node {
  if (depth > MAX_DEPTH) throw new Unreadable();
  if (Array.isArray(value))
    return {
      kind: 'sequence',
      items: value.map((item) => fromJson(item, range, depth + 1)),
      range,
    };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      keyRange: range,
      value: fromJson(item, range, depth + 1),
    }));
    return { kind: 'map', entries, range };
  }
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
  )
    return { kind: 'scalar', value, text: JSON.stringify(value), range };
  throw new Unreadable();
}

/** The lines of a block scalar below its header, without comments, cut at `---`. */
function documentsOf(scalar: ScalarNode): readonly (readonly Line[])[] {
  const documents: Line[][] = [[]];
  let start = scalar.range[0];
  for (const [index, raw] of scalar.text.split('\n').entries()) {
    const at = start;
    start += raw.length + 1;
    const content = raw.trimStart();
    if (index === 0 || content.trim() === '' || content.startsWith('#')) continue;
    if (raw.slice(0, raw.length - content.length).includes('\t')) throw new Unreadable();
    if (content.trimEnd() === '---') {
      documents.push([]);
      continue;
    }
    const indent = raw.length - content.length;
    documents.at(-1)?.push({ indent, text: content.trimEnd(), start: at + indent });
  }
  return documents.filter((lines) => lines.length > 0);
}

const KEY = /^("[^"\\]*"|'[^']*'|[A-Za-z_$][^\s:#"'{}[\],]*)\s*:(?:\s+|$)/;

class Reader {
  private readonly lines: Line[];
  private next = 0;

  constructor(lines: readonly Line[]) {
    this.lines = [...lines];
  }

  document(): Node {
    const node = this.block(0);
    if (this.next < this.lines.length) throw new Unreadable();
    return node;
  }

  private block(depth: number): Node {
    const first = this.lines[this.next];
    if (first === undefined || depth > MAX_DEPTH) throw new Unreadable();
    return isItem(first) ? this.list(first, depth) : this.map(first, depth);
  }

  private list(first: Line, depth: number): Node {
    const items: Node[] = [];
    let end = first.start;
    for (let line = this.lines[this.next]; line !== undefined; line = this.lines[this.next]) {
      if (line.indent !== first.indent || !isItem(line)) break;
      const rest = line.text.slice(1).trimStart();
      const skipped = line.text.length - rest.length;
      if (rest === '') throw new Unreadable();
      // What follows the dash is a block of its own, indented by the dash.
      const inner = { indent: line.indent + skipped, text: rest, start: line.start + skipped };
      if (KEY.test(rest) || isItem(inner)) {
        this.lines[this.next] = inner;
        items.push(this.block(depth + 1));
      } else {
        this.next++;
        items.push(this.value(rest, inner.start, line.indent));
      }
      end = items.at(-1)?.range[1] ?? end;
    }
    return { kind: 'sequence', items, range: [first.start, end] };
  }

  private map(first: Line, depth: number): Node {
    const entries: MapEntry[] = [];
    const seen = new Set<string>();
    let end = first.start;
    for (let line = this.lines[this.next]; line !== undefined; line = this.lines[this.next]) {
      if (line.indent !== first.indent || isItem(line)) break;
      const match = KEY.exec(line.text);
      const written = match?.[1];
      if (match === null || written === undefined) throw new Unreadable();
      const key = written.replace(/^["']|["']$/g, '');
      if (seen.has(key)) throw new Unreadable();
      seen.add(key);
      const keyRange: Range = [line.start, line.start + written.length];
      const rest = line.text.slice(match[0].length);
      this.next++;
      const value = /^(?:#.*)?$/.test(rest)
        ? this.below(line, keyRange, depth)
        : this.value(rest, line.start + match[0].length, line.indent);
      entries.push({ key, keyRange, value });
      end = Math.max(keyRange[1], value.range[1]);
    }
    const after = this.lines[this.next];
    if (after !== undefined && after.indent > first.indent) throw new Unreadable();
    return { kind: 'map', entries, range: [first.start, end] };
  }

  /** The value of a key that has nothing behind it on its line. */
  private below(line: Line, keyRange: Range, depth: number): Node {
    const next = this.lines[this.next];
    const nested =
      next !== undefined &&
      (next.indent > line.indent || (next.indent === line.indent && isItem(next)));
    return nested
      ? this.block(depth + 1)
      : { kind: 'scalar', value: null, text: '', range: keyRange };
  }

  /** A value on one line; what continues it on deeper lines is skipped and makes it unknown. */
  private value(written: string, start: number, indent: number): Node {
    let continues = false;
    for (let line = this.lines[this.next]; line !== undefined; line = this.lines[this.next]) {
      if (line.indent <= indent) break;
      continues = true;
      this.next++;
    }
    const text = written.replace(/\s+#.*$/, '');
    const range: Range = [start, start + text.length];
    if (continues) return { kind: 'unknown', why: UNREADABLE, range };
    if (text === '{}') return { kind: 'map', entries: [], range };
    if (text === '[]') return { kind: 'sequence', items: [], range };
    const value = scalarOf(text);
    return value === undefined
      ? { kind: 'unknown', why: UNREADABLE, range }
      : { kind: 'scalar', value, text, range };
  }
}

function isItem(line: Line): boolean {
  return line.text === '-' || line.text.startsWith('- ');
}

/** A scalar that every YAML parser reads alike; undefined for all others. */
function scalarOf(text: string): string | number | boolean | null | undefined {
  if (text === 'null' || text === '~') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(text)) return Number(text);
  const quoted = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  const plain =
    /^[A-Za-z/][\w./:@%-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|null|true|false)$/i.test(text);
  return plain || /^\d+(?:m|Mi|Gi|Ki|s|%)$/.test(text) ? text : undefined;
}
