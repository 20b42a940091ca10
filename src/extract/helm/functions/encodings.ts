/** Base 64, base 32 and check sums. */
import { createHash } from 'node:crypto';
import { Unknown } from '../value.ts';
import { asEmptyAsLast, type Functions, fixed, spendText } from './signature.ts';

const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE_32.charAt((value >> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  if (bits > 0) text += BASE_32.charAt((value << (5 - bits)) & 31);
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** Decodes, or gives the text of Go's error. Line breaks are skipped. */
function fromBase64(text: string): string {
  const wrong = whereWrong(text);
  return wrong === undefined
    ? Buffer.from(text, 'base64').toString('utf8')
    : `illegal base64 data at input byte ${wrong}`;
}

const isLineBreak = (character: string) => character === '\n' || character === '\r';

/** The offset that Go's decoder names for a text that is no base 64. */
function whereWrong(text: string): number | undefined {
  let read = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (isLineBreak(character)) continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      read++;
      continue;
    }
    const place = read % 4;
    if (character !== '=' || place < 2) return at;
    let end = afterBreaks(text, at + 1);
    if (place === 2) {
      if (end === text.length) return end;
      if (text.charAt(end) !== '=') return end - 1;
      end = afterBreaks(text, end + 1);
    }
    return end < text.length ? end : undefined;
  }
  return read % 4 === 0 ? undefined : text.length - (read % 4);
}

function afterBreaks(text: string, start: number): number {
  let at = start;
  while (isLineBreak(text.charAt(at))) at++;
  return at;
}

function fromBase32(text: string): string | undefined {
  const plain = text.replace(/[\r\n]/g, '');
  if (
    !/^(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?$/.test(
      plain,
    )
  )
    return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of plain.replace(/=+$/, '')) {
    value = ((value << 5) | BASE_32.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

const checksum = (algorithm: string) =>
  fixed(['string'], ([text], { calling }) => {
    spendText(calling, text.length);
    return createHash(algorithm).update(text).digest('hex');
  });

export const encodings: Functions = {
  b64enc: asEmptyAsLast(
    fixed(['string'], ([text], { calling }) => {
      spendText(calling, text.length * 2);
      return Buffer.from(text).toString('base64');
    }),
  ),
  b64dec: asEmptyAsLast(fixed(['string'], ([text]) => fromBase64(text))),
  b32enc: fixed(['string'], ([text], { calling }) => {
    spendText(calling, text.length * 2);
    return toBase32(Buffer.from(text));
  }),
  b32dec: fixed(['string'], ([text]) => fromBase32(text) ?? new Unknown('the text of an error')),
  sha1sum: checksum('sha1'),
  sha256sum: checksum('sha256'),
  sha512sum: checksum('sha512'),
  adler32sum: fixed(['string'], ([text]) => String(adler32(Buffer.from(text)))),
};
