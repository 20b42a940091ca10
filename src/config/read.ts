/** Reads and validates the policy file. */
import { isAbsolute, relative, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { parseYaml } from '../extract/kubernetes/parse.ts';
import type { MapNode, Node } from '../facts.ts';
import { readText } from '../files/read.ts';
import type { Level } from '../finding.ts';
import { lineStartsOf, locate, type Range } from '../location.ts';
import type { Assumptions } from '../model/link/objects.ts';
import { nearest } from '../nearest.ts';
import type { AnyRule } from '../rule.ts';
import { UsageError } from './errors.ts';
import { findPolicyFile } from './find.ts';
import { defaultPolicy, type Policy, type Preset, type RuleSetting } from './policy.ts';
import { policySchema } from './schema.ts';

/** Bytes of a policy file that are read. */
const MAX_POLICY_BYTES = 256 * 1024;

/** A policy file after validation, as written. */
interface PolicyFile {
  readonly preset?: Preset;
  readonly rules?: Readonly<
    Record<string, Level | 'off' | ({ readonly level?: Level | 'off' } & Record<string, unknown>)>
  >;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly environments?: Partial<Policy['environments']>;
  readonly assume?: Partial<Assumptions>;
  readonly failOn?: Level | 'never';
}

/**
 * A node as plain data. `off` and `no` stay text, although YAML 1.1 reads them as false: they are written as
 * levels and names here. What only looks like a placeholder is text too.
 */
function plain(node: Node, text: string): unknown {
  switch (node.kind) {
    case 'map': {
      const map: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.entries) map[key] = plain(value, text);
      return map;
    }
    case 'sequence':
      return node.items.map((item) => plain(item, text));
    case 'scalar':
      return typeof node.value === 'boolean' && !/^(?:true|false)$/i.test(node.text)
        ? node.text
        : node.value;
    case 'unknown':
      return text.slice(...node.range);
  }
}

/** The node that a JSON pointer names, and the key that it stands under. */
function nodeAt(root: Node, pointer: string): { readonly node: Node; readonly keyRange: Range } {
  let node = root;
  let keyRange = root.range;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node.kind === 'map') {
      const entry = node.entries.findLast(({ key }) => key === name);
      if (entry === undefined) break;
      node = entry.value;
      keyRange = entry.keyRange;
    } else if (node.kind === 'sequence') {
      const item = node.items[Number(name)];
      if (item === undefined) break;
      node = item;
      keyRange = item.range;
    }
  }
  return { node, keyRange };
}

interface Problem {
  readonly range: Range;
  readonly message: string;
}

function keyRangeOf(map: Node, key: string): Range {
  if (map.kind !== 'map') return map.range;
  return map.entries.findLast((entry) => entry.key === key)?.keyRange ?? map.range;
}

function list(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

/** `Did you mean`, or the names that there are when none is near and they are few. */
function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return names.length <= 12 ? `; there are ${list(names)}` : '';
}

const WANTED: ReadonlyMap<unknown, string> = new Map([
  ['array', 'a list'],
  ['object', 'a map'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
]);

/** One error of ajv in words of the policy file; undefined for one that another error explains better. */
function problemOf(
  error: ErrorObject,
  root: Node,
  all: readonly ErrorObject[],
): Problem | undefined {
  const { instancePath, keyword, params, parentSchema, data } = error;
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/');
  const { node } = nodeAt(root, instancePath);
  const named = path === '' ? 'The policy file' : path;
  const others = all.filter((other) => other.instancePath === instancePath);
  switch (keyword) {
    case 'anyOf':
      return undefined;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const names = Object.keys((parentSchema?.properties as object | undefined) ?? {});
      const what = path === 'rules' ? `There is no rule "${key}"` : `There is no key "${key}"`;
      const where = path === '' || path === 'rules' ? '' : ` in ${path}`;
      return { range: keyRangeOf(node, key), message: `${what}${where}${hint(key, names)}` };
    }
    case 'enum': {
      // A rule is a level or a map: what is a map is judged as one.
      if (node.kind === 'map') return undefined;
      const values: readonly unknown[] = params.allowedValues;
      const near = typeof data === 'string' ? nearest(data, values.map(String)) : undefined;
      const meant = near === undefined ? '' : `; did you mean "${near}"?`;
      const actual = typeof data === 'object' ? 'a list' : `"${String(data)}"`;
      return {
        range: node.range,
        message: `${named} is ${actual}, not one of ${list(values)}${meant}`,
      };
    }
    case 'type': {
      if (others.some((other) => other.keyword === 'enum')) return undefined;
      const wanted = WANTED.get(params.type) ?? String(params.type);
      return { range: node.range, message: `${named} must be ${wanted}` };
    }
    case 'minimum':
      return {
        range: node.range,
        message: `${named} must be at least ${params.limit}, not ${data}`,
      };
    case 'maximum':
      return {
        range: node.range,
        message: `${named} must be at most ${params.limit}, not ${data}`,
      };
    case 'minLength':
      return { range: node.range, message: `${named} must not be empty` };
    default:
      return { range: node.range, message: `${named} ${error.message ?? 'is wrong'}` };
  }
}

async function validate(
  node: MapNode,
  value: unknown,
  rules: readonly AnyRule[],
): Promise<Problem[]> {
  // Loaded only when there is a policy file.
  const { Ajv } = await import('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  const accepts = ajv.compile(policySchema(rules));
  if (accepts(value)) return [];
  const errors = accepts.errors ?? [];
  return errors.flatMap((error) => problemOf(error, node, errors) ?? []);
}

function settingOf(written: NonNullable<PolicyFile['rules']>[string]): RuleSetting {
  if (typeof written === 'string') return { level: written };
  const { level, ...options } = written;
  return { options, ...(level === undefined ? {} : { level }) };
}

function policyOf(file: PolicyFile): Policy {
  const { preset, rules = {}, ignore, include, environments, assume, failOn } = file;
  const settings = Object.entries(rules).map(([id, written]): [string, RuleSetting] => [
    id,
    settingOf(written),
  ]);
  return {
    preset: preset ?? defaultPolicy.preset,
    rules: new Map(settings),
    ignore: ignore ?? defaultPolicy.ignore,
    include: include ?? defaultPolicy.include,
    environments: { ...defaultPolicy.environments, ...environments },
    assume: { ...defaultPolicy.assume, ...assume },
    failOn: failOn ?? defaultPolicy.failOn,
  };
}

/**
 * The policy that a text asks for.
 * @param shown the path of the file, for messages
 * @throws UsageError with line, column and the nearest right name when the text is not a policy
 */
export async function parsePolicy(
  text: string,
  shown: string,
  rules: readonly AnyRule[],
): Promise<Policy> {
  const file = { path: shown, lineStarts: lineStartsOf(text) };
  const { node, problems } = parseYaml(text);
  const fail = (found: readonly Problem[]) => {
    const [first] = [...found].sort((a, b) => a.range[0] - b.range[0]);
    if (first === undefined) return;
    const { line, column } = locate(file, first.range);
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
    throw new UsageError(`${shown}:${line}:${column}: ${first.message}${more}`);
  };
  fail(problems);
  if (node === undefined) return defaultPolicy;
  if (node.kind !== 'map') {
    fail([{ range: node.range, message: 'A policy file is a map of keys: preset, rules, ignore' }]);
    return defaultPolicy;
  }
  const value = plain(node, text);
  fail(await validate(node, value, rules));
  return policyOf(value as PolicyFile);
}

/** Where to look for the policy of a run. */
export interface PolicySource {
  /** Absolute. */
  readonly cwd: string;
  /** The paths of the command line. */
  readonly paths: readonly string[];
  /** The file that the command line names; undefined means the nearest one. */
  readonly policyFile: string | undefined;
  readonly rules: readonly AnyRule[];
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['missing', 'does not exist'],
  ['special', 'is not a regular file'],
  ['symlink', 'is a link'],
  ['too-large', `is larger than ${MAX_POLICY_BYTES / 1024} KiB`],
  ['binary', 'is not text'],
  ['not-utf8', 'is not valid UTF-8'],
]);

/**
 * Reads the policy of a run; the default one when there is no file.
 * @throws UsageError when the file cannot be read or is wrong
 */
export async function readPolicy(source: PolicySource): Promise<Policy> {
  const { cwd, paths, policyFile, rules } = source;
  const path = policyFile === undefined ? findPolicyFile(cwd, paths) : resolve(cwd, policyFile);
  if (path === undefined) return defaultPolicy;
  const near = relative(cwd, path);
  const shown = near.startsWith('..') || isAbsolute(near) ? path : near;
  const reading = readText(path, MAX_POLICY_BYTES);
  if (!('text' in reading)) {
    const why = UNREADABLE.get(reading.skip) ?? `cannot be read (${reading.detail})`;
    throw new UsageError(`The policy file ${shown} ${why}`);
  }
  return parsePolicy(reading.text, shown, rules);
}
