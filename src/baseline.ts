/** The baseline: findings that a team has decided to live with for now, by what they are about and not by where they stand. */
import type { Finding, Report } from './finding.ts';

/** One accepted finding. */
export interface BaselineEntry {
  readonly rule: string;
  /** What it is about: `apps/Deployment/shop/orders`, `src/api.ts#fetch`. */
  readonly about: string;
  readonly fingerprint: string;
}

/** The file as written: entries by path, so that two changes to different files merge without a conflict. */
export interface Baseline {
  readonly version: 1;
  readonly files: Readonly<Record<string, readonly BaselineEntry[]>>;
}

export const BASELINE_FILE = 'chaoslint-baseline.json';

export const emptyBaseline: Baseline = { version: 1, files: {} };

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A baseline of findings. Sorted by path, rule and what they are about: the same findings give the same text. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const files = new Map<string, BaselineEntry[]>();
  for (const { rule, identity, fingerprint, at } of findings) {
    const entries = files.get(at.path) ?? [];
    entries.push({ rule, about: identity, fingerprint });
    files.set(at.path, entries);
  }
  return {
    version: 1,
    files: Object.fromEntries(
      [...files]
        .sort(([a], [b]) => compareText(a, b))
        .map(([path, entries]) => [
          path,
          entries.sort(
            (a, b) =>
              compareText(a.rule, b.rule) ||
              compareText(a.about, b.about) ||
              compareText(a.fingerprint, b.fingerprint),
          ),
        ]),
    ),
  };
}

/** One line for each finding, so that a change to it is one line of a diff. */
export function baselineText({ version, files }: Baseline): string {
  const blocks = Object.entries(files).map(([path, entries]) => {
    const lines = entries.map((entry) => `      ${JSON.stringify(entry)}`);
    return `    ${JSON.stringify(path)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const body = blocks.length === 0 ? '{}' : `{\n${blocks.join(',\n')}\n  }`;
  return `{\n  "version": ${version},\n  "files": ${body}\n}\n`;
}

/** @throws Error that says what is wrong with the text */
export function parseBaseline(text: string): Baseline {
  const value: unknown = JSON.parse(text);
  const isObject = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  if (!isObject(value) || value.version !== 1) throw new Error('it is no baseline of version 1');
  if (!isObject(value.files)) throw new Error('"files" is no map of paths');
  const files = Object.entries(value.files).map(([path, entries]) => {
    if (!Array.isArray(entries)) throw new Error(`"${path}" is no list`);
    const checked = entries.map((entry: unknown): BaselineEntry => {
      if (!isObject(entry)) throw new Error(`an entry of "${path}" is no map`);
      const { rule, about, fingerprint } = entry;
      if (typeof rule !== 'string' || typeof about !== 'string' || typeof fingerprint !== 'string')
        throw new Error(`an entry of "${path}" has no rule, about or fingerprint`);
      return { rule, about, fingerprint };
    });
    return [path, checked] as const;
  });
  return { version: 1, files: Object.fromEntries(files) };
}

/** A report without what a baseline accepts, and the accepted findings that are gone. */
export interface Accepted {
  readonly report: Report;
  /** Entries that no finding has any more, by path. */
  readonly gone: readonly (BaselineEntry & { readonly path: string })[];
}

/**
 * Takes accepted findings out of a report. A finding is accepted by its fingerprint, wherever it stands; one whose fingerprint holds a
 * path (code) is also accepted when its file has moved, which is when an entry of the same rule and the same thing is left over.
 */
export function accept(report: Report, baseline: Baseline): Accepted {
  const left = Object.entries(baseline.files).flatMap(([path, entries]) =>
    entries.map((entry) => ({ ...entry, path })),
  );
  const take = (matches: (entry: BaselineEntry) => boolean): boolean => {
    const index = left.findIndex(matches);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  const accepted = new Set<Finding>();
  for (const finding of report.findings)
    if (take(({ fingerprint }) => fingerprint === finding.fingerprint)) accepted.add(finding);
  for (const finding of report.findings)
    if (
      !accepted.has(finding) &&
      take(
        ({ rule, about }) =>
          rule === finding.rule &&
          withoutFolder(about) === withoutFolder(finding.identity) &&
          about !== withoutFolder(about),
      )
    )
      accepted.add(finding);
  const suppressed = [...accepted].map(
    (finding): Finding => ({
      ...finding,
      suppression: { kind: 'baseline', reason: `accepted in ${BASELINE_FILE}` },
    }),
  );
  return {
    report: {
      ...report,
      findings: report.findings.filter((finding) => !accepted.has(finding)),
      suppressed: [...report.suppressed, ...suppressed],
    },
    gone: left,
  };
}

/** An identity of code without the folder of its file: `src/api.ts#load#fetch` is `api.ts#load#fetch`. */
function withoutFolder(identity: string): string {
  const hash = identity.indexOf('#');
  if (hash < 0) return identity;
  const path = identity.slice(0, hash);
  return path.slice(path.lastIndexOf('/') + 1) + identity.slice(hash);
}
