/** Where a name is declared, through imports and re-exports. */
import type { BindingIndex, CodeFacts, ImportIndex } from '../../../code-facts.ts';
import type { Program } from './program.ts';

export interface Declaration {
  readonly file: CodeFacts;
  readonly binding: BindingIndex;
}

/** Longer chains of re-exports are not followed. */
const MAX_DEPTH = 12;

/** The declaration behind a name; undefined when it is not in the program. */
export function declarationOf(
  program: Program,
  file: CodeFacts,
  binding: BindingIndex,
  depth = 0,
): Declaration | undefined {
  const fact = file.bindings[binding];
  if (fact === undefined || depth > MAX_DEPTH) return undefined;
  if (fact.from === undefined) return { file, binding };
  return exportedAs(program, file, fact.from.import, fact.from.imported, depth + 1);
}

/** What an import of a file gives under a name. */
export function exportedAs(
  program: Program,
  file: CodeFacts,
  importIndex: ImportIndex,
  name: string,
  depth = 0,
): Declaration | undefined {
  const resolution = program.resolve(file, importIndex);
  const target = resolution.is === 'file' ? program.files.get(resolution.path) : undefined;
  if (target === undefined || depth > MAX_DEPTH) return undefined;
  const { facts } = target;
  for (const index of target.exportsByName.get(name) ?? []) {
    const fact = facts.exports[index];
    if (fact?.is === 'binding') return declarationOf(program, facts, fact.binding, depth + 1);
    if (fact?.is === 'from')
      return exportedAs(program, facts, fact.import, fact.imported, depth + 1);
    if (fact?.is === 'expression') {
      const value = facts.expressions[fact.expression];
      return value?.is === 'binding'
        ? declarationOf(program, facts, value.binding, depth + 1)
        : undefined;
    }
  }
  for (const star of target.stars) {
    const fact = facts.exports[star];
    const found =
      fact?.is === 'star' ? exportedAs(program, facts, fact.import, name, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
