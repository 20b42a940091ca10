/** Text as a hostile repository would choose it. */
import fc from 'fast-check';

const pieces = [
  '\u001b[31m',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u009b2J',
  '\u0000',
  '\u0007',
  '\b\b\b',
  '\r',
  '\n',
  '\r\n',
  '\t',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200f',
  '\ud800',
  '\udfff',
  '\udc00\ud800',
  '😀',
  '👩‍🚀',
  '日本',
  'e\u0301',
  '\ufeff',
  '::error file=x::y',
  '\n::set-output name=a::b',
  '##[group]x',
  '##vso[task.setvariable]x',
  '[x](1)',
  '](https://evil.example)',
  '\\',
  '\\ud800',
  '\\\\u001b[2J',
  '{0}',
  '%00',
  '../',
  '#',
  '?',
  'a:b',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '`',
  '"',
  '__proto__',
  'orders',
  ' ',
  '/',
];

/** Escape sequences, controls, line ends, broken surrogates, log commands, markup; joined at random. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));
