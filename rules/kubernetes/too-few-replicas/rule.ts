import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'too-few-replicas',
  title: 'A workload runs fewer replicas than it needs to survive the loss of a pod.',
  cause: 'too few replicas',
  subject: 'workload',
  levels: {
    behindService: 'error',
    other: 'warning',
    clusteringStore: 'warning',
    singleInstanceStore: 'note',
  },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['no-spare-pod'],
  fix: 'Run at least 3 replicas:\nspec:\n  replicas: 3',
  options: {
    min: { type: 'integer', minimum: 1, default: 3, description: 'The fewest replicas that pass.' },
  },

  *check(workload, { options }) {
    const { floor, setBy } = workload.replicas;
    if (setBy === 'autoscaler' || floor.state !== 'known') return;
    if (floor.value === 0 || floor.value >= options.min) return;
    const count = `${workload.label} runs ${floor.value} ${floor.value === 1 ? 'replica' : 'replicas'}`;
    // ... roles, services and the next step (a budget) follow here in the real rule
    yield {
      at: floor.at,
      as: 'behindService',
      message: `${count}; at least ${options.min} are wanted`,
    };
  },
});
