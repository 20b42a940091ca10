import { defineRule, labelsForFix } from '../../../src/rule.ts';

export default defineRule({
  id: 'workload-without-experiment',
  title: 'Chaos experiments test other workloads of the repository, and not this one.',
  cause: 'no experiment',
  subject: 'workload',
  levels: { untested: 'strict' },
  productionOnly: true,
  runbook: 'prevention-1-regular-testing',
  bearsOn: ['untested'],
  fix: 'Start with the loss of one pod',

  *check(workload) {
    const { experiments, otherExperiments } = workload;
    const { floor } = workload.replicas;
    const [other] = otherExperiments;
    if (!workload.scalable || (floor.state === 'known' && floor.value === 0)) return;
    if (experiments.items.length > 0 || other === undefined) return;
    if (!experiments.complete) {
      yield { undecided: experiments.why ?? 'an experiment may be unseen', at: workload.at };
      return;
    }
    const namespace =
      workload.namespace === undefined ? '' : `\n  namespace: ${workload.namespace}`;
    yield {
      at: workload.at,
      message: `${workload.label} is hit by no chaos experiment, while other workloads are; one is wanted, because nobody knows how it fails`,
      related: [{ at: other.at, message: 'an experiment that tests another workload' }],
      fix: `Start with the loss of one pod of ${workload.name}, every week:
apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata:
  name: ${workload.name}-pod-kill${namespace}
spec:
  schedule: "0 10 * * 1"
  type: PodChaos
  concurrencyPolicy: Forbid
  historyLimit: 5
  podChaos:
    action: pod-kill
    mode: one
    selector:
      labelSelectors:
${labelsForFix(workload, 8)}`,
    };
  },
});
