/** What tries calls again, each once, with the calls that it repeats. */
import type { Location } from '../../location.ts';
import type { Attempts, Call, CallPath, CodeModel, CodeSubject, Guard } from '../code.ts';

/** Something that the code adds to repeat calls: a loop, a library around a function, one that is attached to a client. */
export interface Retry extends CodeSubject {
  readonly attempts: Attempts;
  /** `written by hand`, `p-retry`, `axios-retry`. */
  readonly by: string;
  /** What it repeats, with a way on which it does. */
  readonly calls: readonly { readonly call: Call; readonly path?: CallPath }[];
}

/** All retries in judged code, in the order of the calls. */
export function retriesOf({ calls }: CodeModel): Retry[] {
  const found = new Map<string, Retry & { calls: { call: Call; path?: CallPath }[] }>();
  const put = (at: Location, by: string, attempts: Attempts, call: Call, path?: CallPath) => {
    const key = `${at.path}:${at.start}`;
    const known = found.get(key);
    const item = { call, ...(path === undefined ? {} : { path }) };
    if (known === undefined)
      found.set(key, {
        identity: `${call.identity}#retry`,
        label: by,
        at,
        attempts,
        by,
        calls: [item],
      });
    else if (known.calls.every((one) => one.call !== call)) known.calls.push(item);
  };
  for (const call of calls) {
    for (const path of call.paths)
      for (const guard of path.guards)
        if (guard.kind === 'retry' && guard.attempts !== undefined)
          put(guard.at, nameOf(guard), guard.attempts, call, path);
    const { attempts, client } = call;
    if (attempts.by === 'client' && client !== undefined && attempts.max.state !== 'absent')
      put(attempts.max.at, `the retry of ${client.label}`, attempts, call, call.paths[0]);
  }
  return [...found.values()];
}

function nameOf({ library }: Guard): string {
  return library === 'hand-written' ? 'this loop' : library.package;
}

/** The tries of a call on one way: what each layer allows, outermost first, and all together. */
export interface Tries {
  readonly layers: readonly { readonly by: string; readonly max: number; readonly at: Location }[];
  /** Undefined: a layer cannot be told. */
  readonly total?: number;
}

export function triesOf(call: Call, { guards, attempts }: CallPath): Tries {
  const retries = guards.flatMap((guard) =>
    guard.kind === 'retry' && guard.attempts !== undefined
      ? [{ by: nameOf(guard), max: guard.attempts.max, at: guard.at }]
      : [],
  );
  const own = { by: call.label, max: attempts.max, at: call.at };
  const all = [...retries, own];
  const layers = all.flatMap(({ by, max, at }) =>
    max.state === 'known' && max.value > 1 ? [{ by, max: max.value, at }] : [],
  );
  return all.every(({ max }) => max.state === 'known')
    ? { layers, total: layers.reduce((product, { max }) => product * max, 1) }
    : { layers };
}
