import { defineRule, firstPlaces } from '../../../src/rule.ts';

export default defineRule({
  id: 'retry-misses-server-errors',
  title: 'A retry never sees the errors of the server.',
  cause: 'retry that misses server errors',
  subject: 'retry',
  levels: { found: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer'],
  fix: 'Turn an answer that says so into an error:\nif (answer.status >= 500) throw new Error(answer.statusText);',

  *check({ attempts: { max }, at, by, calls }) {
    if (max.state === 'known' && max.value <= 1) return;
    const blind = calls.filter(
      ({ call: { rejectsOn, readsStatus, local, library, verb } }) =>
        library.roles.includes('http') &&
        !local &&
        !readsStatus &&
        !rejectsOn.includes('5xx') &&
        verb.state === 'known',
    );
    const [first] = blind;
    if (first === undefined || blind.length < calls.length) return;
    yield {
      at,
      message: `${by} repeats ${first.call.label} only when no answer comes: a 503 counts as success, and nobody reads the status; an error for it is wanted`,
      related: firstPlaces(blind.map(({ call }) => ({ at: call.at, message: call.label }))),
    };
  },
});
