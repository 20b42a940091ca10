import { defineRule } from '../../../src/rule.ts';

/** Labels that controllers write on running pods; no template has them. */
const OF_THE_RUN_TIME =
  /^(statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|(rollouts-)?pod-template-hash|controller-revision-hash|(batch\.kubernetes\.io\/)?(job-name|controller-uid))$/;

/** Data stores with a leader label their own pods: `role: primary`, `spilo-role: master`. */
const isElected = (key: string, value: string) =>
  /role$/i.test(key) &&
  /^(master|primary|leader|active|replica|secondary|slave|standby|follower|read-?only)$/i.test(
    value,
  );

export default defineRule({
  id: 'service-selects-nothing',
  title: 'A Service selects no pods, so every connection to it fails.',
  cause: 'Service selects nothing',
  subject: 'service',
  levels: { dangling: 'error' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['unreachable'],
  fix: 'Copy labels of the pod template into spec.selector, or delete the Service',

  *check(service) {
    const { selector, workloads, nearMiss, type } = service;
    if (selector.state === 'absent' || workloads.items.length > 0) return;
    if (type.state !== 'known' || type.value === 'ExternalName') return;
    if (selector.state === 'unknown') {
      yield { undecided: selector.why, at: selector.at };
      return;
    }
    if (!workloads.complete && nearMiss === undefined) {
      yield { undecided: workloads.why ?? 'pods may be unseen', at: service.selectorAt };
      return;
    }
    for (const [key, value] of selector.value) {
      if (!OF_THE_RUN_TIME.test(key) && !isElected(key, value)) continue;
      yield { undecided: `pods may get the label ${key} while they run`, at: service.selectorAt };
      return;
    }
    const wanted = [...selector.value].map(([key, value]) => `${key}=${value}`).join(', ');
    yield {
      at: service.selectorAt,
      message: `${service.label} selects ${wanted} and no pod template has these labels; one is wanted, because every connection fails`,
      related: nearMiss === undefined ? [] : [nearMiss],
      ...(nearMiss === undefined
        ? {}
        : { fix: `Make selector and labels agree: ${nearMiss.message}` }),
    };
  },
});
