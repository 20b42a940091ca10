/** The report as SARIF 2.1.0, for GitHub code scanning and editors. */
import type {
  Invocation,
  Log,
  PhysicalLocation,
  Region,
  ReportingDescriptor,
  Result,
  Location as SarifLocation,
  Notification as SarifNotification,
} from 'sarif';
import type {
  Finding,
  Level,
  Report,
  ReportNotification,
  RuleDescription,
  Suppression,
} from '../finding.ts';
import type { Location } from '../location.ts';
import { printable, serialise, shorten } from './escape.ts';
import { lineHashes } from './linehash.ts';
import { isRenderedOnly } from './place.ts';
import { Sources } from './sources.ts';
import { uriOf } from './uri.ts';

const HOME = 'https://www.npmjs.com/package/chaoslint';
const SOURCE_ROOT = '%SRCROOT%';

/** GitHub refuses a file with more results in a run, or more locations in a result. */
const MOST_RESULTS = 25_000;
const MOST_RELATED = 1_000;
/** GitHub shows related locations that the message links to; more links than this nobody reads. */
const MOST_LINKS = 10;
/** GitHub refuses longer descriptions. */
const LONGEST_DESCRIPTION = 1024;
/** UTF-16 code units; values of the repository may be of any length. */
const LONGEST_MESSAGE = 2000;
/** Longer excerpts are left to the reader's own copy of the file. */
const LONGEST_SNIPPET = 1000;

const RANK: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };
const PROBLEM_SEVERITY = { error: 'error', warning: 'warning', note: 'recommendation' } as const;

/** Text that a reader of SARIF shows as it is: brackets cannot form a link (SARIF 2.1.0, 3.11.6). */
function plain(text: string): string {
  return shorten(printable(text), LONGEST_MESSAGE).replace(/[\\[\]]/g, '\\$&');
}

/** A sentence: text that ends with a full stop. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

/** A rule's id in Pascal case: `TooFewReplicas`. */
function nameOf(id: string): string {
  return id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What a rule looks for, as one paragraph: what its documentation says before the first example. */
function fullDescription({ title, documentation }: RuleDescription): string {
  const section = /^## What it looks for\s+([\s\S]*?)(?=^#|^```|(?![\s\S]))/m.exec(
    documentation,
  )?.[1];
  const text = section === undefined ? title : `${title} ${section.trim().replace(/\s+/g, ' ')}`;
  return shorten(text, LONGEST_DESCRIPTION);
}

function ruleDescriptor(rule: RuleDescription): ReportingDescriptor {
  const level = rule.level === 'off' ? 'none' : rule.level;
  const runbook = rule.runbook === '' ? '' : `\n\nRunbook: rules/RUNBOOK.md#${rule.runbook}`;
  const documentation = rule.documentation.trim() === '' ? rule.title : rule.documentation.trim();
  return {
    id: rule.id,
    name: nameOf(rule.id),
    shortDescription: { text: shorten(rule.title, LONGEST_DESCRIPTION) },
    fullDescription: { text: fullDescription(rule) },
    help: {
      text: `${documentation}${runbook}\n`,
      markdown: `${documentation}${runbook.replace(/\S+$/, '`$&`')}\n`,
    },
    helpUri: `${HOME}#rules`,
    defaultConfiguration: { level },
    properties: {
      tags: ['resilience', 'chaos-engineering', rule.side],
      precision: 'high',
      ...(rule.level === 'off' ? {} : { 'problem.severity': PROBLEM_SEVERITY[rule.level] }),
      ...(rule.runbook === '' ? {} : { runbook: rule.runbook }),
      bearsOn: rule.bearsOn,
    },
  };
}

function suppressionOf({ kind, reason }: Suppression) {
  const isInSource = kind === 'comment' || kind === 'annotation';
  return { kind: isInSource ? 'inSource' : 'external', justification: plain(reason) } as const;
}

/** One SARIF log from one report. */
class SarifLog {
  readonly #report: Report;
  readonly #sources: Sources;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #hashes = new Map<string, readonly string[]>();

  constructor(report: Report) {
    this.#report = report;
    this.#sources = new Sources(report.sources);
    this.#ruleIndex = new Map(report.rules.map(({ id }, index) => [id, index]));
  }

  log(): Log {
    const { version, rules, complete } = this.#report;
    const kept = this.#findingsThatFit();
    const notifications = [...this.#report.notifications, ...this.#cuts(kept)];
    const invocation: Invocation = {
      executionSuccessful: complete,
      toolExecutionNotifications: notifications.map((each) => this.#notification(each)),
    };
    return {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'chaoslint',
              version,
              semanticVersion: version,
              informationUri: HOME,
              rules: rules.map(ruleDescriptor),
            },
          },
          automationDetails: { id: 'chaoslint/' },
          columnKind: 'utf16CodeUnits',
          newlineSequences: ['\r\n', '\n', '\r'],
          originalUriBaseIds: {
            [SOURCE_ROOT]: { description: { text: 'The folder that all paths are relative to.' } },
          },
          invocations: [invocation],
          results: kept.map((finding) => this.#result(finding)),
        },
      ],
    };
  }

  /** All findings; of too many the most severe ones, in their order. */
  #findingsThatFit(): readonly Finding[] {
    const { findings } = this.#report;
    if (findings.length <= MOST_RESULTS) return findings;
    const fitting = [...findings.keys()]
      .sort((a, b) => this.#rank(a) - this.#rank(b) || a - b)
      .slice(0, MOST_RESULTS);
    const kept = new Set(fitting);
    return findings.filter((_, index) => kept.has(index));
  }

  #rank(index: number): number {
    return RANK[this.#report.findings[index]?.level ?? 'note'];
  }

  /** What a reader must be told of findings and places that do not fit. */
  #cuts(kept: readonly Finding[]): ReportNotification[] {
    const cuts: ReportNotification[] = [];
    const all = this.#report.findings.length;
    if (kept.length < all)
      cuts.push({
        level: 'warning',
        id: 'too-many-findings',
        message: `This file holds the ${kept.length} most severe of ${all} findings, because GitHub takes no more; --format json holds all`,
      });
    const long = kept.filter(({ related }) => related.length > MOST_RELATED).length;
    if (long > 0)
      cuts.push({
        level: 'note',
        id: 'too-many-related-locations',
        message: `Results with more than ${MOST_RELATED} related locations hold the first ${MOST_RELATED}, because GitHub takes no more: ${long}`,
      });
    return cuts;
  }

  #result(finding: Finding): Result {
    const ruleIndex = this.#ruleIndex.get(finding.rule);
    const lineHash = this.#lineHash(finding.at);
    const related = finding.related.slice(0, MOST_RELATED);
    return {
      ruleId: finding.rule,
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      kind: 'fail',
      level: finding.level,
      ...(finding.suppression === undefined
        ? {}
        : { suppressions: [suppressionOf(finding.suppression)] }),
      message: { text: this.#message(finding) },
      locations: [
        {
          physicalLocation: this.#place(finding.at, true),
          logicalLocations: [{ fullyQualifiedName: finding.identity, kind: 'resource' }],
        },
      ],
      ...(related.length === 0
        ? {}
        : {
            relatedLocations: related.map(({ at, message }, index) => ({
              id: index + 1,
              message: { text: plain(message) },
              physicalLocation: this.#place(at, false),
            })),
          }),
      ...(finding.flow === undefined
        ? {}
        : {
            codeFlows: [
              {
                threadFlows: [
                  {
                    locations: finding.flow.map(({ at, message }) => ({
                      location: {
                        message: { text: plain(message) },
                        physicalLocation: this.#place(at, false),
                      },
                    })),
                  },
                ],
              },
            ],
          }),
      ...this.#fixes(finding),
      partialFingerprints: {
        ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }),
        'chaoslint/v1': finding.fingerprint,
      },
      properties: {
        cause: finding.cause,
        fix: finding.fix,
        ...(finding.contexts.length === 0 ? {} : { contexts: finding.contexts }),
      },
    };
  }

  /** The change that a program can make; one that needs a new file has no place in a result. */
  #fixes({ fingerprint }: Finding): Pick<Result, 'fixes'> {
    const fix = this.#report.fixes?.get(fingerprint);
    if (fix === undefined || fix.files.some((file) => 'created' in file)) return {};
    const artifactChanges = fix.files.flatMap((file) =>
      'created' in file
        ? []
        : [
            {
              artifactLocation: this.#artifact(file.path),
              replacements: file.edits.map(({ at, text }) => ({
                deletedRegion: {
                  startLine: at.line,
                  startColumn: at.column,
                  endLine: at.endLine,
                  endColumn: at.endColumn,
                },
                insertedContent: { text },
              })),
            },
          ],
    );
    return { fixes: [{ description: { text: sentence(fix.description) }, artifactChanges }] };
  }

  /** Sentences: what is wrong, where else to look, what to do. */
  #message({ message, related, fix, at }: Finding): string {
    const [toDo = ''] = fix.split('\n');
    const links = related
      .slice(0, MOST_LINKS)
      .map((place, index) => `[${plain(place.message)}](${index + 1})`);
    const sentences = [
      plain(message),
      ...(isRenderedOnly(at) ? [`Line ${at.line} of the rendered text`] : []),
      ...(links.length === 0 ? [] : [`See ${links.join(', ')}`]),
      `Fix: ${plain(toDo.replace(/:$/, ''))}`,
    ];
    return sentences.map(sentence).join(' ');
  }

  #lineHash(at: Location): string | undefined {
    const text = this.#sources.text(at.path);
    if (text === undefined) return undefined;
    let hashes = this.#hashes.get(at.path);
    if (hashes === undefined) {
      hashes = lineHashes(text);
      this.#hashes.set(at.path, hashes);
    }
    return hashes[at.line - 1];
  }

  #place(at: Location, withContext: boolean): PhysicalLocation {
    const artifactLocation = { uri: uriOf(at), uriBaseId: SOURCE_ROOT };
    // Which line of the template made this text is not known.
    if (isRenderedOnly(at))
      return {
        artifactLocation,
        region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
      };
    const contextRegion = withContext ? this.#contextRegion(at) : undefined;
    return {
      artifactLocation,
      region: {
        startLine: at.line,
        startColumn: at.column,
        endLine: at.endLine,
        endColumn: at.endColumn,
        ...this.#snippet(at.path, at.start, at.end),
      },
      ...(contextRegion === undefined ? {} : { contextRegion }),
    };
  }

  /** The lines of a region with one more on each side. */
  #contextRegion(at: Location): Region | undefined {
    const lastLine = this.#sources.lastLineOf(at);
    const first = this.#sources.line(at.path, at.line - 1) ?? this.#sources.line(at.path, at.line);
    const last = this.#sources.line(at.path, lastLine + 1) ?? this.#sources.line(at.path, lastLine);
    if (first === undefined || last === undefined) return undefined;
    // It must hold more than the region (3.29.5).
    if (first.start >= at.start && last.end <= at.end) return undefined;
    return {
      startLine: first.number,
      startColumn: 1,
      endLine: last.number,
      endColumn: last.end - last.start + 1,
      ...this.#snippet(at.path, first.start, last.end),
    };
  }

  #snippet(path: string, start: number, end: number): Pick<Region, 'snippet'> {
    const text = this.#sources.text(path);
    if (text === undefined || end <= start || end - start > LONGEST_SNIPPET) return {};
    return { snippet: { text: text.slice(start, end) } };
  }

  #notification(told: ReportNotification): SarifNotification {
    const { level, id, message, at, path } = told;
    const locations: SarifLocation[] =
      at !== undefined
        ? [{ physicalLocation: this.#place(at, false) }]
        : path !== undefined
          ? [{ physicalLocation: { artifactLocation: this.#artifact(path) } }]
          : [];
    return {
      descriptor: { id },
      level,
      message: { text: sentence(plain(message)) },
      ...(locations.length === 0 ? {} : { locations }),
    };
  }

  #artifact(path: string): NonNullable<PhysicalLocation['artifactLocation']> {
    const start = { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
    return { uri: uriOf({ path, ...start }), uriBaseId: SOURCE_ROOT };
  }
}

/** The report as a SARIF log. Suppressed findings are left out: GitHub would open an alert for each. */
export function sarifReport(report: Report): string {
  return serialise(new SarifLog(report).log());
}
