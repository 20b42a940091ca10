/** What commands share: writing out, complaining, colours, choices of flags. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../config/errors.ts';
import { writeFileAtomic } from '../files/write.ts';
import { nearest } from '../nearest.ts';

/** Exit codes: 0 clean, 1 findings, 2 could not run, 3 the output could not be written. */
export const FINDINGS = 1;
export const COULD_NOT_RUN = 2;
export const COULD_NOT_WRITE = 3;

/** True when the output may hold colours: a flag, then FORCE_COLOR and NO_COLOR, then a terminal. */
export function wantsColour(flag: boolean, toTerminal: boolean): boolean {
  if (!flag) return false;
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return !/^(?:0|false)$/.test(FORCE_COLOR);
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return toTerminal && TERM !== 'dumb';
}

/**
 * Writes to standard output and waits until it is out. A reader that went away (`| head`) is no error.
 * Gives 3 when the output could not be written, and says so.
 */
export function print(text: string): Promise<number> {
  return new Promise((resolve) => {
    let told = false;
    // The listener stays: a failed write calls back and then emits an error too, maybe more than once.
    const done = (error: Error | null | undefined) => {
      if (told) return;
      told = true;
      if (!error || ('code' in error && error.code === 'EPIPE')) return resolve(0);
      complain(`The output could not be written: ${error.message}`);
      resolve(COULD_NOT_WRITE);
    };
    process.stdout.on('error', done);
    process.stdout.write(text, done);
  });
}

/** True when the terminal is one that opens links in its text. */
export function showsLinks(): boolean {
  const { FORCE_HYPERLINK, CI, TERM_PROGRAM, VTE_VERSION, WT_SESSION, KITTY_WINDOW_ID } =
    process.env;
  if (FORCE_HYPERLINK !== undefined) return FORCE_HYPERLINK !== '0';
  if (CI !== undefined) return false;
  return (
    /^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper)$/.test(TERM_PROGRAM ?? '') ||
    Number(VTE_VERSION ?? 0) >= 5000 ||
    WT_SESSION !== undefined ||
    KITTY_WINDOW_ID !== undefined
  );
}

/** Where a link to a file of the current folder leads; nothing for what is no file. */
export function fileLink(path: string): string | undefined {
  return path.startsWith('<') ? undefined : pathToFileURL(resolve(process.cwd(), path)).href;
}

/** One line on standard error. */
export function complain(message: string): void {
  process.stderr.write(`chaoslint: ${message}\n`);
}

/** Writes a file as a whole. Gives 3 when that fails, and says so. */
export async function save(path: string, text: string): Promise<number> {
  try {
    await writeFileAtomic(path, text);
    return 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    complain(new UsageError(`${path} could not be written: ${why}`).message);
    return COULD_NOT_WRITE;
  }
}

/** An option with a few values; a wrong one gets the nearest right one. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).argParser((value: string) => oneOf(value, choices));
}

/** @throws InvalidArgumentError with the nearest choice when `value` is none */
export function oneOf(value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  const near = nearest(value, choices);
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.${meant}`);
}

/** `--preset`. */
export function presetOption(): Option {
  return choice('--preset <preset>', 'recommended or strict', ['recommended', 'strict']);
}

export function unknownRule(id: string, ids: readonly string[]): UsageError {
  const near = nearest(id, ids);
  const hint = near === undefined ? '; "chaoslint rules" lists them' : `; did you mean "${near}"?`;
  return new UsageError(`There is no rule "${id}"${hint}`);
}
