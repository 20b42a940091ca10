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
  return library.roles.includes('rpc') && idempotent.state === 'known' && idempotent.value;
}

/** Nothing tries it again: not the library, not its client, nothing around it on any way. */
function isTriedOnce({ attempts: { max }, paths }: Call): boolean {
  return (
    max.state === 'known' &&
    max.value <= 1 &&
    paths.every(({ guards }) => !guards.some(({ kind }) => kind === 'retry'))
  );
}

/** What is asked: the client, or the host of the address, or the file that asks. */
function dependencyOf({ client, target, at }: Call): string {
  if (client !== undefined) return client.identity;
  const host = target.state === 'known' ? /^\w+:\/\/([^/:?#]+)/.exec(target.value)?.[1] : undefined;
  return host ?? at.path;
}

export default defineRule({
  id: 'http-call-without-retry',
  title: 'One lost packet fails a request that could simply ask again.',
  cause: 'no retry',
  subject: 'application',
  levels: { request: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Try it again in one place, with a pause that grows:\nconst answer = await pRetry(() => api.get(path), { retries: 2, minTimeout: 50, randomize: true });',

  *check({ calls }) {
    const byDependency = new Map<string, [Call, ...Call[]]>();
    for (const call of calls) {
      if (call.local || call.waits || call.library.slow !== undefined) continue;
      const path = requestPath(call);
      if (!isSafe(call) || path === undefined || !isTriedOnce(call)) continue;
      // What answers a probe must say what it sees.
      if (/health|ready|live|ping|status/i.test(path.from.label)) continue;
      const key = dependencyOf(call);
      const known = byDependency.get(key);
      if (known === undefined) byDependency.set(key, [call]);
      else known.push(call);
    }
    for (const [key, [call, ...others]] of byDependency) {
      const path = requestPath(call);
      if (path === undefined) continue;
      const more =
        others.length === 0
          ? ''
          : ` (and ${others.length === 1 ? 'another call' : `${others.length} calls`} of the same peer)`;
      yield {
        at: call.at,
        key,
        message: `${call.label}${more} is tried once in ${requestOf(path)}, so one lost packet or restarted pod fails the request; a second and third attempt are wanted`,
        related: firstPlaces(others.map(({ at, label }) => ({ at, message: label }))),
        flow: flowTo(path, call.at, call.label),
      };
    }
  },
});
