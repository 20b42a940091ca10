/** What an expression is made of, by its structure alone. */
import type {
  BindingIndex,
  CallFact,
  CallIndex,
  CodeFacts,
  ExpressionIndex,
} from '../../../code-facts.ts';

/** The expressions directly inside of one. What functions and classes hold is not part of their expression. */
export function partsOf(file: CodeFacts, expression: ExpressionIndex): readonly ExpressionIndex[] {
  const fact = file.expressions[expression];
  switch (fact?.is) {
    case 'member':
    case 'await':
    case 'cast':
      return [fact.of];
    case 'index':
      return [fact.of, fact.key];
    case 'object':
      return fact.entries.flatMap((entry) =>
        'spread' in entry
          ? [entry.spread]
          : 'computed' in entry
            ? [entry.computed, entry.value]
            : [entry.value],
      );
    case 'array':
      return fact.items.flatMap((item) =>
        item === null ? [] : [typeof item === 'number' ? item : item.spread],
      );
    case 'template':
      return fact.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.value]));
    case 'call': {
      const call = file.calls[fact.call];
      return call === undefined ? [] : [call.callee, ...argumentsOf(file, fact.call)];
    }
    case 'choice':
      return fact.test === undefined ? fact.of : [fact.test, ...fact.of];
    case 'operator':
      return fact.of;
    case 'write': {
      const value = file.writes[fact.write]?.value;
      return value === undefined ? [] : [value];
    }
    default:
      return [];
  }
}

/** The last name that a call is made by: `get` of `axios.get()`; undefined when it has none. */
export function calledName(file: CodeFacts, fact: CallFact): string | undefined {
  const callee = file.expressions[fact.callee];
  if (callee?.is === 'member' || callee?.is === 'global') return callee.name;
  return callee?.is === 'binding' ? file.bindings[callee.binding]?.name : undefined;
}

/** The arguments of a call, spreads too. */
export function argumentsOf(file: CodeFacts, call: CallIndex): readonly ExpressionIndex[] {
  return (file.calls[call]?.arguments ?? []).flatMap((item) =>
    item === null ? [] : [typeof item === 'number' ? item : item.spread],
  );
}

/** All expressions in one, itself first. */
export function* allIn(
  file: CodeFacts,
  expression: ExpressionIndex,
): Generator<ExpressionIndex, void> {
  const queue = [expression];
  for (const one of queue) {
    yield one;
    queue.push(...partsOf(file, one));
  }
}

/**
 * Whether an expression holds one of some names, or a name whose first value does: `order.id`, and `id` after `const id = order.id`.
 */
export function mentions(
  file: CodeFacts,
  expression: ExpressionIndex,
  names: ReadonlySet<BindingIndex>,
): boolean {
  const seen = new Set<BindingIndex>();
  const queue = [expression];
  for (const one of queue)
    for (const part of allIn(file, one)) {
      const fact = file.expressions[part];
      if (fact?.is !== 'binding' || seen.has(fact.binding)) continue;
      if (names.has(fact.binding)) return true;
      seen.add(fact.binding);
      const { value, kind } = file.bindings[fact.binding] ?? {};
      if (value !== undefined && kind === 'const') queue.push(value);
    }
  return false;
}

/** The call whose result an expression is, through `await`, casts, variables that never change and members of them. */
export function callBehind(file: CodeFacts, expression: ExpressionIndex): CallIndex | undefined {
  const seen = new Set<ExpressionIndex>();
  for (let at = expression; !seen.has(at); ) {
    seen.add(at);
    const fact = file.expressions[at];
    if (fact?.is === 'call') return fact.call;
    if (fact?.is === 'await' || fact?.is === 'cast' || fact?.is === 'member') at = fact.of;
    else if (fact?.is === 'choice') [at] = fact.of;
    else if (fact?.is === 'binding') {
      const { value, writes } = file.bindings[fact.binding] ?? {};
      if (value === undefined || writes !== 0) return undefined;
      at = value;
    } else return undefined;
  }
  return undefined;
}

/**
 * The name that an expression starts with: `request` of `request.body.items`. Variables that never change stand for what they are made
 * of, when that starts with a name too.
 */
export function rootOf(file: CodeFacts, expression: ExpressionIndex): BindingIndex | undefined {
  const seen = new Set<ExpressionIndex>();
  let found: BindingIndex | undefined;
  for (let at = expression; !seen.has(at); ) {
    seen.add(at);
    const fact = file.expressions[at];
    if (
      fact?.is === 'await' ||
      fact?.is === 'cast' ||
      fact?.is === 'member' ||
      fact?.is === 'index'
    )
      at = fact.of;
    else if (fact?.is === 'choice') [at] = fact.of;
    else if (fact?.is === 'binding') {
      found = fact.binding;
      const { value, writes, kind } = file.bindings[fact.binding] ?? {};
      if (kind === 'parameter' || value === undefined || writes !== 0) break;
      at = value;
    } else break;
  }
  return found;
}
