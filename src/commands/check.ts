/** `chaoslint check`, the default command: analyses files, folders or globs and reports what was found. */
import { join, relative, sep } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../config/errors.ts';
import type { Policy, Preset, RuleSetting } from '../config/policy.ts';
import type { Level, Report } from '../finding.ts';
import { STDIN_PATH } from '../location.ts';
import { nearest } from '../nearest.ts';
import type { Outcome, Progress } from '../run.ts';
import { type BaselineFlags, judged } from './accepted.ts';
import { type ChangeFlags, changeOf, changesNothing, NOTHING_CHANGED } from './changed.ts';
import { finishFixes, fixOptionOf } from './fixes.ts';
import { FORMATS, type Format } from './formats.ts';
import {
  COULD_NOT_RUN,
  choice,
  complain,
  FINDINGS,
  fileLink,
  oneOf,
  presetOption,
  print,
  save,
  showsLinks,
  unknownRule,
  wantsColour,
} from './terminal.ts';

const LEVELS = ['off', 'note', 'warning', 'error'];

/** Milliseconds before a person is shown how far a run is, and between two such lines. */
const PATIENCE = 500;

/** A format, and the file that it is written to; standard output when there is none. */
interface Output {
  readonly format: Format;
  readonly file?: string;
}

interface CheckFlags extends BaselineFlags, ChangeFlags {
  readonly config?: string;
  readonly preset?: Preset;
  readonly rule: readonly string[];
  readonly only: readonly string[];
  readonly failOn?: Level | 'never';
  readonly isolated?: true;
  readonly format: readonly Output[];
  readonly outputFile?: string;
  readonly includeSuppressed?: true;
  readonly stdinFilename?: string;
  readonly timing?: true;
  readonly show?: 'notes';
  readonly quiet?: true;
  readonly color: boolean;
  readonly debug?: true;
  readonly fix?: true;
  readonly fixUnsafe?: true;
  readonly fixDryRun?: true;
}

/** Shows on a terminal how far a run is, once it lasts. */
function progressLine(startedAt: number): {
  readonly tell: (progress: Progress) => void;
  readonly clear: () => void;
} {
  let shownAt = startedAt;
  let shown = false;
  return {
    tell({ done, files }) {
      const now = performance.now();
      if (now - shownAt < PATIENCE) return;
      shownAt = now;
      shown = true;
      process.stderr.write(`\r\u001b[Kchaoslint: ${done} of ${files} files`);
    },
    clear() {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').map((part) => part.trim())].filter((part) => part !== '');
}

/** `id:level` of `--rule`. */
function ruleSettings(flags: readonly string[], ids: readonly string[]): Map<string, RuleSetting> {
  const settings = new Map<string, RuleSetting>();
  for (const flag of flags) {
    const colon = flag.indexOf(':');
    const [id, level] = colon < 0 ? [flag, ''] : [flag.slice(0, colon), flag.slice(colon + 1)];
    if (!ids.includes(id)) throw unknownRule(id, ids);
    if (!LEVELS.includes(level)) {
      const near = nearest(level, LEVELS);
      const meant = near === undefined ? '' : `; did you mean "${id}:${near}"?`;
      throw new UsageError(`--rule ${flag} is not ${id}:off, :note, :warning or :error${meant}`);
    }
    settings.set(id, { level: level as Level | 'off' });
  }
  return settings;
}

/** What the flags change in the policy of the file. */
function adjust(policy: Policy, flags: CheckFlags, ids: readonly string[]): Policy {
  for (const id of flags.only) if (!ids.includes(id)) throw unknownRule(id, ids);
  const rules = new Map(policy.rules);
  for (const [id, { level }] of ruleSettings(flags.rule, ids))
    rules.set(id, { ...rules.get(id), ...(level === undefined ? {} : { level }) });
  return {
    ...policy,
    rules,
    preset: flags.preset ?? policy.preset,
    failOn: flags.failOn ?? policy.failOn,
    ...(flags.only.length === 0 ? {} : { only: new Set(flags.only) }),
  };
}

const RANK: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1 };

function exitCodeOf(report: Report, failOn: Level | 'never'): number {
  if (!report.complete) return COULD_NOT_RUN;
  if (failOn === 'never') return 0;
  const fails = report.findings.some(({ level }) => RANK[level] >= RANK[failOn]);
  return fails ? FINDINGS : 0;
}

/** `sarif`, `sarif=out.sarif`; may be given more than once. */
function outputOf(value: string, before: readonly Output[]): readonly Output[] {
  const equals = value.indexOf('=');
  const format = oneOf(equals < 0 ? value : value.slice(0, equals), FORMATS) as Format;
  const file = equals < 0 ? undefined : value.slice(equals + 1);
  if (file === '') throw new InvalidArgumentError(`No file is named: write ${format}=FILE.`);
  if (file === undefined && before.some((other) => other.file === undefined))
    throw new InvalidArgumentError('Only one format goes to standard output: write FORMAT=FILE.');
  return [...before, { format, ...(file === undefined ? {} : { file }) }];
}

/** What is written where: `--output-file` takes what would go to standard output. */
function outputsOf({ format, outputFile }: CheckFlags): readonly Output[] {
  if (format.length === 0)
    return [{ format: 'text', ...(outputFile === undefined ? {} : { file: outputFile }) }];
  if (outputFile === undefined) return format;
  if (format.every(({ file }) => file !== undefined))
    throw new UsageError('--output-file names a second file: every format has one already');
  return format.map(({ format: name, file }) => ({ format: name, file: file ?? outputFile }));
}

/**
 * The report in one format. People get paths from where they are, what shows a repository gets them from its top, programs
 * from the root of what was analysed.
 */
async function rendered(
  { report, base, top }: Outcome,
  { format, file }: Output,
  flags: CheckFlags,
): Promise<string> {
  const { relocate } = await import('../report/relocate.ts');
  const { formatted, placesOf } = await import('./formats.ts');
  const from = (folder: string) =>
    relocate(report, (path) =>
      path === STDIN_PATH ? path : relative(folder, join(base, path)).replaceAll(sep, '/'),
    );
  const places = placesOf(format);
  const moved =
    places === 'current'
      ? from(process.cwd())
      : places === 'top' && top !== undefined
        ? from(top)
        : report;
  const toTerminal = file === undefined && process.stdout.isTTY === true;
  const wantsSuppressed = flags.includeSuppressed === true;
  const shown =
    wantsSuppressed && format === 'sarif'
      ? { ...moved, findings: [...moved.findings, ...moved.suppressed] }
      : moved;
  const links = toTerminal && showsLinks();
  return formatted(shown, format, {
    suppressed: wantsSuppressed,
    ...(links ? { linkTo: fileLink } : {}),
    colour: wantsColour(flags.color, toTerminal),
    // A terminal that does not know its width says 0.
    width: toTerminal && process.stdout.columns > 0 ? process.stdout.columns : 100,
    show: flags.show ?? 'default',
    quiet: flags.quiet === true,
    debug: flags.debug === true,
  });
}

async function check(
  paths: readonly string[],
  flags: CheckFlags,
  commands: readonly string[],
): Promise<number> {
  const outputs = outputsOf(flags);
  const change = changeOf(flags);
  const fix = fixOptionOf(flags, change !== undefined || paths.includes('-'));
  const isForPeople = outputs.every(({ format }) => format === 'text' || format === 'compact');
  if (change !== undefined && isForPeople && (await changesNothing(change)))
    return outputs.some(({ file }) => file === undefined) ? print(NOTHING_CHANGED) : 0;
  const { run } = await import('../run.ts');
  const { rules } = await import('../../rules/index.ts');
  const ids = rules.map((rule) => rule.id);
  const progress =
    process.stderr.isTTY === true && process.env.CI === undefined
      ? progressLine(performance.now())
      : undefined;
  const { stdinFilename } = flags;
  if (stdinFilename !== undefined && paths.some((path) => path !== '-'))
    throw new UsageError('--stdin-filename is about standard input: name no other paths');
  const wantsStdin = paths.includes('-') || stdinFilename !== undefined;
  if (wantsStdin && process.stdin.isTTY === true)
    complain('Reading from standard input; end it with Ctrl-D');
  const stdin = wantsStdin ? await (await import('../files/stdin.ts')).readStdin() : undefined;
  try {
    const found = await run({
      cwd: process.cwd(),
      paths: stdinFilename === undefined ? paths : [],
      ...(stdinFilename === undefined ? {} : { stdinFilename }),
      isolated: flags.isolated === true,
      adjust: (policy) => adjust(policy, flags, ids),
      ...(flags.config === undefined ? {} : { policyFile: flags.config }),
      ...(stdin === undefined ? {} : { stdin }),
      ...(change === undefined ? {} : { change }),
      ...(fix === undefined ? {} : { fix }),
      offersFixes: outputs.some(({ format }) => format === 'json' || format === 'sarif'),
      ...(progress === undefined ? {} : { progress: progress.tell }),
    });
    progress?.clear();
    const whole =
      paths.length === 0 &&
      stdinFilename === undefined &&
      flags.only.length === 0 &&
      change === undefined;
    const { outcome, written: saved = 0 } = await judged(found, flags, whole);
    const { report, policy } = outcome;
    if (flags.timing === true)
      for (const { part, ms } of found.timing ?? []) complain(`${part}: ${Math.round(ms)} ms`);
    const told = found.fixed === undefined ? undefined : await finishFixes(found, flags);
    if (told !== undefined) return told;
    let written = saved;
    for (const output of outputs) {
      const text = await rendered(outcome, output, flags);
      const code = output.file === undefined ? await print(text) : await save(output.file, text);
      written = written === 0 ? code : written;
    }
    return written === 0 ? exitCodeOf(report, policy.failOn) : written;
  } catch (error) {
    progress?.clear();
    const [path, ...more] = paths;
    const near = path === undefined || more.length > 0 ? undefined : nearest(path, commands);
    if (error instanceof UsageError && near !== undefined && /^No file/.test(error.message))
      throw new UsageError(`${error.message} There is a command "${near}"`);
    throw error;
  }
}

/** Adds the command; `finish` gets its exit code. */
export function addCheck(program: Command, finish: (code: number) => void): void {
  program
    .command('check', { isDefault: true })
    .description('check files, folders or globs; "-" is standard input (the default command)')
    .argument('[paths...]', 'what is reported; the project around it is what is analysed')
    .option('--config <file>', 'the policy file, instead of the nearest .chaoslint.yaml')
    .addOption(presetOption())
    .option('--rule <id:level>', 'level of one rule: off, note, warning, error', collect, [])
    .option('--only <ids>', 'run only these rules', collect, [])
    .addOption(
      choice('--fail-on <level>', 'lowest level that ends with exit code 1 (default: error)', [
        'error',
        'warning',
        'note',
        'never',
      ]),
    )
    .option(
      '--fix',
      'make the safe changes that the findings name, each checked before it is written',
    )
    .option('--fix-unsafe', 'also those with a number or decision that a person should look at')
    .option('--fix-dry-run', 'show the changes as a unified diff and write nothing')
    .option('--isolated', 'analyse only the given paths, not the project around them')
    .option(
      '--format <format[=file]>',
      `${FORMATS.join(', ')}; more than one with =file (default: text)`,
      outputOf,
      [],
    )
    .option('--staged', 'report what the staged changes touch or cause')
    .option('--changed-since <ref>', 'report what has changed since the branch left this revision')
    .option('--baseline <file>', 'accepted findings, instead of chaoslint-baseline.json')
    .option('--suppress-all', 'accept all findings: write them to the baseline')
    .option('--suppress-rule <ids>', 'accept all findings of these rules', collect, [])
    .option('--prune-suppressions', 'take accepted findings that are gone out of the baseline')
    .option('--include-suppressed', 'write what was silenced too (text, sarif; json always does)')
    .option('--stdin-filename <file>', 'standard input is the text of this file, in its project')
    .option('--timing', 'say on standard error how long the parts of the run took')
    .option('--output-file <file>', 'write the report to a file')
    .addOption(choice('--show <what>', 'show notes too', ['notes']))
    .option('--quiet', 'only errors')
    .option('--no-color', 'no colours (so do NO_COLOR=1 and a pipe; FORCE_COLOR=1 wants them)')
    .option('--debug', 'list what could not be decided, and stack traces')
    .action(async (paths: readonly string[], flags: CheckFlags) =>
      finish(
        await check(
          paths,
          flags,
          program.commands.map((command) => command.name()),
        ),
      ),
    );
}
