import { defineRule } from '../../../src/rule.ts';

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
