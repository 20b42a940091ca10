/** The side of the worker: files in, facts out, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { CodeFacts } from '../../code-facts.ts';
import type { SourceFile } from '../../facts.ts';

/** What the pool sends: files to read, in order. */
export interface Work {
  readonly files: readonly { readonly index: number; readonly file: SourceFile }[];
}

/**
 * What the worker answers, once per file; the first message only says that it is loaded. The facts are JSON: as a text they cross
 * the border for two thirds of what a structured clone costs (measured).
 */
export type Answer = { readonly ready: true } | { readonly index: number; readonly facts: string };

/**
 * Where the worker writes what it does, so that the other side can see it while the worker cannot answer: the file that it reads
 * (-1: none), and since when, in milliseconds of `now`.
 */
export interface Progress {
  readonly shared: SharedArrayBuffer;
}

export const PROGRESS_BYTES = 8;

/** Milliseconds of a clock that both sides share and that no change of the time moves. */
export function now(): number {
  return Number((process.hrtime.bigint() / 1_000_000n) & 0x7fffffffn);
}

/** Answers with what `extract` says of every file. */
export function serve(extract: (file: SourceFile) => CodeFacts): void {
  const port = parentPort;
  if (port === null) return;
  const { shared } = workerData as Progress;
  const progress = new Int32Array(shared);
  const answer = (message: Answer) => port.postMessage(message);
  port.on('message', ({ files }: Work) => {
    for (const { index, file } of files) {
      Atomics.store(progress, 1, now());
      Atomics.store(progress, 0, index);
      const facts = JSON.stringify(extract(file));
      Atomics.store(progress, 0, -1);
      answer({ index, facts });
    }
  });
  Atomics.store(progress, 0, -1);
  answer({ ready: true });
}
