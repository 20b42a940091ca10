import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'missing-autoscaler',
  title: 'A service has a fixed number of pods, whatever the load.',
  cause: 'no autoscaler',
  subject: 'workload',
  levels: { fixed: 'strict' },
  productionOnly: true,
  runbook: 'stress-4-autoscaling',
  bearsOn: ['fixed-capacity'],
  fix: 'Add a HorizontalPodAutoscaler',

  *check(workload) {
    const [service] = workload.trafficServices;
    const { floor } = workload.replicas;
    if (!workload.scalable || workload.role !== 'stateless' || workload.kind === 'StatefulSet')
      return;
    if (service === undefined || workload.autoscalers.items.length > 0) return;
    if (floor.state !== 'known' || floor.value === 0) return;
    if (!workload.autoscalers.complete) {
      yield { undecided: workload.autoscalers.why ?? 'an autoscaler may be unseen', at: floor.at };
      return;
    }
    const min = Math.max(floor.value, 3);
    const namespace =
      workload.namespace === undefined ? '' : `\n  namespace: ${workload.namespace}`;
    yield {
      at: workload.at,
      message: `${workload.label} always runs ${floor.value} ${floor.value === 1 ? 'pod' : 'pods'} behind ${service.label}; an autoscaler is wanted, so that a load peak finds more`,
      related: [{ at: service.nameAt, message: 'the Service that sends it traffic' }],
      fix: `Scale ${workload.name} with its load, and remove spec.replicas:
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${workload.name}${namespace}
spec:
  scaleTargetRef:
    apiVersion: ${workload.apiVersion}
    kind: ${workload.kind}
    name: ${workload.name}
  minReplicas: ${min}
  maxReplicas: ${Math.max(10, min * 3)}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70`,
    };
  },
});
