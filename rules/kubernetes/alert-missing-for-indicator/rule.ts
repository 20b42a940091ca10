import { defineRule } from '../../../src/rule.ts';

interface Indicator {
  readonly name: string;
  /** What its name or its queries say when an alert is about it. */
  readonly words: RegExp;
  readonly because: string;
  readonly example: string;
}

const INDICATORS: readonly Indicator[] = [
  {
    name: 'error rate',
    words:
      /(?:status|code|class)\w*\s*(?:=~?\s*["'][^"']*5|!(?:=|~)\s*["'](?:OK|[^"']*[123]))|5xx|error|fail|success|slo(?![a-z])|burn/i,
    because: 'failed requests show first',
    example:
      '- alert: ErrorRate\n  expr: sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.01\n  for: 2m',
  },
  {
    name: 'p99 latency',
    words: /quantile|latenc|duration|response_?time|_bucket|p9\d|slow|milliseconds/i,
    because: 'a fault slows requests down before it fails them',
    example:
      '- alert: Latency\n  expr: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 1\n  for: 5m',
  },
  {
    name: 'restarts',
    words: /restart|crash_?loop|oom_?kill|waiting_reason|terminated_reason|process_start_time/i,
    because: 'pods that restart again and again hide behind their replicas',
    example:
      '- alert: Restarts\n  expr: increase(kube_pod_container_status_restarts_total[15m]) > 2',
  },
  {
    name: 'connection pool',
    words:
      /pool|connections?(?![a-z])|connected_clients|numbackends|pg_stat_activity|threads_connected/i,
    because: 'a pool without free connections looks like a slow service',
    example: '- alert: PoolExhausted\n  expr: max(db_pool_connections_waiting) > 0\n  for: 2m',
  },
];

export default defineRule({
  id: 'alert-missing-for-indicator',
  title: 'Alerts exist, and none of them watches an indicator by which a chaos test fails.',
  cause: 'no alert on an indicator',
  subject: 'repository',
  levels: { missing: 'strict' },
  runbook: 'prevention-2-observability',
  bearsOn: ['unobserved'],
  fix: 'Add an alert on the indicator',
  options: {
    indicators: {
      type: 'strings',
      default: INDICATORS.map(({ name }) => name),
      description: 'The indicators that an alert is wanted for.',
    },
  },

  *check(repository, { options }) {
    const { alerts, alertsUnseen } = repository;
    const [first] = alerts;
    if (first === undefined) return;
    const missing = INDICATORS.filter(
      ({ name, words }) =>
        options.indicators.includes(name) &&
        !alerts.some((alert) => words.test(alert.name) || words.test(read(alert.queries))),
    );
    if (missing.length === 0) return;
    const unknown = alerts.map(({ queries }) => queries).find(({ state }) => state === 'unknown');
    if (alertsUnseen !== undefined) yield { undecided: alertsUnseen, at: first.at };
    else if (unknown?.state === 'unknown') yield { undecided: unknown.why, at: unknown.at };
    else
      for (const { name, because, example } of missing)
        yield {
          at: first.at,
          key: name,
          message: `${repository.label} has no alert for the indicator "${name}"; one is wanted, because ${because}`,
          fix: `Add an alert, with the metrics that you have:\n${example}`,
        };
  },
});

function read(queries: { readonly state: string; readonly value?: string }): string {
  return queries.value ?? '';
}
