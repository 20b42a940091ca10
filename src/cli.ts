/** argv to a command, and what it says to an exit code; nothing else. The commands are in src/commands/. */
import { optimizeLate } from './tiering.ts';

/** Flags with which a hook may end before anything else is loaded. */
const QUICK: ReadonlySet<string> = new Set(['check', '--staged', '--quiet', '--no-color']);

/** Runs the command line; gives the exit code. Throws nothing. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--staged') && argv.every((word) => QUICK.has(word))) {
    const { changeOf, changesNothing, NOTHING_CHANGED } = await import('./commands/changed.ts');
    if (await changesNothing(changeOf({ staged: true }))) {
      process.stdout.write(NOTHING_CHANGED);
      return 0;
    }
  }
  const { runProgram } = await import('./commands/program.ts');
  return runProgram(argv);
}

optimizeLate();
process.exitCode = await main(process.argv.slice(2));
