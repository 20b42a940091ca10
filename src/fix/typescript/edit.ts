/** Fixes in program text: one file in memory, changed by ts-morph in the ranges that a fix needs and nowhere else. */
import { Project, type SourceFile } from 'ts-morph';
import type { CodeFixAnswer, CodeFixWork } from './client.ts';
import { type Edit, Unfixable } from './edits.ts';
import { drainBeforeExit } from './exit.ts';
import { addOptions } from './options.ts';
import { handleSigterm } from './shutdown.ts';

interface Planned {
  readonly edits: readonly Edit[];
  readonly description: string;
  readonly safety: 'safe' | 'unsafe';
}

type CodeFixer = (source: SourceFile, work: CodeFixWork) => Planned;

const FIXERS: Readonly<Record<string, CodeFixer>> = {
  'exit-without-drain': drainBeforeExit,
  'http-call-without-timeout': addOptions,
  'missing-graceful-shutdown': handleSigterm,
  'query-without-timeout': addOptions,
  'retry-without-backoff': addOptions,
};

function open(path: string, text: string): SourceFile {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { allowJs: true, noLib: true, noResolve: true },
  });
  const [extension = '.ts'] = /\.[cm]?[jt]sx?$/.exec(path) ?? [];
  return project.createSourceFile(`/file${extension}`, text);
}

/** How many mistakes of syntax the parser found. */
function mistakesIn(source: SourceFile): number {
  const node = source.compilerNode as { readonly parseDiagnostics?: readonly unknown[] };
  return node.parseDiagnostics?.length ?? 0;
}

/** The new text of a file, or why there is none. Throws nothing. */
export function fixCode(work: CodeFixWork): CodeFixAnswer {
  try {
    const fixer = FIXERS[work.rule];
    if (fixer === undefined) return { refused: 'the rule has no fix' };
    const source = open(work.path, work.text);
    const before = mistakesIn(source);
    const { edits, description, safety } = fixer(source, work);
    const kept = untouched(source, edits);
    for (const { start, end, text } of [...edits].sort((a, b) => b.start - a.start))
      source.replaceText([start, end], text);
    const text = source.getFullText();
    const again = open(work.path, text);
    if (mistakesIn(again) > before) return { refused: 'the result would not parse' };
    if (
      !isSubsequence(
        kept,
        again.getStatements().map((statement) => statement.getText()),
      )
    )
      return { refused: 'more would change than is wanted' };
    return { text, description, safety };
  } catch (error) {
    if (error instanceof Unfixable) return { refused: error.message };
    const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { refused: `the file could not be changed (${what})` };
  }
}

/** Texts of the statements of a file in which nothing is changed. */
function untouched(source: SourceFile, edits: readonly Edit[]): readonly string[] {
  return source
    .getStatements()
    .filter((statement) =>
      edits.every(({ start, end }) => end < statement.getStart() || start > statement.getEnd()),
    )
    .map((statement) => statement.getText());
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const text of whole) if (text === part[at]) at++;
  return at === part.length;
}
