/** Options that a call or client lacks, as the code of the finding's fix shows them. */
import {
  type Expression,
  Node,
  type ObjectLiteralExpression,
  Project,
  type SourceFile,
} from 'ts-morph';
import type { CodeFixWork } from './client.ts';
import { type Edit, eolOf, indentOf, type Made, madeAt, Unfixable } from './edits.ts';

/** Milliseconds that the numbers of the shown code are about. */
const SHOWN_MS: Readonly<Record<string, number>> = {
  'http-call-without-timeout': 5000,
  'query-without-timeout': 10_000,
};

interface Shown {
  readonly made: Made;
  /** The index of the options among the arguments. */
  readonly index: number;
  readonly options: ObjectLiteralExpression;
}

/** The first call or construct of the shown code that has options. */
function shownIn({ fixText, path }: CodeFixWork): Shown {
  const [, ...lines] = fixText.split('\n');
  const source = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
  }).createSourceFile(`/shown${/x$/.test(path) ? '.tsx' : '.ts'}`, lines.join('\n'));
  for (const made of source.getDescendants()) {
    if (!Node.isCallExpression(made) && !Node.isNewExpression(made)) continue;
    for (const [index, argument] of made.getArguments().entries())
      if (Node.isObjectLiteralExpression(argument)) return { made, index, options: argument };
  }
  throw new Unfixable('which option bounds it here is not known');
}

const WITH_BODY = /^(?:post|put|patch)$/;
const HTTP_VERB = /^(?:get|head|delete|options|post|put|patch)$/;

/** The index of the options of a call whose library shows them at another one. */
function indexIn(made: Made, shown: Shown): number {
  const args = made.getArguments();
  const callee = made.getExpression();
  const shownCallee = shown.made.getExpression().getText();
  const method = Node.isPropertyAccessExpression(callee) ? callee.getName() : '';
  if (Node.isNewExpression(made)) {
    if (!isSameClass(made, shown.made))
      throw new Unfixable('the option belongs to another constructor');
    const [first, second] = args;
    if (first === undefined || Node.isObjectLiteralExpression(first)) return 0;
    if (Node.isNumericLiteral(first) && second !== undefined) return 2;
    if (shown.index === 1 && args.length === 1 && !isText(first))
      throw new Unfixable('whether its argument is an address or holds options is not known');
    return shown.index;
  }
  if (/^(?:axios|got|ky)\./.test(shownCallee)) {
    if (/^(?:create|extend)$/.test(method)) return 0;
    const isAxios = shownCallee.startsWith('axios');
    if (HTTP_VERB.test(method)) return isAxios && WITH_BODY.test(method) ? 2 : 1;
    if (isAxios && (method === 'request' || method === '')) {
      return args.length > 0 && args[0] !== undefined && isText(args[0]) ? 1 : 0;
    }
    if (!isAxios && method === '') return 1;
    throw new Unfixable('where its options stand is not known');
  }
  const isAlike = !Node.isPropertyAccessExpression(shown.made.getExpression())
    ? true
    : method === shownCallee.split('.').at(-1) || method === 'get';
  if (!isAlike) throw new Unfixable('the option belongs to another function');
  return shown.index;
}

function isText(node: Node): boolean {
  return (
    Node.isStringLiteral(node) ||
    Node.isNoSubstitutionTemplateLiteral(node) ||
    Node.isTemplateExpression(node) ||
    /^process\.env\b/.test(node.getText()) ||
    (Node.isIdentifier(node) && /ur[il]$/i.test(node.getText())) ||
    (Node.isPropertyAccessExpression(node) && /ur[il]$/i.test(node.getName()))
  );
}

/** Pools and clients of one package have the same options; a default import may have any name. */
function isSameClass(made: Made, shown: Made): boolean {
  const name = made.getExpression().getText().split('.').at(-1) ?? '';
  const wanted = shown.getExpression().getText();
  if (name === wanted || (wanted === 'Pool' && name === 'Client')) return true;
  return made
    .getSourceFile()
    .getImportDeclarations()
    .some((declaration) => {
      const named = declaration
        .getNamedImports()
        .some(
          (specifier) =>
            specifier.getAliasNode()?.getText() === name && specifier.getName() === wanted,
        );
      return named || (wanted === 'Redis' && declaration.getDefaultImport()?.getText() === name);
    });
}

/** One option to write: a number, a call or a map of them; what only stands for the reader's own values is left out. */
interface Option {
  readonly name: string;
  readonly value: string | readonly Option[];
}

function optionsOf(
  literal: ObjectLiteralExpression,
  scale: number,
  only?: string,
): readonly Option[] {
  return literal.getProperties().flatMap((property): readonly Option[] => {
    if (!Node.isPropertyAssignment(property)) return [];
    const name = property.getName();
    const value = property.getInitializer();
    if (value === undefined || (only !== undefined && name !== only)) return [];
    if (Node.isObjectLiteralExpression(value)) {
      const inner = optionsOf(value, scale);
      return inner.length === 0 ? [] : [{ name, value: inner }];
    }
    if (Node.isStringLiteral(value) || Node.isIdentifier(value)) return [];
    return [{ name, value: scaled(value.getText(), scale) }];
  });
}

/** Numbers of milliseconds, times `scale`, as they are written elsewhere: without separators below 10,000. */
function scaled(text: string, scale: number): string {
  return text.replace(/\b\d[\d_]*\b/g, (digits) =>
    String(Math.round(Number(digits.replaceAll('_', '')) * scale)),
  );
}

function written(options: readonly Option[]): string {
  return options
    .map(
      ({ name, value }) =>
        `${name}: ${typeof value === 'string' ? value : `{ ${written(value)} }`}`,
    )
    .join(', ');
}

export function addOptions(source: SourceFile, work: CodeFixWork) {
  const shown = shownIn(work);
  const seconds = work.options.seconds;
  const base = SHOWN_MS[work.rule] ?? 1000;
  const scale = typeof seconds === 'number' ? (seconds * 1000) / base : 1;
  const isRetry = work.rule === 'retry-without-backoff';
  if (isRetry && shown.made.getExpression().getText() !== 'axiosRetry')
    throw new Unfixable('how its pauses grow is a decision for people');
  const options = optionsOf(shown.options, scale, isRetry ? 'retryDelay' : undefined);
  if (options.length === 0) throw new Unfixable('which option bounds it here is not known');
  const targets = targetsOf(source, work, shown);
  const edits = targets.flatMap((made) => editsFor(made, indexIn(made, shown), options));
  return {
    edits,
    description: isRetry ? 'Let the pause grow' : `Bound it: ${written(options)}`,
    // How long the slowest good answer takes is not written in the code.
    safety: 'unsafe' as const,
  };
}

/** What the finding stands at; where that is a wrapper, the calls in it. */
function targetsOf(source: SourceFile, { places }: CodeFixWork, shown: Shown): readonly Made[] {
  const [first, ...others] = places;
  const at = first === undefined ? undefined : madeAt(source, first);
  if (at !== undefined) return [at];
  const name = shown.made.getExpression().getText().split('.').at(-1);
  const calls = others.flatMap((place) => madeAt(source, place) ?? []);
  const own = calls.filter((call) => call.getExpression().getText().split('.').at(-1) === name);
  if (own.length === 0) throw new Unfixable('the call stands elsewhere');
  return [...new Set(own)];
}

function editsFor(made: Made, index: number, options: readonly Option[]): readonly Edit[] {
  const args = made.getArguments();
  const literal = args[index];
  const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });
  const fresh = `{ ${written(options)} }`;
  if (args.some((argument) => Node.isSpreadElement(argument)))
    throw new Unfixable('its arguments are spread from elsewhere');
  if (literal === undefined) {
    if (args.length < index) throw new Unfixable('an argument in front of its options is missing');
    const last = args.at(-1);
    if (last !== undefined) return [insertion(last.getEnd(), `, ${fresh}`)];
    const text = made.getText();
    return text.endsWith(')')
      ? [insertion(made.getEnd() - 1, fresh)]
      : [insertion(made.getEnd(), `(${fresh})`)];
  }
  if (Node.isObjectLiteralExpression(literal)) return mergedInto(literal, options);
  if (Node.isArrowFunction(literal) || Node.isFunctionExpression(literal))
    return [insertion(literal.getStart(), `${fresh}, `)];
  throw new Unfixable('its options come from elsewhere');
}

function mergedInto(literal: ObjectLiteralExpression, options: readonly Option[]): readonly Edit[] {
  const edits: Edit[] = [];
  const missing: Option[] = [];
  for (const option of options) {
    const { name, value } = option;
    const property = literal.getProperty(name);
    if (property === undefined) {
      missing.push(option);
      continue;
    }
    if (name === 'signal' && typeof value === 'string') edits.push(joined(property, value));
    else if (typeof value !== 'string' && Node.isPropertyAssignment(property)) {
      const inner = property.getInitializer();
      if (inner === undefined || !Node.isObjectLiteralExpression(inner))
        throw new Unfixable(`${name} is written there in another way`);
      edits.push(...mergedInto(inner, value));
    }
    // A number that somebody wrote stays.
  }
  if (missing.length === 0) {
    if (edits.length === 0) throw new Unfixable('its options are written there already');
    return edits;
  }
  const hasSpread = literal.getProperties().some((property) => Node.isSpreadAssignment(property));
  if (hasSpread && missing.some(({ name }) => name === 'signal'))
    throw new Unfixable('a signal may be among the options that are spread there');
  return [...edits, appended(literal, missing)];
}

/** New properties behind the last one, in the way of the literal: in its line, or each in its own. */
function appended(literal: ObjectLiteralExpression, options: readonly Option[]): Edit {
  const properties = literal.getProperties();
  const last = properties.at(-1);
  const text = literal.getSourceFile().getFullText();
  if (last === undefined) {
    if (/\/[/*]/.test(literal.getText())) throw new Unfixable('only comments are written there');
    return { start: literal.getStart(), end: literal.getEnd(), text: `{ ${written(options)} }` };
  }
  const between = text.slice(last.getEnd(), literal.getEnd() - 1);
  const isSplit =
    last.getStart() > literal.getStart() &&
    text.slice(literal.getStart(), last.getStart()).includes('\n');
  const [comma = ''] = /^\s*,/.exec(between) ?? [];
  const start = last.getEnd() + comma.length;
  if (!isSplit || !between.includes('\n'))
    return { start, end: start, text: `${comma === '' ? ',' : ''} ${written(options)}` };
  const pad = indentOf(last);
  const eol = eolOf(literal.getSourceFile());
  const lines = options.map((option) => `${eol}${pad}${written([option])}`).join(',');
  if (comma !== '') {
    // A comment may stand behind the comma, in the same line.
    const end = lineEnd(text, start);
    return { start: end, end, text: `${lines},` };
  }
  return { start: last.getEnd(), end: last.getEnd(), text: `,${lines}` };
}

function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return text.charAt(at - 1) === '\r' ? at - 1 : at;
}

/** A signal that is there, joined with the deadline. */
function joined(property: Node, deadline: string): Edit {
  if (Node.isShorthandPropertyAssignment(property)) {
    requireSignal(property.getNameNode());
    const name = property.getName();
    return edit(property, `${name}: AbortSignal.any([${name}, ${deadline}])`);
  }
  const value = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  if (value === undefined) throw new Unfixable('the signal is written there in another way');
  requireSignal(value);
  return edit(value, `AbortSignal.any([${value.getText()}, ${deadline}])`);
}

function edit(node: Node, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

/** AbortSignal.any() throws on undefined, so a signal must be one for certain. */
function requireSignal(value: Expression | Node): void {
  const refuse = () => new Unfixable('whether the signal is always there is not known');
  if (
    !Node.isPropertyAccessExpression(value) ||
    value.getName() !== 'signal' ||
    value.hasQuestionDotToken()
  )
    throw refuse();
  const owner = value.getExpression();
  if (!Node.isIdentifier(owner)) throw refuse();
  const name = owner.getText();
  const isController = value
    .getSourceFile()
    .getDescendants()
    .some(
      (node) =>
        Node.isVariableDeclaration(node) &&
        node.getName() === name &&
        /^new AbortController\b/.test(node.getInitializer()?.getText() ?? '') &&
        node.getVariableStatement()?.getDeclarationKind() === 'const',
    );
  if (!isController) throw refuse();
}
