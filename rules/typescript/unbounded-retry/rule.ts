import { type Call, defineRule, firstPlaces, requestOf, requestPath } from '../../../src/rule.ts';

/** What makes a connection again and again watches over it: that is meant to have no end. */
function makesConnection({ verb }: Call): boolean {
  return verb.state === 'known' && /connect|subscribe|listen|consume/i.test(verb.value);
}

export default defineRule({
  id: 'unbounded-retry',
  title: 'A failed call is tried again without end.',
  cause: 'retry without end',
  subject: 'retry',
  levels: { atOnce: 'error', withPause: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer', 'hangs-on-a-silent-peer'],
  fix: 'End it after a few attempts:\nfor (let attempt = 1; attempt <= 3; attempt++) {}',

  *check({ attempts: { max, delay }, at, by, calls }) {
    if (max.state !== 'known' || max.value !== Number.POSITIVE_INFINITY) return;
    const remote = calls.filter(({ call }) => !call.local && !call.waits && !makesConnection(call));
    const asked = remote.find(({ call }) => requestPath(call) !== undefined) ?? remote[0];
    if (asked === undefined) return;
    const path = requestPath(asked.call);
    const pauses = delay.state !== 'known' || delay.value !== 'none';
    // With a pause, something in the background may go on for ever.
    if (pauses && path === undefined) return;
    const where = path === undefined ? '' : ` in ${requestOf(path)}`;
    yield {
      at,
      as: pauses ? 'withPause' : 'atOnce',
      message: `${by} tries ${asked.call.label} without end${pauses ? '' : ' and without a pause'}${where}, so a peer that stays away holds ${path === undefined ? 'it' : 'the request'} for ever; a few attempts are wanted`,
      related: firstPlaces(remote.map((one) => ({ at: one.call.at, message: one.call.label }))),
    };
  },
});
