import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'autoscaler-floor-too-low',
  title: 'An autoscaler may shrink a workload below the replicas that survive the loss of a pod.',
  cause: 'autoscaler floor too low',
  subject: 'autoscaler',
  levels: { behindService: 'error', other: 'warning', thirdParty: 'warning', dataStore: 'note' },
  productionOnly: true,
  runbook: 'stress-4-autoscaling',
  bearsOn: ['no-spare-pod'],
  fix: 'Raise the floor of the autoscaler:\nspec:\n  minReplicas: 3',
  options: {
    min: { type: 'integer', minimum: 1, default: 3, description: 'The lowest floor that passes.' },
  },

  *check(autoscaler, { options }) {
    const { target, minReplicas } = autoscaler;
    // Without its workload nobody knows whether it serves anybody; a missing one is
    // autoscaler-targets-nothing.
    if (target === undefined || !target.scalable) return;
    if (minReplicas.state !== 'known') {
      if (minReplicas.state === 'unknown') yield { undecided: minReplicas.why, at: minReplicas.at };
      return;
    }
    const floor = minReplicas.value;
    if (floor === 0 || floor >= options.min) return;

    const keda = autoscaler.type === 'ScaledObject';
    const key = keda ? 'minReplicaCount' : 'minReplicas';
    const behindService = target.trafficServices.length > 0;
    const store = target.role !== 'stateless';
    const tool = !behindService || target.tool === 'load-generator' ? target.tool : undefined;
    const written = minReplicas.byDefault ? `${floor} (the default)` : `${floor}`;
    const loss =
      floor > 1
        ? `takes 1/${floor} of its capacity`
        : `takes ${behindService ? 'the whole service' : 'all of it'} down`;
    const where = (target.thirdParty || tool) && !store ? ' where it supports them' : '';
    const max = autoscaler.maxReplicas;
    const ceiling =
      max.state === 'known' && max.value < options.min
        ? `\n  ${keda ? 'maxReplicaCount' : 'maxReplicas'}: ${options.min * 3}`
        : '';
    yield {
      at: minReplicas.at,
      as: store
        ? 'dataStore'
        : target.thirdParty || tool
          ? 'thirdParty'
          : behindService && !keda
            ? 'behindService'
            : 'other',
      message: `${autoscaler.label} lets ${target.label} shrink to ${written}, so one killed pod ${loss}; at least ${options.min} are wanted${where}`,
      related: [
        { at: target.nameAt, message: 'the workload that it scales' },
        ...target.trafficServices.map((service) => ({
          at: service.nameAt,
          message: 'the Service that sends it traffic',
        })),
      ],
      ...(store ? { byHand: 'whether it may run more than one pod on its data is not known' } : {}),
      fix: store
        ? `Check that ${target.name} may run more than one pod on its data, then set ${key} to ${options.min}`
        : `Never let ${target.name} go below ${options.min} pods:\nspec:\n  ${key}: ${options.min}${ceiling}`,
    };
  },
});
