/** `chaoslint init`: looks at the repository, writes a policy file and says what it found. */
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../config/errors.ts';
import { findPolicyFile } from '../config/find.ts';
import { POLICY_FILES } from '../config/policy.ts';
import type { Report } from '../finding.ts';
import { print, save } from './terminal.ts';

const MODELINE = '# yaml-language-server: $schema=./node_modules/chaoslint/dist/schema.json';

/** Rules that are named in the file. */
const MOST_RULES = 10;

function countByRule({ findings }: Report): readonly (readonly [rule: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** What was looked at, as one line. */
function seenIn({ counts, code }: Report): string {
  const entries = code?.entryPoints.length ?? 0;
  return `${counts.workloads} workloads in ${counts.resources} Kubernetes resources, ${counts.codeFiles} code files, ${entries} entry points`;
}

/** The text of a first policy file: what holds without it, and what could be changed here. */
function policyText(report: Report): string {
  const rules = countByRule(report).slice(0, MOST_RULES);
  const levels = new Map(report.rules.map(({ id, level }) => [id, level]));
  return [
    MODELINE,
    `# Found when this file was written: ${seenIn(report)}.`,
    'preset: recommended',
    'failOn: error',
    ...(rules.length === 0
      ? []
      : [
          '# Rules with most findings; a level (off, note, warning, error) holds for all that a rule reports:',
          '# rules:',
          ...rules.map(([id, count]) => `#   ${id}: ${levels.get(id) ?? 'warning'} # ${count}`),
        ]),
    ...(report.counts.leftOut === 0
      ? []
      : [
          '# Manifests in example and test folders are left out; to analyse them:',
          '# include: []',
        ]),
    '',
  ].join('\n');
}

async function init(): Promise<number> {
  const cwd = process.cwd();
  const known = findPolicyFile(cwd, []);
  if (known !== undefined)
    throw new UsageError(`There is a policy file already: ${relative(cwd, known)}`);
  const { run } = await import('../run.ts');
  const { report, top, base } = await run({
    cwd,
    paths: [],
    isolated: false,
    adjust: (policy) => policy,
  });
  const path = join(top ?? base, POLICY_FILES[0]);
  const code = await save(path, policyText(report));
  if (code !== 0) return code;
  const { countByLevel } = await import('../report/totals.ts');
  const { error, warning, note } = countByLevel(report.findings);
  const next =
    error > 0
      ? 'Next: "chaoslint" shows them; "chaoslint --suppress-all" accepts them for now, so that only new ones fail.'
      : 'Next: "chaoslint" in a pre-commit hook or in CI keeps it so.';
  return print(
    `${relative(cwd, path)} was written.\nFound: ${seenIn(report)}.\n${error} errors, ${warning} warnings, ${note} notes.\n${next}\n`,
  );
}

/** Adds the command; `finish` gets its exit code. */
export function addInit(program: Command, finish: (code: number) => void): void {
  program
    .command('init')
    .description('look at the repository and write a policy file for it')
    .action(async () => finish(await init()));
}
