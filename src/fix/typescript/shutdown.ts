/** SIGTERM closes the server: beside the statement that starts it. */
import { Node, type SourceFile, type Statement } from 'ts-morph';
import type { CodeFixWork } from './client.ts';
import {
  eolOf,
  hasSemicolons,
  indentOf,
  isNameFree,
  type Made,
  madeAt,
  quoteOf,
  Unfixable,
} from './edits.ts';

export function handleSigterm(source: SourceFile, work: CodeFixWork) {
  const [place] = work.places;
  const made = place === undefined ? undefined : madeAt(source, place);
  if (made === undefined) throw new Unfixable('the server is started elsewhere');
  const statement = statementOf(made);
  const end = hasSemicolons(source) ? ';' : '';
  const gap = `${eolOf(source)}${indentOf(statement)}`;
  if (/\benableShutdownHooks\b/.test(work.fixText)) {
    const owner = ownerOf(made);
    if (owner === undefined) throw new Unfixable('the application has no name there');
    const start = statement.getStart();
    return {
      edits: [{ start, end: start, text: `${owner}.enableShutdownHooks()${end}${gap}` }],
      description: 'Enable the shutdown hooks',
      safety: 'safe' as const,
    };
  }
  const [, closing = 'server.close'] = /=> (\w+\.close)\(/.exec(work.fixText) ?? [];
  const { name, prefix } = serverOf(source, made, statement, closing);
  const quote = quoteOf(source);
  const start = statement.getStart();
  const handler = `process.once(${quote}SIGTERM${quote}, () => ${name}.close())${end}`;
  return {
    edits: [
      ...(prefix === '' ? [] : [{ start, end: start, text: prefix }]),
      { start: statement.getEnd(), end: statement.getEnd(), text: gap + handler },
    ],
    description: 'Close the server on SIGTERM',
    safety: 'safe' as const,
  };
}

/** The statement that is, or declares, what is made; what is made deep in an expression has no name. */
function statementOf(made: Made): Statement {
  let at: Node = made;
  for (let parent = at.getParent(); parent !== undefined; at = parent, parent = at.getParent()) {
    if (Node.isExpressionStatement(parent) || Node.isVariableStatement(parent)) {
      if (!Node.isBlock(parent.getParentOrThrow()) && !Node.isSourceFile(parent.getParent()))
        throw new Unfixable('it is started in the middle of a statement');
      return parent;
    }
    const leads =
      Node.isAwaitExpression(parent) ||
      Node.isVariableDeclaration(parent) ||
      Node.isVariableDeclarationList(parent) ||
      Node.isParenthesizedExpression(parent);
    if (!leads) throw new Unfixable('it is started in the middle of a statement');
  }
  throw new Unfixable('it is started in the middle of a statement');
}

/** The name of what is asked to listen. */
function ownerOf(made: Made): string | undefined {
  const callee = made.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const owner = callee.getExpression();
  return Node.isIdentifier(owner) ? owner.getText() : undefined;
}

function isDeclaredAs(source: SourceFile, name: string, pattern: RegExp): boolean {
  return source
    .getDescendants()
    .some(
      (node) =>
        Node.isVariableDeclaration(node) &&
        node.getName() === name &&
        pattern.test(node.getInitializer()?.getText() ?? ''),
    );
}

/** The name of the server that is closed; `prefix` declares it. */
function serverOf(source: SourceFile, made: Made, statement: Statement, closing: string) {
  const owner = ownerOf(made);
  // The framework itself closes.
  if (closing === 'app.close') {
    if (owner === undefined) throw new Unfixable('the application has no name there');
    return { name: owner, prefix: '' };
  }
  if (owner !== undefined && isDeclaredAs(source, owner, /\bcreate(?:Secure)?Server\(/))
    return { name: owner, prefix: '' };
  if (Node.isVariableStatement(statement)) {
    const [declaration, ...others] = statement.getDeclarations();
    const name = declaration?.getNameNode();
    if (others.length > 0 || name === undefined || !Node.isIdentifier(name))
      throw new Unfixable('the server has no name there');
    return { name: name.getText(), prefix: '' };
  }
  const expression = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
  if (expression !== made) throw new Unfixable('what the start gives is not the server');
  const name = ['server', 'httpServer', 'runningServer'].find((free) => isNameFree(source, free));
  if (name === undefined) throw new Unfixable('no name is free for the server');
  return { name, prefix: `const ${name} = ` };
}
