/** JSON as Go's encoding/json reads and writes it. */
import { NilElement } from '../fields.ts';
import { textOf } from '../text.ts';
import { type GoValue, type Operand, TemplateError, Text, Unknown } from '../value.ts';
import { compareStrings } from './print.ts';
import {
  type Call,
  checkDepth,
  element,
  type Functions,
  fixed,
  isDict,
  isList,
  NIL_LIST,
  spendText,
} from './signature.ts';

/** A value that has no JSON. */
class NoJson extends Error {}

interface Style {
  /** `<`, `>` and `&` are written as escapes. */
  readonly html: boolean;
  readonly indent: string;
}

function quoted(text: string, { html }: Style): string {
  const json = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (!html) return json;
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new NoJson('unsupported value');
  return Object.is(value, -0) ? '-0' : String(value);
}

function write(value: GoValue, style: Style, outer: string, depth: number, call: Call): string {
  checkDepth(depth);
  call.calling.spend(1);
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Text) {
    spendText(call.calling, value.length);
    return quoted(value.value, style);
  }
  const inner = outer + style.indent;
  const within = (parts: readonly string[], [open, close]: readonly [string, string]) => {
    if (parts.length === 0) return open + close;
    return style.indent === ''
      ? `${open}${parts.join(',')}${close}`
      : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${outer}${close}`;
  };
  if (value === NIL_LIST) return 'null';
  if (isList(value))
    return within(
      value.map((each) => write(each.value, style, inner, depth + 1, call)),
      ['[', ']'],
    );
  if (isDict(value)) {
    const colon = style.indent === '' ? ':' : ': ';
    const entries = [...value]
      .sort(([a], [b]) => compareStrings(a, b))
      .map(
        ([key, each]) =>
          quoted(key, style) + colon + write(each.value, style, inner, depth + 1, call),
      );
    return within(entries, ['{', '}']);
  }
  throw new NoJson(`a value of type ${value instanceof Unknown ? 'unknown' : value.native}`);
}

function writing(style: Style, failing: 'empty' | 'error') {
  return fixed(['known'], ([value], call) => {
    try {
      const text = write(value, style, '', 0, call);
      spendText(call.calling, text.length);
      return text;
    } catch (error) {
      if (!(error instanceof NoJson)) throw error;
      if (isNative(value)) return new Unknown(error.message);
      if (failing === 'error') throw new TemplateError(`json: ${error.message}`);
      return '';
    }
  });
}

const isNative = (value: GoValue) =>
  value !== null && typeof value === 'object' && 'member' in value;

/** What `JSON.parse` gives, as template values. */
function operandOf(value: unknown, call: Call, depth = 0): Operand {
  checkDepth(depth);
  call.calling.spend(1);
  const { from } = call;
  if (Array.isArray(value))
    return { value: value.map((each) => operandOf(each, call, depth + 1)), from };
  if (typeof value === 'object' && value !== null)
    return {
      value: new Map(
        Object.entries(value).map(([key, each]) => [key, operandOf(each, call, depth + 1)]),
      ),
      from,
    };
  if (typeof value === 'string') return element(value, call);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SyntaxError('out of range');
  if (typeof value === 'number' || typeof value === 'boolean') return { value, from };
  return new NilElement(from);
}

/** The value of a JSON text; undefined where Go reports an error. */
function parse(text: string, call: Call): GoValue | undefined {
  spendText(call.calling, text.length);
  try {
    const value: unknown = JSON.parse(text);
    return operandOf(value, call).value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const KINDS = { array: isList, object: isDict } as const;

function kindName(value: GoValue): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'number';
  if (value instanceof Text) return 'string';
  return KINDS.array(value) ? 'array' : 'object';
}

/** What Helm puts in the place of a value that has another type, or cannot be read. */
export function errorText(
  value: GoValue | undefined,
  type: string,
  call: Call,
  prefix = '',
): Operand {
  const { calling, from } = call;
  return value === undefined
    ? { value: new Unknown('the text of an error'), from }
    : {
        value: textOf(
          `${prefix}json: cannot unmarshal ${kindName(value)} into Go value of type ${type}`,
          from,
          calling.at,
        ),
        from,
      };
}

const HTML: Style = { html: true, indent: '' };
const PRETTY: Style = { html: true, indent: '  ' };
const RAW: Style = { html: false, indent: '' };

export const json: Functions = {
  toJson: writing(HTML, 'empty'),
  mustToJson: writing(HTML, 'error'),
  toPrettyJson: writing(PRETTY, 'empty'),
  mustToPrettyJson: writing(PRETTY, 'error'),
  toRawJson: writing(RAW, 'error'),
  mustToRawJson: writing(RAW, 'error'),
  fromJson: fixed(['string'], ([text], call) => {
    const value = parse(text, call);
    if (value === null) return new Map();
    if (value !== undefined && isDict(value)) return value;
    return new Map([['Error', errorText(value, 'map[string]interface {}', call)]]);
  }),
  fromJsonArray: fixed(['string'], ([text], call) => {
    const value = parse(text, call);
    if (value === null) return [];
    if (value !== undefined && isList(value)) return value;
    return [errorText(value, '[]interface {}', call)];
  }),
  mustFromJson: fixed(['string'], ([text], call) => {
    const value = parse(text, call);
    if (value === undefined) throw new TemplateError('invalid JSON');
    return value;
  }),
};
