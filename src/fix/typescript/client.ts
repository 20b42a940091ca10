/** The side of the main thread of fixes in program text: TypeScript is loaded by a worker, which is ended when it takes too long. */
import { Worker } from 'node:worker_threads';
import type { Fix, FixRequest, Refusal } from '../fix.ts';

/** What is asked of the worker: one file of a finding. */
export interface CodeFixWork {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
  /** Places of the finding in this file, the first one first. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
  readonly fixText: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The new text, or why there is none. */
export type CodeFixAnswer =
  | { readonly text: string; readonly description: string; readonly safety: Fix['safety'] }
  | Refusal;

export interface CodeFixer {
  fix(request: FixRequest): Promise<Fix | Refusal>;
  close(): Promise<void>;
}

/** Loading TypeScript takes a second; a file that needs this long is left to people. */
const TIME_LIMIT_MS = 20_000;
const MEMORY_LIMIT_MIB = 768;

function entry(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./source-worker.mjs', here);
  return new URL(/\/chunks\/[^/]+$/.test(here) ? '../fix-worker.js' : './fix-worker.js', here);
}

/** Makes a fixer; the worker starts with the first fix. */
export function openCodeFixer(): CodeFixer {
  let worker: Worker | undefined;

  function ask(work: CodeFixWork): Promise<CodeFixAnswer> {
    worker ??= new Worker(entry(), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MIB, stackSizeMb: 4 },
      stdout: true,
      stderr: true,
    });
    const current = worker;
    return new Promise((resolve) => {
      const end = (answer: CodeFixAnswer, isOver: boolean) => {
        clearTimeout(timer);
        current.off('message', answered).off('error', failed).off('exit', ended);
        if (isOver) {
          worker = undefined;
          // An error that comes after the end is nobody's.
          current.on('error', () => undefined);
          void current.terminate();
        }
        resolve(answer);
      };
      const answered = (answer: CodeFixAnswer) => end(answer, false);
      const failed = (error: Error) =>
        end({ refused: `the file could not be changed (${error.message})` }, true);
      const ended = () => end({ refused: 'the file could not be changed' }, true);
      const timer = setTimeout(
        () => end({ refused: 'the file takes too long to parse' }, true),
        TIME_LIMIT_MS,
      );
      current.on('message', answered).on('error', failed).on('exit', ended);
      current.postMessage(work);
    });
  }

  return {
    async fix(request) {
      const { finding, options } = request;
      if (finding.byHand !== undefined) return { refused: finding.byHand };
      const places = [finding.at, ...finding.related.map(({ at }) => at)];
      const text = request.text(finding.at.path);
      if (text === undefined) return { refused: 'the file was not read' };
      const answer = await ask({
        rule: finding.rule,
        path: finding.at.path,
        text,
        places: places.filter(({ path }) => path === finding.at.path),
        fixText: finding.fix,
        options,
      });
      if ('refused' in answer) return answer;
      const { safety, description } = answer;
      if (answer.text === text) return { refused: 'nothing would change' };
      return {
        safety,
        description,
        files: [{ path: finding.at.path, before: text, after: answer.text }],
      };
    },
    async close() {
      await worker?.terminate();
    },
  };
}
