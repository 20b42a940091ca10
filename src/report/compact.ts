/** One line for each finding, for people with many findings, for `grep` and for coding agents. */
import type { Finding, Level, Report } from '../finding.ts';
import { printable, shorten, withoutLogCommands } from './escape.ts';
import { placeOf } from './place.ts';
import type { TextOptions } from './text.ts';
import { summary } from './totals.ts';

/** UTF-16 code units of one message. */
const LONGEST_MESSAGE = 600;

/** `deploy/orders.yaml:7:13: error: message [too-few-replicas]`, then the last line of the text report. */
export function compactReport(
  report: Report,
  options: Pick<TextOptions, 'show' | 'quiet' | 'debug'>,
): string {
  const { show, quiet } = options;
  const shows = (level: Level) =>
    quiet ? level === 'error' : level !== 'note' || show === 'notes';
  const line = ({ at, level, message, rule }: Finding) =>
    `${placeOf(at)}: ${level}: ${shorten(printable(message), LONGEST_MESSAGE)} [${rule}]`;
  const told = report.notifications.flatMap(({ level, id, message, path, at }) =>
    level === 'note'
      ? []
      : [
          `${at === undefined ? `${printable(path ?? 'chaoslint')}:` : `${placeOf(at)}:`} ${level}: ${shorten(printable(message), LONGEST_MESSAGE)} [${id}]`,
        ],
  );
  const { last } = summary(report, options);
  const lines = [...report.findings.filter(({ level }) => shows(level)).map(line), ...told, last];
  return withoutLogCommands(`${lines.join('\n')}\n`);
}
