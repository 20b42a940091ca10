/**
 * Injects faults and compares what happens with what `src/libraries/` claims.
 *
 *     npm run prove                      everything; installs packages into a temporary folder; writes docs/proof.md
 *     npm run prove -- --short           what Node.js alone can show
 *     npm run prove -- --only axios      proofs whose name starts so; writes nothing
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { libraries } from '../src/libraries/index.ts';
import { proofs } from './prove/forms/index.ts';
import { proofPage } from './prove/page.ts';
import type { Row } from './prove/proof.ts';
import { run } from './prove/run.ts';

const args = process.argv.slice(2);
const short = args.includes('--short');
const onlyAt = args.indexOf('--only');
const only = onlyAt < 0 ? undefined : (args[onlyAt + 1] ?? '');

const chosen = proofs.filter(
  (proof) =>
    (!short || Object.keys(proof.packages).length === 0) &&
    (only === undefined || proof.name.startsWith(only)),
);
const start = performance.now();
const rows = await run(chosen, { patient: !short && only === undefined, again: true, onRow });

function onRow(row: Row): void {
  const agreed = row.verdict === 'shown' || row.verdict === 'held';
  if (!agreed || only !== undefined)
    console.log(
      `${row.verdict}: ${row.proof}, ${row.library}@${row.version}, ${row.fact}: expected ${row.expected}, measured ${row.measured}`,
    );
}
const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
console.log(
  `${count('shown')} shown, ${count('held')} held to the cap, ${count('contradicted')} contradicted, ${count('not run')} not run, in ${Math.round((performance.now() - start) / 1000)} s`,
);
if (!short && only === undefined) {
  writeFileSync(
    fileURLToPath(new URL('../docs/proof.md', import.meta.url)),
    proofPage(rows, libraries, process.version),
  );
  console.log('wrote docs/proof.md');
}
if (count('contradicted') > 0) process.exitCode = 1;
