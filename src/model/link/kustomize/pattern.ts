/**
 * Regular expressions of kustomizations, matched in linear time: a hostile pattern must not hang a run. The syntax is the part of
 * RE2 that names need; what is beyond it is not decided.
 */

/** Characters of a pattern, and states that it may have. */
const MAX_PATTERN = 1000;

type Test = (character: string) => boolean;
type Tree =
  | { readonly is: 'one'; readonly test: Test }
  | { readonly is: 'edge'; readonly at: 'start' | 'end' }
  | { readonly is: 'all'; readonly parts: readonly Tree[] }
  | { readonly is: 'any'; readonly choices: readonly Tree[] }
  | { readonly is: 'repeat'; readonly part: Tree; readonly least: 0 | 1; readonly many: boolean };

class Unsupported extends Error {}

const CLASSES: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['d', (c) => /\d/.test(c)],
  ['D', (c) => !/\d/.test(c)],
  ['w', (c) => /\w/.test(c)],
  ['W', (c) => !/\w/.test(c)],
  ['s', (c) => /\s/.test(c)],
  ['S', (c) => !/\s/.test(c)],
]);

class Reader {
  private readonly pattern: string;
  private at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  whole(): Tree {
    const tree = this.choices();
    if (this.at < this.pattern.length) throw new Unsupported();
    return tree;
  }

  private peek(): string {
    return this.pattern.charAt(this.at);
  }

  private next(): string {
    const character = this.pattern.charAt(this.at++);
    if (character === '') throw new Unsupported();
    return character;
  }

  private choices(): Tree {
    const choices = [this.sequence()];
    while (this.peek() === '|') {
      this.at++;
      choices.push(this.sequence());
    }
    return { is: 'any', choices };
  }

  private sequence(): Tree {
    const parts: Tree[] = [];
    while (this.peek() !== '' && this.peek() !== '|' && this.peek() !== ')') {
      let part = this.atom();
      for (;;) {
        const sign = this.peek();
        if (sign === '{') throw new Unsupported();
        if (sign !== '*' && sign !== '+' && sign !== '?') break;
        this.at++;
        part = { is: 'repeat', part, least: sign === '+' ? 1 : 0, many: sign !== '?' };
        // A sparing quantifier matches the same texts.
        if (this.peek() === '?') this.at++;
      }
      parts.push(part);
    }
    return { is: 'all', parts };
  }

  private atom(): Tree {
    const character = this.next();
    switch (character) {
      case '(': {
        if (this.peek() === '?') {
          this.at++;
          if (this.next() !== ':') throw new Unsupported();
        }
        const tree = this.choices();
        if (this.next() !== ')') throw new Unsupported();
        return tree;
      }
      case '[':
        return { is: 'one', test: this.set() };
      case '.':
        return { is: 'one', test: (c) => c !== '\n' };
      case '^':
        return { is: 'edge', at: 'start' };
      case '$':
        return { is: 'edge', at: 'end' };
      case '\\':
        return { is: 'one', test: this.escaped() };
      case '*':
      case '+':
      case '?':
        throw new Unsupported();
      default:
        return { is: 'one', test: (c) => c === character };
    }
  }

  private escaped(): Test {
    const character = this.next();
    const known = CLASSES.get(character);
    if (known !== undefined) return known;
    if (/[A-Za-z0-9]/.test(character)) throw new Unsupported();
    return (c) => c === character;
  }

  private set(): Test {
    const isNegated = this.peek() === '^';
    if (isNegated) this.at++;
    const tests: Test[] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      const low = this.next();
      if (low === '[' && this.peek() === ':') throw new Unsupported();
      if (low === '\\') {
        tests.push(this.escaped());
        continue;
      }
      if (this.peek() === '-' && !['', ']'].includes(this.pattern.charAt(this.at + 1))) {
        this.at++;
        const high = this.next();
        if (high === '\\' || high < low) throw new Unsupported();
        tests.push((c) => c >= low && c <= high);
      } else tests.push((c) => c === low);
    }
    this.at++;
    return (c) => tests.some((test) => test(c)) !== isNegated;
  }
}

interface State {
  readonly test?: Test;
  readonly edge?: 'start' | 'end';
  /** States behind this one, reached without a character when it has no test. */
  readonly next: number[];
}

/** The states of a tree from `entry` to the state that it answers. */
function stateAfter(tree: Tree, states: State[], entry: number): number {
  const add = (state: State, from: number): number => {
    states.push(state);
    states[from]?.next.push(states.length - 1);
    return states.length - 1;
  };
  switch (tree.is) {
    case 'one':
    case 'edge': {
      const own = tree.is === 'one' ? { test: tree.test } : { edge: tree.at };
      return add({ next: [] }, add({ ...own, next: [] }, entry));
    }
    case 'all':
      return tree.parts.reduce((from, part) => stateAfter(part, states, from), entry);
    case 'any': {
      const ends = tree.choices.map((choice) =>
        stateAfter(choice, states, add({ next: [] }, entry)),
      );
      states.push({ next: [] });
      for (const end of ends) states[end]?.next.push(states.length - 1);
      return states.length - 1;
    }
    case 'repeat': {
      const start = add({ next: [] }, entry);
      const end = stateAfter(tree.part, states, start);
      if (tree.many) states[end]?.next.push(start);
      const exit = add({ next: [] }, end);
      if (tree.least === 0) states[start]?.next.push(exit);
      return exit;
    }
  }
}

/** Says whether a text matches. */
export type Pattern = (text: string) => boolean;

const KNOWN = new Map<string, Pattern | undefined>();

/**
 * A pattern that is found anywhere in a text, or with `whole` in all of it; undefined when its syntax is not supported.
 */
export function patternOf(source: string, whole: boolean): Pattern | undefined {
  const key = `${whole} ${source}`;
  if (KNOWN.size > 10_000) KNOWN.clear();
  if (!KNOWN.has(key)) KNOWN.set(key, compiled(source, whole));
  return KNOWN.get(key);
}

function compiled(source: string, whole: boolean): Pattern | undefined {
  if (source.length > MAX_PATTERN) return undefined;
  const states: State[] = [{ next: [] }];
  let accepting: number;
  try {
    accepting = stateAfter(new Reader(source).whole(), states, 0);
  } catch (error) {
    if (error instanceof Unsupported || error instanceof RangeError) return undefined;
    throw error;
  }
  return (text) => {
    let current = new Set<number>();
    for (let position = 0; ; position++) {
      if (position === 0 || !whole) current.add(0);
      current = reached(states, current, position === 0, position === text.length);
      if (current.has(accepting) && (!whole || position === text.length)) return true;
      if (position === text.length) return false;
      const character = text.charAt(position);
      const after = new Set<number>();
      for (const state of current) {
        const { test, next } = states[state] ?? { next: [] };
        if (test?.(character) === true) for (const one of next) after.add(one);
      }
      current = after;
    }
  };
}

/** All states that are reached without a character. */
function reached(
  states: readonly State[],
  from: ReadonlySet<number>,
  isStart: boolean,
  isEnd: boolean,
): Set<number> {
  const all = new Set(from);
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const state = states[at];
    if (state === undefined || state.test !== undefined) continue;
    if (state.edge === 'start' && !isStart) continue;
    if (state.edge === 'end' && !isEnd) continue;
    for (const next of state.next) {
      if (all.has(next)) continue;
      all.add(next);
      waiting.push(next);
    }
  }
  return all;
}
