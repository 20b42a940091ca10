/** `chaoslint predict`: which faults the workloads survive, and what the experiments of the repository will show. */
import { join, relative, sep } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../config/errors.ts';
import type { Policy } from '../config/policy.ts';
import { writeOwnFile } from '../files/own.ts';
import type { Location } from '../location.ts';
import type { Judgement, Predictions, Thresholds } from '../prediction.ts';
import {
  COULD_NOT_RUN,
  COULD_NOT_WRITE,
  choice,
  complain,
  FINDINGS,
  print,
  wantsColour,
} from './terminal.ts';

interface PredictFlags {
  readonly config?: string;
  readonly isolated?: true;
  readonly format?: 'text' | 'json' | 'markdown';
  readonly failOn?: 'fails' | 'cannot-tell' | 'never';
  readonly errorRate?: number;
  readonly p99?: number;
  readonly restart?: number;
  readonly writeExperiments?: string;
  readonly all?: true;
  readonly color: boolean;
}

/** A number with a unit: `1%`, `800ms`, `2m`. Gives it in the first unit. */
function amount(units: Readonly<Record<string, number>>): (value: string) => number {
  return (value) => {
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([a-z%]*)$/.exec(value.trim()) ?? [];
    const factor = units[unit];
    if (digits === undefined || factor === undefined)
      throw new InvalidArgumentError(
        `It is a number with one of ${Object.keys(units)
          .filter((name) => name !== '')
          .join(', ')}.`,
      );
    return Number(digits) * factor;
  };
}

function adjusted(policy: Policy, { errorRate, p99, restart }: PredictFlags): Policy {
  const thresholds: Thresholds = {
    errorRatePercent: errorRate ?? policy.thresholds.errorRatePercent,
    p99Milliseconds: p99 ?? policy.thresholds.p99Milliseconds,
    restartSeconds: restart ?? policy.thresholds.restartSeconds,
  };
  return { ...policy, thresholds };
}

/** Predictions with their paths as seen from another folder. */
function moved({ matrix, experiments }: Predictions, to: (path: string) => string): Predictions {
  const at = (place: Location): Location => ({ ...place, path: to(place.path) });
  const told = <J extends Judgement>(judgement: J): J => ({
    ...judgement,
    reasons: judgement.reasons.map((reason) => ({ ...reason, at: at(reason.at) })),
  });
  return {
    matrix: matrix.map((one) => told({ ...one, victim: { ...one.victim, at: at(one.victim.at) } })),
    experiments: experiments.map((one) => told({ ...one, at: at(one.at) })),
  };
}

async function rendered(predictions: Predictions, flags: PredictFlags): Promise<string> {
  if (flags.format === 'json')
    return (await import('../report/prediction-json.ts')).predictionJson(predictions);
  if (flags.format === 'markdown')
    return (await import('../report/prediction-markdown.ts')).predictionMarkdown(predictions);
  const { predictionText } = await import('../report/prediction-text.ts');
  const toTerminal = process.stdout.isTTY === true;
  return predictionText(predictions, {
    colour: wantsColour(flags.color, toTerminal),
    width: toTerminal && process.stdout.columns > 0 ? process.stdout.columns : 120,
    all: flags.all === true,
  });
}

/** Writes the experiments; a file that something else wrote is left alone. */
async function written(folder: string, predictions: Predictions): Promise<number> {
  const { experimentFiles, WRITTEN_BY } = await import('../report/prediction-manifests.ts');
  let code = 0;
  let count = 0;
  for (const { name, text } of experimentFiles(predictions)) {
    const path = join(folder, name);
    try {
      if (await writeOwnFile(path, text, WRITTEN_BY)) count++;
      else {
        complain(`${path} was left alone: chaoslint did not write it`);
        code = COULD_NOT_WRITE;
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      complain(new UsageError(`${path} could not be written: ${why}`).message);
      code = COULD_NOT_WRITE;
    }
  }
  complain(`${count} experiment${count === 1 ? '' : 's'} written to ${folder}`);
  return code;
}

async function predict(path: string | undefined, flags: PredictFlags): Promise<number> {
  const { run } = await import('../run.ts');
  const { report, base } = await run({
    cwd: process.cwd(),
    paths: path === undefined ? [] : [path],
    isolated: flags.isolated === true,
    adjust: (policy) => adjusted(policy, flags),
    predict: true,
    ...(flags.config === undefined ? {} : { policyFile: flags.config }),
  });
  for (const { level, message } of report.notifications) if (level === 'error') complain(message);
  const found = report.predictions ?? { matrix: [], experiments: [] };
  const near = (name: string) => relative(process.cwd(), join(base, name)).replaceAll(sep, '/');
  const code = await print(
    await rendered(flags.format === 'json' ? found : moved(found, near), flags),
  );
  const saved =
    flags.writeExperiments === undefined ? 0 : await written(flags.writeExperiments, found);
  if (code !== 0) return code;
  if (saved !== 0) return saved;
  if (!report.complete) return COULD_NOT_RUN;
  const all = [...found.matrix, ...found.experiments];
  const wanted: readonly string[] =
    flags.failOn === 'fails'
      ? ['fails']
      : flags.failOn === 'cannot-tell'
        ? ['fails', 'cannot tell']
        : [];
  return all.some(({ verdict }) => wanted.includes(verdict)) ? FINDINGS : 0;
}

/** Adds the command; `finish` gets its exit code. */
export function addPredict(program: Command, finish: (code: number) => void): void {
  program
    .command('predict')
    .description('predict which faults the workloads survive, and what the experiments will show')
    .argument('[path]', 'what is predicted; the project around it is what is analysed')
    .option('--config <file>', 'the policy file, instead of the nearest .chaoslint.yaml')
    .option('--isolated', 'analyse only the given path, not the project around it')
    .addOption(choice('--format <format>', 'text, json or markdown', ['text', 'json', 'markdown']))
    .addOption(
      choice('--fail-on <verdict>', 'exit code 1 at: fails, cannot-tell, never (default: never)', [
        'fails',
        'cannot-tell',
        'never',
      ]),
    )
    .option(
      '--error-rate <percent>',
      'requests that may fail (default: 1%)',
      amount({ '': 1, '%': 1 }),
    )
    .option(
      '--p99 <time>',
      'latency of the slowest hundredth (default: 1s)',
      amount({ ms: 1, s: 1000 }),
    )
    .option('--restart <time>', 'time until a pod is back (default: 2m)', amount({ s: 1, m: 60 }))
    .option('--write-experiments <folder>', 'write a Chaos Mesh manifest for each failure')
    .option('--all', 'list why it cannot be told, too')
    .option('--no-color', 'no colours')
    .action(async (path: string | undefined, flags: PredictFlags) =>
      finish(await predict(path, flags)),
    );
}
