/** The report for programs; docs/json.md describes it. */
import type {
  Finding,
  OfferedFix,
  RelatedLocation,
  Report,
  ReportNotification,
  Suppression,
  Undecided,
} from '../finding.ts';
import type { Location } from '../location.ts';
import { serialise } from './escape.ts';
import { countByLevel } from './totals.ts';

/** Grows when a field is renamed, removed or changes its meaning; new fields do not change it. */
const SCHEMA_VERSION = 1;

function location(at: Location) {
  const { path, line, column, endLine, endColumn, renderedFrom } = at;
  return {
    path,
    line,
    column,
    endLine,
    endColumn,
    ...(renderedFrom === undefined ? {} : { renderedFrom }),
  };
}

/** What is looked up for each finding. */
interface Looked {
  readonly runbooks: ReadonlyMap<string, string>;
  readonly fixes: Report['fixes'];
  /** Rules that have a fix. */
  readonly fixable: ReadonlySet<string>;
}

function related({ at, message }: RelatedLocation) {
  return { message, location: location(at) };
}

function suppression({ kind, reason, at }: Suppression) {
  return { kind, reason, ...(at === undefined ? {} : { location: location(at) }) };
}

function offered({ safety, description, files }: OfferedFix) {
  return {
    safety,
    description,
    files: files.map((file) =>
      'created' in file
        ? file
        : {
            path: file.path,
            edits: file.edits.map(({ at, text }) => ({ location: location(at), text })),
          },
    ),
  };
}

function finding(of: Finding, { runbooks, fixes, fixable }: Looked) {
  const change = fixes?.get(of.fingerprint);
  const runbook = runbooks.get(of.rule);
  return {
    rule: of.rule,
    level: of.level,
    message: of.message,
    location: location(of.at),
    related: of.related.map(related),
    ...(of.flow === undefined ? {} : { flow: of.flow.map(related) }),
    fix: of.fix,
    ...(fixable.has(of.rule) && of.byHand === undefined ? { fixable: true } : {}),
    ...(change === undefined ? {} : { change: offered(change) }),
    cause: of.cause,
    identity: of.identity,
    fingerprint: of.fingerprint,
    contexts: of.contexts,
    ...(runbook === undefined ? {} : { runbook }),
    ...(of.suppression === undefined ? {} : { suppression: suppression(of.suppression) }),
  };
}

function notification({ level, id, message, path, at }: ReportNotification) {
  return {
    level,
    id,
    message,
    ...(path === undefined ? {} : { path }),
    ...(at === undefined ? {} : { location: location(at) }),
  };
}

function undecided({ rule, why, at }: Undecided) {
  return { rule, why, location: location(at) };
}

/** The report as JSON. The same findings give the same text: it holds no time and no duration. */
export function jsonReport(report: Report): string {
  const runbooks = new Map(
    report.rules.flatMap(({ id, runbook }) => (runbook === '' ? [] : [[id, runbook]])),
  );
  const fixable = new Set(report.rules.flatMap((rule) => (rule.fixable ? [rule.id] : [])));
  const looked = { runbooks, fixes: report.fixes, fixable };
  const { error, warning, note } = countByLevel(report.findings);
  const { files, resources, workloads, codeFiles, rules, unread, leftOut } = report.counts;
  return serialise({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'chaoslint', version: report.version },
    complete: report.complete,
    counts: {
      errors: error,
      warnings: warning,
      notes: note,
      suppressed: report.suppressed.length,
      undecided: report.undecided.length,
      files,
      resources,
      workloads,
      codeFiles,
      rules,
      unread,
      leftOut,
    },
    ...(report.code === undefined ? {} : { understood: report.code.quality }),
    findings: report.findings.map((each) => finding(each, looked)),
    suppressed: report.suppressed.map((each) => finding(each, looked)),
    notifications: report.notifications.map(notification),
    undecided: report.undecided.map(undecided),
  });
}
