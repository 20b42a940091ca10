import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'missing-cpu-limit',
  title: 'A container may use all the cpu of its node.',
  cause: 'no cpu limit',
  subject: 'workload',
  levels: { missing: 'strict' },
  runbook: 'stress-1-resources',
  bearsOn: ['starved-by-neighbours'],
  fix: 'Limit the cpu above what the container needs at its peak:\nresources:\n  limits:\n    cpu: 1000m',

  *check(workload) {
    const [first, ...others] = workload.containers.filter(
      (c) => c.resources.cpuLimit.state === 'absent',
    );
    if (first === undefined) {
      for (const { resources } of workload.containers)
        if (resources.cpuLimit.state === 'unknown')
          yield { undecided: resources.cpuLimit.why, at: resources.cpuLimit.at };
      return;
    }
    const { cpuRequest, cpuLimit } = first.resources;
    const more = others.length === 0 ? '' : ` (and ${others.map(({ name }) => name).join(', ')})`;
    const request =
      cpuRequest.state === 'known'
        ? `requests ${cpuRequest.value} of cpu and has no limit`
        : 'has no cpu limit';
    yield {
      at: cpuLimit.at,
      message: `container ${first.name}${more} of ${workload.label} ${request}; one is wanted where pods share nodes with strangers, because it may take all idle cpu and then miss it`,
      related: others.map((container) => ({
        at: container.resources.cpuLimit.at,
        message: `container ${container.name} without a cpu limit`,
      })),
    };
  },
});
