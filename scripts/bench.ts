/**
 * What a run costs: `npm run bench -- [folder] [--all]`; `--all` takes in folders of examples and tests. The CPU of the whole analysis is compared with what the `yaml` package
 * needs to parse, once and without any guard, the documents that are objects, and those of kinds that rules look into;
 * all are measured in the same process, in turns. A cold run of the command line follows, compared with ESLint when
 * `CHAOSLINT_BENCH_ESLINT` names a folder whose node_modules have eslint and typescript-eslint.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { discover } from '../src/files/discover.ts';
import { analyse } from '../src/run.ts';
import { benchCharts } from './bench-charts.ts';
import { benchCommandLine } from './bench-code.ts';

const ROUNDS = 9;

const root = fileURLToPath(new URL('..', import.meta.url));
const all = process.argv.includes('--all');
const named = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const folder = resolve(named ?? join(root, 'fixtures'));

/** Milliseconds of CPU, all threads. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Seconds on the clock of a command to its end; undefined when there is no such command. */
function timed(command: string, args: readonly string[]): number | undefined {
  const start = performance.now();
  const { error } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined ? (performance.now() - start) / 1000 : undefined;
}

const { files, code } = await discover({
  cwd: folder,
  paths: ['.'],
  isolated: true,
  ignored: [],
  include: all ? ['**'] : [],
});
/** Texts of the objects: all of them, and those of kinds that rules look into. */
const objects = files.flatMap((file) =>
  extractManifest(file).resources.map(({ body, range }) => ({
    text: file.text.slice(...range),
    isModelled: body !== undefined,
  })),
);
const modelled = objects.filter(({ isModelled }) => isModelled);
const sizeOf = (some: typeof objects) =>
  `${(some.reduce((sum, { text }) => sum + text.length, 0) / 1024).toFixed(0)} KiB`;
console.log(
  `${folder}: ${files.length} files read, ${objects.length} objects (${sizeOf(objects)}), ${modelled.length} of kinds that rules look into (${sizeOf(modelled)})`,
);

const whole: number[] = [];
const bareAll: number[] = [];
const bareModelled: number[] = [];
const parse = (some: typeof objects) => some.map(({ text }) => parseAllDocuments(text));
for (let round = 0; round < ROUNDS; round++) {
  whole.push(cpuOf(() => analyse(files, defaultPolicy)));
  bareAll.push(cpuOf(() => parse(objects)));
  bareModelled.push(cpuOf(() => parse(modelled)));
}
const compared = (bare: readonly number[]) =>
  `${median(bare).toFixed(0)} ms (ratio ${(median(whole) / median(bare)).toFixed(2)})`;
console.log(
  `analyse ${median(whole).toFixed(0)} ms CPU; bare yaml of all objects ${compared(bareAll)}, of those that rules look into ${compared(bareModelled)}; medians of ${ROUNDS} rounds`,
);

benchCharts(folder);
benchCommandLine(folder, code);

const other = timed('kube-linter', ['lint', folder]);
if (other !== undefined) console.log(`kube-linter ${other.toFixed(2)} s`);
