import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'retry-without-jitter',
  title: 'All pods try again at the same moments.',
  cause: 'retry without jitter',
  subject: 'retry',
  levels: { found: 'strict' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer'],
  fix: 'Add a part by chance:\nconst pause = Math.random() * 100 * 2 ** attempt;',

  *check({ attempts: { max, delay, jitter }, at, by, calls }) {
    if (jitter.state !== 'known' || jitter.value) return;
    if (delay.state !== 'known' || delay.value === 'none') return;
    if (max.state === 'known' && max.value <= 1) return;
    const [first] = calls.filter(({ call }) => !call.local);
    if (first === undefined) return;
    yield {
      at,
      message: `${by} waits the same time before each attempt of ${first.call.label} in every pod, so they all come back at once when the peer does; a part by chance is wanted`,
    };
  },
});
