/**
 * Reads code files in a worker thread, so that TypeScript is loaded beside the main thread and a file that hangs or eats the memory
 * costs itself and nothing else: the worker is ended, the file gets a notification, a new worker goes on with the rest.
 */
import { Worker } from 'node:worker_threads';
import type { CodeFacts } from '../../code-facts.ts';
import type { SourceFile } from '../../facts.ts';
import { unread } from './empty.ts';
import { type Answer, now, PROGRESS_BYTES, type Work } from './serve.ts';

export interface CodeExtractor {
  /** Facts of the files, in their order. Calls are served one after the other. */
  extract(files: readonly SourceFile[]): Promise<CodeFacts[]>;
  /** Ends the worker. */
  close(): Promise<void>;
}

export interface CodeExtractorOptions {
  /** Entry of the worker thread; it calls `serve`. */
  readonly entry?: URL;
  /** Milliseconds of processor time that one file may take. */
  readonly timeLimit?: number;
  /** MiB of the worker's heap. */
  readonly memoryLimit?: number;
}

/** The parser's own recursion gets four times the depth that the default stack gives. */
const STACK_MIB = 4;
const TIME_LIMIT_MS = 5000;
/** Loading TypeScript takes half a second; a machine that needs this long will not manage a file either. */
const START_LIMIT_MS = 20_000;
/** A file that gets no processor is given up too, after this many times its limit. */
const PATIENCE = 12;
const MEMORY_LIMIT_MIB = 512;
/** Files on their way at a time: enough to keep the worker busy, few enough not to hold a repository twice. */
const WINDOW = 16;

/** The worker's entry: beside this file in the sources, at the top of the bundle whichever chunk this is in. */
function defaultEntry(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./source-worker.mjs', here);
  return new URL(/\/chunks\/[^/]+$/.test(here) ? '../worker.js' : './worker.js', here);
}

/** Makes an extractor; the worker starts with the first file. */
export function openCodeExtractor(options: CodeExtractorOptions = {}): CodeExtractor {
  let connection: Connection | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const connect = () => {
    if (connection?.isOver) connection = undefined;
    connection ??= new Connection(
      options.entry ?? defaultEntry(),
      options.timeLimit ?? TIME_LIMIT_MS,
      options.memoryLimit ?? MEMORY_LIMIT_MIB,
    );
    return connection;
  };

  async function extractAll(files: readonly SourceFile[]): Promise<CodeFacts[]> {
    const results: (CodeFacts | undefined)[] = files.map(() => undefined);
    for (;;) {
      const rest = files.flatMap((file, index) =>
        results[index] === undefined ? [{ index, file }] : [],
      );
      const [first] = rest;
      if (first === undefined) break;
      const stop = await connect().read(rest, results);
      if (stop === undefined) continue;
      connection = undefined;
      // A worker that ends between two files is held against the next one: every worker must bring the run forward.
      const index = files[stop.index] === undefined ? first.index : stop.index;
      const file = files[index];
      if (file !== undefined) results[index] ??= givenUp(file, stop.why);
    }
    return results.filter((facts) => facts !== undefined);
  }

  return {
    extract(files) {
      const result = last.then(() => extractAll(files));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      await last;
      await connection?.end();
      connection = undefined;
    },
  };
}

type Why = 'time' | 'memory' | 'crash';

/** Why a worker ended, and the file that it read then; -1 when it read none. */
interface Stop {
  readonly why: Why;
  readonly index: number;
}

function givenUp(file: SourceFile, why: Why): CodeFacts {
  const message = {
    time: 'Not read: it takes too long to parse',
    memory: 'Not read: it takes too much memory to parse',
    crash: 'Not read: the worker that parsed it ended',
  }[why];
  const level = why === 'crash' ? 'error' : 'warning';
  return unread(file, why, [0, file.text.length], {
    level,
    id:
      why === 'crash' ? 'extraction-crash' : `extraction-${why === 'time' ? 'timeout' : 'memory'}`,
    message,
  });
}

/** One worker. It is of no use any more once `read` said why it ended. */
class Connection {
  readonly #worker: Worker;
  readonly #progress: Int32Array;
  readonly #timeLimit: number;
  readonly #started = now();
  #isReady = false;
  #isOver = false;
  /** The file that the last check saw, since when it is read, and the processor time of the process then, in ms. */
  #watched: { readonly index: number; readonly since: number; readonly cpu: number } | undefined;
  /** What its end means. */
  #ending: Why | Error = 'crash';
  /** Called with everything that happens, while a `read` waits. */
  #onAnswer: ((index: number, facts: CodeFacts) => void) | undefined;
  #onStop: ((why: Why | Error) => void) | undefined;

  constructor(entry: URL, timeLimit: number, memoryLimit: number) {
    const shared = new SharedArrayBuffer(PROGRESS_BYTES);
    this.#progress = new Int32Array(shared);
    this.#progress[0] = -1;
    this.#timeLimit = timeLimit;
    this.#worker = new Worker(entry, {
      workerData: { shared },
      resourceLimits: { maxOldGenerationSizeMb: memoryLimit, stackSizeMb: STACK_MIB },
      // Nothing that a scanned file could influence may be printed.
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (answer: Answer) => {
      if ('ready' in answer) this.#isReady = true;
      else this.#onAnswer?.(answer.index, JSON.parse(answer.facts));
    });
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#isOver = true;
      if (!this.#isReady) this.#onStop?.(error);
      else this.#onStop?.(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash');
    });
    this.#worker.on('exit', () => {
      this.#isOver = true;
      this.#onStop?.(this.#ending);
    });
    // An idle worker does not keep the process alive.
    this.#worker.unref();
  }

  /** The worker ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Puts the facts of `rest` at their indexes, until all are there or the worker ends. */
  async read(rest: Work['files'], results: (CodeFacts | undefined)[]): Promise<Stop | undefined> {
    let sent = 0;
    let answered = 0;
    const send = () => {
      const files = rest.slice(sent, answered + WINDOW);
      sent += files.length;
      if (files.length > 0) this.#worker.postMessage({ files } satisfies Work);
    };
    this.#worker.ref();
    const watch = setInterval(() => this.#check(), Math.min(250, this.#timeLimit));
    try {
      return await new Promise<Stop | undefined>((resolve, reject) => {
        this.#onStop = (why) => {
          if (why instanceof Error) reject(why);
          else resolve({ why, index: Atomics.load(this.#progress, 0) });
        };
        this.#onAnswer = (index, facts) => {
          results[index] = facts;
          answered++;
          if (answered === rest.length) resolve(undefined);
          else if (sent - answered <= WINDOW / 2) send();
        };
        send();
      });
    } finally {
      clearInterval(watch);
      this.#onAnswer = undefined;
      this.#onStop = undefined;
      this.#worker.unref();
    }
  }

  /**
   * Ends a worker whose file takes too long. What counts is the time of the processor, so that a busy machine changes no result;
   * the main thread waits meanwhile, so the time of the process is that of the worker.
   */
  #check(): void {
    const index = Atomics.load(this.#progress, 0);
    const since = this.#isReady ? Atomics.load(this.#progress, 1) : this.#started;
    if (this.#isReady && index < 0) return;
    const { user, system } = process.cpuUsage();
    const cpu = (user + system) / 1000;
    if (this.#watched?.index !== index || this.#watched.since !== since)
      this.#watched = { index, since, cpu };
    const limit = this.#isReady ? this.#timeLimit : START_LIMIT_MS;
    const elapsed = now() - since;
    if (elapsed < limit) return;
    if (cpu - this.#watched.cpu < limit && elapsed < limit * PATIENCE) return;
    this.#ending = this.#isReady
      ? 'time'
      : new Error('The worker that reads TypeScript did not start');
    void this.#worker.terminate();
  }
}
