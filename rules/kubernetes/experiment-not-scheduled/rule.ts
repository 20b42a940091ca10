import { defineRule, type Experiment } from '../../../src/rule.ts';

export default defineRule({
  id: 'experiment-not-scheduled',
  title: 'Nothing runs the chaos experiments of the repository regularly.',
  cause: 'experiments not scheduled',
  subject: 'repository',
  levels: { byHand: 'strict' },
  runbook: 'prevention-1-regular-testing',
  bearsOn: ['untested'],
  fix: 'Put each experiment into a Schedule, or let a CI workflow apply them',

  *check(repository) {
    const { experiments, experimentsScheduledOutside } = repository;
    const [first, ...others] = experiments;
    if (first === undefined || experimentsScheduledOutside) return;
    if (experiments.some((experiment) => experiment.scheduled)) return;
    const { resource } = first;
    const objects = new Set(experiments.map((experiment) => experiment.resource.identity));
    const which =
      objects.size === 1
        ? `${resource.label} is the only chaos experiment and nothing runs it regularly`
        : `${resource.label} is one of ${objects.size} chaos experiments that nothing runs regularly`;
    yield {
      at: first.at,
      message: `${which}; a schedule is wanted, because what was true at the last test changes with every release`,
      related: others
        .filter((other) => other.resource.identity !== resource.identity)
        .map(({ at, label }) => ({ at, message: `${label}, not scheduled either` })),
      fix: fixOf(first),
    };
  },
});

function fixOf({ framework, resource }: Experiment): string {
  const move = `Move the spec of ${resource.label} into`;
  const namespace = resource.namespace === undefined ? '' : `\n  namespace: ${resource.namespace}`;
  if (framework === 'Litmus') return `${move} the engineTemplateSpec of a ChaosSchedule`;
  // Schedule names the spec after its kind: networkChaos, ioChaos, workflow.
  const field = resource.kind.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (start) =>
    start.toLowerCase(),
  );
  return `${move} a Schedule:
apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata:
  name: ${resource.name}${namespace}
spec:
  schedule: "0 10 * * 1"
  type: ${resource.kind}
  concurrencyPolicy: Forbid
  historyLimit: 5
  ${field}: # its spec`;
}
