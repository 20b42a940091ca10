import { defineRule, labelsForFix } from '../../../src/rule.ts';

export default defineRule({
  id: 'experiment-without-bounds',
  title: 'A chaos experiment has no end, or hits every pod of a namespace.',
  cause: 'experiment without bounds',
  subject: 'experiment',
  levels: { endless: 'warning', everything: 'warning' },
  runbook: 'prevention-1-regular-testing',
  bearsOn: ['untested'],
  fix: 'Give the experiment an end and a target:\nspec:\n  duration: 5m',

  *check(experiment) {
    const { targets, duration, durationBound, durationField, mode, selectorAt } = experiment;
    if (durationBound && duration.state === 'unknown')
      yield { undecided: duration.why, at: duration.at };
    if (durationBound && duration.state === 'absent') {
      // In a Schedule or a Workflow it stands deeper.
      const alone = experiment.resource.kind === experiment.faultKind;
      yield {
        at: duration.at,
        as: 'endless',
        key: 'duration',
        message: `${experiment.label} has no ${durationField}; one is wanted, because the fault stays until somebody deletes it`,
        fix: `Let the fault end by itself:\n${alone ? 'spec:\n  ' : ''}${durationField}: 5m`,
      };
    }
    // A namespace that holds a single workload is as good as its labels.
    const single = targets.complete && targets.items.length === 1;
    if (experiment.actsOnPods && mode === 'all' && !experiment.hasLabelSelector && !single) {
      const [workload] = targets.items;
      const labels = workload === undefined ? '    app: NAME' : labelsForFix(workload, 4);
      yield {
        at: selectorAt,
        as: 'everything',
        key: 'selector',
        message: `${experiment.label} has mode all and selects ${experiment.selects}; labels of one workload are wanted, because it hits everything at once`,
        fix: `Select the pods of one workload, for instance:\nselector:\n  labelSelectors:\n${labels}`,
      };
    }
  },
});
