/** Runs one form in a child process, with a cap. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type Peer, startPeer } from './peer.ts';
import type { CallProof, Fault, Measurement, ShutdownProof } from './proof.ts';

const DEFAULT_CAP_MS = 2_500;
/** Loading a large package takes time that is not measured. */
const START_MS = 20_000;

const CALL_RUNNER = String.raw`
const target = JSON.parse(process.env.PROVE_TARGET);
const say = (what) => process.stdout.write('\n@' + JSON.stringify(what) + '\n');
const describe = (error) => [error?.name, error?.code, error?.message].filter((part) => typeof part === 'string' && part !== '').join(' ').replaceAll('\n', ' ').slice(0, 160);
// Keeps the process alive, and ends it when nobody waits for it any more.
const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.exit(1); }, 1_000);
say({ started: true });
const start = performance.now();
const end = (how) => { say({ ms: performance.now() - start, how }); process.exitCode = 0; setTimeout(() => process.exit(0), 20); };
process.on('uncaughtException', (error) => end('crashed: ' + describe(error)));
call(target).then(() => end('resolved'), (error) => end(describe(error)));
`;

let files = 0;

function start(folder: string, code: string, environment: Record<string, string>): ChildProcess {
  const file = join(folder, `form-${process.pid}-${files++}.mjs`);
  writeFileSync(file, code);
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _test, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', file], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.once('exit', () => rmSync(file, { force: true }));
  return child;
}

/** Reads the lines that start with @, and keeps the last of the rest for messages. */
function listen(child: ChildProcess, onMessage: (message: Record<string, unknown>) => void) {
  let text = '';
  const noise = { text: '' };
  child.stdout?.on('data', (data) => {
    text += data;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      if (line.startsWith('@')) onMessage(JSON.parse(line.slice(1)) as Record<string, unknown>);
    }
  });
  child.stderr?.on('data', (data) => {
    noise.text = `${noise.text}${data}`.slice(-2_000);
  });
  return noise;
}

export async function runCall(
  proof: CallProof,
  fault: Fault,
  verb: string,
  folder: string,
  blackhole: Peer | undefined,
): Promise<Measurement> {
  if (fault === 'blackhole' && blackhole === undefined)
    return { is: 'failed', why: 'this machine has no way to drop a SYN' };
  const peer =
    fault === 'blackhole' && blackhole !== undefined
      ? blackhole
      : await startPeer(proof.peer ?? 'http', fault);
  const cap = proof.cap ?? DEFAULT_CAP_MS;
  const target = {
    url: `http://127.0.0.1:${peer.port}/orders`,
    host: '127.0.0.1',
    port: peer.port,
    verb,
    fault,
    ms: proof.ms ?? 500,
  };
  const child = start(folder, `${proof.code}\n${CALL_RUNNER}`, {
    PROVE_TARGET: JSON.stringify(target),
  });
  try {
    return await new Promise<Measurement>((resolve) => {
      let timer = setTimeout(() => resolve({ is: 'failed', why: 'did not start' }), START_MS);
      const noise = listen(child, (message) => {
        if (message.started === true) {
          clearTimeout(timer);
          timer = setTimeout(() => resolve({ is: 'waiting', cap, attempts: peer.attempts() }), cap);
        } else
          resolve({
            is: 'ended',
            ms: Math.round(Number(message.ms)),
            how: String(message.how),
            attempts: peer.attempts(),
          });
      });
      child.once('exit', () =>
        setTimeout(() => resolve({ is: 'failed', why: lastLine(noise.text) }), 50),
      );
    });
  } finally {
    child.kill('SIGKILL');
    if (peer !== blackhole) peer.close();
  }
}

const SHUTDOWN_PRELUDE = String.raw`
const listening = (port) => process.stdout.write('\n@' + JSON.stringify({ port }) + '\n');
const slowly = () => new Promise((resolve) => setTimeout(resolve, 800));
const keepAliveMs = Number(process.env.PROVE_KEEP_ALIVE) || undefined;
const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1_000).unref();
`;

export async function runShutdown(proof: ShutdownProof, folder: string): Promise<Measurement> {
  const cap = proof.cap ?? 8_000;
  const child = start(folder, `${SHUTDOWN_PRELUDE}\n${proof.code}`, {
    PROVE_KEEP_ALIVE: String(proof.keepAliveMs ?? ''),
  });
  const agent = new Agent({ keepAlive: true });
  try {
    let noise = { text: '' };
    const port = await new Promise<number | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), proof.startMs ?? START_MS);
      noise = listen(child, (message) => {
        clearTimeout(timer);
        resolve(Number(message.port));
      });
      child.once('exit', () => setTimeout(() => resolve(undefined), 50));
    });
    if (port === undefined) return { is: 'failed', why: lastLine(noise.text) };
    let signalled = 0;
    const exit = new Promise<{ exitMs: number | 'running'; by: string }>((resolve) => {
      const timer = setTimeout(() => resolve({ exitMs: 'running', by: 'cap' }), cap);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        resolve({
          exitMs: Math.round(performance.now() - signalled),
          by: signal ?? `exit code ${code}`,
        });
      });
    });
    const answered = new Promise<boolean>((resolve) => {
      const outgoing = request({ host: '127.0.0.1', port, path: '/orders', agent }, (response) => {
        response.resume();
        response.on('error', () => resolve(false));
        response.on('end', () => resolve(response.complete && response.statusCode === 200));
      });
      outgoing.on('error', () => resolve(false));
      outgoing.end();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    signalled = performance.now();
    child.kill('SIGTERM');
    const [gotAnswer, ended] = await Promise.all([answered, exit]);
    return { is: 'shutdown', answered: gotAnswer, ...ended };
  } finally {
    agent.destroy();
    child.kill('SIGKILL');
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /Error/.test(line)) ?? lines.at(-1) ?? 'ended without a word').slice(
    0,
    200,
  );
}
