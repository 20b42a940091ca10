/** Who listens to the errors of clients. */
import type { Location } from '../../../location.ts';
import type { Client, CodeValue } from '../../code.ts';
import { each, originKey, placeOf } from './abstract.ts';
import type { ClientDraft } from './client-drafts.ts';
import { textsOf } from './platform.ts';
import { given, type Uses } from './uses.ts';

/** Listeners to `error` by client; of a client whose listeners cannot all be told, the place of the one that hides it. */
export function errorListeners(
  uses: Uses,
): (draft: ClientDraft, escapes: boolean) => Client['errorListener'] {
  const listeners = new Map<string, Location>();
  const unsure = new Map<string, Location>();
  for (const use of uses.all) {
    if (!use.effects.some(({ is }) => is === 'listener')) continue;
    const name = given(use, 'name');
    const events = name === undefined ? undefined : textsOf(name);
    for (const one of use.receiver === undefined ? [] : each(use.receiver)) {
      if (one.is !== 'library' || one.client === undefined) continue;
      const key = originKey(one.client);
      if (events === undefined) unsure.set(key, placeOf(use.at));
      else if (events.includes('error')) listeners.set(key, placeOf(use.at));
    }
  }
  return ({ key, construct, at }, escapes) => {
    if (construct.needsErrorListener === undefined) return undefined;
    const found = listeners.get(key);
    if (found !== undefined) return { state: 'known', value: found, at: found };
    const hidden = unsure.get(key);
    const result: CodeValue<Location> =
      hidden !== undefined || escapes
        ? { state: 'unknown', why: 'listener', at: hidden ?? placeOf(at) }
        : { state: 'absent', at: placeOf(at), by: 'closed' };
    return result;
  };
}
