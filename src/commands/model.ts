/** `chaoslint model`: which program each container runs, and what says so. */
import type { Command } from 'commander';
import type { Binding } from '../model/together.ts';
import { type BindingRow, bindingTable } from '../report/bindings.ts';
import { COULD_NOT_RUN, print } from './terminal.ts';

interface ModelFlags {
  readonly config?: string;
  readonly isolated?: true;
}

async function showModel(paths: readonly string[], flags: ModelFlags): Promise<number> {
  const { run } = await import('../run.ts');
  const { report, together } = await run({
    cwd: process.cwd(),
    paths,
    isolated: flags.isolated === true,
    adjust: (policy) => policy,
    ...(flags.config === undefined ? {} : { policyFile: flags.config }),
  });
  const written = await print(bindingTable((together?.bindings ?? []).map(rowOf)));
  return report.complete ? written : COULD_NOT_RUN;
}

function rowOf({ container, folder, confident, evidence, why, program }: Binding): BindingRow {
  const { image, context } = container;
  return {
    container: container.label,
    context: context.name,
    at: container.at,
    ...(image.state === 'known' ? { image: image.value.text } : {}),
    ...(folder === undefined ? {} : { folder }),
    confident,
    ...(why === undefined ? {} : { why }),
    evidence: evidence.map(({ says, at }) => ({ says, at })),
    ...(program?.entry === undefined ? {} : { entry: program.entry }),
    ...(program?.start.command === undefined ? {} : { command: program.start.command.text }),
  };
}

/** Adds the command; `finish` gets its exit code. */
export function addModel(program: Command, finish: (code: number) => void): void {
  program
    .command('model')
    .description('show which program each container runs, and what says so')
    .argument('[paths...]', 'files, folders or globs; the current folder when absent')
    .option('--config <file>', 'the policy file')
    .option('--isolated', 'look at nothing but the paths')
    .action(async (paths: readonly string[], flags: ModelFlags) =>
      finish(await showModel(paths, flags)),
    );
}
