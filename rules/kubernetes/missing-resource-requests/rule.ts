import { type Container, defineRule, settingsFor, type Value } from '../../../src/rule.ts';

/** What a container does not request, in the order of a manifest. */
function lackedBy({ resources }: Container): readonly ('cpu' | 'memory')[] {
  return [
    ...(resources.cpuRequest.state === 'absent' ? (['cpu'] as const) : []),
    ...(resources.memoryRequest.state === 'absent' ? (['memory'] as const) : []),
  ];
}

/** A quantity that can be written down again; the policy's assumption of a LimitRange has none. */
const amountOf = (value: Value<string>) =>
  value.state === 'known' && /^\d/.test(value.value) ? value.value : undefined;

export default defineRule({
  id: 'missing-resource-requests',
  title: 'A container requests no cpu or no memory, so nothing is reserved for it.',
  cause: 'no resource requests',
  subject: 'workload',
  levels: { missing: 'warning' },
  runbook: 'stress-1-resources',
  bearsOn: ['starved-by-neighbours', 'killed-for-memory'],
  fix: 'Request what the container uses under normal load:\nresources:\n  requests:\n    cpu: 250m\n    memory: 256Mi\n  limits:\n    memory: PEAK # the most that it uses, with some room',
  options: {
    cpu: {
      type: 'string',
      default: '250m',
      description: 'The cpu request that --fix-unsafe writes.',
    },
    memory: {
      type: 'string',
      default: '256Mi',
      description: 'The memory request that --fix-unsafe writes.',
    },
    memoryLimit: {
      type: 'string',
      default: '512Mi',
      description: 'The memory limit that --fix-unsafe writes where there is none.',
    },
  },

  *check(workload) {
    const [first, ...others] = workload.containers.filter((c) => lackedBy(c).length > 0);
    if (first === undefined) {
      for (const { resources } of workload.containers)
        for (const value of [resources.cpuRequest, resources.memoryRequest])
          if (value.state === 'unknown') yield { undecided: value.why, at: value.at };
      return;
    }
    const lacks = lackedBy(first);
    const { cpuRequest, memoryRequest, cpuLimit, memoryLimit, at: resourcesAt } = first.resources;
    const [lack, both] = lacks;
    const place = both ? resourcesAt : (lack === 'cpu' ? cpuRequest : memoryRequest).at;
    const unlimited = memoryLimit.state === 'absent';
    const more = others.length === 0 ? '' : ` (and ${others.map(({ name }) => name).join(', ')})`;
    const harm = lacks.includes('memory')
      ? 'under memory pressure its pods are killed first'
      : 'a busy node leaves it no cpu';
    const requests = {
      cpu: amountOf(cpuLimit) ?? '250m',
      memory: amountOf(memoryRequest) ?? amountOf(memoryLimit) ?? '256Mi',
    };
    // A limit that is too small kills the pod: only a number that somebody wrote is repeated.
    const limit = unlimited
      ? `\n  limits:\n    memory: ${amountOf(memoryRequest) ?? 'PEAK # the most that it uses, with some room'}`
      : '';
    yield {
      at: place,
      settings: settingsFor([first, ...others], 'resources'),
      message: `${first.noun}${more} of ${workload.label} requests no ${lacks.join(' and no ')}${unlimited ? ' and has no memory limit' : ''}; requests are wanted, because ${harm}`,
      related: others.map((container) => ({
        at: container.resources.at,
        message: `${container.noun} requests no ${lackedBy(container).join(' and no ')}`,
      })),
      fix: `Request what ${first.noun} uses under normal load:
resources:
  requests:
${lacks.map((name) => `    ${name}: ${requests[name]}`).join('\n')}${limit}`,
    };
  },
});
