/** Reads and validates the policy file. */
import { isAbsolute, relative, resolve } from 'node:path';
import { parseYaml } from '../extract/kubernetes/parse.ts';
import type { Node } from '../facts.ts';
import { readText } from '../files/read.ts';
import type { Level } from '../finding.ts';
import { lineStartsOf, locate } from '../location.ts';
import type { PlacedInstallation } from '../model/link/installations.ts';
import type { Assumptions } from '../model/link/objects.ts';
import type { AnyRule } from '../rule.ts';
import { UsageError } from './errors.ts';
import { findPolicyFile } from './find.ts';
import {
  defaultPolicy,
  POLICY_FILES,
  type Policy,
  type Preset,
  type RuleSetting,
} from './policy.ts';
import type { Problem } from './validate.ts';

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
  readonly helm?: readonly WrittenChart[];
  readonly bindings?: Readonly<Record<string, string>>;
  readonly failOn?: Level | 'never';
}

/** A chart and its values in a policy file. */
interface WrittenChart {
  readonly chart: string;
  readonly values?: readonly string[];
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  readonly release?: string;
  readonly namespace?: string;
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

function settingOf(written: NonNullable<PolicyFile['rules']>[string]): RuleSetting {
  if (typeof written === 'string') return { level: written };
  const { level, ...options } = written;
  return { options, ...(level === undefined ? {} : { level }) };
}

/** Paths of a policy count from the root of what is analysed. */
function installationOf(written: WrittenChart): PlacedInstallation {
  const { chart, values = [], set = {}, release, namespace } = written;
  const [path] = POLICY_FILES;
  return {
    chart: `./${chart}`,
    valuesFiles: values,
    settings: Object.entries(set).map(([key, value]) => ({
      key,
      value: String(value),
      isText: typeof value === 'string',
      range: [0, 0],
    })),
    ...(release === undefined ? {} : { release }),
    ...(namespace === undefined ? {} : { namespace }),
    by: 'policy',
    path,
    range: [0, 0],
    isDeployed: true,
  };
}

function policyOf(file: PolicyFile): Policy {
  const {
    preset,
    rules = {},
    ignore,
    include,
    environments,
    assume,
    helm,
    bindings,
    failOn,
  } = file;
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
    helm: (helm ?? []).map(installationOf),
    bindings: new Map(Object.entries(bindings ?? {})),
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
  // Loaded only when there is a policy file.
  const { validate } = await import('./validate.ts');
  fail(validate(node, value, rules));
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
