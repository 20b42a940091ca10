/** Facts of files of which nothing is known. No parser behind it: the main thread makes these too. */
import type { CodeFacts, Incomplete } from '../../code-facts.ts';
import type { Notification, SourceFile } from '../../facts.ts';
import { lineStartsOf, type Range } from '../../location.ts';

/** The facts of a text that is no code. */
export function emptyFacts({ path, text }: SourceFile): CodeFacts {
  return {
    kind: 'code',
    path,
    lineStarts: lineStartsOf(text),
    imports: [],
    exports: [],
    bindings: [],
    expressions: [],
    calls: [],
    writes: [],
    functions: [],
    classes: [],
    types: [],
    freeNames: [],
    incomplete: [],
    directives: [],
    notifications: [],
  };
}

/** The facts of a file that was given up, with the notification that says so. */
export function unread(
  file: SourceFile,
  why: Incomplete['why'],
  range: Range,
  { level, id, message }: Pick<Notification, 'level' | 'id' | 'message'>,
): CodeFacts {
  return {
    ...emptyFacts(file),
    incomplete: [{ range, why }],
    notifications: [{ level, id, message, path: file.path, range }],
  };
}
