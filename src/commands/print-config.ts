/** `chaoslint print-config FILE`: the policy as it holds for one file. */
import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { readPolicy } from '../config/read.ts';
import { gitTopAbove } from '../files/git.ts';
import { fileMatcher } from '../files/ignore.ts';
import { relativePath } from '../files/list.ts';
import { print } from './terminal.ts';

interface PrintFlags {
  readonly config?: string;
}

async function printConfig(file: string, flags: PrintFlags): Promise<number> {
  const { rules } = await import('../../rules/index.ts');
  const { highestLevel, optionsOf } = await import('../check.ts');
  const { policyByPath } = await import('../overrides.ts');
  const cwd = process.cwd();
  const policy = await readPolicy({ cwd, paths: [file], policyFile: flags.config, rules });
  const path = resolve(cwd, file);
  const top = gitTopAbove(dirname(path)) ?? cwd;
  const shown = relativePath(top, path);
  const own = { ...policy, ...policyByPath(policy)(shown), overrides: [] };
  const settings = rules.map((rule) => [
    rule.id,
    { level: highestLevel(rule, own), ...optionsOf(rule, own) },
  ]);
  const value = {
    file: shown,
    policyFiles: policy.files.map((each) => relative(cwd, each.path)),
    ignored: fileMatcher(policy.ignore)(shown),
    preset: policy.preset,
    failOn: policy.failOn,
    environments: policy.environments,
    assume: policy.assume,
    suppress: policy.suppress
      .filter(({ paths }) => paths.length === 0 || fileMatcher(paths)(shown))
      .map(({ at: _, paths: _paths, ...entry }) => entry),
    rules: Object.fromEntries(settings),
  };
  return print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Adds the command; `finish` gets its exit code. */
export function addPrintConfig(program: Command, finish: (code: number) => void): void {
  program
    .command('print-config')
    .description('print the policy as it holds for one file, as JSON')
    .argument('<file>', 'a file of the repository; it need not exist')
    .option('--config <file>', 'the policy file, instead of the nearest .chaoslint.yaml')
    .action(async (file: string, flags: PrintFlags) => finish(await printConfig(file, flags)));
}
