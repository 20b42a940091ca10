/** Quotes and brackets at any indentation, as go-yaml takes them and the YAML specification does not. */
import { Lexer } from 'yaml';

/** What the lexer of the library keeps to itself; a test with such manifests tells when it changes. */
interface Internals {
  indentNext: number;
  flowLevel: number;
  parseQuotedScalar(): Generator<string, unknown>;
}

/**
 * A lexer that does not mind a line in quotes or brackets that is indented less than what is around it. Real
 * manifests have scripts like that: `args: ["-c", "` with the closing quote below the key.
 */
export function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const internals = lexer as unknown as Internals;
  const parseQuotedScalar = internals.parseQuotedScalar;
  let indentation = internals.indentNext;
  let inQuotes = false;
  Object.defineProperty(internals, 'indentNext', {
    get: () => (inQuotes || internals.flowLevel > 0 ? 0 : indentation),
    set: (value: number) => {
      indentation = value;
    },
  });
  internals.parseQuotedScalar = function* () {
    inQuotes = true;
    try {
      return yield* parseQuotedScalar.call(internals);
    } finally {
      inQuotes = false;
    }
  };
  return lexer;
}
