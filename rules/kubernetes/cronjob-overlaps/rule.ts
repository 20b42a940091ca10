import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'cronjob-overlaps',
  title: 'Runs of a CronJob may work at the same time, or start at any later moment.',
  cause: 'CronJob overlaps',
  subject: 'workload',
  levels: {
    overlap: 'note',
    frequent: 'warning',
    deadlineOnly: 'strict',
    lateStart: 'strict',
  },
  runbook: 'prevention-4-resource-planning',
  bearsOn: ['jobs-pile-up'],
  fix: 'Let no run start while another one works:\nspec:\n  concurrencyPolicy: Forbid',
  options: {
    frequentMinutes: {
      type: 'number',
      minimum: 0,
      default: 15,
      description:
        'A CronJob whose period, in minutes, is shorter than this is a warning, unless activeDeadlineSeconds ends its runs.',
    },
  },

  *check(workload, { options }) {
    const { job } = workload;
    if (workload.kind !== 'CronJob' || job === undefined || job.suspended) return;
    const { concurrencyPolicy: policy, startingDeadlineSeconds: start } = job;
    if (start.state === 'absent') {
      yield {
        at: start.at,
        as: 'lateStart',
        key: 'startingDeadlineSeconds',
        message: `${workload.label} has no startingDeadlineSeconds; one is wanted, because a run that was missed starts at any later moment`,
        fix: 'Say how late a run may still start:\nspec:\n  startingDeadlineSeconds: 600',
      };
    }

    if (policy.state === 'unknown') yield { undecided: policy.why, at: policy.at };
    if (policy.state !== 'known' || policy.value !== 'Allow') return;
    const { periodMinutes: period, activeDeadlineSeconds: end } = job;
    for (const value of [period, end])
      if (value.state === 'unknown') yield { undecided: value.why, at: value.at };
    if (period.state !== 'known' || end.state === 'unknown') return;

    const at = policy.at;
    const key = 'concurrencyPolicy';
    const every = `${workload.label} runs every ${duration(period.value)}`;
    const set = policy.byDefault
      ? 'leaves concurrencyPolicy at Allow'
      : 'has concurrencyPolicy Allow';
    if (end.state === 'known' && end.value <= period.value * 60) {
      yield {
        at,
        as: 'deadlineOnly',
        key,
        message: `${every} and ${set}; Forbid is wanted, because only activeDeadlineSeconds ${end.value} keeps its runs apart`,
      };
      return;
    }
    if (end.state === 'known') {
      yield {
        at,
        as: 'overlap',
        key,
        message: `${every}, ends a run after ${end.value} seconds and ${set}; Forbid is wanted, because a slow run overlaps with the next`,
        related: [{ at: end.at, message: 'longer than the period' }],
      };
      return;
    }
    const frequent = period.value < options.frequentMinutes;
    yield {
      at,
      as: frequent ? 'frequent' : 'overlap',
      key,
      message: frequent
        ? `${every} without activeDeadlineSeconds and ${set}; Forbid is wanted, because hung runs pile up`
        : `${every} and ${set}; Forbid is wanted, because a slow run overlaps with the next`,
      fix: 'Let no run start while another one works, and give each an end (job-never-ends):\nspec:\n  concurrencyPolicy: Forbid',
    };
  },
});

/** `10 minutes`, `6 hours`, `7 days`: the largest unit that gives a whole number. */
function duration(minutes: number): string {
  const units = [
    ['day', 24 * 60],
    ['hour', 60],
    ['minute', 1],
  ] as const;
  const [name, size] = units.find(([, unit]) => minutes % unit === 0) ?? ['second', 1 / 60];
  const count = Math.round(minutes / size);
  return count === 1 ? name : `${count} ${name}s`;
}
