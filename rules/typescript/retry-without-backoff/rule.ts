import { defineRule, firstPlaces, requestOf } from '../../../src/rule.ts';

export default defineRule({
  id: 'retry-without-backoff',
  title: 'A failed call is tried again at once.',
  cause: 'retry without backoff',
  subject: 'retry',
  levels: { found: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer'],
  fix: 'Wait longer each time, by chance:\nawait new Promise((done) => setTimeout(done, Math.random() * 100 * 2 ** attempt));',

  *check({ attempts: { max, delay }, at, by, calls }) {
    if (delay.state === 'unknown') yield { undecided: delay.why, at: delay.at };
    if (delay.state !== 'known' || delay.value !== 'none') return;
    // Without an end it is a finding of its own.
    if (max.state !== 'known' || max.value <= 1 || max.value === Number.POSITIVE_INFINITY) return;
    const remote = calls.filter(({ call }) => !call.local);
    const [first] = remote;
    if (first === undefined) return;
    const { call, path } = first;
    yield {
      at,
      message: `${by} tries ${call.label} ${max.value} times without a pause${path === undefined ? '' : ` in ${requestOf(path)}`}, so all attempts are over before the peer is back; a pause that grows is wanted`,
      related: firstPlaces(remote.map((one) => ({ at: one.call.at, message: one.call.label }))),
    };
  },
});
