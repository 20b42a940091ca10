/** `toYaml` and `toYamlPretty`: what sigs.k8s.io/yaml and go-yaml v3 write, each line with the origins of its value. */
import { unknownText } from '../text.ts';
import { type Calling, type Dict, type List, type Operand, Text, Unknown } from '../value.ts';
import { printFloat } from './print.ts';
import { checkDepth, isDict, isList, NIL_LIST } from './signature.ts';
import { Emitter } from './yaml-emitter.ts';
import type { Dialect } from './yaml-resolve.ts';

/** A value that has no YAML; `toYaml` gives an empty text then. */
class NoYaml extends Error {}

/** A text of which go-yaml makes another. */
class Mangled extends Error {}

const MANGLED = /[\x7f-\x9f\ufeff\ufffe\uffff]/;

const LETTERS = /^[A-Za-z]*$/;
const isLetter = (character: string) => /^\p{L}$/u.test(character);
const isDigit = (character: string) => /^\p{Nd}$/u.test(character);

/** The order of keys: letters before everything else, digits by their number. */
function compareKeys(a: string, b: string, dialect: Dialect): number {
  if (a === b) return 0;
  if (LETTERS.test(a) && LETTERS.test(b)) return a < b ? -1 : 1;
  const left = Array.from(a);
  const right = Array.from(b);
  let digits = false;
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [l = '', r = ''] = [left[i], right[i]];
    if (l === r) {
      digits = isDigit(l);
      continue;
    }
    const [letterLeft, letterRight] = [isLetter(l), isLetter(r)];
    if (letterLeft && letterRight) return codeOf(l) - codeOf(r);
    if (letterLeft || letterRight) {
      const less = digits && dialect === 'v3' ? letterLeft : letterRight;
      return less ? -1 : 1;
    }
    return compareDigits(left, right, i);
  }
  return left.length - right.length;
}

const codeOf = (character: string) => character.codePointAt(0) ?? 0;

function compareDigits(left: readonly string[], right: readonly string[], at: number): number {
  let start = 0n;
  if (left[at] === '0' || right[at] === '0')
    for (let i = at - 1; i >= 0 && isDigit(left[i] ?? ''); i--)
      if (left[i] !== '0') {
        // Both numbers have begun before.
        start = 1n;
        break;
      }
  const [leftNumber, leftEnd] = numberAt(left, at, start);
  const [rightNumber, rightEnd] = numberAt(right, at, start);
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
  if (leftEnd !== rightEnd) return leftEnd - rightEnd;
  return codeOf(left[at] ?? '') - codeOf(right[at] ?? '');
}

function numberAt(characters: readonly string[], at: number, start: bigint): [bigint, number] {
  let value = start;
  let end = at;
  for (; end < characters.length && isDigit(characters[end] ?? ''); end++)
    value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(characters[end] ?? '') - 48));
  return [value, end];
}

/** A number after its way through JSON: integers that fit 64 bits are integers. */
function numberText(value: number, dialect: Dialect): string {
  if (Number.isFinite(value)) {
    if (dialect === 'v2' && Number.isInteger(value) && Math.abs(value) < 1e21) {
      const whole = BigInt(value);
      if (whole >= -(2n ** 63n) && whole < 2n ** 64n) return String(whole);
    }
    return printFloat(value);
  }
  if (dialect === 'v2') throw new NoYaml();
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

class Writer {
  private readonly emitter: Emitter;
  private readonly calling: Calling;
  private readonly dialect: Dialect;

  constructor(dialect: Dialect, calling: Calling) {
    this.dialect = dialect;
    this.calling = calling;
    this.emitter = new Emitter(dialect, calling.at);
  }

  write(root: Operand): Text {
    this.emitter.origin(root.from);
    this.node(root, false, 0);
    return new Text(this.emitter.finish());
  }

  private node({ value, from }: Operand, inMapping: boolean, depth: number): void {
    checkDepth(depth);
    this.calling.spend(1);
    const { emitter } = this;
    if (isDict(value)) {
      if (value.size === 0) this.empty('{', '}');
      else this.mapping(value, inMapping, depth);
    } else if (isList(value)) {
      if (value === NIL_LIST && this.dialect === 'v2') emitter.word('null');
      else if (value.length === 0) this.empty('[', ']');
      else this.sequence(value, inMapping, depth);
    } else if (value === null) emitter.word('null');
    else if (typeof value === 'boolean' || typeof value === 'bigint') emitter.word(String(value));
    else if (typeof value === 'number') emitter.word(numberText(value, this.dialect));
    else if (value instanceof Text) this.text(value, from);
    else if (value instanceof Unknown) emitter.unknown(value.why, from);
    else emitter.unknown(`a value of type ${value.native}`, from);
  }

  private text(value: Text, from: Operand['from']): void {
    if (value.unknown !== undefined) {
      this.emitter.unknown(value.unknown, from);
      return;
    }
    this.calling.spend(Math.floor(value.length / 64));
    this.check(value.value);
    this.emitter.string(value.value, 'value');
  }

  /** Text on its way through JSON: go-yaml reads some characters of it as something else, or not at all. */
  private check(text: string): void {
    if (this.dialect === 'v2' && MANGLED.test(text)) throw new Mangled();
  }

  private empty(start: string, end: string): void {
    this.emitter.indicator(start, true, { space: true, indention: false });
    this.emitter.indicator(end, false, { space: false, indention: false });
  }

  private sequence(list: List, inMapping: boolean, depth: number): void {
    const { emitter } = this;
    const close = emitter.open('sequence', inMapping);
    for (const item of list) {
      emitter.origin(item.from);
      emitter.newLine();
      emitter.indicator('-', true, { space: false, indention: true });
      this.node(item, false, depth + 1);
    }
    close();
  }

  private mapping(dict: Dict, inMapping: boolean, depth: number): void {
    const { emitter } = this;
    const close = emitter.open('mapping', inMapping);
    const entries = [...dict].sort(([a], [b]) => compareKeys(a, b, this.dialect));
    for (const [key, value] of entries) {
      emitter.origin(value.from);
      emitter.newLine();
      this.check(key);
      if (emitter.isSimpleKey(key)) {
        emitter.string(key, 'key');
        emitter.indicator(':', false, { space: false, indention: false });
      } else {
        emitter.indicator('?', true, { space: false, indention: true });
        emitter.string(key, 'value');
        emitter.newLine();
        emitter.indicator(':', true, { space: false, indention: true });
      }
      this.node(value, true, depth + 1);
    }
    close();
  }
}

export function toYaml(operand: Operand, dialect: Dialect, calling: Calling): Text {
  try {
    const text = new Writer(dialect, calling).write(operand);
    return withoutLastBreak(text);
  } catch (error) {
    if (error instanceof NoYaml) return new Text([]);
    if (error instanceof Mangled)
      return unknownText('YAML with control characters', operand.from, calling.at);
    throw error;
  }
}

/** Helm cuts one line break; the emitter here ends without the one that every document has. */
function withoutLastBreak(text: Text): Text {
  const last = text.pieces.at(-1);
  if (last === undefined || !last.text.endsWith('\n')) return text;
  return new Text([...text.pieces.slice(0, -1), { ...last, text: last.text.slice(0, -1) }]);
}
