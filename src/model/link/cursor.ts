/** Reads a YAML node as `Value`s: every answer is known, unknown or absent, and has a place. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../facts.ts';
import {
  allOmissions,
  type Location,
  locate,
  omissions,
  type Range,
  type SettingPlace,
  settingsIn,
} from '../../location.ts';
import type { Absent, IntOrPercent, Known, Unknown, Value } from '../value.ts';

/** Keys that only give structure: what is missing below them is reported at the object itself. */
const STRUCTURAL = new Set(['spec', 'template', 'metadata', 'jobTemplate']);

/** Values of one map as that map: `resources.requests.cpu` and `resources.requests.memory` are `resources`. */
function joinedSettings(settings: readonly SettingPlace[], field: string): readonly SettingPlace[] {
  const found = new Map<string, SettingPlace>();
  for (const { key, at } of settings) {
    const parts = key.split('.');
    const end = parts.lastIndexOf(field);
    const whole = end < 0 ? key : parts.slice(0, end + 1).join('.');
    if (!found.has(whole)) found.set(whole, { key: whole, at });
  }
  return [...found.values()];
}

/** The files of nodes that an overlay puts into an object of another file. */
const FILES = new WeakMap<MapEntry | Node, FileFacts>();

/** Says that `part` stands in `file` wherever it is put; what is below it stands there as well. */
export function standingIn<T extends MapEntry | Node>(file: FileFacts, part: T): T {
  FILES.set(part, file);
  return part;
}

/** A new entry or node in the place of `part`, in the file of `part`. */
export function inPlaceOf<T extends MapEntry | Node>(part: MapEntry | Node, replacement: T): T {
  const file = FILES.get(part);
  return file === undefined ? replacement : standingIn(file, replacement);
}

/** A position in an object, which may hold nothing (`absent`) or something untellable (`unknown`). */
export class Cursor {
  readonly file: FileFacts;
  readonly node: Node | undefined;
  private readonly near: Range;
  private readonly renderedFrom: string | undefined;

  constructor(file: FileFacts, node: Node | undefined, near: Range, renderedFrom?: string) {
    this.file = file;
    this.node = node;
    this.near = near;
    this.renderedFrom = renderedFrom;
  }

  /** The value below `keys`; an unknown on the way makes the answer unknown. A null counts as absent. */
  get(...keys: readonly string[]): Cursor {
    let cursor: Cursor = this;
    for (const key of keys) cursor = cursor.child(key);
    return cursor;
  }

  private child(key: string): Cursor {
    const { node } = this;
    if (node === undefined) return this;
    if (node.kind === 'unknown') return this;
    if (node.kind !== 'map') return this.with(undefined, this.near);
    const entry = node.entries.findLast((e) => e.key === key);
    if (entry === undefined) {
      const { open, range } = node;
      const missing: Node | undefined =
        open === undefined ? undefined : { kind: 'unknown', why: open, range };
      return this.with(missing, this.near);
    }
    const value = entry.value;
    const file = FILES.get(entry);
    const here = file === undefined ? this : this.inFile(file, entry.keyRange);
    const near = STRUCTURAL.has(key) ? here.near : entry.keyRange;
    if (value.kind === 'scalar' && value.value === null) return here.with(undefined, near);
    return here.with(value, near);
  }

  /** The same node; what is missing below it is reported at `near`. */
  anchoredAt(near: Range): Cursor {
    return this.with(this.node, near);
  }

  private with(node: Node | undefined, near: Range): Cursor {
    return new Cursor(this.file, node, near, this.renderedFrom);
  }

  private inFile(file: FileFacts, near: Range): Cursor {
    return new Cursor(file, this.node, near);
  }

  get isAbsent(): boolean {
    return this.node === undefined;
  }

  get isUnknown(): boolean {
    return this.node?.kind === 'unknown';
  }

  /** Where the value stands; for an absent one the nearest thing that exists. */
  get at(): Location {
    return this.place(this.node?.range ?? this.near);
  }

  /** Where the nearest thing that exists stands: the key of this value, or of what would hold it. */
  get keyAt(): Location {
    return this.place(this.near);
  }

  place(range: Range): Location {
    return locate(this.file, range, this.renderedFrom);
  }

  /** The items of a sequence; empty when it is absent, unknown or something else. */
  get items(): readonly Cursor[] {
    const { node } = this;
    if (node?.kind !== 'sequence') return [];
    return node.items.map((item) => {
      const file = FILES.get(item);
      return file === undefined
        ? this.with(item, this.near)
        : this.inFile(file, item.range).with(item, item.range);
    });
  }

  /** True when every item of the sequence is there to be read (an absent sequence is complete). */
  get isComplete(): boolean {
    const { node } = this;
    if (node === undefined) return true;
    if (node.kind === 'sequence') return node.items.every((item) => item.kind !== 'unknown');
    return node.kind === 'map' || node.kind === 'scalar';
  }

  /** Keys of a map with their values; empty when it is absent, unknown or something else. */
  get entries(): readonly {
    readonly key: string;
    readonly keyAt: Location;
    readonly value: Cursor;
  }[] {
    const { node } = this;
    if (node?.kind !== 'map') return [];
    return node.entries.map((entry) => {
      const file = FILES.get(entry);
      const here = file === undefined ? this : this.inFile(file, entry.keyRange);
      return {
        key: entry.key,
        keyAt: here.place(entry.keyRange),
        value: here.with(entry.value, entry.keyRange),
      };
    });
  }

  /**
   * Values of a chart that decide why `key` is missing below here, or that little stands there; none when this is no rendered
   * text, or when no value has a part in it.
   */
  settingsFor(key: string): readonly SettingPlace[] {
    const { node, file } = this;
    if (file.map === undefined || node?.kind !== 'map') return [];
    const entry = node.entries.findLast((one) => one.key === key);
    if (entry === undefined) return omissions(file.map, node.range, key);
    const { keyRange, value } = entry;
    const written = settingsIn(file.map, value.range);
    const found =
      written.length > 0
        ? written
        : allOmissions(file.map, [keyRange[0], Math.max(keyRange[1] + 1, value.range[1])]);
    return joinedSettings(found, key);
  }

  known<T>(value: T): Known<T> {
    return { state: 'known', value, at: this.at };
  }

  byDefault<T>(value: T): Known<T> {
    return { state: 'known', value, at: this.keyAt, byDefault: true };
  }

  unknown(why: string): Unknown {
    return { state: 'unknown', why, at: this.at };
  }

  absent(): Absent {
    return { state: 'absent', at: this.keyAt };
  }

  private scalar<T>(
    read: (value: string | number | boolean, text: string) => T | undefined,
    wanted: string,
  ): Value<T> {
    const { node } = this;
    if (node === undefined) return this.absent();
    if (node.kind === 'unknown') return this.unknown(node.why);
    if (node.kind !== 'scalar' || node.value === null) return this.unknown(`not ${wanted}`);
    const value = read(node.value, node.text);
    return value === undefined ? this.unknown(`not ${wanted}`) : this.known(value);
  }

  /** A number; text that holds a number is accepted as the API server would reject it, so it is unknown. */
  number(): Value<number> {
    return this.scalar((v) => (typeof v === 'number' ? v : undefined), 'a number');
  }

  /** Text; numbers and booleans are unknown, because the API server rejects them where it wants text. */
  string(): Value<string> {
    return this.scalar((v) => (typeof v === 'string' ? v : undefined), 'text');
  }

  /** Text, or a number or boolean as it is written: for annotations, quantities and labels. */
  text(): Value<string> {
    return this.scalar((v, text) => (typeof v === 'string' ? v : text), 'a scalar');
  }

  boolean(): Value<boolean> {
    return this.scalar((v) => (typeof v === 'boolean' ? v : undefined), 'true or false');
  }

  numberOrString(): Value<number | string> {
    return this.scalar((v) => (typeof v === 'boolean' ? undefined : v), 'a number or a name');
  }

  /** `2` or `50%` (Kubernetes' IntOrString). */
  intOrPercent(): Value<IntOrPercent> {
    return this.scalar((v): IntOrPercent | undefined => {
      if (typeof v === 'number') return { unit: 'pods', amount: v };
      const percent = typeof v === 'string' ? /^(\d+)%$/.exec(v) : null;
      return percent === null ? undefined : { unit: 'percent', amount: Number(percent[1]) };
    }, 'a number or a percentage');
  }

  /** A list of texts; unknown as soon as one item is. */
  strings(): Value<readonly string[]> {
    if (this.node === undefined) return this.absent();
    if (this.node.kind !== 'sequence')
      return this.unknown(this.isUnknown ? this.why : 'not a list');
    const values: string[] = [];
    for (const item of this.items) {
      const text = item.text();
      if (text.state !== 'known') return this.unknown('a list with an unknown item');
      values.push(text.value);
    }
    return this.known(values);
  }

  /** A map of texts (labels, selectors); unknown as soon as one value is. */
  stringMap(): Value<ReadonlyMap<string, string>> {
    if (this.node === undefined) return this.absent();
    if (this.node.kind !== 'map') return this.unknown(this.isUnknown ? this.why : 'not a map');
    if (this.node.open !== undefined) return this.unknown(this.node.open);
    const values = new Map<string, string>();
    for (const { key, value } of this.entries) {
      const text = value.text();
      if (text.state === 'unknown') return this.unknown(`the value of ${key} is unknown`);
      values.set(key, text.state === 'known' ? text.value : '');
    }
    return this.known(values);
  }

  private get why(): string {
    return this.node?.kind === 'unknown' ? this.node.why : '';
  }
}

/** A cursor on a whole object; what is missing at its top is reported at the value of `kind`. */
export function cursorOn(
  file: FileFacts,
  body: MapNode | undefined,
  kindRange: Range,
  renderedFrom?: string,
): Cursor {
  return new Cursor(file, body, kindRange, renderedFrom);
}
