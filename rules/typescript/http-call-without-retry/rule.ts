import {
  type Call,
  defineRule,
  firstPlaces,
  flowTo,
  requestOf,
  requestPath,
} from '../../../src/rule.ts';

/** Asking twice does no harm. */
function isSafe({ verb, idempotent, library }: Call): boolean {
  if (library.roles.includes('http'))
    return verb.state === 'known' && /^(?:GET|HEAD)$/i.test(verb.value);
  return idempotent.state === 'known' && idempotent.value;
}

/** Nothing tries it again: not the library, not its client, nothing around it on any way. */
function isTriedOnce({ attempts: { max }, paths }: Call): boolean {
  return (
    max.state === 'known' &&
    max.value <= 1 &&
    paths.every(({ guards }) => !guards.some(({ kind }) => kind === 'retry'))
  );
}

/** What answers a probe must say what it sees. */
const PROBE = /health|ready|live|ping|status/i;

export default defineRule({
  id: 'http-call-without-retry',
  title: 'One lost packet fails a request that could simply ask again.',
  cause: 'no retry',
  subject: 'dependency',
  levels: { request: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Try it again in one place, with a pause that grows:\nconst answer = await pRetry(() => api.get(path), { retries: 2, minTimeout: 50, randomize: true });',

  *check({ calls }) {
    const [first, ...others] = calls.flatMap((call) => {
      if (call.waits || call.library.slow !== undefined) return [];
      const path = requestPath(call);
      if (path === undefined || PROBE.test(path.from.label)) return [];
      return isSafe(call) && isTriedOnce(call) ? [{ call, path }] : [];
    });
    if (first === undefined) return;
    const { call, path } = first;
    const count = others.length === 1 ? 'another call' : `${others.length} other calls`;
    const more = others.length === 0 ? '' : ` (and ${count} of the same peer)`;
    yield {
      at: call.at,
      message: `${call.label}${more} is tried once in ${requestOf(path)}, so one lost packet or restarted pod fails the request; a second and third attempt are wanted`,
      related: firstPlaces(
        others.map((other) => ({ at: other.call.at, message: other.call.label })),
      ),
      flow: flowTo(path, call.at, call.label),
    };
  },
});
