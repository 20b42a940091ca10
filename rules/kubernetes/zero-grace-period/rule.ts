import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'zero-grace-period',
  title: 'A server is killed at once: its pods have no time to finish what they do.',
  cause: 'no grace period',
  subject: 'workload',
  levels: { server: 'error' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: 'Leave the default of 30 seconds, or write what the shutdown needs:\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 30',
  options: {
    seconds: {
      type: 'integer',
      minimum: 1,
      default: 30,
      description: 'Seconds that --fix writes.',
    },
  },

  *check(workload, { options }) {
    const grace = workload.terminationGracePeriodSeconds;
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;
    if (grace.state !== 'known' || grace.value > 0) return;
    const services = workload.trafficServices;
    if (
      services.length === 0 &&
      workload.containers.every((c) => c.ports.every(({ scraped }) => scraped))
    )
      return;
    yield {
      at: grace.at,
      message: `${workload.label} has terminationGracePeriodSeconds ${grace.value}; ${options.seconds} is wanted, because open requests and unwritten data are lost each time a pod stops`,
      related: services.map((service) => ({
        at: service.nameAt,
        message: 'the Service that sends it traffic',
      })),
    };
  },
});
