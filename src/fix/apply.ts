/**
 * Applies fixes in memory and keeps only those that keep the promise: the finding is gone, no other finding and no other
 * complaint about a file appears. What does not keep it is left out, with the reason.
 */
import type { Finding, Report } from '../finding.ts';
import type { Location } from '../location.ts';
import type { DeployedProgram } from '../model/together.ts';
import { editsBetween, moved, type TextEdit } from './diff.ts';
import { type ChangedFile, type Fix, type FixRequest, isRefusal, type Refusal } from './fix.ts';

/** What a run says of a repository whose texts are partly others. */
export interface Judged {
  readonly report: Report;
  readonly programs: readonly DeployedProgram[];
}

/** Texts that take the place of files, or are new. */
export type Overlay = ReadonlyMap<string, string>;

/** What the loop needs; nothing of it touches the disk. */
export interface FixSettings {
  /** Also fixes that are `unsafe`. */
  readonly unsafe: boolean;
  /** Texts of the files as they are, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of all manifests and of what deploys them. */
  readonly paths: readonly string[];
  readonly optionsOf: (rule: string) => Readonly<Record<string, unknown>>;
  readonly judge: (overlay: Overlay) => Promise<Judged>;
  /** The fixes of findings, in their order; each of `requests` sees the texts that the ones before it made. */
  readonly fixOf: (request: FixRequest) => Promise<Fix | Refusal | undefined>;
}

export interface Applied {
  readonly finding: Finding;
  readonly fix: Pick<Fix, 'safety' | 'description'>;
}

export interface Refused {
  readonly finding: Finding;
  readonly why: string;
}

export interface FixResult {
  readonly applied: readonly Applied[];
  /** Findings with a fix that was not made, and why. */
  readonly refused: readonly Refused[];
  /** Findings whose fix is unsafe, where only safe ones are wanted. */
  readonly held: readonly Applied[];
  readonly files: readonly ChangedFile[];
  /** What is found after the fixes. */
  readonly report: Report;
}

/** Times that a repository is judged for one run; what is not decided then is left as it is. */
const MOST_RUNS = 60;
/** Fixes may make others necessary: three replicas want a budget. */
const MOST_ROUNDS = 4;

/** Applies all fixes that keep the promise. */
export async function applyFixes(settings: FixSettings): Promise<FixResult> {
  return new Fixing(settings, await settings.judge(new Map())).run();
}

/** Findings as they are compared: how many of one rule there are about one thing. */
function countsOf({ findings }: Report): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, identity } of findings) {
    const key = `${rule}\n${identity}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Complaints about files, without the numbers in them. */
function complaintsOf({ notifications, complete }: Report): Set<string> {
  const told = notifications
    .filter(({ level }) => level !== 'note')
    .map(({ id, path }) => `${id}\n${path ?? ''}`);
  return new Set(complete ? told : [...told, 'incomplete']);
}

/** What came into a report by a change: findings of which there were fewer, and complaints. */
function news(before: Report, after: Report) {
  const counts = countsOf(before);
  const findings: Finding[] = [];
  for (const finding of after.findings) {
    const key = `${finding.rule}\n${finding.identity}`;
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    else findings.push(finding);
  }
  const known = complaintsOf(before);
  const complaints = [...complaintsOf(after)].filter((told) => !known.has(told));
  return { findings, complaints };
}

interface Attempt {
  readonly overlay: Map<string, string>;
  readonly applied: readonly (Applied & { readonly paths: ReadonlySet<string> })[];
  readonly judged: Judged;
}

class Fixing {
  readonly #settings: FixSettings;
  #overlay: ReadonlyMap<string, string> = new Map();
  #judged: Judged;
  readonly #applied: Applied[] = [];
  readonly #refused = new Map<string, Refused>();
  readonly #held = new Map<string, Applied>();
  #runs = 0;

  constructor(settings: FixSettings, judged: Judged) {
    this.#settings = settings;
    this.#judged = judged;
  }

  async run(): Promise<FixResult> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const candidates = this.#judged.report.findings.filter(
        ({ fingerprint }) => !this.#refused.has(fingerprint) && !this.#held.has(fingerprint),
      );
      const before = this.#applied.length;
      await this.#settle(candidates.map(({ fingerprint }) => fingerprint));
      if (this.#applied.length === before) break;
    }
    const { texts } = this.#settings;
    const files = [...this.#overlay]
      .map(([path, after]) => ({ path, before: texts.get(path), after }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const left = new Set(this.#judged.report.findings.map(({ fingerprint }) => fingerprint));
    return {
      applied: this.#applied,
      refused: [...this.#refused.values()].filter(({ finding }) => left.has(finding.fingerprint)),
      held: [...this.#held.values()],
      files,
      report: this.#judged.report,
    };
  }

  /** Applies what keeps the promise together; what may be to blame otherwise is tried alone. */
  async #settle(wanted: readonly string[]): Promise<void> {
    if (wanted.length === 0) return;
    const attempt = await this.#attempt(wanted);
    if (attempt === undefined || attempt.applied.length === 0) return;
    const { wrong, innocent } = this.#blamed(attempt, wanted);
    if (wrong.size === 0) {
      this.#overlay = attempt.overlay;
      this.#judged = attempt.judged;
      this.#applied.push(...attempt.applied.map(({ finding, fix }) => ({ finding, fix })));
      return;
    }
    const asked = attempt.applied.filter(({ finding }) => wanted.includes(finding.fingerprint));
    const fixed = asked.map(({ finding }) => finding.fingerprint);
    if (fixed.length <= 1 || this.#runs >= MOST_RUNS) {
      const [why = 'it could not be checked alone'] = wrong.values();
      for (const { finding } of asked) this.#refuse(finding, wrong.get(finding.fingerprint) ?? why);
      return;
    }
    if (innocent.length > 0 && innocent.length < fixed.length) {
      await this.#settle(innocent);
      await this.#settle(fixed.filter((fingerprint) => !innocent.includes(fingerprint)));
      return;
    }
    const half = Math.ceil(fixed.length / 2);
    await this.#settle(fixed.slice(0, half));
    await this.#settle(fixed.slice(half));
  }

  #refuse(finding: Finding, why: string): void {
    this.#refused.set(finding.fingerprint, { finding, why });
  }

  /** The fixes of findings, and then of the findings that they bring; judged. Undefined: there is none. */
  async #attempt(wanted: readonly string[]): Promise<Attempt | undefined> {
    const overlay = new Map(this.#overlay);
    let judged = this.#judged;
    const applied: Attempt['applied'][number][] = [];
    let next = new Set(wanted);
    for (let round = 0; round < MOST_ROUNDS && next.size > 0; round++) {
      const found = judged.report.findings.filter(({ fingerprint }) => next.has(fingerprint));
      const made = await this.#compute(found, judged, overlay, round === 0);
      if (made.length === 0) break;
      applied.push(...made);
      judged = await this.#settings.judge(overlay);
      this.#runs++;
      const { findings } = news(this.#judged.report, judged.report);
      next = new Set(findings.map(({ fingerprint }) => fingerprint));
    }
    return applied.length === 0 ? undefined : { overlay, applied, judged };
  }

  /** Computes fixes one after the other and puts their texts into `overlay`. */
  async #compute(
    findings: readonly Finding[],
    { programs }: Judged,
    overlay: Map<string, string>,
    isAsked: boolean,
  ): Promise<Attempt['applied'][number][]> {
    const made: Attempt['applied'][number][] = [];
    const edits = new Map<string, (readonly TextEdit[])[]>();
    for (const finding of findings) {
      const request: FixRequest = {
        finding: shifted(finding, edits),
        options: this.#settings.optionsOf(finding.rule),
        text: (path) => overlay.get(path) ?? this.#settings.texts.get(path),
        paths: [...new Set([...this.#settings.paths, ...overlay.keys()])],
        programs,
      };
      const fix = await this.#settings.fixOf(request);
      if (fix === undefined) continue;
      if (isRefusal(fix)) {
        if (isAsked) this.#refuse(finding, fix.refused);
        continue;
      }
      const { safety, description, files } = fix;
      if (safety === 'unsafe' && !this.#settings.unsafe) {
        if (isAsked) this.#held.set(finding.fingerprint, { finding, fix: { safety, description } });
        continue;
      }
      for (const { path, before, after } of files) {
        overlay.set(path, after);
        const list = edits.get(path) ?? [];
        edits.set(path, list);
        if (before !== undefined) list.push(editsBetween(before, after));
      }
      const paths = new Set(files.map(({ path }) => path));
      made.push({ finding, fix: { safety, description }, paths });
    }
    return made;
  }

  /** Fixes to blame for what is wrong, with what is; and those that surely are not. */
  #blamed({ applied, judged }: Attempt, wanted: readonly string[]) {
    const wrong = new Map<string, string>();
    const after = countsOf(judged.report);
    const before = countsOf(this.#judged.report);
    for (const { finding } of applied) {
      const key = `${finding.rule}\n${finding.identity}`;
      if ((after.get(key) ?? 0) >= (before.get(key) ?? 0) && before.has(key))
        wrong.set(finding.fingerprint, 'the finding would stay');
    }
    const { findings, complaints } = news(this.#judged.report, judged.report);
    for (const { finding, paths } of applied) {
      const caused = findings.find(
        (other) => other.identity === finding.identity || paths.has(other.at.path),
      );
      if (caused !== undefined && !wrong.has(finding.fingerprint))
        wrong.set(finding.fingerprint, `it would bring ${caused.rule}: ${caused.message}`);
      const told = complaints.find((complaint) => paths.has(complaint.split('\n')[1] ?? ''));
      if (told !== undefined)
        wrong.set(finding.fingerprint, `the file would be wrong (${told.split('\n')[0]})`);
    }
    const isWrong = findings.length + complaints.length > 0;
    // Somebody is to blame, and nobody knows who.
    if (isWrong && wrong.size === 0) {
      const [caused] = findings;
      for (const { finding } of applied)
        wrong.set(
          finding.fingerprint,
          caused === undefined
            ? 'a complaint about a file would appear'
            : `it would bring ${caused.rule}: ${caused.message}`,
        );
    }
    const innocent = applied
      .map(({ finding }) => finding.fingerprint)
      .filter((fingerprint) => !wrong.has(fingerprint) && wanted.includes(fingerprint));
    return { wrong, innocent };
  }
}

/** A finding with the places that it has after the edits so far. */
function shifted(
  finding: Finding,
  edits: ReadonlyMap<string, readonly (readonly TextEdit[])[]>,
): Finding {
  const place = (at: Location): Location => {
    const lists = edits.get(at.path);
    if (lists === undefined) return at;
    const shift = (offset: number) => lists.reduce((now, list) => moved(now, list), offset);
    return { ...at, start: shift(at.start), end: shift(at.end) };
  };
  return {
    ...finding,
    at: place(finding.at),
    related: finding.related.map((other) => ({ ...other, at: place(other.at) })),
  };
}
