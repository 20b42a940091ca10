/** The report for a person at a terminal. */
import pc from 'picocolors';
import type {
  Finding,
  Level,
  RelatedLocation,
  Report,
  ReportNotification,
  RuleDescription,
} from '../finding.ts';
import type { Location } from '../location.ts';
import { columnsOf, wrap } from './columns.ts';
import { printable, shorten, withoutLogCommands } from './escape.ts';
import { type FrameLine, frameOf } from './frame.ts';
import { fileOf, placeOf } from './place.ts';
import { Sources } from './sources.ts';
import { countOf, summary, totals } from './totals.ts';
import { understood } from './understood.ts';

/** How a text report looks. */
export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** `notes` shows findings of the level note too; they are only counted by default. */
  readonly show: 'default' | 'notes';
  /** Only errors are shown. */
  readonly quiet: boolean;
  /** Lists everything that could not be decided, and all notifications. */
  readonly debug: boolean;
  /** What was silenced is listed too, with its reasons. */
  readonly suppressed?: boolean;
  /** The address that a terminal opens for a place; absent: it shows no links. */
  readonly linkTo?: (path: string) => string | undefined;
}

const SMALLEST_WIDTH = 40;
/** Wider lines are hard to read. */
const WIDEST_FRAME = 120;
const SHOWN_NOTIFICATIONS = 10;
const SHOWN_RELATED = 4;
const SHOWN_CONTEXTS = 4;
/** A snippet of at most so many lines stands below each finding; a longer one below the first of its rule. */
const SHORT_SNIPPET = 3;
const LONGEST_SNIPPET = 16;
/** UTF-16 code units of one text; values of the repository may be of any length. */
const LONGEST_MESSAGE = 600;
const LONGEST_FIX = 300;

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

type Colours = ReturnType<typeof pc.createColors>;

class TextReport {
  readonly #report: Report;
  readonly #options: TextOptions;
  readonly #width: number;
  readonly #c: Colours;
  readonly #sources: Sources;
  readonly #rules: ReadonlyMap<string, RuleDescription>;
  /** Rules whose long snippet was printed. */
  readonly #explained = new Set<string>();
  readonly #lines: string[] = [];

  constructor(report: Report, options: TextOptions) {
    this.#report = report;
    this.#options = options;
    this.#width = Math.max(SMALLEST_WIDTH, options.width);
    this.#c = pc.createColors(options.colour);
    this.#sources = new Sources(report.sources);
    this.#rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  }

  /** A text that a terminal opens its place for (OSC 8). */
  #linked({ path }: Location, text: string): string {
    const target = this.#options.linkTo?.(path);
    return target === undefined ? text : `\u001b]8;;${target}\u0007${text}\u001b]8;;\u0007`;
  }

  #printSuppressed(): void {
    for (const { rule, at, suppression } of this.#report.suppressed) {
      const reason = shorten(printable(suppression?.reason ?? ''), LONGEST_FIX);
      this.#labelled(`suppressed[${rule}]:`, this.#c.dim, `${placeOf(at)}: ${reason}`);
    }
    if (this.#report.suppressed.length > 0) this.#lines.push('');
  }

  render(): string {
    const shown = this.#report.findings.filter((finding) => this.#shows(finding.level));
    if (shown.length > 0) {
      this.#printTotals(shown);
      this.#printFiles(shown);
    }
    if (this.#options.suppressed === true) this.#printSuppressed();
    if (this.#options.debug) this.#printUndecided();
    if (this.#options.debug && this.#report.code !== undefined)
      this.#lines.push(...understood(this.#report.code), '');
    this.#printNotifications();
    const { quiet } = this.#options;
    const { skipped, last } = summary(this.#report, { ...this.#options, quiet });
    for (const line of skipped) this.#paragraph(line, this.#c.dim);
    const clean = this.#report.complete && this.#report.findings.length === 0;
    this.#paragraph(last, clean ? this.#c.green : this.#c.bold);
    return withoutLogCommands(`${this.#lines.join('\n')}\n`);
  }

  #shows(level: Level): boolean {
    if (this.#options.quiet) return level === 'error';
    return level !== 'note' || this.#options.show === 'notes';
  }

  #paint(level: Level): (text: string) => string {
    const { red, yellow, blue } = this.#c;
    return { error: red, warning: yellow, note: blue }[level];
  }

  #blank(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  /** Text broken at the width. */
  #paragraph(text: string, paint: (line: string) => string): void {
    for (const line of wrap(text, this.#width)) this.#lines.push(paint(line));
  }

  #printTotals(shown: readonly Finding[]): void {
    for (const { level, cause, count } of totals(shown, this.#rules)) {
      const label = level.padEnd('warning'.length);
      this.#lines.push(`${this.#paint(level)(label)}  ${printable(cause)}: ${count}`);
    }
  }

  #printFiles(shown: readonly Finding[]): void {
    const files = new Map<string, Finding[]>();
    for (const finding of shown) {
      const file = fileOf(finding.at);
      const others = files.get(file);
      if (others === undefined) files.set(file, [finding]);
      else others.push(finding);
    }
    for (const [file, findings] of files) {
      this.#blank();
      this.#lines.push(this.#c.bold(this.#c.underline(printable(file))));
      for (const finding of findings) this.#printFinding(finding);
    }
    this.#blank();
  }

  #printFinding(finding: Finding): void {
    this.#blank();
    const { bold, dim, cyan } = this.#c;
    const label = `${finding.level}[${finding.rule}]:`;
    const message = shorten(printable(finding.message), LONGEST_MESSAGE);
    for (const [index, line] of wrap(`${label} ${message}`, this.#width - 4).entries())
      this.#lines.push(
        index === 0
          ? `  ${this.#paint(finding.level)(label)}${bold(line.slice(label.length))}`
          : `    ${bold(line)}`,
      );
    this.#lines.push(`    ${dim('at')} ${this.#linked(finding.at, cyan(placeOf(finding.at)))}`);
    this.#printFrame(finding);
    this.#printRelated(finding);
    this.#printFix(finding);
    if (this.#namesContexts(finding)) {
      const names = finding.contexts.slice(0, SHOWN_CONTEXTS).map(printable);
      const more = finding.contexts.length - names.length;
      this.#entry('in', `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
    }
  }

  /** A single context is worth a line unless the path of the place says it: one set of values of several. */
  #namesContexts({ at, contexts: [first, ...more] }: Finding): boolean {
    return more.length > 0 || (first !== undefined && !at.path.startsWith(`${first}/`));
  }

  #printFrame(finding: Finding): void {
    const gutter = String(finding.at.endLine).length + 2;
    // Indent, gutter, bar and blanks come before the text.
    const width = Math.min(this.#width, WIDEST_FRAME) - gutter - 7;
    const paint = this.#paint(finding.level);
    const print = (number: string, text: string) =>
      this.#lines.push(
        `    ${this.#c.dim(`${number.padStart(gutter)} |`)}${text === '' ? '' : ` ${text}`}`,
      );
    for (const line of frameOf(this.#sources, finding.at, width) satisfies FrameLine[]) {
      print(line.number === undefined ? '' : String(line.number), line.text);
      if (line.marks !== '') {
        const carets = line.marks.trimStart();
        print('', `${' '.repeat(line.marks.length - carets.length)}${paint(carets)}`);
      }
    }
  }

  /** One line of explanation below a finding: a short label, then text with a hanging indent. */
  #entry(label: string, text: string): void {
    const indent = ' '.repeat(4 + label.length + 2);
    const lines = wrap(text, this.#width - indent.length);
    for (const [index, line] of lines.entries())
      this.#lines.push(
        index === 0 ? `    ${this.#c.dim(`${label}:`)} ${line}` : `${indent}${line}`,
      );
  }

  #printRelated({ at: from, related }: Finding): void {
    for (const { at, message } of related.slice(0, SHOWN_RELATED)) {
      const text = `${placeOf(at)}: ${shorten(printable(message), LONGEST_FIX)}`;
      const code = at.path === from.path ? '' : this.#lineOf(at);
      this.#entry('see', code === '' ? text : `${text} (${code})`);
    }
    const more = related.length - SHOWN_RELATED;
    if (more > 0) this.#entry('see', `${countOf(more, 'other place')} (--format json lists them)`);
  }

  /** The line of a place when it is short enough to stand in a sentence. */
  #lineOf(at: RelatedLocation['at']): string {
    const line = this.#sources.line(at.path, at.line);
    if (line === undefined || line.end - line.start > 2 * SMALLEST_WIDTH) return '';
    const text = printable((this.#sources.text(at.path) ?? '').slice(line.start, line.end).trim());
    return columnsOf(text) > SMALLEST_WIDTH ? '' : text;
  }

  #printFix(finding: Finding): void {
    const [sentence = '', ...snippet] = finding.fix.split('\n');
    const text = shorten(printable(sentence), LONGEST_FIX);
    const fixable = finding.byHand === undefined && this.#rules.get(finding.rule)?.fixable;
    const label = fixable === true ? 'fix (fixable)' : 'fix';
    if (snippet.length > SHORT_SNIPPET && this.#explained.has(finding.rule)) {
      this.#entry(label, `${text.replace(/:$/, '')}, as above`);
      return;
    }
    this.#entry(label, text);
    if (snippet.length > SHORT_SNIPPET) this.#explained.add(finding.rule);
    for (const line of snippet.slice(0, LONGEST_SNIPPET)) {
      const shown = shorten(printable(line), LONGEST_FIX).trimEnd();
      this.#lines.push(shown === '' ? '' : `           ${this.#c.green(shown)}`);
    }
    if (snippet.length > LONGEST_SNIPPET)
      this.#lines.push(`           ${this.#c.dim('… (--format json shows all of it)')}`);
  }

  #printUndecided(): void {
    for (const { rule, at, why } of this.#report.undecided)
      this.#labelled(`undecided[${rule}]:`, this.#c.dim, `${placeOf(at)}: ${printable(why)}`);
    if (this.#report.undecided.length > 0) this.#lines.push('');
  }

  #printNotifications(): void {
    const { quiet, debug } = this.#options;
    const all = LEVELS.flatMap((level) =>
      this.#report.notifications.filter(
        (told) => told.level === level && (!quiet || level === 'error'),
      ),
    );
    const shown = debug ? all : all.slice(0, SHOWN_NOTIFICATIONS);
    for (const told of shown) this.#printNotification(told);
    const more = all.length - shown.length;
    if (more > 0) this.#lines.push(`and ${more} more like these (--debug lists them)`);
    if (all.length > 0) this.#lines.push('');
  }

  #printNotification({ level, id, message, at, path }: ReportNotification): void {
    const place = at === undefined ? printable(path ?? '') : placeOf(at);
    const text = shorten(printable(message), LONGEST_MESSAGE);
    this.#labelled(
      `${level}[${id}]:`,
      this.#paint(level),
      place === '' ? text : `${place}: ${text}`,
    );
  }

  /** A label and text, broken at the width with a hanging indent. */
  #labelled(label: string, paint: (text: string) => string, text: string): void {
    for (const [index, line] of wrap(`${label} ${text}`, this.#width - 2).entries())
      this.#lines.push(index === 0 ? `${paint(label)}${line.slice(label.length)}` : `  ${line}`);
  }
}

/** The report as text. Holds no control character but line feeds and, with `colour`, our own colours. */
export function textReport(report: Report, options: TextOptions): string {
  return new TextReport(report, options).render();
}
