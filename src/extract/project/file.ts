/** What all readers of project files begin with. */
import type { SourceFile } from '../../facts.ts';
import { lineStartsOf } from '../../location.ts';
import type { IncompleteWhy, ProjectFile } from '../../project-facts.ts';

export function projectFile(file: SourceFile, incomplete: IncompleteWhy | undefined): ProjectFile {
  return {
    path: file.path,
    lineStarts: lineStartsOf(file.text),
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}
