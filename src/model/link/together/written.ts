/** What stands in the code at a place, where the model keeps only a value: a literal, a variable, the name of a call. */
import type { CallFact, CodeFacts, Expression } from '../../../code-facts.ts';
import type { Location } from '../../../location.ts';

/** A value as the code writes it. */
export type Written =
  | { readonly is: 'literal' }
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'other' };

/** What a value that the model places here was read from. */
export function writtenAt(file: CodeFacts | undefined, at: Location): Written {
  const found = file?.expressions.filter(
    ({ range }) => range[0] === at.start && range[1] === at.end,
  );
  for (const one of found ?? []) {
    if (file === undefined) break;
    const name = variableIn(file, one);
    if (name !== undefined) return { is: 'variable', name };
    if (one.is === 'value') return { is: 'literal' };
  }
  return { is: 'other' };
}

/** `process.env.NAME`, `process.env['NAME']`, `config.get('NAME')`. */
function variableIn(file: CodeFacts, expression: Expression): string | undefined {
  const of = (index: number) => file.expressions[index];
  if (expression.is === 'member' && isEnvironment(file, of(expression.of))) return expression.name;
  if (expression.is === 'index' && isEnvironment(file, of(expression.of))) {
    const key = of(expression.key);
    return key?.is === 'value' && typeof key.value === 'string' ? key.value : undefined;
  }
  if (expression.is !== 'call') return undefined;
  const call = file.calls[expression.call];
  const callee = call === undefined ? undefined : of(call.callee);
  const [first] = call?.arguments ?? [];
  const name = typeof first === 'number' ? of(first) : undefined;
  if (callee?.is !== 'member' || !/^get/.test(callee.name)) return undefined;
  return name?.is === 'value' && typeof name.value === 'string' && /^\w+$/.test(name.value)
    ? name.value
    : undefined;
}

function isEnvironment(file: CodeFacts, expression: Expression | undefined): boolean {
  if (expression?.is !== 'member' || expression.name !== 'env') return false;
  const of = file.expressions[expression.of];
  return of?.is === 'global' && of.name === 'process';
}

/** The last name of what is called: `listen` of `app.listen(...)`. */
export function calledName(file: CodeFacts, call: CallFact): string {
  const callee = file.expressions[call.callee];
  if (callee?.is === 'member') return callee.name;
  if (callee?.is === 'global') return callee.name;
  if (callee?.is === 'binding') return file.bindings[callee.binding]?.name ?? '';
  return '';
}

/** Calls whose last name is one of these, in these files. */
export function* callsNamed(
  files: Iterable<CodeFacts>,
  name: RegExp,
): Generator<{ readonly file: CodeFacts; readonly call: CallFact }> {
  for (const file of files)
    for (const call of file.calls) if (name.test(calledName(file, call))) yield { file, call };
}

/** `import(path)`, `require(path)`: what is loaded cannot be told. */
export function loadsByName(file: CodeFacts): boolean {
  return (
    file.expressions.some(
      ({ is, ...rest }) => is === 'opaque' && 'why' in rest && rest.why === 'ImportExpression',
    ) ||
    file.calls.some(({ callee, arguments: [first] }) => {
      const called = file.expressions[callee];
      const given = typeof first === 'number' ? file.expressions[first] : undefined;
      return called?.is === 'global' && called.name === 'require' && given?.is !== 'value';
    })
  );
}

/** Variables that an expression is made of, through constants of the file. */
export function variablesIn(file: CodeFacts, index: number, depth = 0): readonly string[] {
  const expression = file.expressions[index];
  if (expression === undefined || depth > 8) return [];
  const own = variableIn(file, expression);
  if (own !== undefined) return [own];
  const inner = (...more: readonly number[]) =>
    more.flatMap((one) => variablesIn(file, one, depth + 1));
  switch (expression.is) {
    case 'choice':
    case 'operator':
      return inner(...expression.of);
    case 'cast':
    case 'await':
      return inner(expression.of);
    case 'template':
      return inner(
        ...expression.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.value])),
      );
    case 'call':
      return inner(
        ...(file.calls[expression.call]?.arguments ?? []).flatMap((one) =>
          typeof one === 'number' ? [one] : [],
        ),
      );
    case 'binding': {
      const value = file.bindings[expression.binding]?.value;
      return value === undefined ? [] : inner(value);
    }
    default:
      return [];
  }
}

/** Variables whose default an expression is: `process.env.NAME ?? 'orders:8080'`, `config.get('NAME', 'orders:8080')`. */
export function isDefaultOf(file: CodeFacts, index: number): readonly string[] {
  const [start, end] = file.expressions[index]?.range ?? [0, 0];
  const names: string[] = [];
  for (const [at, { range, ...expression }] of file.expressions.entries()) {
    if (range[0] > start || range[1] < end || at === index) continue;
    if (expression.is === 'choice') names.push(...variablesIn(file, expression.of[0]));
    if (expression.is === 'call') {
      const name = variableIn(file, { range, ...expression });
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}
