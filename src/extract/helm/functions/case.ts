/** Functions on words: camel case, initials, wrapping. */

import { type Functions, fixed, spendText } from './signature.ts';
import { lower, upper } from './strings.ts';
import { bytewise } from './text.ts';

const isSpace = (character: string) =>
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u.test(character);
const isUpper = (character: string) => /^\p{Lu}$/u.test(character);
const isLower = (character: string) => /^\p{Ll}$/u.test(character);
const isTitle = (character: string) => /^\p{Lt}$/u.test(character);
/** Letters, but no Chinese characters, as xstrings has it. */
const isAlphabet = (character: string) =>
  /^(?![\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}])\p{L}$/u.test(character);
const isNumber = (character: string) => /^\p{N}$/u.test(character);
const isPunctuation = (character: string) => /^\p{P}$/u.test(character);
const isConnector = (character: string) =>
  character === '-' || character === '_' || isSpace(character);

/** xstrings.ToPascalCase. */
function pascalCase(text: string): string {
  const characters = Array.from(text);
  const start = characters.findIndex((character) => !isConnector(character));
  // A text of connectors only ends with its last one twice.
  if (start === -1) return text + (characters.at(-1) ?? '');
  let made = characters.slice(0, start).join('');
  let current = characters[start] ?? '';
  let firstIsUpper = isUpper(current);
  current = upper(current);
  // A single character after the connectors stands as it is.
  for (const next of characters.slice(start + 1)) {
    const before = current;
    current = next;
    if (isConnector(current) && isConnector(before)) {
      made += before;
      continue;
    }
    if (isConnector(before)) {
      firstIsUpper = isUpper(current);
      current = upper(current);
    } else {
      if (firstIsUpper) {
        if (isUpper(current)) current = lower(current);
        else firstIsUpper = false;
      }
      made += before;
    }
  }
  return made + current;
}

type WordKind = 'end' | 'number' | 'upper' | 'letters' | 'connector' | 'punctuation' | 'other';

/** Reads words one after the other, as xstrings sees them. */
class Words {
  private readonly characters: readonly string[];
  private at = 0;
  kind: WordKind = 'end';
  word = '';

  constructor(text: string) {
    this.characters = Array.from(text);
    this.next();
  }

  get done(): boolean {
    return this.at >= this.characters.length;
  }

  /** Goes to the next word, and tells its kind. */
  next(): WordKind {
    const start = this.at;
    const first = this.characters[start];
    this.kind = 'end';
    if (first !== undefined) {
      this.at++;
      if (isConnector(first)) this.run('connector', isConnector);
      else if (isPunctuation(first)) this.run('punctuation', isPunctuation);
      else if (isUpper(first)) this.upperWord();
      else if (isAlphabet(first)) this.run('letters', isSmall);
      else if (isNumber(first)) this.run('number', isNumber);
      else this.run('other', isOther);
    }
    this.word = this.characters.slice(start, this.at).join('');
    return this.kind;
  }

  private run(kind: WordKind, belongs: (character: string) => boolean): void {
    this.kind = kind;
    while (belongs(this.characters[this.at] ?? '')) this.at++;
  }

  private upperWord(): void {
    const second = this.characters[this.at] ?? '';
    if (!isUpper(second)) {
      this.run('upper', isSmall);
      return;
    }
    this.run('upper', isUpper);
    // In `HTTPServer` the S belongs to the next word.
    if (isAlphabet(this.characters[this.at] ?? '')) this.at--;
  }
}

const isSmall = (character: string) => isAlphabet(character) && !isUpper(character);
const isOther = (character: string) =>
  character !== '' &&
  !isConnector(character) &&
  !isAlphabet(character) &&
  !isNumber(character) &&
  !isPunctuation(character);

/** xstrings.ToSnakeCase and ToKebabCase. */
function lowerCase(text: string, connector: string): string {
  const words = new Words(text);
  let made = '';
  const write = (kind: WordKind, word: string) => {
    made += kind === 'connector' ? connector.repeat(Array.from(word).length) : lower(word);
  };
  const joins = (kind: WordKind) => kind !== 'punctuation' && kind !== 'connector';
  const separate = () => {
    if (words.kind !== 'end' && joins(words.kind)) made += connector;
  };
  while (!words.done) {
    if (words.kind !== 'connector') write(words.kind, words.word);
    const previous = words.kind;
    const last = words.word;
    words.next();
    switch (previous) {
      case 'number':
        writeLetters(words, write);
        separate();
        break;
      case 'connector':
        write(previous, last);
        break;
      case 'punctuation':
        break;
      default: {
        if (words.kind !== 'number') {
          if (joins(words.kind)) made += connector;
          break;
        }
        if (words.done) break;
        const number = words.word;
        const following = words.next();
        // A number belongs to the word before it, except when small letters follow.
        if (following !== 'letters') {
          write('number', number);
          if (joins(following)) made += connector;
          break;
        }
        made += connector;
        write('number', number);
        writeLetters(words, write);
        separate();
      }
    }
  }
  write(words.kind, words.word);
  return made;
}

function writeLetters(words: Words, write: (kind: WordKind, word: string) => void): void {
  while (words.kind === 'letters' || words.kind === 'number') {
    write(words.kind, words.word);
    words.next();
  }
}

/** Changes the first letter after every character for which `separates` holds. */
function onWordStarts(
  text: string,
  separates: (character: string) => boolean,
  change: (character: string) => string,
): string {
  let start = true;
  let made = '';
  for (const character of text) {
    made += start && !separates(character) ? change(character) : character;
    start = separates(character);
  }
  return made;
}

/** What strings.Title takes for the space between words. */
function separatesTitles(character: string): boolean {
  if (/^[\0-\x7f]$/.test(character)) return !/^[0-9A-Za-z_]$/.test(character);
  return !isAlphabet(character) && !isNumber(character) && isSpace(character);
}

function swapCase(text: string): string {
  return Array.from(text, (character) => {
    if (isUpper(character) || isTitle(character)) return lower(character);
    return isLower(character) ? upper(character) : character;
  }).join('');
}

function wrap(text: string, width: number, lineBreak: string, longWords: boolean): string {
  const limit = Math.max(1, width);
  let made = '';
  let offset = 0;
  while (text.length - offset > limit) {
    if (text.charAt(offset) === ' ') {
      offset++;
      continue;
    }
    const space = text.slice(offset, offset + limit + 1).lastIndexOf(' ');
    if (space >= 0) {
      made += text.slice(offset, offset + space) + lineBreak;
      offset += space + 1;
    } else if (longWords) {
      made += text.slice(offset, offset + limit) + lineBreak;
      offset += limit;
    } else {
      const next = text.indexOf(' ', offset + limit);
      if (next === -1) {
        made += text.slice(offset);
        offset = text.length;
      } else {
        made += text.slice(offset, next) + lineBreak;
        offset = next + 1;
      }
    }
  }
  return made + text.slice(offset);
}

function abbreviate(text: string, left: number, width: number): string {
  if (text.length <= width) return text;
  const offset = Math.min(left, text.length, Math.max(left, 0));
  const start = text.length - offset < width - 3 ? text.length - (width - 3) : offset;
  if (start <= 4) return `${text.slice(0, width - 3)}...`;
  if (width < 7) return '';
  if (start + width - 3 < text.length) {
    const rest = width - 3 < 4 ? '' : abbreviate(text.slice(start), 0, width - 3);
    return `...${rest}`;
  }
  return `...${text.slice(text.length - (width - 3))}`;
}

const onString = (change: (text: string) => string) =>
  fixed(['string'], ([text], { calling }) => {
    spendText(calling, text.length * 16);
    return change(text);
  });

export const cases: Functions = {
  title: onString((text) => onWordStarts(text, separatesTitles, upper)),
  untitle: onString((text) => onWordStarts(text, isSpace, lower)),
  swapcase: onString(swapCase),
  camelcase: onString(pascalCase),
  snakecase: onString((text) => lowerCase(text, '_')),
  kebabcase: onString((text) => lowerCase(text, '-')),
  initials: onString((text) => {
    let made = '';
    onWordStarts(bytewise(text), isSpace, (character) => {
      made += character;
      return character;
    });
    return made;
  }),
  wrap: fixed(['int', 'string'], ([width, text], { calling }) => {
    spendText(calling, text.length * 2);
    return wrap(text, width, '\n', false);
  }),
  wrapWith: fixed(['int', 'string', 'string'], ([width, lineBreak, text], { calling }) => {
    spendText(calling, text.length * (1 + lineBreak.length));
    return wrap(text, width, lineBreak === '' ? '\n' : lineBreak, true);
  }),
  abbrev: fixed(['int', 'string'], ([width, text]) =>
    width < 4 ? text : abbreviate(text, 0, width),
  ),
  abbrevboth: fixed(['int', 'int', 'string'], ([left, right, text]) =>
    right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, left, right),
  ),
};
