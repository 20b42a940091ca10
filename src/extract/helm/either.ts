/** Alternatives between which nobody can decide: each is tried, and what they differ in becomes unknown. */
import type { Frame } from './expressions.ts';
import { type Operand, type Origin, type Piece, TemplateError, Text, Unknown } from './value.ts';

/** How a list of nodes ended; undefined: at its end. */
export type Ending = undefined | 'break' | 'continue' | Undecided;

/** Why nobody can decide: a condition, or a `break` or `continue` under one. */
export interface Undecided {
  readonly why: string;
  readonly at: Origin;
  readonly from: readonly Origin[];
}

export type Run = () => Ending;

export const nothing: Run = () => undefined;

interface Outcome {
  readonly run: Run;
  readonly ending: Ending;
  readonly text: Text;
  readonly slots: readonly (Operand | undefined)[];
}

/** What trying needs of the evaluator. */
interface Trial {
  readonly frame: Frame;
  readonly supposing: () => boolean;
  readonly attempt: <T>(run: () => T) => T | TemplateError;
  readonly write: (part: Piece | Text) => void;
}

/**
 * Tries all `runs` and writes what is common to them. One that ends in an error is not taken: the chart would not render.
 * `repeats`: a run may happen any number of times in truth, so it is never the only one.
 */
export function either(
  runs: readonly Run[],
  undecided: Undecided,
  trial: Trial,
  repeats = false,
): Ending {
  const { frame, write } = trial;
  const before = [...frame.slots];
  const outcomes: Outcome[] = [];
  let failure: TemplateError | undefined;
  for (const run of runs) {
    const outcome = outcomeOf(run, trial);
    restore(frame, before);
    if (outcome instanceof TemplateError) failure ??= outcome;
    else outcomes.push(outcome);
  }
  const [first, ...others] = outcomes;
  if (first === undefined) throw failure ?? new TemplateError('no branch');
  const alone = others.length === 0 && !repeats;
  if (alone && !trial.supposing()) return first.run();
  restore(frame, merged(before, outcomes, undecided));
  const agreed = alone || (others.every(({ text }) => same(first.text, text)) && !repeats);
  if (agreed) write(first.text);
  else if (outcomes.some(({ text }) => text.pieces.length > 0))
    write({
      text: '',
      at: undecided.at,
      from: undecided.from,
      unknown: undecided.why,
      hides: outcomes.map(({ text }) => text),
    });
  if (alone) return first.ending;
  return outcomes.every(({ ending }) => ending === undefined) ? undefined : undecided;
}

function outcomeOf(run: Run, { frame, attempt }: Trial): Outcome | TemplateError {
  const { out } = frame;
  frame.out = [];
  try {
    return attempt(() => {
      const ending = run();
      return { run, ending, text: Text.of(frame.out), slots: [...frame.slots] };
    });
  } finally {
    frame.out = out;
  }
}

function restore({ slots }: Frame, saved: readonly (Operand | undefined)[]): void {
  for (const [slot, value] of saved.entries()) slots[slot] = value;
}

/** The variables after one of the outcomes: unknown where they differ. */
function merged(
  before: readonly (Operand | undefined)[],
  outcomes: readonly Outcome[],
  { why, from }: Undecided,
): (Operand | undefined)[] {
  return before.map((_, slot) => {
    const values = outcomes.map(({ slots }) => slots[slot]);
    const [first] = values;
    if (values.every((value) => value === first || equal(value, first))) return first;
    return { value: new Unknown(why), from };
  });
}

function equal(a: Operand | undefined, b: Operand | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.value instanceof Text && b.value instanceof Text) return same(a.value, b.value);
  return a.value === b.value;
}

function same(a: Text, b: Text): boolean {
  return a.value === b.value && a.unknown === undefined && b.unknown === undefined;
}
