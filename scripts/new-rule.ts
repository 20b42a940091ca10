/** Makes the folder of a new rule: `npm run new-rule -- kubernetes/<id> "<title>"`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newRule } from './new-rule/template.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, title, ...rest] = process.argv.slice(2);

function make(): void {
  if (name === undefined || title === undefined || rest.length > 0)
    throw new Error(
      'Usage: npm run new-rule -- kubernetes/<id> "<One sentence that says what is wrong.>"',
    );
  const files = newRule(name, title);
  if (existsSync(join(root, 'rules', name))) throw new Error(`rules/${name} exists`);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(`
Next:
1. rules/${name}/rule.ts: subject, levels, runbook, fix and check
2. rules/${name}/rule.md and cases/
3. npm run generate && npm run update-cases
4. node --import tsx --test test/rules.test.ts`);
}

try {
  make();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
