/**
 * `npm run score -- DIR [owner/name...] [--missed]`: compares findings with the labels of test/labels (all of them, or those of the named
 * repositories), which people wrote by reading, before any run and without the detector's author. DIR holds a checkout `<owner>__<name>` of each labelled repository, at the commit that its file names. A `bad`
 * label counts as found when a finding of its rule stands, or has a related place, at its line or at the place where its fix goes;
 * what could not be decided counts as missed. A `good` label counts as false when a finding of its rule stands there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Undecided } from '../src/finding.ts';
import type { Location } from '../src/location.ts';
import { run } from '../src/run.ts';

interface Label {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly verdict: 'bad' | 'good' | 'unsure';
  /** `path:line` of the client or wrapper where the fix goes, when that is not the call. */
  readonly construct?: string;
  readonly why: string;
}

interface Labelled {
  readonly repository: string;
  readonly commit: string;
  readonly labels: readonly Label[];
}

interface Score {
  bad: number;
  found: number;
  undecided: number;
  good: number;
  false: number;
}

const nothing = (): Score => ({ bad: 0, found: 0, undecided: 0, good: 0, false: 0 });

function covers({ path, line, endLine }: Location, place: { path: string; line: number }): boolean {
  return path === place.path && line <= place.line && place.line <= endLine;
}

/** The places that a label accepts: its own and that of its construct. */
function placesOf({ path, line, construct }: Label): readonly { path: string; line: number }[] {
  const parts = construct === undefined ? null : /^(.*):(\d+)$/.exec(construct);
  const own = { path, line };
  return parts === null ? [own] : [own, { path: parts[1] ?? '', line: Number(parts[2]) }];
}

function isAbout({ rule, at, related, flow = [] }: Finding, label: Label): boolean {
  if (rule !== label.rule) return false;
  const places = placesOf(label);
  return [at, ...related.map((other) => other.at), ...flow.map((step) => step.at)].some((where) =>
    places.some((place) => covers(where, place)),
  );
}

/** A good label speaks of its line alone: that a path of findings passes there says nothing against it. */
function contradicts({ rule, at }: Finding, label: Label): boolean {
  return rule === label.rule && covers(at, label);
}

function isUndecided({ rule, at }: Undecided, label: Label): boolean {
  return rule === label.rule && placesOf(label).some((place) => covers(at, place));
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}

const labels = fileURLToPath(new URL('../test/labels/', import.meta.url));
const [folder, ...named] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const shows = process.argv.includes('--missed');
if (folder === undefined) {
  console.error('usage: npm run score -- DIR [owner/name...] [--missed]');
  process.exit(2);
}

const scores = new Map<string, Score>();
const scoreOf = (name: string): Score => {
  const known = scores.get(name) ?? nothing();
  scores.set(name, known);
  return known;
};
let absent = 0;
for (const file of readdirSync(labels).filter((name) => name.endsWith('.json'))) {
  const labelled = JSON.parse(readFileSync(join(labels, file), 'utf8')) as Labelled;
  if (named.length > 0 && !named.includes(labelled.repository)) continue;
  const checkout = resolve(folder, file.slice(0, -'.json'.length));
  const isThere = existsSync(checkout);
  const head = isThere
    ? execFileSync('git', ['-C', checkout, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
    : 'no checkout';
  if (head !== labelled.commit) {
    console.error(`skipped ${labelled.repository}: wants ${labelled.commit}, has ${head}`);
    absent++;
    continue;
  }
  const { report } = await run({
    cwd: checkout,
    paths: ['.'],
    isolated: true,
    adjust: (policy) => policy,
  });
  for (const { id, message } of report.notifications)
    if (id === 'too-much-code' || id === 'link-crashed') console.error(`${file}: ${message}`);
  for (const label of labelled.labels) {
    if (label.verdict === 'unsure') continue;
    const isReported = report.findings.some((finding) =>
      label.verdict === 'bad' ? isAbout(finding, label) : contradicts(finding, label),
    );
    const isOpen = report.undecided.some((one) => isUndecided(one, label));
    for (const score of [scoreOf(label.rule), scoreOf(labelled.repository), scoreOf('all')]) {
      score[label.verdict]++;
      if (label.verdict === 'bad' && isReported) score.found++;
      if (label.verdict === 'bad' && !isReported && isOpen) score.undecided++;
      if (label.verdict === 'good' && isReported) score.false++;
    }
    if (shows && isReported !== (label.verdict === 'bad')) {
      const what = isReported ? 'FALSE' : isOpen ? 'undecided' : 'missed';
      const why = report.undecided.find((one) => isUndecided(one, label))?.why ?? '';
      console.log(
        `${what} ${labelled.repository} ${label.path}:${label.line} ${label.rule}: ${label.why}${why === '' ? '' : ` [${why}]`}`,
      );
    }
  }
}
console.log('| rule or repository | bad | found | recall | undecided | good | reported |');
console.log('|---|---|---|---|---|---|---|');
for (const [name, score] of [...scores].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const { bad, found, undecided, good } = score;
  console.log(
    `| ${name} | ${bad} | ${found} | ${percent(found, bad)} | ${undecided} | ${good} | ${score.false} |`,
  );
}
if (absent > 0) console.error(`${absent} repositories were not there and are not in the table`);
