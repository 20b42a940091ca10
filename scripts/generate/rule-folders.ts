/** The folders of rules/: what everything generated is made of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRule, RuleLevel } from '../../src/rule.ts';

export const SIDES = ['kubernetes', 'typescript', 'together'] as const;
export type Side = (typeof SIDES)[number];

export interface RuleFolder {
  readonly side: Side;
  /** Name of the folder, which is the id of its rule. */
  readonly id: string;
  /** `kubernetes/too-few-replicas`. */
  readonly path: string;
  readonly rule: AnyRule;
  /** Text of rule.md. */
  readonly documentation: string;
}

/** Reads and loads every rule under `rules`, sorted by id. Throws an error that says what is wrong with which folder. */
export async function readRuleFolders(rules: string): Promise<RuleFolder[]> {
  const folders: RuleFolder[] = [];
  for (const side of SIDES) {
    const parent = join(rules, side);
    if (!existsSync(parent)) continue;
    for (const entry of readdirSync(parent, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(await readRuleFolder(rules, side, entry.name));
    }
  }
  folders.sort((a, b) => (a.id < b.id ? -1 : 1));
  folders.forEach((folder, i) => {
    const next = folders[i + 1];
    if (next?.id === folder.id)
      throw new Error(`rules/${folder.path} and rules/${next.path} have the same id`);
  });
  return folders;
}

async function readRuleFolder(rules: string, side: Side, id: string): Promise<RuleFolder> {
  const path = `${side}/${id}`;
  const folder = join(rules, side, id);
  for (const file of ['rule.ts', 'rule.md']) {
    if (!existsSync(join(folder, file))) throw new Error(`rules/${path} has no ${file}`);
  }
  const loaded: { default?: AnyRule } = await import(pathToFileURL(join(folder, 'rule.ts')).href);
  const rule = loaded.default;
  if (rule === undefined) throw new Error(`rules/${path}/rule.ts has no default export`);
  if (rule.id !== id) throw new Error(`rules/${path}/rule.ts declares the id ${rule.id}`);
  if (rule.options !== undefined && Object.hasOwn(rule.options, 'level'))
    throw new Error(`rules/${path}/rule.ts: an option must not be called level`);
  return { side, id, path, rule, documentation: readFileSync(join(folder, 'rule.md'), 'utf8') };
}

const SEVERITY: readonly RuleLevel[] = ['error', 'warning', 'note', 'strict'];

/** The levels that a rule can report with, the highest first, each once. */
export function levelsOf(rule: AnyRule): RuleLevel[] {
  const used = new Set(Object.values(rule.levels));
  return SEVERITY.filter((level) => used.has(level));
}
