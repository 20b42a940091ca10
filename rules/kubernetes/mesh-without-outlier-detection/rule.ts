import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'mesh-without-outlier-detection',
  title: 'A DestinationRule shapes the traffic and keeps sending it to pods that fail.',
  cause: 'no outlier detection',
  subject: 'destinationRule',
  levels: { missing: 'note' },
  runbook: 'network-3-circuit-breaker',
  bearsOn: ['keeps-calling-a-sick-peer'],
  fix: 'Let a pod that fails rest:\nspec:\n  trafficPolicy:\n    outlierDetection:\n      consecutive5xxErrors: 5\n      baseEjectionTime: 60s',

  *check(rule) {
    const { trafficPolicy, outlierDetection, tlsOnly } = rule;
    if (trafficPolicy.state === 'absent' || tlsOnly || outlierDetection.state === 'known') return;
    for (const value of [trafficPolicy, outlierDetection])
      if (value.state === 'unknown') {
        yield { undecided: value.why, at: value.at };
        return;
      }
    yield {
      at: trafficPolicy.at,
      message: `${rule.label} has a trafficPolicy without outlierDetection; one is wanted, because pods that fail stay in the balancing`,
    };
  },
});
