/** Makes the file of a new library: `npm run new-library -- <name> <package> [<range of versions>]`. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newLibrary } from './new-library/template.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, packageName, versions, ...rest] = process.argv.slice(2);

function make(): void {
  if (name === undefined || packageName === undefined || rest.length > 0)
    throw new Error("Usage: npm run new-library -- <name> <package> ['>=1 <2']");
  const text = newLibrary(name, packageName, versions);
  const path = `src/libraries/${name}.ts`;
  if (existsSync(join(root, path))) throw new Error(`${path} exists`);
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}

Next:
1. ${path}: the surface (what programs write), then the behaviour, each fact with its source.
   src/library.ts says what each field means; axios.ts, pg.ts and fastify.ts are good examples of a client, a data client and a server.
2. npm run generate
3. scripts/prove/forms/: the unprotected and the protected form; then npm run prove -- --only ${name}
4. name the proofs in the facts; npm run prove
5. node --import tsx --test test/libraries.test.ts`);
}

try {
  make();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
