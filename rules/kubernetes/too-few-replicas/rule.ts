import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'too-few-replicas',
  title: 'A workload runs fewer replicas than it needs to survive the loss of a pod.',
  cause: 'too few replicas',
  subject: 'workload',
  levels: {
    behindService: 'error',
    other: 'warning',
    tool: 'note',
    thirdParty: 'warning',
    clusteringStore: 'warning',
    singleWriter: 'warning',
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
    // With an autoscaler the finding stands at its minReplicas: autoscaler-floor-too-low.
    if (!workload.scalable || setBy === 'autoscaler' || floor.state === 'absent') return;
    if (floor.state === 'unknown') {
      yield { undecided: floor.why, at: floor.at };
      return;
    }
    if (floor.value === 0 || floor.value >= options.min) return;
    if (!workload.autoscalers.complete) {
      yield { undecided: workload.autoscalers.why ?? 'an autoscaler may be unseen', at: floor.at };
      return;
    }

    const behindService = workload.trafficServices.length > 0;
    const what = behindService ? 'the whole service' : 'all of it';
    const loss =
      floor.value === 1 ? `takes ${what} down` : `takes 1/${floor.value} of its capacity`;
    const count = `${workload.label} runs ${floor.value} ${floor.value === 1 ? 'replica' : 'replicas'}`;
    const raise = `spec:\n  replicas: ${options.min}`;
    const related = workload.trafficServices.map((service) => ({
      at: service.nameAt,
      message: 'the Service that sends it traffic',
    }));
    const at = floor.at;

    switch (workload.role) {
      case 'stateless': {
        const budget = workload.podDisruptionBudgets;
        const next =
          budget.items.length === 0 && budget.complete
            ? ', then give it a PodDisruptionBudget (missing-pod-disruption-budget)'
            : '';
        // Software of others may not run in several copies, and its image does not say.
        const { thirdParty } = workload;
        // What users talk to is no operator, whatever it is called.
        const tool =
          !behindService || workload.tool === 'load-generator' ? workload.tool : undefined;
        const doubtful = thirdParty || tool !== undefined;
        const where = doubtful ? ' where it supports them' : '';
        yield {
          at,
          as: tool ? 'tool' : thirdParty ? 'thirdParty' : behindService ? 'behindService' : 'other',
          message: `${count}, so one killed pod ${loss}; at least ${options.min} are wanted${where}`,
          related,
          ...(doubtful ? { byHand: 'whether it may run in several copies is not known' } : {}),
          fix: `${doubtful ? `If ${workload.name} supports several copies, run at least ${options.min}` : `Run at least ${options.min} replicas of ${workload.name}, once no session, cart, job or file lives in the process`}${next}:\n${raise}`,
        };
        return;
      }
      case 'store-member':
        // One primary or arbiter is what there must be.
        return;
      case 'clustering-store':
        yield {
          at,
          as: 'clusteringStore',
          message: `${count} of a data store that replicates itself, so one killed pod ${loss}; at least ${options.min} are wanted`,
          related,
          fix: `Run at least ${options.min} members of ${workload.name}, set up as one cluster, not as copies:\n${raise}`,
          byHand: 'members of a data store are set up as one cluster',
        };
        return;
      case 'single-instance-store':
        yield {
          at,
          as: 'singleInstanceStore',
          message: `${count} of a data store without replication, so one killed pod ${loss} until it is back`,
          related,
          fix: `Do not raise the replicas of ${workload.name}: use an operator that replicates the data, or a managed service`,
          byHand: 'a data store without replication must not run as copies',
        };
        return;
      case 'single-writer':
        yield {
          at,
          as: 'singleWriter',
          message: `${count} as a single writer (a volume or file of its own, or Recreate), so one killed pod ${loss}; at least ${options.min} are wanted once its state is elsewhere`,
          related,
          fix: `Move the state of ${workload.name} out of its pod, or elect a leader, then run at least ${options.min} replicas:\n${raise}`,
          byHand: 'its state lives in its pod',
        };
        return;
    }
  },
});
