import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'naked-pod',
  title: 'A Pod runs without a controller, so nobody recreates it when it is gone.',
  cause: 'Pod without a controller',
  subject: 'workload',
  levels: { naked: 'error' },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['not-recreated', 'no-spare-pod'],
  fix: 'Put the pod into a Deployment with at least 3 replicas:\napiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 3',

  *check(workload) {
    // A Pod without a name is a template for something else: a build agent, an overlay of a pod.
    if (workload.kind !== 'Pod' || workload.name === '') return;
    const policy = workload.restartPolicy;
    if (policy.state !== 'known' || policy.value !== 'Always') return;
    yield {
      at: workload.at,
      message: `${workload.label} has no controller; a Deployment is wanted, because a Pod that is deleted or whose node dies never comes back`,
      related: workload.services.items.map((service) => ({
        at: service.nameAt,
        message: 'the Service that sends it traffic',
      })),
      fix: `Turn Pod ${workload.name} into a Deployment, its spec below spec.template:
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${workload.name}
spec:
  replicas: 3`,
    };
  },
});
