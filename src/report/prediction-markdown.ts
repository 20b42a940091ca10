/** Predictions as markdown, for a pull request or a job summary. */
import { FAULTS, type Predictions, type Verdict } from '../prediction.ts';
import { printable } from './escape.ts';
import { placeOf } from './place.ts';
import {
  contextsOf,
  failuresOf,
  rowsOf,
  rulesOf,
  saidOf,
  totalsOf,
  victimLabel,
} from './prediction-text.ts';

const MARK: Readonly<Record<Verdict, string>> = {
  survives: 'ok',
  fails: '**fails**',
  'cannot tell': '?',
  'not applicable': '',
};

/** Text that means nothing to markdown, on one line. */
function plain(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#~]/g, (sign) => `\\${sign}`);
}

/** Predictions as markdown. */
export function predictionMarkdown(predictions: Predictions): string {
  const rows = rowsOf(predictions);
  const contexts = contextsOf(predictions);
  const lines = ['## Chaos predictions', ''];
  if (rows.length > 0) {
    const names = rows.map(([first]) => (first === undefined ? '' : victimLabel(first, contexts)));
    lines.push(
      `${totalsOf(predictions.matrix)} (? cannot tell)`,
      '',
      `| fault | ${names.map(plain).join(' | ')} |`,
      `|---|${names.map(() => '---').join('|')}|`,
    );
    for (const fault of FAULTS) {
      const cells = rows.map((row) => row.find((one) => one.fault === fault)?.verdict);
      lines.push(
        `| ${fault} | ${cells.map((verdict) => MARK[verdict ?? 'not applicable']).join(' | ')} |`,
      );
    }
    lines.push('');
    for (const [index, row] of rows.entries()) {
      const failures = failuresOf(row, 'fails');
      if (failures.length === 0) continue;
      lines.push(`### ${plain(names[index] ?? '')}`, '');
      for (const { reason, faults } of failures)
        lines.push(
          `- ${plain(reason.says + rulesOf(reason))}, at ${faults.join(', ')} (\`${placeOf(reason.at)}\`)${reason.fix === '' ? '' : `. Fix: ${plain(reason.fix)}`}`,
        );
      lines.push('');
    }
  }
  if (predictions.experiments.length > 0) {
    lines.push('### Experiments', '', totalsOf(predictions.experiments), '');
    lines.push('| experiment | what it does | verdict | why |', '|---|---|---|---|');
    for (const experiment of predictions.experiments)
      lines.push(
        `| ${plain(experiment.label)} | ${plain(experiment.injects)} | ${experiment.verdict} | ${saidOf(experiment).map(plain).join('<br>')} |`,
      );
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
