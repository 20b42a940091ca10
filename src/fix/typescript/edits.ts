/** What the fixes of program text share: places to nodes, and how the file is written. */
import { type CallExpression, type NewExpression, Node, type SourceFile } from 'ts-morph';
import type { CodeFixWork } from './client.ts';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What makes a piece of code one for people. */
export class Unfixable extends Error {}

export type Made = CallExpression | NewExpression;

/** The call or construct whose callee stands at a place. */
export function madeAt(source: SourceFile, place: CodeFixWork['places'][number]): Made | undefined {
  let at: Node | undefined = source.getDescendantAtPos(place.start);
  for (; at !== undefined; at = at.getParent()) {
    if (Node.isCallExpression(at) || Node.isNewExpression(at))
      if (at.getStart() === place.start && at.getExpression().getEnd() >= place.end) return at;
    if (at.getStart() < place.start) return undefined;
  }
  return undefined;
}

export function indentOf(node: Node): string {
  const text = node.getSourceFile().getFullText();
  const start = text.lastIndexOf('\n', node.getStart() - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

export function eolOf(source: SourceFile): string {
  return /\r\n/.test(source.getFullText()) ? '\r\n' : '\n';
}

export function quoteOf(source: SourceFile): '"' | "'" {
  const text = source.getFullText();
  const count = (quote: string) =>
    text.split(`from ${quote}`).length + text.split(`require(${quote}`).length;
  if (count('"') !== count("'")) return count('"') > count("'") ? '"' : "'";
  return text.split('"').length > text.split("'").length ? '"' : "'";
}

/** Statements end with a semicolon in this file. */
export function hasSemicolons(source: SourceFile): boolean {
  const statements = source
    .getStatements()
    .filter((statement) => /[\w)'"\]};]$/.test(statement.getText()));
  const ended = statements.filter((statement) => statement.getText().endsWith(';')).length;
  const open = statements.filter(
    (statement) =>
      !statement.getText().endsWith(';') &&
      (Node.isExpressionStatement(statement) ||
        Node.isVariableStatement(statement) ||
        Node.isImportDeclaration(statement)),
  ).length;
  return ended >= open;
}

/** Names that are written anywhere in the file. */
export function isNameFree(source: SourceFile, name: string): boolean {
  return !new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(source.getFullText());
}
