/** The fault server, and what Node.js alone can show: `npm run prove -- --short`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { proofs } from '../scripts/prove/forms/index.ts';
import type { CallProof, ShutdownProof } from '../scripts/prove/proof.ts';
import { run } from '../scripts/prove/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const version = process.version.slice(1);

test('what is said of fetch, node:http and its servers is what happens', async () => {
  const short = proofs.filter(({ packages }) => Object.keys(packages).length === 0);
  assert.ok(short.length >= 10);
  const rows = await run(short, { again: true });
  assert.deepEqual(
    rows.filter(({ verdict }) => verdict !== 'shown' && verdict !== 'held'),
    [],
  );
  assert.ok(rows.filter(({ verdict }) => verdict === 'shown').length >= 40);
});

test('a form that does not do what the description says is contradicted', async () => {
  const call = (uses: CallProof['uses'], code: string, fault: 'frozen' | 'stall'): CallProof => ({
    kind: 'call',
    name: 'test',
    library: 'fetch',
    version,
    packages: {},
    uses,
    faults: [fault],
    cap: 2_200,
    code,
  });
  const signal = [{ set: 'init', path: 'signal' }];
  const shutdown = (form: ShutdownProof['form'], sigterm: string): ShutdownProof => ({
    kind: 'shutdown',
    name: 'test',
    library: 'node-http',
    version,
    packages: {},
    server: 'http',
    form,
    keepAliveMs: 300,
    cap: 4_000,
    code: `
import { createServer } from 'node:http';
const server = createServer(async (request, response) => { await slowly(); response.end(); });
server.keepAliveTimeout = keepAliveMs;
server.listen(0, '127.0.0.1', () => listening(server.address().port));
${sigterm}`,
  });
  const rows = await run([
    // Claims a deadline and sets none.
    call(signal, 'const call = ({ url }) => fetch(url);', 'frozen'),
    // Sets a deadline that nobody claims.
    call(
      [],
      'const call = ({ url }) => fetch(url, { signal: AbortSignal.timeout(300) });',
      'frozen',
    ),
    // The deadline is gone before the body is read.
    call(
      signal,
      `const call = async ({ url, ms }) => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), ms);
        const response = await fetch(url, { signal: controller.signal });
        clearTimeout(timer);
        return response.text();
      };`,
      'stall',
    ),
    // Ends at once instead of after the time.
    call(signal, "const call = async () => { throw new Error('at once'); };", 'frozen'),
    call(signal, 'this is no module', 'frozen'),
    shutdown('close', "process.once('SIGTERM', () => process.exit(0));"),
    shutdown('unhandled', "process.once('SIGTERM', () => server.close());"),
  ]);
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    rows.map(() => 'contradicted'),
    JSON.stringify(rows, null, 1),
  );
});

test('a package that cannot be had is said, and is no contradiction', async () => {
  const [row] = await run([
    {
      kind: 'call',
      name: 'test',
      library: 'fetch',
      version,
      packages: { './no-such-folder': '0.0.0' },
      uses: [],
      faults: ['frozen'],
      code: 'const call = ({ url }) => fetch(url);',
    },
  ]);
  assert.equal(row?.verdict, 'not run');
});

test('docs/proof.md is of these proofs and contradicts nothing', () => {
  const page = readFileSync(join(root, 'docs/proof.md'), 'utf8');
  assert.deepEqual(
    [...new Set(proofs.map(({ name }) => name))].filter((name) => !page.includes(`| ${name} |`)),
    [],
    'run npm run prove',
  );
  assert.match(page, /\b0 contradicted\b/);
});
