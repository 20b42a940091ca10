import { type Container, defineRule, settingsFor } from '../../../src/rule.ts';

/** Without its requests the missing limit is part of missing-resource-requests. */
const isJudged = ({ resources }: Container) =>
  resources.cpuRequest.state !== 'absent' && resources.memoryRequest.state !== 'absent';

export default defineRule({
  id: 'missing-memory-limit',
  title: 'A container may use all the memory of its node.',
  cause: 'no memory limit',
  subject: 'workload',
  levels: { missing: 'warning' },
  runbook: 'stress-1-resources',
  bearsOn: ['killed-for-memory'],
  fix: 'Limit the memory to what the container requests:\nresources:\n  limits:\n    memory: 256Mi',

  *check(workload) {
    const judged = workload.containers.filter(isJudged);
    const [first, ...others] = judged.filter(
      ({ resources }) =>
        resources.memoryLimit.state === 'absent' && resources.memoryRequest.state === 'known',
    );
    if (first === undefined) {
      for (const { resources } of judged)
        for (const value of [resources.memoryRequest, resources.memoryLimit])
          if (value.state === 'unknown') yield { undecided: value.why, at: value.at };
      return;
    }
    const { memoryRequest, memoryLimit } = first.resources;
    // What the policy assumes of a LimitRange is a request without a number.
    const amount =
      memoryRequest.state === 'known' && /^\d/.test(memoryRequest.value)
        ? memoryRequest.value
        : undefined;
    const more = others.length === 0 ? '' : ` (and ${others.map(({ name }) => name).join(', ')})`;
    yield {
      at: memoryLimit.at,
      settings: settingsFor([first, ...others], 'resources'),
      message: `${first.noun}${more} of ${workload.label} requests ${amount === undefined ? 'memory' : `${amount} of memory`} and has no memory limit; one is wanted, because a leak takes the memory of the whole node`,
      related: others.map((container) => ({
        at: container.resources.memoryLimit.at,
        message: `${container.noun} without a memory limit`,
      })),
      ...(amount === undefined
        ? {}
        : {
            fix: `Limit the memory of ${first.noun} to what it requests, or request more:\nresources:\n  limits:\n    memory: ${amount}`,
          }),
    };
  },
});
