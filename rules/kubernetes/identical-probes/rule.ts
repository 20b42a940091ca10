import { defineRule, type Probe, settingsFor } from '../../../src/rule.ts';

/** Seconds of failing until Kubernetes acts. */
const patienceOf = ({ failureThreshold, periodSeconds }: Probe) =>
  failureThreshold.state === 'known' && periodSeconds.state === 'known'
    ? failureThreshold.value * periodSeconds.value
    : undefined;

/** Seconds of readiness up to which a liveness of twice as long still restarts a hung pod within 2 minutes. */
const LONGEST_REMOVAL = 30;

export default defineRule({
  id: 'identical-probes',
  title: 'Liveness asks the same as readiness and is no slower, so busy pods are restarted.',
  cause: 'identical probes',
  subject: 'container',
  levels: { identical: 'warning', laterStart: 'note' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['healthy-pods-restarted'],
  fix: 'Let liveness ask the process itself, and wait longer than readiness does:\nlivenessProbe:\n  httpGet:\n    path: /healthz\n    port: 8000\n  periodSeconds: 10\n  failureThreshold: 6',

  *check(container) {
    const { livenessProbe, readinessProbe } = container;
    if (livenessProbe.state !== 'known' || readinessProbe.state !== 'known') return;
    const liveness = livenessProbe.value;
    const readiness = readinessProbe.value;
    if (liveness.handlerKey === undefined || liveness.handlerKey !== readiness.handlerKey) return;

    const restart = patienceOf(liveness);
    const removal = patienceOf(readiness);
    if (restart === undefined || removal === undefined) {
      yield { undecided: 'how long the probes wait is unknown', at: liveness.at };
      return;
    }
    if (restart > removal) return;
    const [first, later] = [readiness, liveness].map(({ initialDelaySeconds: delay }) =>
      delay.state === 'known' ? delay.value : undefined,
    );
    if (first === undefined || later === undefined) {
      yield { undecided: 'when the probes start is unknown', at: liveness.at };
      return;
    }
    // A longer initial delay protects the start only: once both run, they act together.
    const after =
      restart === removal
        ? `both act after ${restart} s`
        : `liveness acts after ${restart} s and readiness after ${removal} s`;
    yield {
      at: liveness.at,
      settings: settingsFor([container], 'livenessProbe'),
      as: later > first ? 'laterStart' : 'identical',
      message: `${container.label} has one check for liveness and readiness, and ${after}${later > first ? ' (only the start of liveness is later)' : ''}; a slower livenessProbe is wanted, because load or a sick dependency restarts all pods`,
      related: [{ at: readiness.at, message: 'the readinessProbe that asks the same' }],
      fix:
        removal > LONGEST_REMOVAL
          ? `Let readiness act within ${LONGEST_REMOVAL} s and liveness after twice that, and let liveness ask the process only:
readinessProbe:
  failureThreshold: 3
  periodSeconds: 10
livenessProbe:
  failureThreshold: 6
  periodSeconds: 10`
          : `Let liveness wait longer than the ${removal} s of readiness, and ask the process only, not what it depends on:
livenessProbe:
  failureThreshold: 6
  periodSeconds: ${Math.max(10, Math.ceil(removal / 3))}`,
    };
  },
});
