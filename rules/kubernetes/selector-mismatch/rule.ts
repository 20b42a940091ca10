import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'selector-mismatch',
  title: 'A workload does not select the pods of its own template, so the API server rejects it.',
  cause: 'selector does not match the template',
  subject: 'workload',
  levels: { mismatch: 'error' },
  runbook: 'pod-1-replicas',
  bearsOn: ['unreachable'],
  fix: 'Make spec.selector.matchLabels a part of spec.template.metadata.labels',

  *check(workload) {
    const matches = workload.selectorMatchesTemplate;
    if (matches.state !== 'known' || matches.value) return;
    const { podLabels } = workload;
    const labels =
      podLabels.state === 'known' && podLabels.value.size > 0
        ? [...podLabels.value].map(([key, value]) => `${key}=${value}`).join(', ')
        : 'no labels';
    yield {
      at: matches.at,
      message: `the selector of ${workload.label} does not match its pod template, which has ${labels}; a match is wanted, because the API server rejects the object`,
      related: [{ at: podLabels.at, message: 'the labels of the pod template' }],
      fix:
        labels === 'no labels'
          ? `Give the pod template of ${workload.name} the labels that its selector names`
          : `Select labels that the pod template of ${workload.name} has: ${labels}`,
    };
  },
});
