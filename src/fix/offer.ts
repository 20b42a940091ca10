/** Changes of manifests as a part of a report: for programs that show them, and apply them one by one. */
import { optionsOf } from '../check.ts';
import type { Policy } from '../config/policy.ts';
import type { OfferedChange, OfferedFix, Report } from '../finding.ts';
import { lineStartsOf, locate } from '../location.ts';
import type { DeployedProgram } from '../model/together.ts';
import type { AnyRule } from '../rule.ts';
import { editsBetween } from './diff.ts';
import { type ChangedFile, isRefusal } from './fix.ts';
import { manifestFix } from './registry.ts';
import { hasManifestFix } from './rules.ts';
import { type Texts, textsByPath } from './session.ts';

/** Findings of one report that get a change: each is computed alone, from the text of its file. */
const MOST_OFFERS = 500;

/** What the changes are computed from. */
export interface Offering {
  readonly texts: Texts;
  readonly policy: Policy;
  readonly rules: readonly AnyRule[];
  readonly programs: readonly DeployedProgram[];
}

/** The report with the changes that a program can make in manifests. */
export function withFixes(report: Report, { texts, policy, rules, programs }: Offering): Report {
  const byPath = textsByPath(texts);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const paths = texts.files.map(({ path }) => path);
  const fixes = new Map<string, OfferedFix>();
  for (const finding of report.findings.filter(hasManifestFix).slice(0, MOST_OFFERS)) {
    const rule = byId.get(finding.rule);
    const fix = manifestFix({
      finding,
      options: rule === undefined ? {} : optionsOf(rule, policy),
      text: (path) => byPath.get(path),
      paths,
      programs,
    });
    if (isRefusal(fix)) continue;
    const { safety, description, files } = fix;
    fixes.set(finding.fingerprint, { safety, description, files: files.map(offered) });
  }
  return { ...report, fixes };
}

function offered({ path, before, after }: ChangedFile): OfferedChange {
  if (before === undefined) return { path, created: after };
  const file = { path, lineStarts: lineStartsOf(before) };
  const edits = editsBetween(before, after).map(({ range, text }) => ({
    at: locate(file, range),
    text,
  }));
  return { path, edits };
}
