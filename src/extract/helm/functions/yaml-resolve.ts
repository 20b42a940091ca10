/** Which plain scalars go-yaml reads as something else than text, and therefore quotes when it writes them. */
import { parseDecimal, parseInteger } from './numbers.ts';

/** `v2` is what `toYaml` uses, `v3` what `toYamlPretty` uses. */
export type Dialect = 'v2' | 'v3';

const OLD_BOOLEANS = 'y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' ');
const WORDS: ReadonlySet<string> = new Set([
  ...OLD_BOOLEANS,
  ...'true True TRUE false False FALSE ~ null Null NULL .nan .NaN .NAN'.split(' '),
  ...'.inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(' '),
  '',
]);

/** Numbers of base 60, which go-yaml does not read as numbers and quotes all the same. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

const DATE =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?$/;

/** A time that Go's time.Parse takes in one of the forms that go-yaml tries. */
function isTimestamp(text: string): boolean {
  // With a T there is a zone, with a space there is none.
  const zoned = /^(.*[Tt].*?)(?:Z|[-+]([0-9]{2}):([0-9]{2}))$/.exec(text);
  if (zoned === null && /[Tt]/.test(text)) return false;
  if (zoned !== null && (Number(zoned[2] ?? 0) > 24 || Number(zoned[3] ?? 0) >= 60)) return false;
  const found = DATE.exec(zoned?.[1] ?? text);
  if (found === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

function isNumber(text: string): boolean {
  // An underscore may stand between two digits.
  if (text.startsWith('.'))
    return parseDecimal(text.replace(/(?<=[0-9])_(?=[0-9])/g, '')) !== undefined;
  const plain = text.replaceAll('_', '');
  if (parseInteger(plain) !== undefined) return true;
  // Integers up to 2^64 - 1 have no sign.
  if (/^(?:0[xX][0-9a-fA-F]{1,16}|0[bB][01]{1,64}|[1-9][0-9]{0,19})$/.test(plain)) {
    if (BigInt(plain) < 2n ** 64n) return true;
  }
  return (
    /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(plain) &&
    parseDecimal(plain) !== undefined
  );
}

/** Whether text needs quotes to stay text. */
export function needsQuotes(text: string, dialect: Dialect): boolean {
  if (WORDS.has(text)) return true;
  const first = text.charAt(0);
  if (dialect === 'v3' && text === '<<') return false;
  if (!/[-+0-9.]/.test(first)) return false;
  if (/^[0-9]{4}-/.test(text) && isTimestamp(text)) return true;
  return isNumber(text) || (first !== '.' && BASE_60.test(text));
}
