/**
 * Writes everything that is made from the folders of rules/. With `--check` it writes nothing, names what is
 * stale and ends with exit code 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policySchema } from '../src/config/schema.ts';
import { documentationModule, indexModule } from './generate/modules.ts';
import { readRuleFolders } from './generate/rule-folders.ts';
import { readmeWithTable, rulesPage } from './generate/tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

const folders = await readRuleFolders(join(root, 'rules'));
const generated = new Map([
  ['rules/index.ts', indexModule(folders)],
  ['rules/documentation.ts', documentationModule(folders)],
  ['docs/rules.md', rulesPage(folders)],
  [
    'src/schema.json',
    `${JSON.stringify(policySchema(folders.map(({ rule }) => rule)), null, 2)}\n`,
  ],
]);

const problems: string[] = [];
const readme = readmeWithTable(readFileSync(join(root, 'README.md'), 'utf8'), folders);
if (readme === undefined)
  problems.push(
    'README.md has no <!-- rules --> and <!-- /rules --> between which the table of rules belongs',
  );
else generated.set('README.md', readme);

for (const [path, text] of generated) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    problems.push(`${path} is stale: run npm run generate`);
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${path}`);
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else if (check)
  console.log(`${generated.size} generated files are up to date (${folders.length} rules)`);
