/**
 * What a cold run of the command line costs on a folder, and beside it, in turns, what ESLint with the recommended rules of
 * typescript-eslint costs on all TypeScript files of that folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SourceFile } from '../src/facts.ts';

const ROUNDS = 3;

const root = fileURLToPath(new URL('..', import.meta.url));
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/;

/** A child writes what it used, all of its threads, to the extra pipe when it ends. */
const REPORT = `import { writeSync } from 'node:fs';import { isMainThread } from 'node:worker_threads';if (isMainThread) process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); writeSync(3, JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024])); });`;

/** Seconds of processor time, and the most memory in MiB. */
export interface Cost {
  readonly cpu: number;
  readonly memory: number;
  readonly seconds: number;
}

/** Runs a script of Node.js to its end; a text says why it failed. */
function costOf(script: string, args: readonly string[], cwd: string): Cost | string {
  const start = performance.now();
  const { status, output, error } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(REPORT)}`, script, ...args],
    { cwd, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const seconds = (performance.now() - start) / 1000;
  if (error !== undefined) return error.message;
  // 1: it found something.
  if (status !== 0 && status !== 1) return output[2]?.slice(0, 2000) ?? `exit code ${status}`;
  const [cpu = 0, memory = 0]: readonly number[] = JSON.parse(output[3] ?? '[]');
  return { cpu, memory, seconds };
}

/** The command line on a folder, as somebody runs it who has nothing cached. */
export function chaoslintCost(folder: string): Cost | string {
  const script = join(root, 'bin/chaoslint.js');
  return costOf(script, ['.', '--isolated', '--format=json', '--fail-on=never'], folder);
}

interface Peer {
  readonly cost: () => Cost | string;
  close(): void;
}

/** ESLint of an installation, with the recommended rules of its typescript-eslint and nothing of the folder's own settings. */
function eslint(installation: string, folder: string, files: readonly string[]): Peer | string {
  const script = join(installation, 'node_modules/eslint/bin/eslint.js');
  const plugin = join(installation, 'node_modules/typescript-eslint/dist/index.js');
  for (const file of [script, plugin]) if (!existsSync(file)) return `there is no ${file}`;
  const scratch = mkdtempSync(join(tmpdir(), 'chaoslint-bench-'));
  const settings = join(scratch, 'eslint.config.mjs');
  const from = JSON.stringify(pathToFileURL(plugin).href);
  writeFileSync(
    settings,
    `import typescript from ${from};\nexport default typescript.configs.recommended;\n`,
  );
  const args = [
    '--no-config-lookup',
    ...['--config', settings],
    '--no-inline-config',
    '--no-warn-ignored',
    ...['--format', 'json'],
    ...['--output-file', join(scratch, 'report.json')],
  ];
  return {
    cost: () => costOf(script, [...args, '--', ...files], folder),
    close: () => rmSync(scratch, { recursive: true }),
  };
}

const median = (costs: readonly Cost[], field: keyof Cost) =>
  costs.map((cost) => cost[field]).sort((a, b) => a - b)[costs.length >> 1] ?? 0;

const spelled = (costs: readonly Cost[]) =>
  `${median(costs, 'cpu').toFixed(2)} s CPU, ${median(costs, 'seconds').toFixed(2)} s, at most ${Math.max(...costs.map(({ memory }) => memory)).toFixed(0)} MiB`;

/** Prints what the command line costs, compared with ESLint when `CHAOSLINT_BENCH_ESLINT` names an installation. */
export function benchCommandLine(folder: string, code: readonly SourceFile[]): void {
  const files = code.flatMap(({ path }) => (TYPESCRIPT.test(path) ? [path] : []));
  const installation = process.env.CHAOSLINT_BENCH_ESLINT;
  const peer =
    files.length === 0
      ? 'there is no TypeScript'
      : installation === undefined
        ? 'CHAOSLINT_BENCH_ESLINT names no installation of eslint and typescript-eslint'
        : eslint(resolve(installation), folder, files);
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const own = chaoslintCost(folder);
    if (typeof own === 'string') {
      console.log(`command line failed (npm run build?): ${own}`);
      break;
    }
    ours.push(own);
    if (typeof peer === 'string') continue;
    const other = peer.cost();
    if (typeof other === 'string') {
      console.log(`eslint failed: ${other}`);
      break;
    }
    theirs.push(other);
  }
  if (ours.length > 0) console.log(`command line ${spelled(ours)}; median of ${ours.length}`);
  if (typeof peer === 'string') {
    console.log(`eslint skipped: ${peer}`);
    return;
  }
  peer.close();
  if (theirs.length > 0)
    console.log(
      `eslint with typescript-eslint recommended, ${files.length} TypeScript files: ${spelled(theirs)}; ratio of CPU ${(median(ours, 'cpu') / median(theirs, 'cpu')).toFixed(3)}`,
    );
}
