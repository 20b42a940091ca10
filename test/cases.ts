/** The cases of the rules: tiny repositories, and the text of what a rule says of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules } from '../rules/index.ts';
import { censusOf } from '../src/code.ts';
import type { CodeFacts } from '../src/code-facts.ts';
import { defaultPolicy, type Policy } from '../src/config/policy.ts';
import { parsePolicy } from '../src/config/read.ts';
import { projectFileKind } from '../src/extract/project/candidates.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import type { SourceFile } from '../src/facts.ts';
import type { Finding, Report } from '../src/finding.ts';
import { libraries } from '../src/libraries/index.ts';
import type { Location } from '../src/location.ts';
import { lineStartsOf } from '../src/location.ts';
import { readProject } from '../src/project.ts';
import { analyse } from '../src/run.ts';

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

const POLICY = '.chaoslint.yaml';
const EXPECTED = 'expected.txt';

export interface Case {
  /** Id of the rule. */
  readonly rule: string;
  /** `bad-rollout`, `good-unknown`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
}

/** All files under a folder but those of the walker itself, sorted by path. */
export function readFolder(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== EXPECTED && entry.name !== POLICY)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: file.slice(folder.length + 1).replaceAll('\\', '/'),
      text: readFileSync(file, 'utf8'),
    }));
}

export type Side = 'kubernetes' | 'typescript' | 'together';

/** Absolute paths of the folders of all rules. */
export function ruleFolders(): {
  readonly id: string;
  readonly side: Side;
  readonly folder: string;
}[] {
  return (['kubernetes', 'typescript', 'together'] as const).flatMap((side) => {
    const parent = join(repositoryRoot, 'rules', side);
    if (!existsSync(parent)) return [];
    return readdirSync(parent).map((id) => ({ id, side, folder: join(parent, id) }));
  });
}

/** The cases of one rule, sorted by name. */
export function casesOf(rule: string, folder: string): Case[] {
  const parent = join(folder, 'cases');
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .map((name) => ({
      rule,
      name,
      folder: join(parent, name),
      files: readFolder(join(parent, name)),
    }));
}

const isCode = ({ path }: SourceFile) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);
/** Everything that is no program text and belongs to no package manager, compiler or framework. */
const isManifest = (file: SourceFile) =>
  !isCode(file) && (projectFileKind(file.path) === undefined || /compose|skaffold/.test(file.path));

/** Facts are of one text, so what was extracted once holds in every order of the files. */
const extracted = new WeakMap<SourceFile, CodeFacts>();
function factsOf(file: SourceFile): CodeFacts {
  const known = extracted.get(file) ?? extractCode(file);
  extracted.set(file, known);
  return known;
}

/** Analyses a whole repository of texts: its manifests, its code, and what its project files say. */
export function analyseRepository(files: readonly SourceFile[], policy: Policy): Report {
  const sources = files.filter(isCode);
  if (sources.length === 0) return analyse(files, policy);
  const facts = sources.map(factsOf);
  const project = readProject(files, libraries);
  const texts = [...sources, ...files.filter(({ path }) => projectFileKind(path) !== undefined)];
  const census = censusOf(files);
  const code = { facts, project, sources: texts, census };
  return analyse(files.filter(isManifest), policy, { code });
}

/** What is said of a case with the preset `strict` and nothing but its own rule. */
export async function analyseCase({ rule, folder, files }: Case): Promise<Report> {
  const policy = await policyOf(folder);
  return analyseRepository(files, { ...policy, preset: 'strict', only: new Set([rule]) });
}

async function policyOf(folder: string): Promise<Policy> {
  const file = join(folder, POLICY);
  return existsSync(file) ? parsePolicy(readFileSync(file, 'utf8'), POLICY, rules) : defaultPolicy;
}

/** The committed text of what a case reports; undefined when there is none. */
export function expectedText({ folder }: Case): string | undefined {
  const file = expectedFile(folder);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export const expectedFile = (folder: string) => join(folder, EXPECTED);

/** The first line of a place in its file, the place underlined. */
function excerpt(at: Location, sources: ReadonlyMap<string, string>): string[] {
  const text = sources.get(at.path) ?? '';
  const starts = lineStartsOf(text);
  const line = text.slice(starts[at.line - 1], starts[at.line]).replace(/[\r\n]+$/, '');
  const end = at.endLine === at.line ? at.endColumn : line.length + 1;
  const before = line.slice(0, at.column - 1).replace(/[^\t]/g, ' ');
  const more = at.endLine === at.line ? '' : ` to ${at.endLine}:${at.endColumn}`;
  return [`  | ${line}`, `  | ${before}${'^'.repeat(Math.max(1, end - at.column))}${more}`];
}

function block(finding: Finding, sources: ReadonlyMap<string, string>): string {
  const { at, level, message, related, flow = [], contexts, fix } = finding;
  const lines = [`${at.path}:${at.line}:${at.column} ${level} ${message}`, ...excerpt(at, sources)];
  for (const other of related) {
    lines.push(`  related ${other.at.path}:${other.at.line}:${other.at.column} ${other.message}`);
    lines.push(...excerpt(other.at, sources).map((line) => `  ${line}`));
  }
  for (const step of flow)
    lines.push(`  flow ${step.at.path}:${step.at.line}:${step.at.column} ${step.message}`);
  if (contexts.length > 0) lines.push(`  contexts ${contexts.join(', ')}`);
  lines.push(...fix.split('\n').map((line, i) => (i === 0 ? `  fix ${line}` : `      ${line}`)));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** One block a finding: where, what, the place underlined, related places, the fix. */
export function textOf(report: Report): string {
  return report.findings.map((finding) => block(finding, report.sources)).join('\n');
}
