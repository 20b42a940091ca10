/** Semantic versions and constraints on them, as Masterminds' semver 3 reads them. */
import { textOf } from '../text.ts';
import { type GoValue, type Native, type Operand, TemplateError } from '../value.ts';
import { compareStrings } from './print.ts';
import { type Functions, fixed } from './signature.ts';

interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: string;
  readonly metadata: string;
  readonly original: string;
}

const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const LONGEST_VERSION = 256;
const LONGEST_CONSTRAINT = 512;
const MOST_GROUPS = 32;

function parseVersion(text: string): Version {
  const found = text.length > LONGEST_VERSION ? null : LOOSE.exec(text);
  if (found === null) throw new TemplateError('invalid semantic version');
  const [, major = '0', minor = '0', patch = '0', pre = '', metadata = ''] = found;
  if (pre.split('.').some((part) => /^0[0-9]+$/.test(part)))
    throw new TemplateError('version segment starts with 0');
  const [a = 0n, b = 0n, c = 0n] = [major, minor, patch].map(BigInt);
  if ([a, b, c].some((segment) => segment >= 2n ** 64n))
    throw new TemplateError('error parsing version segment');
  return { major: a, minor: b, patch: c, pre, metadata, original: text };
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return -1;
  if (b === '') return 1;
  const numeric = (text: string) => /^[0-9]+$/.test(text) && BigInt(text) < 2n ** 64n;
  if (numeric(a) && numeric(b)) return BigInt(a) > BigInt(b) ? 1 : -1;
  if (numeric(a)) return -1;
  if (numeric(b)) return 1;
  return compareStrings(a, b);
}

function comparePrereleases(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compare(a: Version, b: Version): number {
  for (const segment of ['major', 'minor', 'patch'] as const)
    if (a[segment] !== b[segment]) return a[segment] < b[segment] ? -1 : 1;
  if (a.pre === b.pre) return 0;
  if (a.pre === '') return 1;
  if (b.pre === '') return -1;
  return comparePrereleases(a.pre, b.pre);
}

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Something is left out or `x`: the rest of the version, its minor and patch, or its patch. */
  readonly dirty: boolean;
  readonly minorDirty: boolean;
  readonly patchDirty: boolean;
}

const VERSION =
  'v?([0-9xX*]+)(\\.[0-9xX*]+)?(\\.[0-9xX*]+)?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const CONSTRAINT = new RegExp(`^(=|!=|>|<|>=|=>|<=|=<|~|~>|\\^|)(${VERSION})$`);
const RANGE = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g');

const improper = (text: string) =>
  new TemplateError(`improper constraint: ${JSON.stringify(text)}`);
const isX = (text: string) => /^\.?[xX*]?$/.test(text);

function parseConstraint(text: string): Constraint {
  const found = CONSTRAINT.exec(text);
  if (found === null) throw improper(text);
  const [, operator = '', whole = '', major = '', minor = '', patch = '', pre = ''] = found;
  const dirt = { dirty: true, minorDirty: false, patchDirty: false };
  if (isX(major)) return { operator, version: parseVersion(`0.0.0${pre}`), ...dirt };
  if (isX(minor))
    return { operator, version: parseVersion(`${major}.0.0${pre}`), ...dirt, minorDirty: true };
  if (isX(patch))
    return {
      operator,
      version: parseVersion(`${major}${minor}.0${pre}`),
      ...dirt,
      patchDirty: true,
    };
  return { operator, version: parseVersion(whole), ...dirt, dirty: false };
}

/** The constraints of one group, all of which must hold. */
function parseGroup(text: string): Constraint[] {
  // A space between the signs of an operator is wrong; other spaces between an operator and its version are not.
  if (/[=!<>~^]\s+[=!<>~^]/.test(text)) throw improper(text);
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?, ?/g, ',')
    .replace(/([=!<>~^]) /g, '$1')
    .split(/[ ,]/)
    .map(parseConstraint);
}

function tilde(v: Version, { version, minorDirty, patchDirty }: Constraint): boolean {
  if (compare(v, version) < 0) return false;
  const zero = version.major === 0n && version.minor === 0n && version.patch === 0n;
  if (zero && !minorDirty && !patchDirty) return true;
  return v.major === version.major && (minorDirty || v.minor === version.minor);
}

function caret(v: Version, { version, minorDirty, patchDirty }: Constraint): boolean {
  if (compare(v, version) < 0) return false;
  if (version.major > 0n || minorDirty) return v.major === version.major;
  if (v.major > 0n) return false;
  if (version.minor > 0n || patchDirty) return v.minor === version.minor;
  return v.minor === 0n && v.patch === version.patch;
}

function differs(v: Version, { version, dirty, minorDirty, patchDirty }: Constraint): boolean {
  if (!dirty) return compare(v, version) !== 0;
  if (v.major !== version.major) return true;
  if (minorDirty) return false;
  if (v.minor !== version.minor) return true;
  if (!patchDirty) return v.patch !== version.patch || compare(v, version) !== 0;
  return v.pre !== '' || version.pre !== '' ? comparePrereleases(v.pre, version.pre) !== 0 : false;
}

function above(v: Version, { version, dirty, minorDirty, patchDirty }: Constraint): boolean {
  if (!dirty) return compare(v, version) > 0;
  if (v.major !== version.major) return v.major > version.major;
  if (minorDirty) return false;
  if (patchDirty) return v.minor > version.minor;
  return compare(v, version) > 0;
}

function atMost(v: Version, { version, dirty, minorDirty }: Constraint): boolean {
  if (!dirty) return compare(v, version) <= 0;
  if (v.major > version.major) return false;
  return !(v.major === version.major && v.minor > version.minor && !minorDirty);
}

function holds(v: Version, constraint: Constraint, prereleases: boolean): boolean {
  if (v.pre !== '' && !prereleases) return false;
  switch (constraint.operator) {
    case '!=':
      return differs(v, constraint);
    case '>':
      return above(v, constraint);
    case '<':
      return compare(v, constraint.version) < 0;
    case '>=':
    case '=>':
      return compare(v, constraint.version) >= 0;
    case '<=':
    case '=<':
      return atMost(v, constraint);
    case '~':
    case '~>':
      return tilde(v, constraint);
    case '^':
      return caret(v, constraint);
    default:
      return constraint.dirty ? tilde(v, constraint) : compare(v, constraint.version) === 0;
  }
}

function satisfies(constraint: string, version: string): boolean {
  if (constraint.length > LONGEST_CONSTRAINT) throw improper(constraint);
  const groups = constraint
    .replace(RANGE, (_, ...found: string[]) => `>= ${found[0]}, <= ${found[5]} `)
    .split('||');
  if (groups.length > MOST_GROUPS) throw new TemplateError('too many constraint groups');
  const parsed = groups.map(parseGroup);
  const v = parseVersion(version);
  return parsed.some((group) => {
    const prereleases = group.some((each) => each.version.pre !== '');
    return group.every((each) => holds(v, each, prereleases));
  });
}

function printVersion({ major, minor, patch, pre, metadata }: Version): string {
  const suffix = `${pre === '' ? '' : `-${pre}`}${metadata === '' ? '' : `+${metadata}`}`;
  return `${major}.${minor}.${patch}${suffix}`;
}

/** What `semver` gives: a version with methods. */
class VersionValue implements Native {
  readonly native = 'semver.Version';
  readonly text: string;
  private readonly version: Version;
  private readonly from: Operand['from'];

  constructor(version: Version, from: Operand['from']) {
    this.version = version;
    this.text = printVersion(version);
    this.from = from;
  }

  readonly member = (name: string, args: readonly Operand[]): Operand | undefined => {
    const value = this.valueOf(name, args);
    return value === undefined
      ? undefined
      : { value: typeof value === 'string' ? textOf(value, this.from) : value, from: this.from };
  };

  private valueOf(name: string, args: readonly Operand[]): GoValue | string | undefined {
    const { version } = this;
    const { major, minor, patch, pre } = version;
    const plain = { ...version, pre: '', metadata: '' };
    switch (name) {
      case 'Major':
        return major;
      case 'Minor':
        return minor;
      case 'Patch':
        return patch;
      case 'Prerelease':
        return pre;
      case 'Metadata':
        return version.metadata;
      case 'Original':
        return version.original;
      case 'String':
        return printVersion(version);
      case 'IncMajor':
        return this.next({ ...plain, major: major + 1n, minor: 0n, patch: 0n });
      case 'IncMinor':
        return this.next({ ...plain, minor: minor + 1n, patch: 0n });
      case 'IncPatch':
        return this.next({ ...plain, patch: pre === '' ? patch + 1n : patch });
      default:
        return this.compared(name, args);
    }
  }

  private compared(name: string, [other]: readonly Operand[]): GoValue | undefined {
    if (!(other?.value instanceof VersionValue)) return undefined;
    const order = compare(this.version, other.value.version);
    switch (name) {
      case 'Compare':
        return BigInt(Math.sign(order));
      case 'Equal':
        return order === 0;
      case 'GreaterThan':
        return order > 0;
      case 'GreaterThanEqual':
        return order >= 0;
      case 'LessThan':
        return order < 0;
      case 'LessThanEqual':
        return order <= 0;
      default:
        return undefined;
    }
  }

  private next(version: Version): VersionValue {
    const prefix = this.version.original.startsWith('v') ? 'v' : '';
    return new VersionValue({ ...version, original: prefix + printVersion(version) }, this.from);
  }
}

export const versions: Functions = {
  semver: fixed(['string'], ([text], { from }) => new VersionValue(parseVersion(text), from)),
  semverCompare: fixed(['string', 'string'], ([constraint, version]) =>
    satisfies(constraint, version),
  ),
};
