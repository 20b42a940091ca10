/** argv to options, and a result to an exit code; nothing else. */
import { join, relative, sep } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from './config/errors.ts';
import type { Policy, Preset, RuleSetting } from './config/policy.ts';
import { writeFileAtomic } from './files/write.ts';
import type { Level, Report } from './finding.ts';
import { STDIN_PATH } from './location.ts';
import { nearest } from './nearest.ts';
import type { Outcome, Progress } from './run.ts';
import { version } from './version.ts';

/** Exit codes: 0 clean, 1 findings, 2 could not run, 3 the output could not be written. */
const FINDINGS = 1;
const COULD_NOT_RUN = 2;
const COULD_NOT_WRITE = 3;

const LEVELS = ['off', 'note', 'warning', 'error'];
const COMMANDS = ['check', 'rules', 'explain'];

/** Milliseconds before a person is shown how far a run is, and between two such lines. */
const PATIENCE = 500;

interface CheckFlags {
  readonly config?: string;
  readonly preset?: Preset;
  readonly rule: readonly string[];
  readonly only: readonly string[];
  readonly failOn?: Level | 'never';
  readonly isolated?: true;
  readonly format: 'text' | 'json' | 'sarif';
  readonly outputFile?: string;
  readonly show?: 'notes';
  readonly quiet?: true;
  readonly color: boolean;
  readonly debug?: true;
}

/** True when the output may hold colours: a flag, then FORCE_COLOR and NO_COLOR, then a terminal. */
function wantsColour(flag: boolean, toTerminal: boolean): boolean {
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
function print(text: string): Promise<number> {
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

function complain(message: string): void {
  process.stderr.write(`chaoslint: ${message}\n`);
}

async function save(path: string, text: string): Promise<number> {
  try {
    await writeFileAtomic(path, text);
    return 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    complain(new UsageError(`${path} could not be written: ${why}`).message);
    return COULD_NOT_WRITE;
  }
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

function unknownRule(id: string, ids: readonly string[]): UsageError {
  const near = nearest(id, ids);
  const hint = near === undefined ? '; "chaoslint rules" lists them' : `; did you mean "${near}"?`;
  return new UsageError(`There is no rule "${id}"${hint}`);
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

/**
 * The report in the wanted format. People get paths from where they are, GitHub from the top of the repository,
 * programs from the root of what was analysed.
 */
async function rendered({ report, base, top }: Outcome, flags: CheckFlags): Promise<string> {
  const { relocate } = await import('./report/relocate.ts');
  const from = (folder: string) =>
    relocate(report, (path) =>
      path === STDIN_PATH ? path : relative(folder, join(base, path)).replaceAll(sep, '/'),
    );
  switch (flags.format) {
    case 'json':
      return (await import('./report/json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('./report/sarif.ts')).sarifReport(
        top === undefined ? report : from(top),
      );
    case 'text': {
      const { textReport } = await import('./report/text.ts');
      const toTerminal = flags.outputFile === undefined && process.stdout.isTTY === true;
      return textReport(from(process.cwd()), {
        colour: wantsColour(flags.color, toTerminal),
        // A terminal that does not know its width says 0.
        width: toTerminal && process.stdout.columns > 0 ? process.stdout.columns : 100,
        show: flags.show ?? 'default',
        quiet: flags.quiet === true,
        debug: flags.debug === true,
      });
    }
  }
}

async function check(paths: readonly string[], flags: CheckFlags): Promise<number> {
  const { run } = await import('./run.ts');
  const { rules } = await import('../rules/index.ts');
  const ids = rules.map((rule) => rule.id);
  const progress =
    process.stderr.isTTY === true && process.env.CI === undefined
      ? progressLine(performance.now())
      : undefined;
  const wantsStdin = paths.includes('-');
  if (wantsStdin && process.stdin.isTTY === true)
    complain('Reading from standard input; end it with Ctrl-D');
  const stdin = wantsStdin ? await (await import('./files/stdin.ts')).readStdin() : undefined;
  try {
    const outcome = await run({
      cwd: process.cwd(),
      paths,
      isolated: flags.isolated === true,
      adjust: (policy) => adjust(policy, flags, ids),
      ...(flags.config === undefined ? {} : { policyFile: flags.config }),
      ...(stdin === undefined ? {} : { stdin }),
      ...(progress === undefined ? {} : { progress: progress.tell }),
    });
    progress?.clear();
    const { report, policy } = outcome;
    const text = await rendered(outcome, flags);
    const written =
      flags.outputFile === undefined ? await print(text) : await save(flags.outputFile, text);
    return written === 0 ? exitCodeOf(report, policy.failOn) : written;
  } catch (error) {
    progress?.clear();
    const [path, ...more] = paths;
    const near = path === undefined || more.length > 0 ? undefined : nearest(path, COMMANDS);
    if (error instanceof UsageError && near !== undefined && /^No file/.test(error.message))
      throw new UsageError(`${error.message} There is a command "${near}"`);
    throw error;
  }
}

async function listRules(flags: { readonly color: boolean; readonly preset?: Preset }) {
  const { describeRules } = await import('./run.ts');
  const { defaultPolicy } = await import('./config/policy.ts');
  const { rulesTable } = await import('./report/explain.ts');
  const policy = { ...defaultPolicy, preset: flags.preset ?? defaultPolicy.preset };
  const colour = wantsColour(flags.color, process.stdout.isTTY === true);
  return print(rulesTable(describeRules(policy), colour));
}

async function explain(id: string, flags: { readonly color: boolean }): Promise<number> {
  const { documentation } = await import('../rules/documentation.ts');
  const { explained } = await import('./report/explain.ts');
  const text = documentation.get(id)?.text;
  if (text === undefined) throw unknownRule(id, [...documentation.keys()]);
  return print(explained(text, wantsColour(flags.color, process.stdout.isTTY === true)));
}

function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).argParser((value: string) => {
    if (choices.includes(value)) return value;
    const near = nearest(value, choices);
    const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.${meant}`);
  });
}

function program(finish: (code: number) => void): Command {
  const presets = () =>
    choice('--preset <preset>', 'recommended or strict', ['recommended', 'strict']);
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
  command
    .command('check', { isDefault: true })
    .description('check files, folders or globs; "-" is standard input (the default command)')
    .argument('[paths...]', 'what is reported; the project around it is what is analysed')
    .option('--config <file>', 'the policy file, instead of the nearest .chaoslint.yaml')
    .addOption(presets())
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
    .option('--isolated', 'analyse only the given paths, not the project around them')
    .addOption(
      choice('--format <format>', 'text, json or sarif', ['text', 'json', 'sarif']).default('text'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .addOption(choice('--show <what>', 'show notes too', ['notes']))
    .option('--quiet', 'only errors')
    .option('--no-color', 'no colours (so do NO_COLOR=1 and a pipe; FORCE_COLOR=1 wants them)')
    .option('--debug', 'list what could not be decided, and stack traces')
    .action(async (paths: readonly string[], flags: CheckFlags) =>
      finish(await check(paths, flags)),
    );
  command
    .command('rules')
    .description('list all rules with their levels')
    .addOption(presets())
    .option('--no-color', 'no colours')
    .action(async (flags: { readonly color: boolean; readonly preset?: Preset }) =>
      finish(await listRules(flags)),
    );
  command
    .command('explain')
    .description('explain one rule: what it looks for, why, and the fix')
    .argument('<rule>', 'id of the rule')
    .option('--no-color', 'no colours')
    .action(async (id: string, flags: { readonly color: boolean }) =>
      finish(await explain(id, flags)),
    );
  for (const sub of command.commands)
    sub.exitOverride().configureOutput({ writeErr: () => undefined });
  return command;
}

/** Runs the command line; gives the exit code. Throws nothing. */
export async function main(argv: readonly string[]): Promise<number> {
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

process.exitCode = await main(process.argv.slice(2));
