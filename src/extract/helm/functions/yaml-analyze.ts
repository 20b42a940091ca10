/** In which styles go-yaml's emitter may write a scalar. */
import type { Dialect } from './yaml-resolve.ts';

export interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

/** Most texts: one word of letters, digits and harmless signs. */
const WORD = /^(?!\.\.\.)[\w./][\w./-]*$/;
const SIMPLE: Analysis = { multiline: false, plain: true, singleQuoted: true, block: true };
const EMPTY: Analysis = { multiline: false, plain: true, singleQuoted: true, block: false };

export const isBreak = (character: string) => /^[\r\n\u0085\u2028\u2029]$/.test(character);

/** What the emitter writes as it is; everything else is escaped. */
export const isPrintable = (character: string) =>
  /^[\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character);

/** Indicators that stand at the start of a scalar. */
const FIRST = new Set('#,[]{}&*!|>\'"%@`');

export function analyze(text: string, dialect: Dialect): Analysis {
  if (text === '') return EMPTY;
  if (WORD.test(text)) return SIMPLE;
  const characters = Array.from(text);
  const last = characters.length - 1;
  const blank = (character: string | undefined) =>
    character === undefined || character === ' ' || character === '\t';
  let indicators = text.startsWith('---') || text.startsWith('...');
  let multiline = false;
  let special = false;
  let tab = false;
  let edge = false;
  let trailingSpace = false;
  let breakSpace = false;
  let spaceBreak = false;
  let before: 'space' | 'break' | 'other' = 'other';
  let precededByBlank = true;
  for (const [i, character] of characters.entries()) {
    const followedByBlank = i === last || blank(characters[i + 1]);
    if (i === 0 ? FIRST.has(character) : character === '#' && precededByBlank) indicators = true;
    if (character === ':' && followedByBlank) indicators = true;
    if (i === 0 && (character === '-' || character === '?') && followedByBlank) indicators = true;
    if (character === '\t' && dialect === 'v3') tab = true;
    else if (!isPrintable(character)) special = true;
    if (character === ' ') {
      edge ||= i === 0 || i === last;
      trailingSpace ||= i === last;
      breakSpace ||= before === 'break';
      before = 'space';
    } else if (isBreak(character)) {
      multiline = true;
      edge ||= i === 0 || i === last;
      spaceBreak ||= before === 'space';
      before = 'break';
    } else before = 'other';
    precededByBlank = blank(character) || isBreak(character) || character === '\0';
  }
  const quotedOnly = spaceBreak || special || tab;
  return {
    multiline,
    plain: !(edge || breakSpace || quotedOnly || multiline || indicators),
    singleQuoted: !(breakSpace || quotedOnly),
    block: !(trailingSpace || spaceBreak || special),
  };
}
