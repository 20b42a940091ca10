/** Reads and validates the policy file, and the files that it extends. */
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseYaml } from '../extract/kubernetes/parse.ts';
import type { Node, SourceFile } from '../facts.ts';
import { gitTopAbove } from '../files/git.ts';
import { realPathIn } from '../files/paths.ts';
import { readText } from '../files/read.ts';
import { lineStartsOf, locate } from '../location.ts';
import { nearest } from '../nearest.ts';
import type { AnyRule } from '../rule.ts';
import { UsageError } from './errors.ts';
import { findPolicyFile } from './find.ts';
import { defaultPolicy, PACKAGE_FILE, PACKAGE_KEY, type Policy } from './policy.ts';
import type { Problem } from './validate.ts';
import { onTop, type PolicyFile, type PolicyPart, partOf } from './written.ts';

/** Bytes of a policy file that are read. */
const MAX_POLICY_BYTES = 256 * 1024;

/** Files that extend each other, one after another. */
const MOST_FILES = 20;

const PRESETS = ['recommended', 'strict'] as const;

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

/** A file with its settings, and what it extends. */
interface Layer {
  readonly part: PolicyPart;
  readonly bases: readonly { readonly name: string; readonly fail: (why: string) => never }[];
}

/** The map of settings of a file; undefined when it holds none. */
function settingsIn(text: string, isPackage: boolean) {
  // A tab is white space of JSON and none of YAML; offsets stay as they are.
  const { node, problems } = parseYaml(isPackage ? text.replaceAll('\t', ' ') : text);
  if (!isPackage || node?.kind !== 'map') return { node, problems };
  const entry = node.entries.findLast(({ key }) => key === PACKAGE_KEY);
  return { node: entry?.value, problems };
}

async function layerOf(
  text: string,
  { path, shown }: { readonly path: string; readonly shown: string },
  rules: readonly AnyRule[],
  today: string,
): Promise<Layer> {
  const file = { path: shown, lineStarts: lineStartsOf(text) };
  const { node, problems } = settingsIn(text, basename(path) === PACKAGE_FILE);
  const fail = (found: readonly Problem[]) => {
    const [first] = [...found].sort((a, b) => a.range[0] - b.range[0]);
    if (first === undefined) return;
    const { line, column } = locate(file, first.range);
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
    throw new UsageError(`${shown}:${line}:${column}: ${first.message}${more}`);
  };
  fail(problems);
  if (node === undefined) return { part: {}, bases: [] };
  if (node.kind !== 'map') {
    fail([{ range: node.range, message: 'A policy file is a map of keys: preset, rules, ignore' }]);
    return { part: {}, bases: [] };
  }
  const value = plain(node, text);
  // Loaded only when there is a policy file.
  const { validate } = await import('./validate.ts');
  fail(validate(node, value, rules));
  const written = value as PolicyFile;
  const { extends: above = [] } = written;
  const at = node.entries.findLast(({ key }) => key === 'extends')?.value.range ?? node.range;
  return {
    part: partOf(written, node, { ...file, path }, today),
    bases: (typeof above === 'string' ? [above] : above).map((name) => ({
      name,
      fail: (why) => {
        const { line, column } = locate(file, at);
        throw new UsageError(`${shown}:${line}:${column}: extends names "${name}", ${why}`);
      },
    })),
  };
}

function isPreset(name: string): name is (typeof PRESETS)[number] {
  return PRESETS.some((preset) => preset === name);
}

/** `2026-11-25`, as UTC counts days. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/**
 * The policy that a text asks for, which can extend presets only.
 * @param shown the path of the file, for messages
 * @param today the day on which exceptions must still hold, `2026-11-25`
 * @throws UsageError with line, column and the nearest right name when the text is not a policy
 */
export async function parsePolicy(
  text: string,
  shown: string,
  rules: readonly AnyRule[],
  today = dayOf(new Date()),
): Promise<Policy> {
  const { part, bases } = await layerOf(text, { path: shown, shown }, rules, today);
  let policy = defaultPolicy;
  for (const { name, fail } of bases) {
    if (!isPreset(name)) return fail('and a text alone can extend presets only');
    policy = { ...policy, preset: name };
  }
  return onTop(policy, part);
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
  /** The day of the run, `2026-11-25`; today when absent. */
  readonly today?: string;
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
  const today = source.today ?? dayOf(new Date());
  const files: SourceFile[] = [];
  const policy = await policyOf({ ...source, path, rules, today, files, below: [] }, defaultPolicy);
  return { ...policy, files };
}

/** A file to read, and the files that led to it. */
interface Reading {
  readonly cwd: string;
  readonly path: string;
  readonly rules: readonly AnyRule[];
  readonly today: string;
  /** All files that were read. */
  readonly files: SourceFile[];
  readonly below: readonly string[];
}

async function policyOf(reading: Reading, start: Policy): Promise<Policy> {
  const { cwd, path, rules, today, files, below } = reading;
  const near = relative(cwd, path);
  const shown = near.startsWith('..') || isAbsolute(near) ? path : near;
  const read = readText(path, MAX_POLICY_BYTES);
  if (!('text' in read)) {
    const why = UNREADABLE.get(read.skip) ?? `cannot be read (${read.detail})`;
    throw new UsageError(`The policy file ${shown} ${why}`);
  }
  files.push({ path, text: read.text });
  const { part, bases } = await layerOf(read.text, { path, shown }, rules, today);
  let policy = start;
  for (const { name, fail } of bases) {
    if (isPreset(name)) {
      policy = { ...policy, preset: name };
      continue;
    }
    const next = baseOf(name, path, fail);
    if (next === path || below.includes(next)) fail('which extends this file');
    if (files.length >= MOST_FILES) fail(`and more than ${MOST_FILES} files are too many`);
    policy = await policyOf({ ...reading, path: next, below: [...below, path] }, policy);
  }
  return onTop(policy, part);
}

/** The file that a policy file extends: inside the repository, links resolved. */
function baseOf(name: string, from: string, fail: (why: string) => never): string {
  if (!/^\.{1,2}\//.test(name)) {
    const meant = nearest(name, PRESETS);
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    fail(`which is neither recommended, strict nor a path that begins with ./ or ../${hint}`);
  }
  const folder = dirname(from);
  const found = realPathIn(gitTopAbove(folder) ?? folder, join(folder, name));
  if (found === 'missing') return fail('which does not exist');
  return found === 'outside' ? fail('which is outside of the repository') : found.path;
}
