/** Attempts that one library adds to clients of another: `axiosRetry(instance, { retries: 3 })`. */
import type { Attempts } from '../../code.ts';
import { each, originKey, placeOf } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { judge } from './judge.ts';
import type { Options } from './options.ts';
import type { CallDraft } from './outbound.ts';
import { allGiven, layersOf, type Uses } from './uses.ts';

/** The attempts of a call, with what is attached to its client or to the whole process. */
export function attachedAttempts(
  uses: Uses,
  evaluator: Evaluator,
  options: Options,
): (draft: Pick<CallDraft, 'use' | 'clientKey'>, own: Attempts) => Attempts {
  const byClient = new Map<string, Attempts>();
  const byLibrary = new Map<string, Attempts>();
  /** Something is attached to a client of the library, and it cannot be told which. */
  const unsure = new Map<string, Attempts>();
  for (const use of uses.all)
    for (const effect of use.effects) {
      if (effect.is !== 'attach') continue;
      const { attempts: found } = judge(
        options,
        use.value.library,
        effect.profile,
        layersOf(use, 'client', evaluator),
        use.at,
      );
      const attempts: Attempts = { ...found, by: 'client' };
      const lost: Attempts = {
        ...attempts,
        max: { state: 'unknown', why: 'dynamic', at: placeOf(use.at) },
      };
      const targets = allGiven(use, 'value').flatMap((one) => each(one));
      for (const target of targets)
        if (
          target.is === 'library' &&
          target.client !== undefined &&
          target.client.is !== 'unknown'
        )
          byClient.set(originKey(target.client), attempts);
        else if (target.is === 'library' && target.client === undefined)
          byLibrary.set(target.library.description.name, attempts);
      const isKnown = targets.length > 0 && targets.every(({ is }) => is === 'library');
      for (const { shape } of isKnown ? [] : (use.callable.takes ?? []).flat())
        if (shape?.includes(':')) unsure.set(shape.slice(0, shape.indexOf(':')), lost);
    }
  return ({ use, clientKey }, own) => {
    const { name } = use.value.library.description;
    const found = clientKey === undefined ? byLibrary.get(name) : byClient.get(clientKey);
    return found ?? unsure.get(name) ?? own;
  };
}
