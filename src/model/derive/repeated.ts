/** Calls that one loop makes again and again. */
import type { Call, CodeModel, CodeSubject, Iteration } from '../code.ts';

/** A loop with the calls in it that leave the process. */
export interface RepeatedCalls extends CodeSubject {
  /** Of its first call. */
  readonly iteration: Iteration;
  readonly calls: readonly [Call, ...Call[]];
}

const ITEMS = {
  query: 'row of a query',
  request: 'item of the request',
  written: 'item',
  unknown: 'item',
} as const;

/** What a loop goes over, for messages: `row of a query`. */
export function itemsOf({ over }: Iteration): string {
  return ITEMS[over];
}

/** One for each loop, in the order of the model; calls to this machine do not count. */
export function repeatedCalls({ calls }: CodeModel): RepeatedCalls[] {
  const found = new Map<string, { iteration: Iteration; calls: [Call, ...Call[]] }>();
  for (const call of calls) {
    const { iteration, local } = call;
    if (iteration === undefined || local) continue;
    const key = `${iteration.at.path}:${iteration.at.start}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { iteration, calls: [call] });
    else known.calls.push(call);
  }
  return [...found.values()].map(({ iteration, calls: inside }) => {
    const [{ identity, label, at }] = inside;
    return { identity, label, at, iteration, calls: inside };
  });
}
