/** Values that are given one by one (`--set hosts[0].name=shop.example`), put into a map of values as Helm's strvals does. */
import type { ChartSetting } from '../../facts.ts';
import { textOf } from './text.ts';
import { type Dict, type GoValue, type Operand, type Origin, Unknown } from './value.ts';

/** Items of a list that a key may reach; Helm's own limit. */
const MAX_INDEX = 65_536;
const MAX_DEPTH = 30;

/** Puts settings of the file `path` into `values`, in their order. */
export function applySettings(values: Dict, settings: readonly ChartSetting[], path: string): void {
  for (const { key, value, isText, range } of settings) {
    const keys = keysOf(key);
    if (keys === undefined) continue;
    const origin: Origin = { path, range, key };
    const read = value === undefined ? new Unknown(`${key} is computed in ${path}`) : undefined;
    const given: Operand = {
      value: read ?? givenValue(value ?? '', isText, origin),
      from: [origin],
    };
    put(values, keys, given);
  }
}

/** `a.b[0].c` as its keys and indexes; `\.` is a dot within a key. */
function keysOf(key: string): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  for (const part of key.split(/(?<!\\)\./)) {
    const [name = '', ...indexes] = part.split('[');
    if (name !== '') keys.push(name.replaceAll('\\', ''));
    for (const index of indexes) {
      const number = /^(\d+)\]$/.exec(index)?.[1];
      if (number === undefined || Number(number) > MAX_INDEX) return undefined;
      keys.push(Number(number));
    }
  }
  return keys.length > MAX_DEPTH || typeof keys[0] !== 'string' ? undefined : keys;
}

function givenValue(written: string, isText: boolean, origin: Origin): GoValue {
  const text = written.replaceAll('\\,', ',');
  if (isText) return textOf(text, [origin]);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^(?:0|-?[1-9]\d{0,17})$/.test(text) ? BigInt(text) : textOf(text, [origin]);
}

function put(values: Dict, [first, ...rest]: readonly (string | number)[], given: Operand): void {
  if (typeof first !== 'string') return;
  values.set(first, below(values.get(first), rest, given));
}

/** What stands at a place after `given` was put below it. */
function below(
  present: Operand | undefined,
  [first, ...rest]: readonly (string | number)[],
  given: Operand,
): Operand {
  if (first === undefined) return given;
  if (typeof first === 'string') {
    const dict: Dict = present?.value instanceof Map ? present.value : new Map();
    put(dict, [first, ...rest], given);
    return { value: dict, from: present?.from ?? [] };
  }
  const list: Operand[] = Array.isArray(present?.value) ? [...present.value] : [];
  while (list.length < first) list.push({ value: null, from: [] });
  list[first] = below(list[first], rest, given);
  return { value: list, from: present?.from ?? [] };
}
