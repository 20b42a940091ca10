/** Functions on strings that keep the places of their characters. */
import { allOrigins, textOf } from '../text.ts';
import { type GoValue, type Operand, type Piece, TemplateError, Text, Unknown } from '../value.ts';
import { compareStrings, escapeQuoted, print } from './print.ts';
import {
  type Call,
  Chosen,
  element,
  type Functions,
  fixed,
  isList,
  spendElements,
  spendText,
  unknownIn,
  variadic,
} from './signature.ts';
import {
  byteLength,
  bytewise,
  cutPieces,
  indentPieces,
  isAscii,
  knownEnd,
  knownStart,
  mapPieces,
  replacePieces,
  sliceBytes,
} from './text.ts';

/** What Go's unicode.IsSpace calls white space. */
const SPACE =
  '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const SPACES = new RegExp(SPACE, 'gu');

const isSpace = (character: string) => new RegExp(`^${SPACE}$`, 'u').test(character);

/** Changes the case of every character that stays one character. */
function byCharacter(text: string, change: (character: string) => string): string {
  if (isAscii(text)) return change(text);
  return Array.from(text, (character) => {
    const changed = change(character);
    return Array.from(changed).length === 1 ? changed : character;
  }).join('');
}

export const upper = (text: string) => byCharacter(text, (part) => part.toUpperCase());
export const lower = (text: string) => byCharacter(text, (part) => part.toLowerCase());

function leading(text: string, belongs: (character: string) => boolean): number {
  let length = 0;
  for (const character of text) {
    if (!belongs(character)) break;
    length += character.length;
  }
  return length;
}

function trailing(text: string, belongs: (character: string) => boolean): number {
  let end = text.length;
  while (end > 0) {
    const start = end - (/[\udc00-\udfff]/.test(text.charAt(end - 1)) && end > 1 ? 2 : 1);
    if (!belongs(text.slice(start, end))) break;
    end = start;
  }
  return text.length - end;
}

/** Drops the characters at both ends for which `belongs` holds, as far as the ends are known. */
function trimBoth(text: Text, belongs: (character: string) => boolean): Text {
  const left = leading(knownStart(text).value, belongs);
  const right = left === text.value.length ? 0 : trailing(knownEnd(text).value, belongs);
  return cutPieces(text, left, right);
}

function trimAll(cutset: string, text: Text): Text {
  const characters = new Set(cutset);
  return trimBoth(text, (character) => characters.has(character));
}

/** A value as text: a text with its pieces, anything else printed. */
function toText({ value, from }: Operand, call: Call): Text {
  if (value instanceof Text) return value;
  const { at } = call.calling;
  const why = unknownIn(value, call.calling);
  return why === undefined
    ? textOf(print(value), from, at)
    : new Text([{ text: '', at, from, unknown: why }]);
}

/** Joins texts, with the origins of each kept. */
function joinTexts(texts: readonly Text[], separator: string, call: Call): Text {
  const { calling } = call;
  const parts: (Piece | Text)[] = [];
  let length = 0;
  for (const [index, text] of texts.entries()) {
    if (index > 0 && separator !== '') parts.push({ text: separator, at: calling.at, from: [] });
    parts.push(text);
    // Empty pieces are work too.
    length += text.length + separator.length + text.pieces.length;
  }
  spendText(calling, length);
  return Text.of(parts);
}

/** `quote` and `squote`: each argument that is not nil, in quotes. */
function quoting(mark: string, spell: (text: string) => string) {
  return variadic([], 'raw', (_, __, call) => {
    const wrap: Text = textOf(mark, [], call.calling.at);
    const quoted = call.operands
      .filter(({ value }) => value !== null)
      .map((operand) => {
        const inner = mapPieces(toText(operand, call), spell);
        return joinTexts([wrap, inner, wrap], '', call);
      });
    return joinTexts(quoted, ' ', call);
  });
}

function indent(spaces: number, text: Text, call: Call): Text {
  if (spaces < 0) throw new TemplateError('strings: negative Repeat count');
  const breaks = text.value.split('\n').length;
  spendText(call.calling, text.value.length + breaks * spaces);
  return indentPieces(text, ' '.repeat(spaces), call.calling.at);
}

function trunc(count: number, text: Text, call: Call): Text {
  const { value, unknown } = text;
  if (unknown !== undefined) {
    const start = knownStart(text);
    return count < 0 || byteLength(start.value) < count ? text : trunc(count, start, call);
  }
  const length = byteLength(value);
  if (count < 0 ? length + count <= 0 : length <= count) return text;
  if (!isAscii(value)) {
    const cut = count < 0 ? sliceBytes(value, length + count, length) : sliceBytes(value, 0, count);
    return textOf(cut, call.from, call.calling.at);
  }
  return count < 0 ? cutPieces(text, length + count, 0) : cutPieces(text, 0, length - count);
}

/** The operands of what `toStrings` takes: the elements of a list, or one value; nil ones are left out. */
function stringOperands(operand: Operand): Operand[] | Unknown {
  const { value } = operand;
  if (value instanceof Unknown) return value;
  if (value === null) return [];
  return (isList(value) ? [...value] : [operand]).filter(({ value: inner }) => inner !== null);
}

/** The texts of what `toStrings` takes. */
function stringTexts(operand: Operand | undefined, call: Call): Text[] | Unknown {
  const found = operand === undefined ? [] : stringOperands(operand);
  if (found instanceof Unknown) return found;
  spendElements(call.calling, found.length);
  return found.map((each) => toText(each, call));
}

const asElement = (text: Text): Operand => ({
  value: text,
  from: allOrigins({ value: text, from: [] }),
});

/** The known texts between unknown pieces. */
function knownStretches({ pieces }: Text): string[] {
  const stretches = [''];
  for (const { text, unknown } of pieces)
    if (unknown === undefined) stretches.push((stretches.pop() ?? '') + text);
    else stretches.push('');
  return stretches;
}

function answer(decided: boolean, text: Text): GoValue {
  if (decided) return true;
  return text.unknown === undefined ? false : new Unknown(text.unknown);
}

const nospace = fixed(['text'], ([text]) => {
  if (isAscii(text.value)) return mapPieces(text, (part) => part.replace(SPACES, ''));
  if (text.unknown !== undefined) return new Unknown(text.unknown);
  const bytes = bytewise(text.value);
  const without = bytes.replace(SPACES, '');
  return without.length === bytes.length ? text : without;
});

function splitText(separator: string, value: string, limit?: number): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? Array.from(value) : value.split(separator);
  if (limit === undefined || limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function numbered(parts: readonly string[], call: Call): GoValue {
  spendElements(call.calling, parts.length);
  return new Map(parts.map((part, index) => [`_${index}`, element(part, call)]));
}

const trimAllFunction = fixed(['string', 'text'], ([cutset, text]) => trimAll(cutset, text));

export const strings: Functions = {
  trim: fixed(['text'], ([text]) => trimBoth(text, isSpace)),
  trimAll: trimAllFunction,
  trimall: trimAllFunction,
  trimPrefix: fixed(['string', 'text'], ([prefix, text]) =>
    knownStart(text).value.startsWith(prefix) ? cutPieces(text, prefix.length, 0) : text,
  ),
  trimSuffix: fixed(['string', 'text'], ([suffix, text]) =>
    knownEnd(text).value.endsWith(suffix) ? cutPieces(text, 0, suffix.length) : text,
  ),
  nospace,
  upper: fixed(['text'], ([text]) => mapPieces(text, upper)),
  lower: fixed(['text'], ([text]) => mapPieces(text, lower)),
  indent: fixed(['int', 'text'], ([spaces, text], call) => indent(spaces, text, call)),
  nindent: fixed(['int', 'text'], ([spaces, text], call) =>
    joinTexts([textOf('\n', [], call.calling.at), indent(spaces, text, call)], '', call),
  ),
  replace: fixed(['string', 'string', 'text'], ([old, replacement, text], call) => {
    const { calling } = call;
    const found = old === '' ? text.value.length + 1 : text.value.split(old).length - 1;
    spendText(calling, text.value.length + found * Math.max(1, replacement.length));
    calling.spend(found);
    return replacePieces(text, old, replacement, calling.at);
  }),
  repeat: fixed(['int', 'text'], ([count, text], call) => {
    if (count < 0) throw new TemplateError('strings: negative Repeat count');
    if (text.unknown !== undefined) return new Unknown(text.unknown);
    spendText(call.calling, count * text.value.length);
    return text.value.repeat(count);
  }),
  trunc: fixed(['int', 'text'], ([count, text], call) => trunc(count, text, call)),
  substr: fixed(['int', 'int', 'string'], ([start, end, text]) => {
    const length = byteLength(text);
    if (start < 0) {
      if (end < 0 || end > length) throw new TemplateError('slice bounds out of range');
      return sliceBytes(text, 0, end);
    }
    const last = end < 0 || end > length ? length : end;
    if (start > last) throw new TemplateError('slice bounds out of range');
    return sliceBytes(text, start, last);
  }),
  quote: quoting('"', escapeQuoted),
  squote: quoting("'", (text) => text),
  cat: variadic([], 'raw', (_, __, call) => {
    const texts = call.operands
      .filter(({ value }) => value !== null)
      .map((operand) => toText(operand, call));
    return joinTexts(texts, ' ', call);
  }),
  join: fixed(['string', 'raw'], ([separator], call) => {
    const texts = stringTexts(call.operands[1], call);
    return texts instanceof Unknown ? texts : joinTexts(texts, separator, call);
  }),
  toStrings: fixed(['raw'], (_, call) => {
    const texts = stringTexts(call.operands[0], call);
    return texts instanceof Unknown ? texts : texts.map(asElement);
  }),
  sortAlpha: fixed(['raw'], (_, call) => {
    const [operand] = call.operands;
    if (operand?.value === null) return [element('<nil>', call)];
    const texts = stringTexts(operand, call);
    if (texts instanceof Unknown) return texts;
    const unknown = texts.find((text) => text.unknown !== undefined)?.unknown;
    if (unknown !== undefined) return new Unknown(unknown);
    return texts.sort((a, b) => compareStrings(a.value, b.value)).map(asElement);
  }),
  toString: fixed(['raw'], (_, call) => {
    const [operand] = call.operands;
    if (operand === undefined) return null;
    if (operand.value instanceof Unknown) return operand.value;
    return new Chosen({ value: toText(operand, call), from: call.from });
  }),
  contains: fixed(['string', 'text'], ([part, text]) =>
    answer(
      knownStretches(text).some((known) => known.includes(part)),
      text,
    ),
  ),
  hasPrefix: fixed(['string', 'text'], ([part, text]) => {
    const start = knownStart(text).value;
    if (start.startsWith(part)) return true;
    return part.startsWith(start) ? answer(false, text) : false;
  }),
  hasSuffix: fixed(['string', 'text'], ([part, text]) => {
    const end = knownEnd(text).value;
    if (end.endsWith(part)) return true;
    return part.endsWith(end) ? answer(false, text) : false;
  }),
  split: fixed(['string', 'string'], ([separator, text], call) =>
    numbered(splitText(separator, text), call),
  ),
  splitn: fixed(['string', 'int', 'string'], ([separator, limit, text], call) =>
    numbered(splitText(separator, text, limit), call),
  ),
  splitList: fixed(['string', 'string'], ([separator, text], call) => {
    const parts = splitText(separator, text);
    spendElements(call.calling, parts.length);
    return parts.map((part) => element(part, call));
  }),
  plural: fixed(['string', 'string', 'int'], ([one, many, count]) => (count === 1 ? one : many)),
};
