import { type Call, defineRule, firstPlaces } from '../../../src/rule.ts';

/** Words of paths that are asked by POST and change nothing. */
const READS =
  /graphql|search|query|find|lookup|token|oauth|auth|login|session|verify|validate|check|preview|calculate|estimate|quote|embed|complet|chat|translate|rpc|health/i;

/** A request that does something each time that it arrives, as far as its address says. */
function doesSomething({ verb, target, library, idempotencyKey }: Call): boolean {
  if (idempotencyKey || library.slow !== undefined || !library.roles.includes('http')) return false;
  if (verb.state !== 'known' || !/^(?:POST|PATCH)$/i.test(verb.value)) return false;
  return target.state === 'known' && !READS.test(target.value);
}

export default defineRule({
  id: 'retry-of-unsafe-call',
  title:
    'A request that changes something is sent again without a key that tells repetitions apart.',
  cause: 'retry of a request that is not idempotent',
  subject: 'retry',
  levels: { found: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer'],
  fix: "Send a key that stays the same in all attempts:\nawait fetch(url, { method: 'POST', headers: { 'idempotency-key': key }, body });",

  *check({ attempts: { max, methods, on }, at, by, calls }) {
    if (max.state === 'known' && max.value <= 1) return;
    // Who was told to come back later has done nothing yet.
    if (on.every((failure) => failure === '429')) return;
    const unsafe = calls.filter(
      ({ call }) =>
        !call.local &&
        doesSomething(call) &&
        (methods.includes('*') ||
          (call.verb.state === 'known' && methods.includes(call.verb.value))),
    );
    const [first] = unsafe;
    if (first === undefined) return;
    const { label, target } = first.call;
    yield {
      at,
      message: `${by} sends ${label}${target.state === 'known' ? ` to ${target.value}` : ''} again, also when only the answer was lost, so it may happen twice; a key for repetitions is wanted`,
      related: firstPlaces(unsafe.map(({ call }) => ({ at: call.at, message: call.label }))),
    };
  },
});
