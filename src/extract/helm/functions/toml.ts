/** `toToml`, as BurntSushi's encoder writes it. */
import { type Dict, type GoValue, type List, Text, Unknown } from '../value.ts';
import { compareStrings, printFloat } from './print.ts';
import {
  type Call,
  checkDepth,
  type Functions,
  fixed,
  isDict,
  isList,
  spendText,
} from './signature.ts';

/** A value that has no TOML; Helm puts the text of the error in its place. */
class NoToml extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

function quoted(text: string): string {
  const plain = text.replace(
    /["\\\0-\x1f\x7f]/g,
    (character) =>
      ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${plain}"`;
}

const keyText = (key: string) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key));

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = printFloat(value);
  return /[e.]/.test(text) ? text : `${text}.0`;
}

/** A list of maps only, which becomes tables of their own. */
function isTableList(value: GoValue): value is List {
  if (!isList(value) || value.length === 0) return false;
  if (value.some(({ value: each }) => each === null)) throw new NoToml('nil in a list');
  return value.every(({ value: each }) => isDict(each));
}

class Writer {
  private readonly call: Call;
  private readonly parts: string[] = [];
  private length = 0;

  constructor(call: Call) {
    this.call = call;
  }

  get text(): string {
    return this.parts.join('');
  }

  private put(text: string): void {
    this.length += text.length;
    spendText(this.call.calling, text.length + (this.length >> 10));
    this.parts.push(text);
  }

  private newLine(): void {
    if (this.parts.length > 0) this.put('\n');
  }

  /** The keys of a map, those with tables of their own last. */
  private sorted(dict: Dict): readonly (readonly [string, GoValue])[] {
    const entries = [...dict]
      .map(([key, { value }]): [string, GoValue] => [key, value])
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => compareStrings(a, b));
    const isTable = ([, value]: readonly [string, GoValue]) => isDict(value) || isTableList(value);
    return [...entries.filter((entry) => !isTable(entry)), ...entries.filter(isTable)];
  }

  table(path: readonly string[], dict: Dict): void {
    checkDepth(path.length);
    for (const [key, value] of this.sorted(dict)) this.entry([...path, key], value);
  }

  private entry(path: readonly string[], value: GoValue): void {
    const pad = '  '.repeat(path.length - 1);
    const name = path.map(keyText).join('.');
    if (isTableList(value)) {
      for (const { value: each } of value) {
        this.newLine();
        this.put(`${pad}[[${name}]]`);
        this.newLine();
        if (isDict(each)) this.table(path, each);
      }
    } else if (isDict(value)) {
      if (path.length === 1) this.newLine();
      this.put(`${pad}[${name}]`);
      this.newLine();
      this.table(path, value);
    } else {
      this.put(`${pad}${keyText(path.at(-1) ?? '')} = `);
      this.element(value, path.length);
      this.newLine();
    }
  }

  element(value: GoValue, depth: number): void {
    checkDepth(depth);
    if (value instanceof Text) this.put(quoted(value.value));
    else if (typeof value === 'boolean' || typeof value === 'bigint') this.put(String(value));
    else if (typeof value === 'number') this.put(floatText(value));
    else if (isList(value)) this.inlineList(value, depth);
    else if (isDict(value)) this.inlineTable(value, depth);
    else throw new NoToml('a value of another type');
  }

  private inlineList(list: List, depth: number): void {
    this.put('[');
    for (const [index, { value }] of list.entries()) {
      if (index > 0) this.put(', ');
      this.element(value, depth + 1);
    }
    this.put(']');
  }

  private inlineTable(dict: Dict, depth: number): void {
    // The encoder leaves a comma behind that no reader takes.
    if ([...dict.values()].some(({ value }) => value === null)) throw new NoToml('nil in a table');
    this.put('{');
    for (const [index, [key, value]] of this.sorted(dict).entries()) {
      if (index > 0) this.put(', ');
      this.put(`${keyText(key)} = `);
      this.element(value, depth + 1);
    }
    this.put('}');
  }
}

export const toml: Functions = {
  toToml: fixed(['known'], ([value], call) => {
    const writer = new Writer(call);
    try {
      if (isDict(value)) writer.table([], value);
      else if (isTableList(value)) throw new NoToml('tables without a name');
      else writer.element(value, 0);
    } catch (error) {
      if (error instanceof NoToml) return new Unknown('the text of an error');
      throw error;
    }
    return writer.text;
  }),
};
