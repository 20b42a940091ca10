/**
 * The fingerprint by which GitHub code scanning recognises an alert when lines move (`primaryLocationLineHash`).
 *
 * For each line: a polynomial hash (factor 37, modulo 2^64) of the 100 UTF-16 code units from its first one on,
 * spaces and tabs left out, every line ending counted as one LF, the end of the file as 65535 and what follows
 * as 0. Written as unpadded hexadecimal, then `:` and a number that tells lines with the same hash apart.
 */

const FACTOR = 37;
const WINDOW = 100;
const END_OF_FILE = 65535;
const TWO_32 = 2 ** 32;

/** The 64-bit numbers are kept as two halves of 32 bits: products with 37 or 65535 stay exact in a double. */
interface Unsigned64 {
  readonly high: number;
  readonly low: number;
}

/** The weight of the unit that leaves the window: 37^100 modulo 2^64. */
const LEAVING: Unsigned64 = (() => {
  let high = 0;
  let low = 1;
  for (let i = 0; i < WINDOW; i++) {
    const product = low * FACTOR;
    high = (high * FACTOR + Math.floor(product / TWO_32)) >>> 0;
    low = product >>> 0;
  }
  return { high, low };
})();

/** The code units that count, and where among them each line begins. */
function significantUnits(text: string): { units: Uint16Array; lines: number[]; length: number } {
  const units = new Uint16Array(text.length + 1 + WINDOW);
  const lines: number[] = [];
  let length = 0;
  let atLineStart = true;
  let afterReturn = false;
  const keep = (unit: number): void => {
    if (atLineStart) lines.push(length);
    units[length++] = unit;
    atLineStart = unit === 10;
  };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const restOfLineEnd = unit === 10 && afterReturn;
    afterReturn = unit === 13;
    if (unit === 32 || unit === 9 || restOfLineEnd) continue;
    keep(unit === 13 ? 10 : unit);
  }
  keep(END_OF_FILE);
  return { units, lines, length };
}

/** The hashes of all lines of a file; index 0 is line 1. */
export function lineHashes(text: string): string[] {
  const { units, lines, length } = significantUnits(text);
  const hashes: string[] = [];
  const seen = new Map<string, number>();
  let high = 0;
  let low = 0;
  // After unit i the hash covers the window that begins at i - 99; units before the file count as 0.
  for (let i = 0; i < length + WINDOW && hashes.length < lines.length; i++) {
    const entering = units[i] ?? 0;
    const leaving = i >= WINDOW ? (units[i - WINDOW] ?? 0) : 0;
    const sum = low * FACTOR + entering;
    high = (high * FACTOR + Math.floor(sum / TWO_32)) >>> 0;
    low = sum >>> 0;
    const gone = LEAVING.low * leaving;
    const difference = low - (gone >>> 0);
    high =
      (high - LEAVING.high * leaving - Math.floor(gone / TWO_32) - (difference < 0 ? 1 : 0)) >>> 0;
    low = difference >>> 0;
    if (lines[hashes.length] !== i - WINDOW + 1) continue;
    const hash =
      high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    hashes.push(`${hash}:${occurrence}`);
  }
  return hashes;
}
