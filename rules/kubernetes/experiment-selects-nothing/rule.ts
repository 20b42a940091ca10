import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'experiment-selects-nothing',
  title: 'A chaos experiment selects no pods, so it passes without testing anything.',
  cause: 'experiment selects nothing',
  subject: 'experiment',
  levels: { dangling: 'error' },
  runbook: 'prevention-1-regular-testing',
  bearsOn: ['untested'],
  fix: 'Copy namespace and labels of the pod template into the selector of the experiment',

  *check(experiment) {
    const { targets, nearMiss, actsOnPods, selectorAt } = experiment;
    if (!actsOnPods || targets.items.length > 0) return;
    if (!targets.complete && nearMiss === undefined) {
      yield { undecided: targets.why ?? 'pods may be unseen', at: selectorAt };
      return;
    }
    yield {
      at: selectorAt,
      message: `${experiment.label} selects ${experiment.selects} and no workload is that; an existing one is wanted, because the experiment tests nothing`,
      related: nearMiss === undefined ? [] : [nearMiss],
      ...(nearMiss === undefined
        ? {}
        : { fix: `Make the selector and the pods agree: ${nearMiss.message}` }),
    };
  },
});
