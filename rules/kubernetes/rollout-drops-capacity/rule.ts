import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'rollout-drops-capacity',
  title: 'A rollout takes away more than half of the pods, or all of them.',
  cause: 'rollout drops capacity',
  subject: 'workload',
  levels: { drop: 'warning' },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['no-spare-pod'],
  fix: 'Start a new pod before an old one goes:\nspec:\n  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0',

  *check(workload) {
    const { type, maxUnavailable, readyFloor } = workload.rollout;
    const { floor } = workload.replicas;
    if (floor.state !== 'known' || floor.value === 0) return;
    const related = workload.trafficServices.map((service) => ({
      at: service.nameAt,
      message: 'the Service that loses its pods',
    }));

    if (type.state === 'known' && type.value === 'Recreate') {
      const store = workload.containers.some((container) => container.dataStore !== undefined);
      // Recreate is right where two pods at once cannot work: one volume, one port of the node.
      const exclusive =
        workload.volumes.some(
          (volume) => volume.type === 'persistentVolumeClaim' || volume.type === 'hostPath',
        ) ||
        workload.hostNetwork.state !== 'known' ||
        workload.hostNetwork.value ||
        workload.containers.some((container) =>
          container.ports.some((port) => port.hostPort.state !== 'absent'),
        );
      if (store || exclusive || workload.trafficServices.length === 0) return;
      // One pod, and never two at once: Recreate is how that is written. Several run side by side already.
      if (workload.role === 'single-writer' && floor.value === 1) return;
      yield {
        at: type.at,
        message: `${workload.label} is rolled out with Recreate, which stops all ${floor.value === 1 ? 'its pods' : `${floor.value} pods`} before a new one starts; RollingUpdate is wanted`,
        related,
      };
      return;
    }

    if (readyFloor.state !== 'known' || maxUnavailable.state !== 'known') return;
    if (floor.value < 2 || readyFloor.value >= floor.value / 2) return;
    yield {
      at: maxUnavailable.at,
      message: `${workload.label} keeps ${readyFloor.value} of ${floor.value} pods ready during a rollout; at least ${Math.ceil(floor.value / 2)} are wanted`,
      related,
    };
  },
});
