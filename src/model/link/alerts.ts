/** Alerting rules of PrometheusRules, and the recording rules behind them. */
import { known, unknown } from '../derive/values.ts';
import type { Alert } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import type { ContextObjects } from './objects.ts';
import { resourceOf } from './resources.ts';
import type { Scope } from './scope.ts';

/** Kinds from which something else makes alerting rules: VictoriaMetrics, Loki, Sloth, Pyrra, Grafana. */
const OTHER_ALERTS =
  /^(?:VMRule|AlertingRule|PrometheusServiceLevel|ServiceLevelObjective|SLO|GrafanaAlertRuleGroup|GlobalRules|Rules)$/;

/** Extraction leaves the texts of a PrometheusRule alone; in a query, unlike in an annotation, these are holes. */
const PLACEHOLDER = /\$\{|\{\{/;

/** Names of recording rules, by convention `level:metric:operations` (prometheus.io "Recording rules"). */
function recordedIn(expression: string): readonly string[] {
  // Colons also stand in label values and in the ranges of subqueries.
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\[[^\]]*\]/g, ' ');
  return bare.match(/[a-zA-Z_]\w*(?::\w+)+/g) ?? [];
}

/** The expression and those of all recording rules that it reads, directly or not. */
function queriesOf(
  expression: Value<string>,
  records: ReadonlyMap<string, Value<string>>,
): Value<string> {
  if (expression.state !== 'known') return expression;
  const found = new Map<string, string>([['', expression.value]]);
  const waiting = [...recordedIn(expression.value)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const record = records.get(name);
    if (record === undefined || record.state !== 'known')
      return unknown(`the recording rule ${name} cannot be read`, expression.at);
    found.set(name, record.value);
    waiting.push(...recordedIn(record.value));
  }
  const queries = [...found.values()].join('\n');
  return PLACEHOLDER.test(queries)
    ? unknown('a placeholder', expression.at)
    : known(queries, expression.at);
}

/** The page that says what to do: `runbook_url`, or another annotation whose name or text says runbook or playbook. */
function runbookUrlOf(annotations: Cursor): Value<string> {
  const { node } = annotations;
  if (node !== undefined && node.kind !== 'map') return annotations.unknown('not a map');
  const usual = annotations.get('runbook_url');
  if (!usual.isAbsent) return usual.text();
  const page = /(?:run|play)[-_ ]?book/i;
  const other = annotations.entries.find(({ key, value }) => {
    const text = value.text();
    return page.test(key) || (text.state === 'known' && page.test(text.value));
  });
  return other === undefined ? usual.text() : other.value.text();
}

/** The alerts of a context; a recording rule is only what an alert reads. */
export function alertsOf(scope: Scope): readonly Alert[] {
  const rules = scope.ofKind('PrometheusRule').map((object) => ({
    object,
    rules: object.body.get('spec', 'groups').items.flatMap((group) => group.get('rules').items),
  }));
  const records = new Map<string, Value<string>>();
  for (const rule of rules.flatMap((file) => file.rules)) {
    const name = rule.get('record').text();
    if (name.state === 'known') records.set(name.value, rule.get('expr').text());
  }
  return rules.flatMap(({ object, rules }) => {
    const resource = resourceOf(object);
    return rules.flatMap((rule): readonly Alert[] => {
      const named = rule.get('alert');
      const name = named.text();
      if (name.state !== 'known' || named.node === undefined) return [];
      const cursor = rule.anchoredAt(named.node.range);
      const expression = cursor.get('expr').text();
      return [
        {
          context: resource.context,
          identity: `${object.identity}#${name.value}`,
          label: `alert ${name.value} of ${resource.label}`,
          at: name.at,
          annotations: resource.annotations,
          name: name.value,
          expression,
          queries: queriesOf(expression, records),
          runbookUrl: runbookUrlOf(cursor.get('annotations')),
        },
      ];
    });
  });
}

/** Why alerts may exist in these contexts that nobody sees; undefined when all are here. */
export function alertsUnseen(contexts: readonly ContextObjects[]): string | undefined {
  for (const { context, objects, unreadKinds } of contexts) {
    if (unreadKinds.has('PrometheusRule'))
      return 'a PrometheusRule stands in a file that could not be read';
    const unread = objects.find((object) => {
      const groups = object.body.get('spec', 'groups');
      const lists = [groups, ...groups.items.map((group) => group.get('rules'))];
      return object.kind === 'PrometheusRule' && lists.some((list) => !list.isComplete);
    });
    if (unread !== undefined) return `a part of PrometheusRule ${unread.name} cannot be read`;
    const other = objects.find(({ kind }) => OTHER_ALERTS.test(kind));
    if (other !== undefined) return `${other.kind} ${other.name} may make alerts`;
    if (context.openBecause !== undefined) return context.openBecause;
  }
  return undefined;
}
