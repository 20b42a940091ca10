import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'mesh-route-without-timeout',
  title: 'A route of the mesh waits for ever, or its retries do not fit its timeout.',
  cause: 'mesh route without timeout',
  subject: 'meshRoute',
  levels: {
    unbounded: 'note',
    retriesCut: 'warning',
    retriesNeverHappen: 'warning',
    triesOnly: 'strict',
  },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Bound the whole request, its retries included:\nhttp:\n  - timeout: 3s',

  *check(route) {
    const { timeout, retries, perTryTimeout: perTry, label } = route;
    if (!route.callsService) return;
    for (const value of [timeout, retries, perTry])
      if (value.state === 'unknown') {
        yield { undecided: value.why, at: value.at };
        return;
      }
    // Istio: 0s switches a timeout off.
    const whole = timeout.state === 'known' && timeout.value > 0 ? timeout.value : undefined;
    const one = perTry.state === 'known' && perTry.value > 0 ? perTry.value : undefined;
    const tries = retries.state === 'known' ? retries.value + 1 : 1;
    const retrying = tries > 1 && retries.state === 'known' && !retries.byDefault;

    if (whole === undefined) {
      const off = timeout.state === 'known';
      const at = off ? timeout.at : route.at;
      const has = off ? 'timeout 0s, which means none' : 'no timeout';
      const bounded = retrying && one !== undefined;
      yield bounded
        ? {
            at,
            as: 'triesOnly',
            message: `${label} has ${has}; ${seconds(tries * one)} is wanted, because only its ${tries} tries of ${seconds(one)} have a bound`,
            fix: `Bound the whole request, its retries included:\nhttp:\n  - timeout: ${seconds(tries * one)}`,
          }
        : {
            at,
            as: 'unbounded',
            message: `${label} has ${has}; one is wanted, because a pod that never answers holds its callers for ever`,
          };
      return;
    }
    if (!retrying) return;
    const share = Math.max(1, Math.floor(whole / tries));
    if (one === undefined) {
      yield {
        at: perTry.at,
        as: 'retriesNeverHappen',
        message: `${label} has ${tries - 1} retries within timeout ${seconds(whole)} and no perTryTimeout; ${seconds(share)} is wanted, because a first try that hangs uses up the whole time`,
        related: [{ at: timeout.at, message: 'the timeout of all tries' }],
        fix: `Bound each try, so that all ${tries} fit:\nretries:\n  attempts: ${tries - 1}\n  perTryTimeout: ${seconds(share)}`,
      };
    } else if (tries * one > whole) {
      yield {
        at: perTry.at,
        as: 'retriesCut',
        message: `${label} has ${tries} tries of ${seconds(one)} within timeout ${seconds(whole)}; at most ${seconds(share)} each is wanted, because the last tries are cut off`,
        related: [{ at: timeout.at, message: 'the timeout of all tries' }],
        fix: `Make ${tries} tries fit: perTryTimeout ${seconds(share)}, or timeout ${seconds(tries * one)}:\nretries:\n  attempts: ${tries - 1}\n  perTryTimeout: ${seconds(share)}`,
      };
    }
  },
});

/** Milliseconds as Istio writes durations. */
function seconds(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
