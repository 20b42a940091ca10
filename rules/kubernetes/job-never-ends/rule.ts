import { defineRule } from '../../../src/rule.ts';

/** The suggested bound where nothing is known of the work: one hour. */
const USUAL_SECONDS = 3600;

export default defineRule({
  id: 'job-never-ends',
  title: 'Nothing ends a run of a Job that hangs.',
  cause: 'Job without an end',
  subject: 'workload',
  levels: { blocks: 'warning', other: 'note' },
  runbook: 'prevention-4-resource-planning',
  bearsOn: ['jobs-pile-up'],
  fix: 'End a run that takes far longer than a healthy one:\nspec:\n  activeDeadlineSeconds: 3600',

  *check(workload) {
    const { job } = workload;
    if (job === undefined || job.suspended) return;
    const { activeDeadlineSeconds: end, concurrencyPolicy: policy, periodMinutes: period } = job;
    if (end.state === 'unknown') yield { undecided: end.why, at: end.at };
    if (end.state !== 'absent') return;
    const is = (value: string) => policy.state === 'known' && policy.value === value;
    // The next run takes the place of one that hangs.
    if (is('Replace')) return;

    const wanted = `${workload.label} has no activeDeadlineSeconds; one is wanted, because`;
    if (workload.kind === 'Job') {
      yield {
        at: end.at,
        as: 'other',
        message: `${wanted} a run that hangs never ends (backoffLimit counts failures only)`,
      };
      return;
    }
    const seconds =
      period.state === 'known'
        ? Math.max(1, Math.min(USUAL_SECONDS, Math.floor(period.value * 60)))
        : USUAL_SECONDS;
    yield {
      at: end.at,
      as: is('Forbid') ? 'blocks' : 'other',
      message: is('Forbid')
        ? `${wanted} with concurrencyPolicy Forbid a run that hangs stops all later ones`
        : `${wanted} runs that hang never end and pile up`,
      related: is('Forbid') ? [{ at: policy.at, message: 'no run starts while one works' }] : [],
      fix: `End a run that takes far longer than a healthy one:\nspec:\n  jobTemplate:\n    spec:\n      activeDeadlineSeconds: ${seconds}`,
    };
  },
});
