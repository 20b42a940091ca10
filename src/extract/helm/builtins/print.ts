/** `print`, `println` and the escapers that print their arguments first. */
import type { Functions } from '../functions/signature.ts';
import { allOrigins, textOf } from '../text.ts';
import { type Calling, type Operand, type Piece, Text, Unknown } from '../value.ts';
import { PLAIN, pieceOf, printf } from './printf.ts';

/** `fmt.Sprint`: a space between two values when neither is a string; `fmt.Sprintln`: between all. */
function printed(operands: readonly Operand[], calling: Calling, always: boolean): Text {
  const parts: (Piece | Text)[] = [];
  const space = { text: ' ', at: calling.at, from: [] };
  for (const [i, operand] of operands.entries()) {
    const before = operands[i - 1]?.value;
    // Next to something unknown the space is a part of what nobody can tell.
    const apart = ![before, operand.value].some((v) => v instanceof Text || v instanceof Unknown);
    if (i > 0 && (always || apart)) parts.push(space);
    parts.push(pieceOf(operand, 'v', PLAIN, calling));
  }
  if (always) parts.push({ text: '\n', at: calling.at, from: [] });
  return Text.of(parts);
}

const NO_VALUE: Operand = { value: textOf('<no value>'), from: [] };

/** A function of the printed arguments. */
function escaping(escaped: (text: string) => string) {
  return (operands: readonly Operand[], calling: Calling): Operand => {
    // Nil prints here as an action prints it.
    const shown = operands.map((operand) => (operand.value === null ? NO_VALUE : operand));
    const text = printed(shown, calling, false);
    const { unknown } = text;
    if (unknown !== undefined) return { value: new Unknown(unknown), from: [] };
    const from = allOrigins({ value: text, from: [] });
    return { value: textOf(escaped(text.value), from, calling.at), from };
  };
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\u0000-\u001f]|[^\u0000-\u007f]/gu, (character) => {
    if (character === '\\' || character === "'" || character === '"') return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x80 && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
    return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function escapeQuery(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export const printing: Functions = {
  print: (operands, calling) => ({ value: printed(operands, calling, false), from: [] }),
  println: (operands, calling) => ({ value: printed(operands, calling, true), from: [] }),
  printf,
  html: escaping(escapeHtml),
  js: escaping(escapeJs),
  urlquery: escaping(escapeQuery),
};
