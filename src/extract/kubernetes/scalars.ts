/** What a scalar means to kubectl: the rules of go-yaml v2, as sigs.k8s.io/yaml uses them. */

export type ScalarValue = string | number | boolean | null;

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word): [string, boolean] => [word, true],
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word): [string, boolean] => [word, false],
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

/**
 * The number that go-yaml v2 reads in an unquoted scalar: `010` and `0o10` are 8, `1_000` is 1000, `1:30` and
 * dates are text. Integers beyond 2^53 lose digits here; their source text does not.
 */
function numberOf(source: string): number | undefined {
  if (!/^[-+.0-9]/.test(source)) return undefined;
  const plain = source.replaceAll('_', '');
  const integer = INTEGER.exec(plain);
  if (integer !== null) {
    const [, sign, hexadecimal, binary, octal, decimal] = integer;
    const digits =
      hexadecimal !== undefined
        ? Number.parseInt(hexadecimal, 16)
        : binary !== undefined
          ? Number.parseInt(binary, 2)
          : octal !== undefined
            ? Number.parseInt(octal, 8)
            : Number(decimal);
    // Only decimal digits may be more than 64 bits hold: then they are a float. Others are text.
    if (decimal !== undefined ? Number.isFinite(digits) : digits < 2 ** 64)
      return sign === '-' && digits !== 0 ? -digits : digits;
  }
  if (!FLOAT.test(plain)) return undefined;
  const float = Number(plain);
  return Number.isFinite(float) ? float : undefined;
}

/** The value of an unquoted scalar without a tag. */
export function plainValue(source: string): ScalarValue {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  return numberOf(source) ?? source;
}

const CORE = 'tag:yaml.org,2002:';

/** The value of a scalar with a tag: `!!str 8080` is text, `!!int "3"` a number, an application's tag means text. */
export function taggedValue(tag: string, source: string): ScalarValue {
  switch (tag) {
    case `${CORE}int`:
    case `${CORE}float`:
      return numberOf(source) ?? source;
    case `${CORE}bool`:
    case `${CORE}null`: {
      const word = WORDS.get(source);
      return word === undefined ? source : word;
    }
    default:
      return source;
  }
}
