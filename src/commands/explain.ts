/** `chaoslint explain RULE`: what a rule looks for, why, and the fix. */
import type { Command } from 'commander';
import { print, unknownRule, wantsColour } from './terminal.ts';

interface ExplainFlags {
  readonly color: boolean;
}

async function explain(id: string, flags: ExplainFlags): Promise<number> {
  const { documentation } = await import('../../rules/documentation.ts');
  const { explained } = await import('../report/explain.ts');
  const { allSilencingRules } = await import('../silencing-rules.ts');
  const texts = new Map([...documentation].map(([name, { text }]) => [name, text]));
  for (const rule of allSilencingRules) texts.set(rule.id, rule.documentation);
  const text = texts.get(id);
  if (text === undefined) throw unknownRule(id, [...texts.keys()]);
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
