import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'autoscaler-cannot-scale',
  title: 'An autoscaler can never change the number of pods.',
  cause: 'autoscaler cannot scale',
  subject: 'autoscaler',
  levels: { noRequest: 'error', inverted: 'error', pinned: 'note' },
  productionOnly: true,
  runbook: 'stress-4-autoscaling',
  bearsOn: ['fixed-capacity'],
  fix: 'Give every container a request for the resource that the autoscaler measures',

  *check(autoscaler) {
    const { minReplicas: min, maxReplicas: max, target } = autoscaler;
    const paused = [...autoscaler.annotations.keys()].some((key) =>
      key.startsWith('autoscaling.keda.sh/paused'),
    );
    if (!paused && min.state === 'known' && max.state === 'known') {
      if (max.value < min.value)
        yield {
          at: max.at,
          as: 'inverted',
          message: `${autoscaler.label} has a maximum of ${max.value} below its minimum of ${min.value}; a larger one is wanted, because the API server rejects it`,
          related: [{ at: min.at, message: 'the minimum' }],
          fix: `Set the maximum above ${min.value}`,
          key: 'inverted',
        };
      else if (max.value === min.value)
        yield {
          at: max.at,
          as: 'pinned',
          message: `${autoscaler.label} has ${max.value} as its minimum and its maximum; a larger maximum is wanted, because it can never add a pod`,
          related: [{ at: min.at, message: 'the minimum' }],
          fix: `Set the maximum above ${min.value}`,
          key: 'pinned',
        };
    }
    if (target === undefined) return;

    for (const metric of autoscaler.metrics) {
      if (metric.targetType !== 'Utilization' || metric.type === 'other') continue;
      if (metric.resource !== 'cpu' && metric.resource !== 'memory') continue;
      const field = metric.resource === 'cpu' ? 'cpuRequest' : 'memoryRequest';
      const measured = target.containers.filter(
        (container) => metric.type === 'Resource' || container.name === metric.container,
      );
      const lacking = measured.filter(({ resources }) => resources[field].state === 'absent');
      const [first] = lacking;
      if (first === undefined) {
        const unknown = measured
          .map(({ resources }) => resources[field])
          .find((v) => v.state === 'unknown');
        if (unknown?.state === 'unknown') yield { undecided: unknown.why, at: unknown.at };
        continue;
      }
      const names = lacking.map((container) => container.name).join(', ');
      yield {
        at: metric.at,
        as: 'noRequest',
        message: `${autoscaler.label} scales on ${metric.resource} utilization, but container ${names} of ${target.label} has no ${metric.resource} request; a request is wanted, because utilization is a share of it`,
        related: lacking.map((container) => ({
          at: container.resources.at,
          message: `${container.noun} without a ${metric.resource} request`,
        })),
        fix: `Request ${metric.resource} for container ${names}:\nresources:\n  requests:\n    ${metric.resource}: ${metric.resource === 'cpu' ? '250m' : '256Mi'} # what it uses under normal load`,
        key: `${metric.resource}/${metric.container ?? ''}`,
      };
    }
  },
});
