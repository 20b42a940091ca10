import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'replicas-fight-autoscaler',
  title:
    'A workload sets spec.replicas although an autoscaler sets it, so each apply undoes the scaling.',
  cause: 'replicas set beside an autoscaler',
  subject: 'workload',
  levels: { fight: 'warning' },
  productionOnly: true,
  runbook: 'stress-4-autoscaling',
  bearsOn: ['fixed-capacity'],
  fix: 'Remove spec.replicas; the minimum of the autoscaler stands for it. With a client-side kubectl apply, first run kubectl apply edit-last-applied and remove it there too, or the workload falls to 1 pod once',

  *check(workload) {
    const { specReplicas, autoscalers } = workload;
    const [autoscaler] = autoscalers.items;
    // replicas: 0 switches the autoscaler off, on purpose.
    if (autoscaler === undefined || specReplicas.state !== 'known' || specReplicas.value === 0)
      return;
    yield {
      at: specReplicas.at,
      message: `${workload.label} sets replicas ${specReplicas.value} and ${autoscaler.label} scales it; no spec.replicas is wanted, because each apply takes it back to ${specReplicas.value}`,
      related: [{ at: autoscaler.nameAt, message: 'the autoscaler' }],
    };
  },
});
