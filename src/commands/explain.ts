/** `chaoslint explain RULE`: what a rule looks for, why, and the fix. */
import type { Command } from 'commander';
import { print, unknownRule, wantsColour } from './terminal.ts';

interface ExplainFlags {
  readonly color: boolean;
}

async function explain(id: string, flags: ExplainFlags): Promise<number> {
  const { documentation } = await import('../../rules/documentation.ts');
  const { explained } = await import('../report/explain.ts');
  const text = documentation.get(id)?.text;
  if (text === undefined) throw unknownRule(id, [...documentation.keys()]);
  return print(explained(text, wantsColour(flags.color, process.stdout.isTTY === true)));
}

/** Adds the command; `finish` gets its exit code. */
export function addExplain(program: Command, finish: (code: number) => void): void {
  program
    .command('explain')
    .description('explain one rule: what it looks for, why, and the fix')
    .argument('<rule>', 'id of the rule')
    .option('--no-color', 'no colours')
    .action(async (id: string, flags: ExplainFlags) => finish(await explain(id, flags)));
}
