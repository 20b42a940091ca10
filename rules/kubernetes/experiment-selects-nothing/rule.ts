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
    const { label, actsOnPods, peer } = experiment;
    if (!actsOnPods) return;
    const ends = [
      { selection: experiment, key: 'selector', does: 'selects' },
      { selection: peer, key: 'target', does: 'disturbs connections with' },
    ];
    for (const { selection, key, does } of ends) {
      if (selection === undefined || selection.targets.items.length > 0) continue;
      const { targets, nearMiss, selects, selectorAt: at } = selection;
      if (!targets.complete && nearMiss === undefined) {
        yield { undecided: targets.why ?? 'pods may be unseen', at };
        continue;
      }
      yield {
        at,
        key,
        message: `${label} ${does} ${selects}, which is no workload here; an existing one is wanted, because the experiment tests nothing`,
        related: nearMiss === undefined ? [] : [nearMiss],
        ...(nearMiss === undefined
          ? {}
          : { fix: `Make the selector and the pods agree: ${nearMiss.message}` }),
      };
    }
  },
});
