import { defineRule, settingsFor } from '../../../src/rule.ts';

/** `250m`, `0.25` or `2` in thousandths of a core. */
function millicores(quantity: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  if (digits === undefined) return undefined;
  return Math.ceil(Number(digits) * (unit === 'm' ? 1 : 1000));
}

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
    const milli = cpuRequest.state === 'known' ? millicores(cpuRequest.value) : undefined;
    const request =
      cpuRequest.state === 'known' && milli !== undefined
        ? `requests ${cpuRequest.value} of cpu and has no limit`
        : 'has no cpu limit';
    yield {
      at: cpuLimit.at,
      settings: settingsFor([first, ...others], 'resources'),
      message: `${first.noun}${more} of ${workload.label} ${request}; one is wanted, because it may take all idle cpu and is slow as soon as its neighbours need theirs`,
      related: others.map((container) => ({
        at: container.resources.cpuLimit.at,
        message: `${container.noun} without a cpu limit`,
      })),
      ...(milli === undefined
        ? {}
        : {
            fix: `Limit the cpu of ${first.noun} above what it needs at its peak:\nresources:\n  limits:\n    cpu: ${2 * milli}m`,
          }),
    };
  },
});
