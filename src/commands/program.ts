/** The command line as commander knows it: all commands with their flags. */
import { Command, CommanderError } from 'commander';
import { UsageError } from '../config/errors.ts';
import { version } from '../version.ts';
import { addCheck } from './check.ts';
import { addExplain } from './explain.ts';
import { addGraph } from './graph.ts';
import { addInit } from './init.ts';
import { addModel } from './model.ts';
import { addPredict } from './predict.ts';
import { addPrintConfig } from './print-config.ts';
import { addRules } from './rules.ts';
import { COULD_NOT_RUN, complain } from './terminal.ts';

function program(finish: (code: number) => void): Command {
  const command = new Command('chaoslint')
    .description('Finds, before the outage, why a service will fail a chaos test.')
    .version(version)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText(
      'after',
      '\nExit codes: 0 clean, 1 findings, 2 could not run, 3 output could not be written.',
    );
  addCheck(command, finish);
  addRules(command, finish);
  addExplain(command, finish);
  addGraph(command, finish);
  addModel(command, finish);
  addPredict(command, finish);
  addInit(command, finish);
  addPrintConfig(command, finish);
  for (const sub of command.commands)
    sub.exitOverride().configureOutput({ writeErr: () => undefined });
  return command;
}

/** Runs the command line; gives the exit code. Throws nothing. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await program((result) => {
      code = result;
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      complain(new UsageError(`${message.charAt(0).toUpperCase()}${message.slice(1)}`).message);
      return COULD_NOT_RUN;
    }
    const known = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    if (known) complain(message);
    else complain(`Internal error: ${new UsageError(message).message} (--debug shows where)`);
    if (!known && argv.includes('--debug') && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return COULD_NOT_RUN;
  }
}
