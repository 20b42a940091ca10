import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'slow-recovery',
  title: 'A pod needs more than two minutes until it works again.',
  cause: 'slow recovery',
  subject: 'container',
  levels: { start: 'warning', hang: 'warning' },
  runbook: 'indicator-restart-time',
  bearsOn: ['slow-recovery'],
  fix: 'Ask early and often instead of waiting:\nstartupProbe:\n  httpGet:\n    path: /healthz\n    port: 8000\n  periodSeconds: 5\n  failureThreshold: 60',
  options: {
    maxStartSeconds: {
      type: 'integer',
      minimum: 0,
      default: 120,
      description: 'The longest wait before the first readiness check that passes, in seconds.',
    },
    maxHangSeconds: {
      type: 'integer',
      minimum: 1,
      default: 120,
      description: 'The longest hang before liveness restarts a container that passes, in seconds.',
    },
  },

  *check(container, { options }) {
    const { readinessProbe, startupProbe, livenessProbe, workload } = container;
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;

    // The delay of readiness begins when the startup probe has succeeded: they add up.
    let start = 0;
    const delays = [];
    for (const [field, probe] of [
      ['startupProbe', startupProbe],
      ['readinessProbe', readinessProbe],
    ] as const) {
      if (probe.state !== 'known') continue;
      const delay = probe.value.initialDelaySeconds;
      if (delay.state === 'unknown') yield { undecided: delay.why, at: delay.at };
      if (delay.state !== 'known' || delay.value <= 0) continue;
      start += delay.value;
      delays.push({ at: delay.at, text: `${field} ${delay.value} s` });
    }
    const [last] = delays.slice(-1);
    if (last !== undefined && start > options.maxStartSeconds)
      yield {
        at: last.at,
        as: 'start',
        message: `${container.label} is not ready before ${start} s have passed (initialDelaySeconds: ${delays.map(({ text }) => text).join(', ')}); at most ${options.maxStartSeconds} s are wanted, because every lost pod is missing that long`,
        related: delays.slice(0, -1).map(({ at }) => ({ at, message: 'the delay before it' })),
        fix: 'Ask early and often instead of waiting: no initialDelaySeconds, and a startupProbe whose periodSeconds x failureThreshold covers the slowest start',
        key: 'start',
      };

    if (livenessProbe.state !== 'known') return;
    const { failureThreshold, periodSeconds } = livenessProbe.value;
    if (failureThreshold.state !== 'known' || periodSeconds.state !== 'known') {
      yield { undecided: 'how long the livenessProbe waits is unknown', at: livenessProbe.at };
      return;
    }
    const failures = failureThreshold.value;
    const period = periodSeconds.value;
    if (failures * period <= options.maxHangSeconds) return;
    yield {
      at: periodSeconds.byDefault ? failureThreshold.at : periodSeconds.at,
      as: 'hang',
      message: `${container.label} is restarted only after it hung for ${failures * period} s (failureThreshold ${failures} x periodSeconds ${period}); at most ${options.maxHangSeconds} s are wanted`,
      fix: `Restart a container that hangs within ${options.maxHangSeconds} s:\nlivenessProbe:\n  periodSeconds: 10\n  failureThreshold: ${Math.max(1, Math.min(6, Math.floor(options.maxHangSeconds / 10)))}`,
      key: 'hang',
    };
  },
});
