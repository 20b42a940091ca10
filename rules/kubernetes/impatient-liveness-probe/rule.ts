import { defineRule, type Probe } from '../../../src/rule.ts';

/** The same check, and liveness no slower: identical-probes says so. */
function isIdentical(liveness: Probe, readiness: Probe): boolean {
  if (liveness.handlerKey === undefined || liveness.handlerKey !== readiness.handlerKey)
    return false;
  const [restart, removal] = [liveness, readiness].map(
    ({ failureThreshold: failures, periodSeconds: period }) =>
      failures.state === 'known' && period.state === 'known' ? failures.value * period.value : 0,
  );
  return (restart ?? 0) <= (removal ?? 0);
}

export default defineRule({
  id: 'impatient-liveness-probe',
  title: 'A liveness probe restarts a container that is only slow to start or to answer.',
  cause: 'impatient liveness probe',
  subject: 'container',
  levels: { start: 'warning', timeout: 'strict' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['healthy-pods-restarted'],
  fix: 'Give the start its own time, then be patient:\nstartupProbe:\n  httpGet:\n    path: /healthz\n    port: 8000\n  periodSeconds: 5\n  failureThreshold: 12',
  options: {
    minSeconds: {
      type: 'integer',
      minimum: 1,
      default: 15,
      description:
        'The shortest time from the start of a container to its first restart by liveness that passes, in seconds.',
    },
  },

  *check(container, { options }) {
    const { livenessProbe, readinessProbe, startupProbe } = container;
    if (livenessProbe.state !== 'known') return;
    const liveness = livenessProbe.value;
    if (readinessProbe.state === 'known' && isIdentical(liveness, readinessProbe.value)) return;

    const { initialDelaySeconds, failureThreshold, periodSeconds, timeoutSeconds } = liveness;
    const numbers = [initialDelaySeconds, failureThreshold, periodSeconds, timeoutSeconds];
    const [delay, failures, period, timeout] = numbers.map((value) =>
      value.state === 'known' ? value.value : undefined,
    );
    if (startupProbe.state === 'unknown') {
      yield { undecided: startupProbe.why, at: startupProbe.at };
    } else if (startupProbe.state === 'absent') {
      if (
        delay === undefined ||
        failures === undefined ||
        period === undefined ||
        timeout === undefined
      ) {
        yield { undecided: 'the times of the livenessProbe are unknown', at: liveness.at };
        return;
      }
      const seconds = delay + (failures - 1) * period + timeout;
      if (seconds < options.minSeconds) {
        yield {
          at: liveness.at,
          as: 'start',
          message: `the livenessProbe of ${container.label} gives it ${seconds} s to start (initialDelaySeconds ${delay}, periodSeconds ${period}, failureThreshold ${failures}, timeoutSeconds ${timeout}); a startupProbe or at least ${options.minSeconds} s are wanted, because a slower start is killed again and again`,
          fix: fixFor(liveness),
          key: 'start',
        };
        return;
      }
    }
    if (
      liveness.handler === 'httpGet' &&
      timeoutSeconds.state === 'known' &&
      timeoutSeconds.byDefault
    )
      yield {
        at: liveness.at,
        as: 'timeout',
        message: `the livenessProbe of ${container.label} wants an answer within ${timeoutSeconds.value} s (the default); about 3 s are wanted, because a busy process answers late`,
        fix: 'Give a busy process time to answer:\nlivenessProbe:\n  timeoutSeconds: 3',
        key: 'timeout',
      };
  },
});

/** A startup probe with the check of the liveness probe, where it is one that can be written down again. */
function fixFor({ handler, path, port }: Probe): string {
  const checks: Readonly<Record<string, string>> = {
    httpGet: `\n    path: ${path.state === 'known' ? path.value : '/healthz'}`,
    tcpSocket: '',
  };
  const check = checks[handler];
  const written = port.state === 'known' ? port.value : undefined;
  const head = 'Give the start up to 60 s of its own, then liveness takes over';
  if (check === undefined || written === undefined)
    return `${head}: a startupProbe with the same check, periodSeconds 5 and failureThreshold 12`;
  return `${head}:\nstartupProbe:\n  ${handler}:${check}\n    port: ${written}\n  periodSeconds: 5\n  failureThreshold: 12`;
}
