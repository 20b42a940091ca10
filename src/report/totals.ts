/** What a report comes to: totals by cause, and the last lines. */
import type { Finding, Level, Report, RuleDescription } from '../finding.ts';

/** Findings of one level with one cause. */
export interface Total {
  readonly level: Level;
  readonly cause: string;
  /** `12 workloads`. */
  readonly count: string;
  readonly findings: number;
}

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

/** `1 workload`, `3 workloads`, `2 policies`. */
export function countOf(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  const plural = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${plural}`;
}

/** Subjects of rules that are Kubernetes kinds are written as Kubernetes does. */
const KINDS: ReadonlySet<string> = new Set(['service', 'podDisruptionBudget', 'destinationRule']);

/** `podDisruptionBudget` is a PodDisruptionBudget, `meshRoute` a mesh route. */
function nounOf(subject: string | undefined): string {
  if (subject === undefined) return 'place';
  return KINDS.has(subject)
    ? `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`
    : subject.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Totals by cause: the worst level first, then the largest number, then by name. */
export function totals(
  findings: readonly Finding[],
  rules: ReadonlyMap<string, RuleDescription>,
): Total[] {
  const counted = new Map<string, { finding: Finding; findings: number; nouns: Set<string> }>();
  for (const finding of findings) {
    const key = `${finding.level}\n${finding.cause}`;
    const noun = nounOf(rules.get(finding.rule)?.subject);
    const entry = counted.get(key);
    if (entry === undefined) counted.set(key, { finding, findings: 1, nouns: new Set([noun]) });
    else {
      entry.findings++;
      entry.nouns.add(noun);
    }
  }
  return [...counted.values()]
    .map(({ finding: { level, cause }, findings, nouns }) => {
      const [noun = 'place'] = nouns.size === 1 ? nouns : [];
      return { level, cause, findings, count: countOf(findings, noun) };
    })
    .sort(
      (a, b) =>
        LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
        b.findings - a.findings ||
        (a.cause < b.cause ? -1 : 1),
    );
}

/** Findings of each level. */
export function countByLevel(findings: readonly Finding[]): Record<Level, number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { level } of findings) counts[level]++;
  return counts;
}

function duration(milliseconds: number): string {
  const rounded = Math.max(1, Math.round(milliseconds));
  return rounded < 1000 ? `${rounded} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** What was left out or stays open, one sentence each; and the last line. */
export function summary(
  report: Report,
  shown: { readonly show: 'default' | 'notes'; readonly quiet: boolean; readonly debug: boolean },
): { readonly skipped: readonly string[]; readonly last: string } {
  const { counts, undecided, suppressed, complete } = report;
  const { error, warning, note } = countByLevel(report.findings);
  const skipped: string[] = [];
  const say = (count: number, sentence: string) => {
    if (count > 0) skipped.push(sentence);
  };
  const hint = shown.debug ? '' : ' (--debug lists them)';
  say(undecided.length, `${countOf(undecided.length, 'question')} could not be decided${hint}.`);
  say(
    suppressed.length,
    `${countOf(suppressed.length, 'finding')} ${suppressed.length === 1 ? 'is' : 'are'} suppressed.`,
  );
  say(
    counts.leftOut,
    `${countOf(counts.leftOut, 'manifest')} in example and test folders ${counts.leftOut === 1 ? 'was' : 'were'} left out: name the folder to include ${counts.leftOut === 1 ? 'it' : 'them'}.`,
  );
  if (!complete) skipped.push('The run did not complete: there may be more to find.');

  const manifests = `${countOf(counts.workloads, 'workload')} in ${countOf(counts.resources, 'resource')} of ${countOf(counts.files, 'file')}`;
  const code = countOf(counts.codeFiles, 'code file');
  const looked =
    counts.codeFiles === 0 ? manifests : counts.resources === 0 ? code : `${manifests}, ${code}`;
  const time = duration(report.durationMs);
  if (report.findings.length === 0 && complete)
    return {
      skipped,
      last:
        counts.codeFiles > 0 || counts.resources > 0
          ? `Nothing to fix: ${countOf(counts.rules, 'rule')} looked at ${looked} in ${time}.`
          : counts.unread > 0
            ? `Nothing was checked: what was found could not be read (${countOf(counts.unread, 'document')}, ${time}).`
            : `No Kubernetes resources and no service code were found, so nothing was checked (${countOf(counts.files, 'file')}, ${time}).`,
    };
  const notes = `${countOf(note, 'note')}${note > 0 && (shown.quiet || shown.show !== 'notes') ? ' (--show notes)' : ''}`;
  return {
    skipped,
    last: `${countOf(error, 'error')}, ${countOf(warning, 'warning')}, ${notes}: ${looked}, ${time}.`,
  };
}
