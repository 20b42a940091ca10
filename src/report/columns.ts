/** How many columns of a terminal text takes, and text that is broken into lines of a width. */

/** Blocks of East Asian wide and fullwidth characters, emoji aside (Unicode 15, UAX #11). */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Columns of one printable character: 0 for combining and format characters, 2 for wide ones, else 1. */
function columnsOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/[\p{Mark}\p{Format}]/u.test(character)) return 0;
  const wide =
    WIDE.some(([first, last]) => code >= first && code <= last) ||
    /\p{Emoji_Presentation}/u.test(character);
  return wide ? 2 : 1;
}

/** Columns of printable text. */
export function columnsOf(text: string): number {
  if (/^[\u0020-\u02ff]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** The longest beginning of printable text that takes at most `columns`. */
export function firstColumns(text: string, columns: number): string {
  let end = 0;
  let free = columns;
  for (const character of text) {
    free -= columnsOfCharacter(character);
    if (free < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The longest end of printable text that takes at most `columns`. */
export function lastColumns(text: string, columns: number): string {
  let start = 0;
  let surplus = columnsOf(text) - columns;
  for (const character of text) {
    if (surplus <= 0) break;
    surplus -= columnsOfCharacter(character);
    start += character.length;
  }
  return text.slice(start);
}

/** Breaks text at its blanks into lines of at most `width` columns; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const word of text.split(' ')) {
    const size = columnsOf(word);
    if (line !== '' && columns + 1 + size > width) {
      lines.push(line);
      line = word;
      columns = size;
    } else {
      columns += line === '' ? size : size + 1;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
