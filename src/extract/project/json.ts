/**
 * JSON as people and tools write it, read with places: a byte order mark, comments, trailing commas and duplicate
 * keys do no harm. Linear in the length of the text, never deeper than a bound, never throwing.
 */
import type { MapEntry, Node } from '../../facts.ts';
import type { Range } from '../../location.ts';

/** Levels of nesting that are read; real files have fewer than twenty. */
const MAX_DEPTH = 100;

const LITERAL = /(?:-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)(?![\w.])/y;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** A place in a JSON text from which values are read, walked through or passed over: for files too large for a tree. */
export class JsonCursor {
  readonly text: string;
  offset: number;
  /** Set by the first mistake; then the cursor stands at the end of the text. */
  broken = false;

  constructor(text: string, offset = 0) {
    this.text = text;
    this.offset = offset === 0 && text.charCodeAt(0) === 0xfeff ? 1 : offset;
  }

  /** The next character that matters, its offset being `offset`; NaN at the end. */
  peek(): number {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.offset);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.offset++;
      else if (code === 47 && text.charCodeAt(this.offset + 1) === 47) this.lineComment();
      else if (code === 47 && text.charCodeAt(this.offset + 1) === 42) this.blockComment();
      else return code;
    }
  }

  /** True when nothing but space stands behind the cursor. */
  atEnd(): boolean {
    return Number.isNaN(this.peek());
  }

  /**
   * Walks through the map at the cursor. `visit` is called with each key, the cursor at its value; a value that it does
   * not consume is passed over. False, and nothing is consumed, when there is no map.
   */
  entries(visit: (key: string, keyRange: Range) => void): boolean {
    if (this.peek() !== OPEN_MAP) return false;
    this.offset++;
    for (let next = this.peek(); next !== CLOSE_MAP; next = this.peek()) {
      const start = this.offset;
      const key = this.string();
      if (key === undefined) return true;
      const range: Range = [start, this.offset];
      if (this.peek() !== COLON) return this.fail();
      this.offset++;
      this.peek();
      const before = this.offset;
      visit(key, range);
      if (this.offset === before) this.skip();
      if (!this.separator(CLOSE_MAP)) return true;
    }
    this.offset++;
    return true;
  }

  /** The same for the list at the cursor. */
  items(visit: (index: number) => void): boolean {
    if (this.peek() !== OPEN_LIST) return false;
    this.offset++;
    for (let index = 0; this.peek() !== CLOSE_LIST; index++) {
      const before = this.offset;
      visit(index);
      if (this.offset === before) this.skip();
      if (!this.separator(CLOSE_LIST)) return true;
    }
    this.offset++;
    return true;
  }

  /** Reads the text at the cursor; undefined, with nothing consumed, when there is something else. */
  textValue(): string | undefined {
    return this.peek() === QUOTE ? this.string() : undefined;
  }

  /** Passes over the value at the cursor, whatever its depth. */
  skip(): void {
    const { text } = this;
    let depth = 0;
    do {
      const code = this.peek();
      if (code === QUOTE) this.stringEnd();
      else if (code === OPEN_MAP || code === OPEN_LIST) {
        depth++;
        this.offset++;
      } else if (code === CLOSE_MAP || code === CLOSE_LIST) {
        if (depth === 0) {
          this.fail();
          return;
        }
        depth--;
        this.offset++;
      } else if (code === COMMA || code === COLON) {
        if (depth === 0) {
          this.fail();
          return;
        }
        this.offset++;
      } else {
        LITERAL.lastIndex = this.offset;
        if (!LITERAL.test(text)) {
          this.fail();
          return;
        }
        this.offset = LITERAL.lastIndex;
      }
    } while (depth > 0);
  }

  /** Reads the value at the cursor. What nests too deep is unknown. */
  read(depth = 0): Node {
    const code = this.peek();
    const start = this.offset;
    if (code === QUOTE) {
      const value = this.string() ?? '';
      const range: Range = [start, this.offset];
      return { kind: 'scalar', value, text: this.text.slice(start, this.offset), range };
    }
    if (code === OPEN_MAP || code === OPEN_LIST) {
      if (depth >= MAX_DEPTH) {
        this.skip();
        return { kind: 'unknown', why: TOO_DEEP, range: [start, this.offset] };
      }
      return code === OPEN_MAP ? this.map(start, depth) : this.list(start, depth);
    }
    LITERAL.lastIndex = start;
    const literal = LITERAL.exec(this.text)?.[0];
    if (literal === undefined) {
      this.fail();
      return { kind: 'unknown', why: 'a mistake', range: [start, start] };
    }
    this.offset += literal.length;
    const value = JSON.parse(literal) as number | boolean | null;
    return { kind: 'scalar', value, text: literal, range: [start, this.offset] };
  }

  private map(start: number, depth: number): Node {
    const entries = new Map<string, MapEntry>();
    this.entries((key, keyRange) => {
      // The last of several wins, as in JSON.parse, and has its place among the others.
      entries.delete(key);
      entries.set(key, { key, keyRange, value: this.read(depth + 1) });
    });
    return { kind: 'map', entries: [...entries.values()], range: [start, this.offset] };
  }

  private list(start: number, depth: number): Node {
    const items: Node[] = [];
    this.items(() => items.push(this.read(depth + 1)));
    return { kind: 'sequence', items, range: [start, this.offset] };
  }

  /** Passes the comma behind an entry; false when there is a mistake. A comma before the end is none. */
  private separator(close: number): boolean {
    const code = this.peek();
    if (code === COMMA) this.offset++;
    else if (code !== close) this.fail();
    return !this.broken;
  }

  private string(): string | undefined {
    if (this.peek() !== QUOTE) {
      this.fail();
      return undefined;
    }
    const start = this.offset;
    this.stringEnd();
    if (this.broken) return undefined;
    const inner = this.text.slice(start + 1, this.offset - 1);
    if (!/[\\\n\r]/.test(inner)) return inner;
    try {
      return JSON.parse(this.text.slice(start, this.offset)) as string;
    } catch {
      this.fail();
      return undefined;
    }
  }

  /** Passes over the string at the cursor. */
  private stringEnd(): void {
    const { text } = this;
    let end = this.offset;
    for (;;) {
      end = text.indexOf('"', end + 1);
      if (end < 0) {
        this.fail();
        return;
      }
      let backslashes = 0;
      while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
      if (backslashes % 2 === 0) break;
    }
    this.offset = end + 1;
  }

  private lineComment(): void {
    const end = this.text.indexOf('\n', this.offset);
    this.offset = end < 0 ? this.text.length : end;
  }

  private blockComment(): void {
    const end = this.text.indexOf('*/', this.offset + 2);
    if (end < 0) this.fail();
    else this.offset = end + 2;
  }

  /** Answers true for the sake of its callers: something stood here, and it was wrong. */
  private fail(): true {
    this.broken = true;
    this.offset = this.text.length;
    return true;
  }
}

const TOO_DEEP = 'a value that nests too deep';

export interface JsonText {
  /** Absent when the text has a mistake. */
  readonly node?: Node;
  readonly incomplete?: 'syntax' | 'too-deep';
}

/** The one value of a JSON text. */
export function parseJson(text: string): JsonText {
  const cursor = new JsonCursor(text);
  const node = cursor.read();
  if (cursor.broken || !cursor.atEnd()) return { incomplete: 'syntax' };
  return hasUnknown(node) ? { node, incomplete: 'too-deep' } : { node };
}

function hasUnknown(root: Node): boolean {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'unknown') return true;
    if (node.kind === 'sequence') for (const item of node.items) open.push(item);
    else if (node.kind === 'map') for (const { value } of node.entries) open.push(value);
  }
  return false;
}
