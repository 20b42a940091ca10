import { defineRule, labelsForFix, type Workload } from '../../../src/rule.ts';

/** Three equal pods of what keeps nothing; one stable pod of what owns data or a volume. */
function fixFor(workload: Workload): string {
  const { name, role, volumes } = workload;
  const keeps =
    role !== 'stateless' ||
    volumes.some(({ type }) => /^(?:persistentVolumeClaim|other)$/.test(type));
  const [kind, replicas] = keeps ? ['StatefulSet', 1] : ['Deployment', 3];
  const labels = (indent: number) => labelsForFix(workload, indent);
  return `Turn Pod ${name} into a ${kind}${keeps ? ', because it owns data' : ''}, its labels and its spec below template:
apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  replicas: ${replicas}${keeps ? `\n  serviceName: ${name}` : ''}
  selector:
    matchLabels:
${labels(6)}
  template:
    metadata:
      labels:
${labels(8)}`;
}

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
      fix: fixFor(workload),
    };
  },
});
