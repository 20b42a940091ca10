/** Near misses: what a dangling selector or reference most likely means. */
import type { Location } from '../../location.ts';
import { editDistance } from '../../nearest.ts';
import type { NearMiss } from '../model.ts';
import { type LabelSelector, type Labels, matches } from './labels.ts';

/** Labels by which a pod is named; the others (tier, version, environment) say less. */
const NAMING_LABELS = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name', 'run', 'component'];

/** Words that are one edit apart and both meant. */
const BOTH_MEANT = /^(?:https?|grpcs?|reader|leader|test|rest)$/;

/** Object names have at most 253 characters (RFC 1123 subdomain); anything longer is not compared. */
const LONGEST_NAME = 253;

function sameButDigits(a: string, b: string): boolean {
  return a.replace(/\d+/g, '#') === b.replace(/\d+/g, '#');
}

/**
 * True when two names differ by a typing slip: one or two edits (one in words of up to five letters) inside one
 * of their words. Names that differ in digits (orders-v1, orders-v2), in a short word (redis-ro, redis-rw) or by
 * a whole word (orders, orders-db) are two names.
 */
export function isTypo(a: string, b: string): boolean {
  if (Math.max(a.length, b.length) > LONGEST_NAME || sameButDigits(a, b)) return false;
  const wordsA = a.split(/[-._/]/);
  const wordsB = b.split(/[-._/]/);
  if (wordsA.length !== wordsB.length) return false;
  const off = wordsA.flatMap((word, i) => (word === wordsB[i] ? [] : [[word, wordsB[i] ?? '']]));
  const [[one = '', other = ''] = [], second] = off;
  const shorter = Math.min(one.length, other.length);
  if (second !== undefined || shorter < 4) return false;
  if (BOTH_MEANT.test(one) && BOTH_MEANT.test(other)) return false;
  const limit = shorter <= 5 ? 1 : 2;
  return editDistance(one, other, limit) <= limit;
}

/** What a near miss is looked for in: a workload or another named thing. */
export interface Candidate {
  /** `Deployment orders` */
  readonly label: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly at: Location;
}

export interface LabelledCandidate extends Candidate {
  readonly labels: Labels;
  /** Where the labels stand. */
  readonly labelsAt: Location;
}

/** `orders-svc`, `orders-service` and `orders` name the same thing. */
function stem(name: string): string {
  return name.replace(/-(?:svc|service|pdb|headless|hl)$/, '');
}

const pair = (key: string, value: string) => `${key}=${value}`;

/**
 * The pods that a selector without any pod most likely means: one value mistyped, one label too many or
 * different while the names agree, or the right labels in another namespace.
 * @param isTaken something else selects the candidate already, so it is probably not the one that is meant
 */
export function nearMissOfSelector<C extends LabelledCandidate>(
  asker: { readonly kind: string; readonly name: string; readonly namespace: string | undefined },
  selector: LabelSelector,
  candidates: readonly C[],
  isTaken: (candidate: C) => boolean,
): NearMiss | undefined {
  if (selector.nothing || selector.open || selector.unknown.size > 0) return undefined;
  if (selector.requirements.length > 0 || selector.equal.size === 0) return undefined;
  for (const candidate of candidates) {
    // A part that cannot be told, or a label that comes at run time, is no slip.
    if (matches(selector, candidate.labels) === 'unknown') continue;
    const miss = nearMissOf(asker, selector.equal, candidate, () => isTaken(candidate));
    if (miss !== undefined) return miss;
  }
  return undefined;
}

function nearMissOf(
  asker: { readonly kind: string; readonly name: string; readonly namespace: string | undefined },
  wanted: ReadonlyMap<string, string>,
  candidate: LabelledCandidate,
  isTaken: () => boolean,
): NearMiss | undefined {
  const { labels, label } = candidate;
  const { namespace } = asker;
  const elsewhere =
    namespace !== undefined &&
    candidate.namespace !== undefined &&
    namespace !== candidate.namespace;
  const off = [...wanted].filter(([key, value]) => labels.known.get(key) !== value);
  const [first, second] = off;

  if (elsewhere) {
    if (off.length > 0 || isTaken()) return undefined;
    const where = `namespace ${candidate.namespace}, this ${asker.kind} in ${namespace}`;
    return { at: candidate.at, message: `${label} is in ${where}` };
  }
  if (first === undefined || second !== undefined) return undefined;
  const [key, value] = first;
  const actual = labels.known.get(key);
  const namesAgree = stem(asker.name) === stem(candidate.name);
  const at = candidate.labelsAt;

  if (actual !== undefined) {
    const message = `${label} has the label ${pair(key, actual)}, not ${pair(key, value)}`;
    if (isTypo(actual, value) && !isTaken()) return { at, message };
    // v1 and v2 of one thing are meant.
    const named = namesAgree && wanted.size > 1 && !sameButDigits(actual, value);
    return named ? { at, message } : undefined;
  }
  if (labels.open || labels.unknown.size > 0 || !namesAgree) return undefined;
  if (wanted.size > 1) return { at, message: `${label} has no label ${key} (${value} is wanted)` };
  const other = [...labels.known].find(([k, v]) => v === value && NAMING_LABELS.includes(k));
  if (other === undefined) return undefined;
  return {
    at,
    message: `${label} has the label ${pair(other[0], value)}, not ${pair(key, value)}`,
  };
}

/** The thing that a reference to nothing most likely means: a mistyped name, or one in another namespace. */
export function nearMissOfReference(
  asker: { readonly kind: string; readonly namespace: string | undefined },
  name: string,
  candidates: readonly Candidate[],
): NearMiss | undefined {
  const meets = (candidate: Candidate) =>
    asker.namespace === undefined ||
    candidate.namespace === undefined ||
    asker.namespace === candidate.namespace;
  const typo = candidates.find((c) => meets(c) && c.name !== '' && isTypo(c.name, name));
  if (typo !== undefined) return { at: typo.at, message: `${typo.label} exists, not ${name}` };
  const elsewhere = candidates.find((c) => !meets(c) && c.name === name);
  if (elsewhere === undefined) return undefined;
  const where = `namespace ${elsewhere.namespace}, this ${asker.kind} in ${asker.namespace}`;
  return { at: elsewhere.at, message: `${elsewhere.label} is in ${where}` };
}
