/** Asks both sides the same questions and sorts what they answer. */
import { type Answer, type Kind, type Place, samePlace } from './answer.ts';
import type { Folder } from './folder.ts';
import { type Asked, oursOf } from './ours.ts';
import { type Theirs, theirsOf } from './theirs.ts';

/** `further`: theirs stands on our way to something behind it. */
export type Verdict = 'same' | 'further' | 'different' | 'only-ours' | 'only-theirs' | 'neither';

export interface Compared extends Asked {
  readonly theirs: Answer;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly modules: Theirs['modules'];
  readonly compared: readonly Compared[];
}

export const KINDS: readonly Kind[] = ['import', 'field', 'root', 'target'];

export function compare(folder: Folder): Comparison {
  const ours = oursOf(folder);
  const theirs = theirsOf(folder.code, ours.program);
  const compared = ours.questions.map((question): Compared => {
    const answer = theirs.answer(question);
    return { ...question, theirs: answer, verdict: verdictOf(question, answer) };
  });
  return { modules: theirs.modules, compared };
}

export function verdictOf({ kind, answer: ours }: Asked, theirs: Answer): Verdict {
  if ('none' in theirs) return 'none' in ours ? 'neither' : 'only-ours';
  const stopped = meet(ours.way ?? [], theirs.places);
  if ('none' in ours) return stopped ? 'neither' : 'only-theirs';
  if (meet(ours.places, theirs.places)) return 'same';
  if (stopped) return 'further';
  if (theirs.places.every(({ signature }) => signature === true)) return 'only-ours';
  const holds = kind === 'target' && theirs.places.every((place) => place.holds === true);
  return holds ? 'further' : 'different';
}

function meet(places: readonly Place[], others: readonly Place[]): boolean {
  return places.some((place) => others.some((other) => samePlace(place, other)));
}

/** Why one side has no answer. */
export function reason({ answer, theirs }: Compared): string {
  if ('places' in theirs && meet(answer.way ?? [], theirs.places))
    return `ours: ${'none' in answer ? answer.none : 'what it stands for'}; theirs: the name itself, no alias`;
  if ('places' in answer && 'places' in theirs)
    return theirs.places.some(({ signature }) => signature === true)
      ? 'ours: what implements it; theirs: a signature'
      : 'ours: the function that it holds; theirs: the variable or property';
  const [a, b] = ['none' in answer ? answer.none : '', 'none' in theirs ? theirs.none : ''];
  if ('places' in theirs && theirs.places.every(({ signature }) => signature === true))
    return `ours: ${a}; theirs: a signature`;
  return [a && `ours: ${a}`, b && `theirs: ${b}`].filter((text) => text !== '').join('; ');
}
