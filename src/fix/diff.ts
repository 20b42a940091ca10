/** Differences of two texts by lines: edits for programs, a unified diff for people and for `git apply`. */
import type { Range } from '../location.ts';
import type { ChangedFile } from './fix.ts';

/** A stretch of a text and what stands there instead. */
export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** Lines with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Lines from `from` to `to` of the old text become lines `start` to `end` of the new one. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** More differing lines than this are one hunk: a fix changes a few. */
const MOST_CHANGES = 2000;

/** The shortest way from one list of lines to the other (E. Myers, "An O(ND) Difference Algorithm", 1986). */
function hunksOf(a: readonly string[], b: readonly string[]): readonly Hunk[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const from = a.slice(head, a.length - tail);
  const to = b.slice(head, b.length - tail);
  if (from.length === 0 && to.length === 0) return [];
  return waysOf(from, to).map((hunk) => ({
    from: hunk.from + head,
    to: hunk.to + head,
    start: hunk.start + head,
    end: hunk.end + head,
  }));
}

function waysOf(a: readonly string[], b: readonly string[]): readonly Hunk[] {
  const all: readonly Hunk[] = [{ from: 0, to: a.length, start: 0, end: b.length }];
  if (a.length === 0 || b.length === 0) return all;
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(MOST_CHANGES, a.length + b.length); d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const left = furthest.get(k - 1) ?? -1;
      const up = furthest.get(k + 1) ?? -1;
      let x = k === -d || (k !== d && left < up) ? up : left + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return all;
}

function walkBack(trace: readonly Map<number, number>[], width: number, height: number): Hunk[] {
  const hunks: Hunk[] = [];
  let x = width;
  let y = height;
  for (let d = trace.length - 1; d > 0; d--) {
    const furthest = trace[d];
    const k = x - y;
    const left = furthest?.get(k - 1) ?? -1;
    const up = furthest?.get(k + 1) ?? -1;
    const isDown = k === -d || (k !== d && left < up);
    const previousX = isDown ? up : left;
    const previousY = previousX - (isDown ? k + 1 : k - 1);
    const step = isDown
      ? { from: previousX, to: previousX, start: previousY, end: previousY + 1 }
      : { from: previousX, to: previousX + 1, start: previousY, end: previousY };
    const next = hunks[0];
    if (next !== undefined && next.from === step.to && next.start === step.end)
      hunks[0] = { from: step.from, to: next.to, start: step.start, end: next.end };
    else hunks.unshift(step);
    x = previousX;
    y = previousY;
  }
  return hunks;
}

/** The edits that turn one text into the other: only what differs within the lines that differ. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const starts = [0];
  for (const line of old) starts.push((starts.at(-1) ?? 0) + line.length);
  return hunksOf(old, fresh).map(({ from, to, start, end }) => {
    const was = old.slice(from, to).join('');
    const is = fresh.slice(start, end).join('');
    let head = 0;
    while (head < was.length && head < is.length && was[head] === is[head]) head++;
    let tail = 0;
    while (
      tail < was.length - head &&
      tail < is.length - head &&
      was[was.length - 1 - tail] === is[is.length - 1 - tail]
    )
      tail++;
    // The two halves of one character, or of one line end, stay together.
    if (head > 0 && /[\ud800-\udbff\r]/.test(was.charAt(head - 1))) head--;
    if (tail > 0 && /[\udc00-\udfff\n]/.test(was.charAt(was.length - tail))) tail--;
    const at = starts[from] ?? 0;
    return {
      range: [at + head, at + was.length - tail],
      text: is.slice(head, is.length - tail),
    };
  });
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { range, text: fresh } of edits) {
    result += text.slice(at, range[0]) + fresh;
    at = range[1];
  }
  return result + text.slice(at);
}

/** Where an offset of the old text lies in the new one. */
export function moved(offset: number, edits: readonly TextEdit[]): number {
  let by = 0;
  for (const { range, text } of edits) {
    if (range[0] > offset || (range[0] === offset && range[1] === offset && text !== '')) break;
    if (range[1] > offset) return range[0] + by;
    by += text.length - (range[1] - range[0]);
  }
  return offset + by;
}

const CONTEXT = 3;

/** A path as git writes it: quoted when it holds what ends or breaks a line. */
function quoted(path: string): string {
  return /["\\\p{Cc}]/u.test(path) ? JSON.stringify(path) : path;
}

/** A unified diff with three lines of context, as `git apply` takes it. Line ends stay as they are. */
export function unifiedDiff(files: readonly ChangedFile[]): string {
  return files.map(diffOf).join('');
}

function diffOf({ path, before, after }: ChangedFile): string {
  const old = linesOf(before ?? '');
  const fresh = linesOf(after);
  const hunks = hunksOf(old, fresh);
  if (hunks.length === 0) return '';
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && hunk.from - last.to <= 2 * CONTEXT)
      group.push(hunk);
    else groups.push([hunk]);
  }
  const head =
    before === undefined
      ? `--- /dev/null\n+++ ${quoted(`b/${path}`)}\n`
      : `--- ${quoted(`a/${path}`)}\n+++ ${quoted(`b/${path}`)}\n`;
  return head + groups.map((group) => hunkText(group, old, fresh)).join('');
}

function hunkText(
  group: readonly Hunk[],
  old: readonly string[],
  fresh: readonly string[],
): string {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return '';
  const from = Math.max(0, first.from - CONTEXT);
  const to = Math.min(old.length, last.to + CONTEXT);
  const start = Math.max(0, first.start - CONTEXT);
  const end = Math.min(fresh.length, last.end + CONTEXT);
  let lines = '';
  let at = from;
  for (const hunk of group) {
    for (; at < hunk.from; at++) lines += marked(' ', old[at]);
    for (; at < hunk.to; at++) lines += marked('-', old[at]);
    for (let index = hunk.start; index < hunk.end; index++) lines += marked('+', fresh[index]);
  }
  for (; at < to; at++) lines += marked(' ', old[at]);
  return `@@ -${spanOf(from, to)} +${spanOf(start, end)} @@\n${lines}`;
}

function spanOf(from: number, to: number): string {
  const count = to - from;
  const line = count === 0 ? from : from + 1;
  return count === 1 ? `${line}` : `${line},${count}`;
}

function marked(mark: string, line = ''): string {
  return line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`;
}
