/** The exit of a SIGTERM handler moved into the callback of the server's close. */
import { type Block, type CallExpression, Node, type SourceFile, type Statement } from 'ts-morph';
import type { CodeFixWork } from './client.ts';
import { eolOf, indentOf, Unfixable } from './edits.ts';

export function drainBeforeExit(source: SourceFile, work: CodeFixWork) {
  const body = handlerOf(source, work);
  const statements = body.getStatements();
  const exit = statements.at(-1);
  if (exit === undefined || !/^process\.exit\([^()]*\);?$/.test(exit.getText()))
    throw new Unfixable('the handler does not end with an exit');
  const index = statements.findIndex((statement) => closeIn(source, statement) !== undefined);
  const statement = statements[index];
  const close = statement === undefined ? undefined : closeIn(source, statement);
  if (statement === undefined || close === undefined)
    throw new Unfixable('the handler closes no server that is declared in this file');
  if (index !== statements.length - 2)
    throw new Unfixable('the handler does more between the close and the exit');
  const eol = eolOf(source);
  const pad = indentOf(statement);
  const unit = pad.includes('\t')
    ? '\t'
    : pad.slice(0, Math.max(2, pad.length - indentOf(body).length));
  const end = statement.getText().endsWith(';') ? ';' : '';
  const moved = `${close.getExpression().getText()}(() => {${eol}${pad}${unit}${exit.getText()}${eol}${pad}})${end}`;
  // A comment between the two would be lost.
  const between = source.getFullText().slice(statement.getEnd(), exit.getStart());
  if (between.trim() !== '') throw new Unfixable('a comment stands in front of the exit');
  return {
    edits: [{ start: statement.getStart(), end: exit.getEnd(), text: moved }],
    description: 'Exit when the server has closed',
    safety: 'safe' as const,
  };
}

/** The body of the handler of SIGTERM around one of the places. */
function handlerOf(source: SourceFile, { places }: CodeFixWork): Block {
  for (const { start } of places) {
    let at: Node | undefined = source.getDescendantAtPos(start);
    for (; at !== undefined; at = at.getParent()) {
      if (
        !Node.isCallExpression(at) ||
        !/^process\.(?:on|once)$/.test(at.getExpression().getText())
      )
        continue;
      const [signal, handler] = at.getArguments();
      if (signal === undefined || !/^["'`]SIGTERM["'`]$/.test(signal.getText())) continue;
      const isFunction = Node.isArrowFunction(handler) || Node.isFunctionExpression(handler);
      const body = isFunction ? handler.getBody() : undefined;
      if (body !== undefined && Node.isBlock(body)) return body;
    }
  }
  throw new Unfixable('the handler is written elsewhere');
}

/** `server.close()` of a server that this file starts. */
function closeIn(source: SourceFile, statement: Statement): CallExpression | undefined {
  if (!Node.isExpressionStatement(statement)) return undefined;
  const call = statement.getExpression();
  if (!Node.isCallExpression(call) || call.getArguments().length > 0) return undefined;
  const [, name] = /^(\w+)\.close$/.exec(call.getExpression().getText()) ?? [];
  if (name === undefined) return undefined;
  const isServer = source
    .getDescendants()
    .some(
      (node) =>
        Node.isVariableDeclaration(node) &&
        node.getName() === name &&
        /\bcreate(?:Secure)?Server\(|\.listen\(/.test(node.getInitializer()?.getText() ?? ''),
    );
  return isServer ? call : undefined;
}
