import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'autoscaler-targets-nothing',
  title: 'An autoscaler targets a workload that does not exist, so nothing is ever scaled.',
  cause: 'autoscaler targets nothing',
  subject: 'autoscaler',
  levels: { dangling: 'error' },
  productionOnly: true,
  runbook: 'stress-4-autoscaling',
  bearsOn: ['fixed-capacity'],
  fix: 'Name an existing workload of the same namespace in spec.scaleTargetRef',

  *check(autoscaler) {
    const { target, targetName, targetKind, targetMayBeUnseen, nearMiss } = autoscaler;
    if (target !== undefined) return;
    if (targetName.state !== 'known') {
      if (targetName.state === 'unknown') yield { undecided: targetName.why, at: targetName.at };
      return;
    }
    if (targetMayBeUnseen && nearMiss === undefined) {
      yield {
        undecided: `${targetKind} ${targetName.value} may be made elsewhere`,
        at: autoscaler.targetAt,
      };
      return;
    }
    yield {
      at: targetName.at,
      message: `${autoscaler.label} targets ${targetKind} ${targetName.value}, which does not exist here; an existing workload is wanted, because nothing is scaled`,
      related: nearMiss === undefined ? [] : [nearMiss],
      ...(nearMiss === undefined
        ? {}
        : { fix: `Correct spec.scaleTargetRef: ${nearMiss.message}` }),
    };
  },
});
