/** What may be wrong with the way chaoslint was called. */

/** Characters that could end the line, move the cursor or turn the direction of the text. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/**
 * The command line or the policy file asks for something that cannot be done: exit code 2, no stack trace.
 * The message is one line; control characters in it (names may come from a hostile folder) are escaped.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The exit code of a run that ends with this error. */
  readonly exitCode = 2;

  constructor(message: string) {
    super(message.replace(UNPRINTABLE, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`));
  }
}
