/** Predictions for people: a matrix of workloads and faults, what fails with its reasons, and the experiments. */
import type {
  ExperimentPrediction,
  FaultName,
  Judgement,
  Prediction,
  Predictions,
  Reason,
  Verdict,
} from '../prediction.ts';
import { columnsOf, wrap } from './columns.ts';
import { printable } from './escape.ts';
import { placeOf } from './place.ts';

const MARK: Readonly<Record<Verdict, string>> = {
  survives: 'ok',
  fails: 'FAIL',
  'cannot tell': '?',
  'not applicable': '-',
};

const ANSI: Readonly<Record<Verdict, string>> = {
  survives: '32',
  fails: '31',
  'cannot tell': '33',
  'not applicable': '2',
};

export interface PredictionTextOptions {
  readonly colour: boolean;
  readonly width: number;
  /** List what cannot be told too. */
  readonly all: boolean;
}

/** Two or three words each, so that the matrix stays on a terminal: one column a fault, one letter group a family. */
const FAMILIES: readonly (readonly [name: string, faults: readonly FaultName[]])[] = [
  ['Pods', ['pod-kill', 'pod-kill-with-grace', 'pod-failure', 'container-kill']],
  ['Network', ['network-delay', 'network-loss', 'network-partition', 'network-bandwidth']],
  ['DNS and HTTP', ['dns-error', 'http-abort', 'http-delay']],
  ['Disk', ['io-latency', 'io-fault']],
  ['Load', ['cpu-stress', 'memory-stress']],
  ['Nodes', ['node-drain', 'node-failure', 'zone-failure']],
];

const SHORT: Readonly<Record<FaultName, string>> = {
  'pod-kill': 'kill',
  'pod-kill-with-grace': 'graceful',
  'pod-failure': 'failure',
  'container-kill': 'container',
  'network-delay': 'delay',
  'network-loss': 'loss',
  'network-partition': 'partition',
  'network-bandwidth': 'bandwidth',
  'dns-error': 'dns',
  'http-abort': 'abort',
  'http-delay': 'delay',
  'io-latency': 'latency',
  'io-fault': 'fault',
  'cpu-stress': 'cpu',
  'memory-stress': 'memory',
  'node-drain': 'drain',
  'node-failure': 'node',
  'zone-failure': 'zone',
};

/** Rows of the matrix: the predictions of one workload. */
export function rowsOf({ matrix }: Predictions): readonly (readonly Prediction[])[] {
  const rows = new Map<string, Prediction[]>();
  for (const prediction of matrix) {
    const { context, identity, at } = prediction.victim;
    const key = JSON.stringify([context, identity, at.path, at.start]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [prediction]);
    else row.push(prediction);
  }
  return [...rows.values()];
}

/** `Deployment orders`, with its context where there are several. */
export function victimLabel({ victim }: Prediction, contexts: number): string {
  const { label, context } = victim;
  return printable(contexts > 1 && context !== '' ? `${label} (${context})` : label);
}

export function contextsOf({ matrix }: Predictions): number {
  return new Set(matrix.map(({ victim }) => victim.context)).size;
}

/** What a workload fails at: for each reason the faults, and each once. */
export function failuresOf(
  row: readonly Prediction[],
  verdict: Verdict,
): readonly { readonly reason: Reason; readonly faults: readonly FaultName[] }[] {
  const state = verdict === 'fails' ? 'broken' : 'unknown';
  const found = new Map<string, { readonly reason: Reason; readonly faults: FaultName[] }>();
  for (const prediction of row) {
    if (prediction.verdict !== verdict) continue;
    for (const reason of prediction.reasons) {
      if (reason.state !== state) continue;
      const known = found.get(reason.says);
      if (known === undefined) found.set(reason.says, { reason, faults: [prediction.fault] });
      else if (!known.faults.includes(prediction.fault)) known.faults.push(prediction.fault);
    }
  }
  return [...found.values()].sort((a, b) => b.faults.length - a.faults.length);
}

/** `12 fail, 20 survive, 30 cannot be told`. */
export function totalsOf(judgements: readonly Judgement[]): string {
  const count = (wanted: Verdict) => judgements.filter(({ verdict }) => verdict === wanted).length;
  return `${count('fails')} fail, ${count('survives')} survive, ${count('cannot tell')} cannot be told`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Predictions as text. */
export function predictionText(
  predictions: Predictions,
  { colour, width, all }: PredictionTextOptions,
): string {
  const paint = (text: string, code: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const cell = (verdict: Verdict, size: number) =>
    paint(MARK[verdict], ANSI[verdict]) + ' '.repeat(Math.max(0, size - MARK[verdict].length));
  const rows = rowsOf(predictions);
  const contexts = contextsOf(predictions);
  const lines: string[] = [];
  const indented = (text: string, indent: string) =>
    lines.push(
      ...wrap(printable(text), Math.max(40, width - indent.length)).map((line) => indent + line),
    );

  if (rows.length === 0 && predictions.experiments.length === 0)
    return 'Nothing to predict: no workload and no chaos experiment was found.\n';

  const names = rows.map(([first]) => (first === undefined ? '' : victimLabel(first, contexts)));
  const nameWidth = Math.max(0, ...names.map(columnsOf)) + 2;
  const groups: (readonly (typeof FAMILIES)[number][])[] = [];
  let group: (typeof FAMILIES)[number][] = [];
  let used = nameWidth;
  for (const family of FAMILIES) {
    const size = family[1].reduce((sum, fault) => sum + SHORT[fault].length + 2, 2);
    if (group.length > 0 && used + size > width) {
      groups.push(group);
      group = [];
      used = nameWidth;
    }
    group.push(family);
    used += size;
  }
  groups.push(group);
  if (rows.length > 0)
    for (const families of groups) {
      let head = pad('', nameWidth);
      let faults = pad('', nameWidth);
      for (const [name, own] of families) {
        const size = own.reduce((sum, fault) => sum + SHORT[fault].length + 2, 2);
        head += pad(name, size);
        faults += pad(
          own.map((fault) => pad(SHORT[fault], SHORT[fault].length + 2)).join(''),
          size,
        );
      }
      lines.push(paint(head.trimEnd(), '1'), paint(faults.trimEnd(), '2'));
      for (const [index, row] of rows.entries()) {
        let line = pad(names[index] ?? '', nameWidth);
        for (const [, own] of families) {
          for (const fault of own) {
            const found = row.find((one) => one.fault === fault);
            line += cell(found?.verdict ?? 'not applicable', SHORT[fault].length + 2);
          }
          line += '  ';
        }
        lines.push(line.trimEnd());
      }
      lines.push('');
    }
  if (rows.length > 0)
    lines.push(
      `ok survives, FAIL fails, ? cannot tell, - does not apply: ${totalsOf(predictions.matrix)}`,
      '',
    );

  const section = (verdict: Verdict, title: string) => {
    const told = rows.flatMap((row, index) => {
      const failures = failuresOf(row, verdict);
      return failures.length === 0 ? [] : [{ name: names[index] ?? '', failures }];
    });
    if (told.length === 0) return;
    lines.push(paint(title, '1'));
    for (const { name, failures } of told) {
      lines.push('', `  ${paint(name, '1')}`);
      for (const { reason, faults } of failures) {
        indented(`${reason.says}${rulesOf(reason)}`, '    ');
        lines.push(paint(`      ${placeOf(reason.at)}`, '2'));
        indented(`at ${faults.join(', ')}`, '      ');
        if (verdict === 'fails' && reason.fix !== '')
          indented(`fix: ${reason.fix} (${reason.runbook})`, '      ');
      }
    }
    lines.push('');
  };
  section('fails', 'What fails, and why');
  if (all) section('cannot tell', 'What cannot be told, and why');

  if (predictions.experiments.length > 0) {
    lines.push(
      paint(`The experiments of the repository: ${totalsOf(predictions.experiments)}`, '1'),
    );
    for (const experiment of predictions.experiments) {
      lines.push(
        '',
        `  ${paint(MARK[experiment.verdict], ANSI[experiment.verdict])}  ${printable(experiment.label)}  ${paint(placeOf(experiment.at), '2')}`,
      );
      indented(experiment.injects, '      ');
      if (experiment.feels.length > 0) indented(`felt by ${experiment.feels.join(', ')}`, '      ');
      for (const says of saidOf(experiment)) indented(says, '      ');
    }
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

export function rulesOf({ rules = [] }: Reason): string {
  return rules.length === 0 ? '' : ` [${rules.join(', ')}]`;
}

/** Why an experiment ends as it is predicted, and the fixes. */
export function saidOf({ verdict, why, reasons }: ExperimentPrediction): readonly string[] {
  if (verdict === 'not applicable') return [`it shows nothing: ${why ?? 'nothing is hit'}`];
  const state = verdict === 'fails' ? 'broken' : verdict === 'survives' ? 'holds' : 'unknown';
  return [
    ...(why === undefined ? [] : [`cannot tell: ${why}`]),
    ...reasons
      .filter((reason) => reason.state === state)
      .map((reason) =>
        verdict === 'fails' && reason.fix !== ''
          ? `${verdict}: ${reason.says}${rulesOf(reason)}. Fix: ${reason.fix} (${reason.runbook})`
          : `${verdict}: ${reason.says}${rulesOf(reason)}`,
      ),
  ];
}
