/** Go's regular expressions, run in time that grows with the text and the pattern only: no backtracking. */
import type { Calling } from '../value.ts';
import { BudgetSpent } from '../value.ts';
import { type Assertion, type Belongs, parsePattern, type Tree, word } from './regex-parse.ts';

type Instruction =
  | { readonly op: 'character'; readonly belongs: Belongs }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  /** Goes to `first`, and if that leads nowhere to `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'match' };

const LONGEST_PROGRAM = 20_000;

/** Start and end of the match and of each group, in code points; -1 where a group took no part. */
export type Match = readonly number[];

interface Thread {
  readonly at: number;
  readonly saved: Match;
}

class Program {
  readonly instructions: Instruction[] = [];

  constructor(tree: Tree) {
    this.add({ op: 'save', slot: 0 });
    this.compile(tree);
    this.add({ op: 'save', slot: 1 });
    this.add({ op: 'match' });
  }

  private get next(): number {
    return this.instructions.length;
  }

  private add<I extends Instruction>(instruction: I): I {
    if (this.next >= LONGEST_PROGRAM) throw new BudgetSpent('a regular expression of that size');
    this.instructions.push(instruction);
    return instruction;
  }

  private compile(tree: Tree): void {
    switch (tree.kind) {
      case 'empty':
        return;
      case 'character':
        this.add({ op: 'character', belongs: tree.belongs });
        return;
      case 'assertion':
        this.add({ op: 'assert', assertion: tree.assertion });
        return;
      case 'sequence':
        for (const part of tree.parts) this.compile(part);
        return;
      case 'alternatives':
        this.alternatives(tree.parts);
        return;
      case 'group':
        this.add({ op: 'save', slot: tree.index * 2 });
        this.compile(tree.body);
        this.add({ op: 'save', slot: tree.index * 2 + 1 });
        return;
      case 'repeat':
        this.repeat(tree);
        return;
    }
  }

  private alternatives(parts: readonly Tree[]): void {
    const ends: { to: number }[] = [];
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) this.compile(part);
      else {
        const split = this.add({ op: 'split', first: this.next + 1, second: 0 });
        this.compile(part);
        ends.push(this.add({ op: 'jump', to: 0 }));
        split.second = this.next;
      }
    }
    for (const end of ends) end.to = this.next;
  }

  private repeat({ body, least, most, greedy }: Extract<Tree, { kind: 'repeat' }>): void {
    for (let i = 0; i < least; i++) this.compile(body);
    if (most === Number.POSITIVE_INFINITY) {
      const start = this.next;
      const split = this.add({ op: 'split', first: 0, second: 0 });
      this.compile(body);
      this.add({ op: 'jump', to: start });
      this.direct(split, start + 1, this.next, greedy);
      return;
    }
    const splits: { at: number; split: { first: number; second: number } }[] = [];
    for (let i = least; i < most; i++) {
      splits.push({ at: this.next, split: this.add({ op: 'split', first: 0, second: 0 }) });
      this.compile(body);
    }
    for (const { at, split } of splits) this.direct(split, at + 1, this.next, greedy);
  }

  private direct(
    split: { first: number; second: number },
    into: number,
    past: number,
    greedy: boolean,
  ) {
    split.first = greedy ? into : past;
    split.second = greedy ? past : into;
  }
}

function holds(assertion: Assertion, codes: readonly number[], at: number): boolean {
  const before = codes[at - 1];
  const after = codes[at];
  switch (assertion) {
    case 'start':
      return at === 0;
    case 'end':
      return at === codes.length;
    case 'line-start':
      return at === 0 || before === 10;
    case 'line-end':
      return at === codes.length || after === 10;
    default: {
      const isWord = (code: number | undefined) => code !== undefined && word(code);
      return (isWord(before) !== isWord(after)) === (assertion === 'word');
    }
  }
}

export class Regex {
  readonly names: ReadonlyMap<string, number>;
  private readonly slots: number;
  private readonly instructions: readonly Instruction[];
  private readonly calling: Calling;

  /** Throws `TemplateError` for what is no pattern. */
  constructor(pattern: string, calling: Calling) {
    const { tree, groups, names } = parsePattern(pattern);
    this.names = names;
    this.slots = (groups + 1) * 2;
    this.instructions = new Program(tree).instructions;
    this.calling = calling;
    calling.spend(this.instructions.length);
  }

  /** The leftmost match from `start` on; of several there the one that Perl would find. */
  exec(codes: readonly number[], start: number): Match | undefined {
    let threads: Thread[] = [];
    let found: Match | undefined;
    let work = 0;
    for (let at = start; at <= codes.length; at++) {
      const seen = new Set<number>();
      const ready: Thread[] = [];
      for (const thread of threads) this.follow(thread, codes, at, seen, ready);
      if (found === undefined)
        this.follow({ at: 0, saved: new Array(this.slots).fill(-1) }, codes, at, seen, ready);
      work += seen.size + 1;
      threads = [];
      const code = codes[at];
      for (const thread of ready) {
        const instruction = this.instructions[thread.at];
        if (instruction?.op === 'match') {
          found = thread.saved;
          // What comes after has less priority.
          break;
        }
        if (instruction?.op === 'character' && code !== undefined && instruction.belongs(code))
          threads.push({ at: thread.at + 1, saved: thread.saved });
      }
      if (work > 1024) {
        this.calling.spend(work >> 3);
        work = 0;
      }
      if (threads.length === 0 && found !== undefined) break;
    }
    this.calling.spend(1 + (work >> 3));
    return found;
  }

  /** Goes on without a character, as far as it goes; in the order of priority. */
  private follow(
    start: Thread,
    codes: readonly number[],
    at: number,
    seen: Set<number>,
    ready: Thread[],
  ): void {
    const open = [start];
    for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
      if (seen.has(thread.at)) continue;
      seen.add(thread.at);
      const instruction = this.instructions[thread.at];
      switch (instruction?.op) {
        case 'jump':
          open.push({ at: instruction.to, saved: thread.saved });
          break;
        case 'split':
          open.push({ at: instruction.second, saved: thread.saved });
          open.push({ at: instruction.first, saved: thread.saved });
          break;
        case 'save': {
          const saved = [...thread.saved];
          saved[instruction.slot] = at;
          open.push({ at: thread.at + 1, saved });
          break;
        }
        case 'assert':
          if (holds(instruction.assertion, codes, at))
            open.push({ at: thread.at + 1, saved: thread.saved });
          break;
        default:
          ready.push(thread);
      }
    }
  }
}
