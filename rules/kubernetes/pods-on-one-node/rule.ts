import { defineRule, labelsForFix } from '../../../src/rule.ts';

export default defineRule({
  id: 'pods-on-one-node',
  title: 'Nothing keeps the pods of a workload from landing on one node.',
  cause: 'no spread over nodes',
  subject: 'workload',
  levels: { spread: 'note' },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['pods-share-a-node'],
  fix: 'Spread the pods over the nodes with topologySpreadConstraints on kubernetes.io/hostname',
  options: {
    minReplicas: {
      type: 'integer',
      minimum: 2,
      default: 2,
      description: 'The fewest effective replicas from which on a spread is wanted.',
    },
  },

  *check(workload, { options }) {
    const { spread } = workload;
    const { floor } = workload.replicas;
    if (!workload.scalable || floor.state !== 'known' || floor.value < options.minReplicas) return;
    if (spread.state === 'unknown') {
      yield { undecided: spread.why, at: spread.at };
      return;
    }
    if (spread.state === 'known' && spread.value) return;
    // A port of the node is free once per node: the scheduler spreads such pods by itself.
    const { hostNetwork } = workload;
    const onePerNode = workload.containers.some((container) =>
      container.ports.some(
        (port) =>
          port.hostPort.state !== 'absent' || hostNetwork.state !== 'known' || hostNetwork.value,
      ),
    );
    if (onePerNode) return;
    yield {
      at: workload.at,
      settings:
        workload.settings.get('topologySpreadConstraints') ??
        workload.settings.get('affinity') ??
        [],
      message: `${workload.label} has ${floor.value} replicas and no spread that matches its labels; one pod per node is wanted, so that one lost node does not take them all`,
      fix: `Spread the pods of ${workload.name} over the nodes:
spec:
  template:
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
${labelsForFix(workload, 14)}`,
    };
  },
});
