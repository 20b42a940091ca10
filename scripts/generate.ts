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
import { readmeWith, rulesPage } from './generate/tables.ts';
import { librariesModule } from './generate-libraries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

const folders = await readRuleFolders(join(root, 'rules'));
const generated = new Map([
  ['rules/index.ts', indexModule(folders)],
  ['rules/documentation.ts', documentationModule(folders)],
  ['docs/rules.md', rulesPage(folders)],
  ['src/libraries/index.ts', librariesModule(root)],
  [
    'src/schema.json',
    `${JSON.stringify(policySchema(folders.map(({ rule }) => rule)), null, 2)}\n`,
  ],
]);

const problems: string[] = [];
function write(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (check) {
    problems.push(`${path} is stale: run npm run generate`);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${path}`);
}

for (const [path, text] of generated) write(path, text);

// The sample runs all rules, so it is loaded after rules/index.ts was written.
const { sampleOf } = await import('./generate/sample.ts');
const readme = readmeWith(
  readFileSync(join(root, 'README.md'), 'utf8'),
  folders,
  sampleOf(join(root, 'fixtures/orders-before')),
);
if (readme === undefined)
  problems.push(
    'README.md lacks the marks of its table (<!-- rules -->) or its sample (<!-- sample -->)',
  );
else write('README.md', readme);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else if (check)
  console.log(`${generated.size + 1} generated files are up to date (${folders.length} rules)`);
