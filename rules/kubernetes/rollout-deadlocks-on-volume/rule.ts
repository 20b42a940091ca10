import { defineRule } from '../../../src/rule.ts';

const SHARED = new Set(['ReadWriteMany', 'ReadOnlyMany']);

export default defineRule({
  id: 'rollout-deadlocks-on-volume',
  title: 'A rolling update waits for a new pod that cannot mount the volume of the old one.',
  cause: 'rollout deadlocks on its volume',
  subject: 'workload',
  levels: { deadlock: 'warning' },
  runbook: 'pod-1-replicas',
  bearsOn: ['slow-recovery'],
  fix: 'Stop the old pod first, because only one node can mount the volume:\nspec:\n  strategy:\n    type: Recreate\n    rollingUpdate: null',

  *check(workload) {
    const { type, maxSurge, readyFloor } = workload.rollout;
    if (workload.kind !== 'Deployment' && workload.kind !== 'DeploymentConfig') return;
    if (type.state !== 'known' || type.value !== 'RollingUpdate') return;
    // Where an old pod goes before its successor is ready, the volume gets free.
    if (readyFloor.state !== 'known' || readyFloor.value === 0) return;
    if (maxSurge.state !== 'known' || maxSurge.value === 0) return;

    for (const volume of workload.volumes) {
      const modes = volume.accessModes;
      if (volume.type !== 'persistentVolumeClaim' || modes.state !== 'known') continue;
      if (modes.value.length === 0 || modes.value.some((mode) => SHARED.has(mode))) continue;
      yield {
        at: type.byDefault ? volume.at : type.at,
        message: `${workload.label} is rolled out with RollingUpdate and mounts the ${modes.value.join(', ')} claim ${volume.claimName ?? volume.name}; Recreate is wanted, because a new pod on another node waits for the volume for ever`,
        related: [{ at: modes.at, message: 'the access mode of the claim' }],
      };
      return;
    }
  },
});
