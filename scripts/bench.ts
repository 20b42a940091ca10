/**
 * What a run costs: `npm run bench -- [folder] [--all]`; `--all` takes in folders of examples and tests. The CPU of the whole analysis is compared with what the `yaml` package
 * needs to parse, once and without any guard, the documents that are objects, and those of kinds that rules look into;
 * all are measured in the same process, in turns.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { discover } from '../src/files/discover.ts';
import { analyse } from '../src/run.ts';

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

/** A command to its end: seconds on the clock and, for Node, the most memory in MiB. */
function timed(command: string, args: readonly string[]) {
  const start = performance.now();
  const { status, error, output } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (error !== undefined) return undefined;
  const seconds = (performance.now() - start) / 1000;
  return { status, seconds, memory: Number(output[3]) / 1024, stderr: output[2] ?? '' };
}

const { files } = await discover({
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

// The child writes its own peak, in KiB, to the extra pipe when it ends.
const REPORT = `import { writeSync } from 'node:fs';process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`;
const child = timed(process.execPath, [
  '--import',
  `data:text/javascript,${encodeURIComponent(REPORT)}`,
  join(root, 'bin/chaoslint.js'),
  folder,
  '--isolated',
  '--format=json',
  '--fail-on=never',
]);
if (child?.status === 0)
  console.log(`command line ${child.seconds.toFixed(2)} s, at most ${child.memory.toFixed(0)} MiB`);
else console.log(`command line failed (npm run build?): ${child?.stderr}`);

const other = timed('kube-linter', ['lint', folder]);
if (other !== undefined) console.log(`kube-linter ${other.seconds.toFixed(2)} s`);
