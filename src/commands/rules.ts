/** `chaoslint rules`: all rules with their levels. */
import type { Command } from 'commander';
import type { Preset } from '../config/policy.ts';
import { presetOption, print, wantsColour } from './terminal.ts';

interface RulesFlags {
  readonly color: boolean;
  readonly preset?: Preset;
}

async function listRules(flags: RulesFlags): Promise<number> {
  const { describeRules } = await import('../run.ts');
  const { defaultPolicy } = await import('../config/policy.ts');
  const { rulesTable } = await import('../report/explain.ts');
  const policy = { ...defaultPolicy, preset: flags.preset ?? defaultPolicy.preset };
  const colour = wantsColour(flags.color, process.stdout.isTTY === true);
  return print(rulesTable(describeRules(policy), colour));
}

/** Adds the command; `finish` gets its exit code. */
export function addRules(program: Command, finish: (code: number) => void): void {
  program
    .command('rules')
    .description('list all rules with their levels')
    .addOption(presetOption())
    .option('--no-color', 'no colours')
    .action(async (flags: RulesFlags) => finish(await listRules(flags)));
}
