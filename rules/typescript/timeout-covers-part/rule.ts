import { boundOf, type Call, defineRule, duration } from '../../../src/rule.ts';

const HOW = {
  'timer-cleared': 'is cleared before the body is read',
  raced: 'frees the caller only, and the body is read without it',
  option: 'ends when the headers are there, and the body is read without it',
} as const;

const FIX = {
  'timer-cleared': 'Clear the timer after the body is read, or let the signal keep the time:',
  raced: 'Give the call a deadline of its own instead of a race:',
  option: 'Bound the body too:',
} as const;

/** After how long the library ends a body that stalls. */
function stallOf({ bounds }: Call): string | undefined {
  const bound = boundOf(bounds, 'idle');
  if (bound?.by !== 'library' || bound.ms.state !== 'known') return undefined;
  const idle = bound.ms;
  return idle.value === Number.POSITIVE_INFINITY ? 'for ever' : `for ${duration(idle.value)}`;
}

export default defineRule({
  id: 'timeout-covers-part',
  title: 'A timeout ends before the body of the answer is read.',
  cause: 'timeout without the body',
  subject: 'call',
  levels: { body: 'note' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Bound the body too:\nawait fetch(url, { signal: AbortSignal.timeout(5_000) })',

  *check(call) {
    const { endsEarly, label, body, bodyReads, library, local } = call;
    if (endsEarly === undefined || bodyReads.length === 0 || body === 'stream' || local) return;
    const stall = stallOf(call);
    const harm = stall === undefined ? '' : ` ${stall}`;
    yield {
      at: endsEarly.at,
      key: label,
      message: `the timeout of ${label} ${HOW[endsEarly.how]}, so a peer that stops in the middle of an answer holds the reader${harm}; one that covers the body is wanted`,
      related: bodyReads.map((at) => ({ at, message: 'the body is read here' })),
      fix: `${FIX[endsEarly.how]}\n${library.fix}`,
    };
  },
});
