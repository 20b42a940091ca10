/**
 * `npm run facts -- FILE [--reference]`: the facts of one code file as readable JSON. With `--reference` the tree comes from
 * `@typescript-eslint/parser` as ESLint uses it; the facts must be the same.
 */
import { readFileSync } from 'node:fs';
import { parse as parseReference } from '@typescript-eslint/parser';
import { extractCode } from '../src/extract/typescript/extract.ts';
import { type Parser, parser } from '../src/extract/typescript/parse.ts';

const reference: Parser = (text, jsx) =>
  parseReference(text, { ecmaFeatures: { jsx }, range: true });

/** JSON with one element a line in lists of things, and short things on one line. */
function readable(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value);
  if (flat.length + indent.length <= 140 || typeof value !== 'object' || value === null)
    return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item, index) => `${inner}/* ${index} */ ${readable(item, inner)}`)
    : Object.entries(value).map(([key, item]) => `${inner}"${key}": ${readable(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

const options = process.argv.slice(2);
const [path] = options.filter((option) => !option.startsWith('--'));
if (path === undefined) {
  process.stderr.write('usage: npm run facts -- FILE [--reference]\n');
  process.exitCode = 2;
} else {
  const producer = options.includes('--reference') ? reference : parser;
  const facts = extractCode({ path, text: readFileSync(path, 'utf8') }, producer);
  process.stdout.write(`${readable(facts)}\n`);
}
