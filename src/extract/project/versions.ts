/** Ranges of versions: what npm, yarn, pnpm and bun let a dependency ask for, and how it stands to a threshold. */
import type { Requested, VersionInterval } from '../../project-facts.ts';

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: readonly (string | number)[];
}

const VERSION =
  /^[v=\s]*([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Longer texts are no versions and no ranges. */
const LONGEST = 1024;

function versionOf(text: string): Version | undefined {
  const match = text.length > LONGEST ? null : VERSION.exec(text.trim());
  if (match === null) return undefined;
  const numbers = [Number(match[1]), Number(match[2]), Number(match[3])] as const;
  if (!numbers.every(Number.isSafeInteger)) return undefined;
  const prerelease = (match[4]?.split('.') ?? []).map((part) =>
    /^[0-9]+$/.test(part) ? Number(part) : part,
  );
  return { numbers, prerelease };
}

function compareParsed(a: Version, b: Version): number {
  for (const i of [0, 1, 2] as const) {
    const difference = a.numbers[i] - b.numbers[i];
    if (difference !== 0) return difference;
  }
  // A release stands behind its prereleases.
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  for (const [i, left] of a.prerelease.entries()) {
    const right = b.prerelease[i];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === 'number') return typeof right === 'number' ? left - right : -1;
    if (typeof right === 'number') return 1;
    return left < right ? -1 : 1;
  }
  return a.prerelease.length - b.prerelease.length;
}

/** Orders two versions as semver does, builds left out; undefined when one of them is none. */
export function compareVersions(a: string, b: string): number | undefined {
  const left = versionOf(a);
  const right = versionOf(b);
  if (left === undefined || right === undefined) return undefined;
  return Math.sign(compareParsed(left, right));
}

/** True for `1.2.3`, `1.2.3-rc.1`. */
export function isVersion(text: string): boolean {
  return versionOf(text) !== undefined;
}

/**
 * How all versions that may be chosen stand to a threshold; `both` when they disagree.
 * Undefined when there is no such version or the threshold is none.
 */
export function standsTo(
  intervals: readonly VersionInterval[],
  threshold: string,
): 'below' | 'at-or-above' | 'both' | undefined {
  let below = false;
  let above = false;
  for (const interval of intervals) {
    const from = compareVersions(interval.from, threshold);
    if (from === undefined) return undefined;
    if (from < 0) below = true;
    const end = interval.below === undefined ? 1 : compareVersions(interval.below, threshold);
    if (end === undefined) return undefined;
    if (end > 0) above = true;
  }
  if (below && above) return 'both';
  if (below) return 'below';
  return above ? 'at-or-above' : undefined;
}

/** True when a version lies in one of the intervals. */
export function isWithin(version: string, intervals: readonly VersionInterval[]): boolean {
  return intervals.some(
    ({ from, below }) =>
      (compareVersions(version, from) ?? -1) >= 0 &&
      (below === undefined || (compareVersions(version, below) ?? 1) < 0),
  );
}

/**
 * The versions that a range allows; undefined when the text is no range. Prereleases that npm would not choose may
 * lie within an interval that a prerelease opens, and nowhere else.
 */
export function intervalsOf(range: string): readonly VersionInterval[] | undefined {
  if (range.length > LONGEST) return undefined;
  const all: Bounds[] = [];
  for (const alternative of range.split('||')) {
    const bounds = alternativeOf(alternative.trim());
    if (bounds === undefined) return undefined;
    if (bounds !== 'nothing') all.push(bounds);
  }
  return union(all).map(({ from, below }) =>
    below === undefined
      ? { from: textOfVersion(from) }
      : { from: textOfVersion(from), below: textOfVersion(below) },
  );
}

/** `from` is included, `below` is not. */
interface Bounds {
  readonly from: Version;
  readonly below?: Version;
}

const NUMBER = '(?:[0-9]+|[xX*])';
const PARTIAL = `[v=\\s]*(${NUMBER})(?:\\.(${NUMBER})(?:\\.(${NUMBER})(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?)?)?`;
const HYPHEN = new RegExp(`^${PARTIAL}\\s+-\\s+${PARTIAL}$`);
const COMPARATOR = new RegExp(`^(\\^|~>?|[<>]=?|)${PARTIAL}$`);
/** Nothing stands below it. */
const LOWEST = before(0, 0, 0);

/** A version of which the last numbers may be missing. */
interface Partial {
  readonly numbers: readonly number[];
  readonly prerelease: Version['prerelease'];
}

function alternativeOf(text: string): Bounds | 'nothing' | undefined {
  if (text === '') return { from: LOWEST };
  const hyphen = HYPHEN.exec(text);
  if (hyphen !== null) {
    const low = partialOf(hyphen.slice(1, 5));
    const high = partialOf(hyphen.slice(5, 9));
    if (low === undefined || high === undefined) return undefined;
    const from = comparison('>=', low);
    const below = comparison('<=', high);
    return from === 'nothing' || below === 'nothing' ? 'nothing' : intersection(from, below);
  }
  let bounds: Bounds | 'nothing' = { from: LOWEST };
  // `>= 1.2` is one comparator.
  for (const word of text.replace(/(\^|~>?|[<>]=?)\s+/g, '$1').split(/[\s,]+/)) {
    const match = COMPARATOR.exec(word);
    const partial = match === null ? undefined : partialOf(match.slice(2));
    if (match === null || partial === undefined) return undefined;
    const next = comparison(match[1] ?? '', partial);
    bounds = bounds === 'nothing' || next === 'nothing' ? 'nothing' : intersection(bounds, next);
  }
  return bounds;
}

function partialOf(parts: readonly (string | undefined)[]): Partial | undefined {
  const numbers: number[] = [];
  let open = false;
  for (const part of parts.slice(0, 3)) {
    if (part === undefined || !/^[0-9]/.test(part)) open = true;
    // `x.3` means nothing.
    else if (open) return undefined;
    else numbers.push(Number(part));
  }
  if (!numbers.every((number) => Number.isSafeInteger(number + 1))) return undefined;
  const prerelease = numbers.length === 3 ? parts[3] : undefined;
  return {
    numbers,
    prerelease: (prerelease?.split('.') ?? []).map((part) =>
      /^[0-9]+$/.test(part) ? Number(part) : part,
    ),
  };
}

function comparison(operator: string, partial: Partial): Bounds | 'nothing' {
  const { numbers, prerelease } = partial;
  const [major = 0, minor = 0, patch = 0] = numbers;
  const from = version(major, minor, patch, prerelease);
  const known = numbers.length;
  switch (operator) {
    case '^': {
      if (known === 0) return { from: LOWEST };
      if (major > 0 || known === 1) return { from, below: before(major + 1, 0, 0) };
      if (minor > 0 || known === 2) return { from, below: before(0, minor + 1, 0) };
      return { from, below: before(0, 0, patch + 1) };
    }
    case '~':
    case '~>':
      if (known === 0) return { from: LOWEST };
      return { from, below: known === 1 ? before(major + 1, 0, 0) : before(major, minor + 1, 0) };
    case '>=':
      return { from: known === 0 ? LOWEST : from };
    case '>':
      if (known === 0) return 'nothing';
      return { from: known === 3 ? afterOf(from) : following(numbers) };
    case '<':
      if (known === 0) return 'nothing';
      return { from: LOWEST, below: prerelease.length > 0 ? from : before(major, minor, patch) };
    case '<=':
      if (known === 0) return { from: LOWEST };
      return { from: LOWEST, below: endOf(partial, from) };
    default:
      if (known === 0) return { from: LOWEST };
      return { from, below: endOf(partial, from) };
  }
}

/** The end of all versions that a partial version stands for. */
function endOf({ numbers, prerelease }: Partial, from: Version): Version {
  if (prerelease.length > 0) return afterOf(from);
  const [major = 0, minor = 0, patch = 0] = following(numbers).numbers;
  return before(major, minor, patch);
}

/** The first release behind all versions that start with `numbers`. */
function following([major = 0, minor, patch]: readonly number[]): Version {
  if (minor === undefined) return version(major + 1, 0, 0);
  if (patch === undefined) return version(major, minor + 1, 0);
  return version(major, minor, patch + 1);
}

/** The first version behind a full one: nothing lies between them. Behind a release, prereleases are not chosen. */
function afterOf({ numbers, prerelease }: Version): Version {
  return prerelease.length > 0 ? { numbers, prerelease: [...prerelease, 0] } : following(numbers);
}

/** The first prerelease of a version: ranges that end before it exclude all its prereleases. */
function before(major: number, minor: number, patch: number): Version {
  return version(major, minor, patch, [0]);
}

function version(
  major: number,
  minor: number,
  patch: number,
  prerelease: Version['prerelease'] = [],
): Version {
  return { numbers: [major, minor, patch], prerelease };
}

function textOfVersion({ numbers, prerelease }: Version): string {
  return numbers.join('.') + (prerelease.length > 0 ? `-${prerelease.join('.')}` : '');
}

function intersection(a: Bounds, b: Bounds): Bounds | 'nothing' {
  const from = compareParsed(a.from, b.from) >= 0 ? a.from : b.from;
  const below =
    a.below === undefined || (b.below !== undefined && compareParsed(b.below, a.below) < 0)
      ? b.below
      : a.below;
  if (below === undefined) return { from };
  return compareParsed(from, below) < 0 ? { from, below } : 'nothing';
}

function union(all: readonly Bounds[]): Bounds[] {
  const result: Bounds[] = [];
  for (const next of [...all].sort((a, b) => compareParsed(a.from, b.from))) {
    const last = result.at(-1);
    if (
      last === undefined ||
      (last.below !== undefined && compareParsed(last.below, next.from) < 0)
    )
      result.push(next);
    else if (
      last.below !== undefined &&
      (next.below === undefined || compareParsed(next.below, last.below) > 0)
    )
      result.splice(-1, 1, {
        from: last.from,
        ...(next.below === undefined ? {} : { below: next.below }),
      });
  }
  return result;
}

const GIT = /^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:|[\w.-]+@[\w.-]+:)|\.git(?:#|$)/;
const REPOSITORY = /^[A-Za-z0-9_][\w.-]*\/[\w.-]+(?:#.*)?$/;
const TAG = /^[A-Za-z][\w.-]*$/;
const ALIAS = /^((?:@[^@/\s]+\/)?[^@/\s]+)(?:@(.*))?$/s;

/** What the text of a dependency asks for. */
export function requestedOf(text: string): Requested {
  const [, protocol, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (protocol) {
    case 'npm':
      return fromRegistry(rest);
    case 'workspace':
      return fromWorkspace(rest);
    case 'catalog':
      return { is: 'catalog', catalog: rest.trim() || 'default' };
    case 'file':
    case 'link':
    case 'portal':
      return { is: 'path', path: rest.replace(/^\/\/(?=[./])/, '') };
    case 'patch':
      return patched(rest);
    case 'http':
    case 'https':
      return { is: 'elsewhere', form: GIT.test(text) ? 'git' : 'url' };
    default:
  }
  if (/^(?:\.{0,2}|~)\//.test(text)) return { is: 'path', path: text };
  if (text.length > LONGEST) return { is: 'elsewhere', form: 'unknown' };
  if (GIT.test(text) || REPOSITORY.test(text)) return { is: 'elsewhere', form: 'git' };
  return versions(text);
}

function versions(range: string, name?: string): Requested {
  const intervals = intervalsOf(range);
  if (intervals === undefined)
    return { is: 'elsewhere', form: TAG.test(range.trim()) ? 'tag' : 'unknown' };
  return { is: 'versions', ...(name === undefined ? {} : { package: name }), intervals };
}

/** `redis@^4` behind `npm:`, or a bare range as yarn writes it. */
function fromRegistry(text: string): Requested {
  if (intervalsOf(text) !== undefined) return versions(text);
  const [, name, range = ''] = ALIAS.exec(text) ?? [];
  return name === undefined ? { is: 'elsewhere', form: 'unknown' } : versions(range, name);
}

/** `*`, `^`, `~`, a range; `./folder`; `name@*`, another package of the workspace. */
function fromWorkspace(text: string): Requested {
  if (/^\.{0,2}\//.test(text) || text === '.') return { is: 'workspace', path: text };
  if (/^[\^~]?$/.test(text) || intervalsOf(text) !== undefined) return { is: 'workspace' };
  const name = ALIAS.exec(text)?.[1];
  // Without `@` it is the folder of yarn's `workspace:packages/orders`.
  return text.lastIndexOf('@') > 0 && name !== undefined
    ? { is: 'workspace', package: name }
    : { is: 'workspace', path: text };
}

/** yarn: `axios@npm%3A1.6.0#~/.yarn/patches/axios.patch` is axios 1.6.0, changed. */
function patched(text: string): Requested {
  const locator = text.split('#', 1)[0] ?? '';
  const [, name, range = ''] = ALIAS.exec(locator.replace(/%3A/gi, ':')) ?? [];
  if (name === undefined) return { is: 'elsewhere', form: 'unknown' };
  const inner = requestedOf(range);
  return inner.is === 'versions' ? { ...inner, package: inner.package ?? name } : inner;
}
