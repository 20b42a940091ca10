/** Alerting rules of PrometheusRules. */
import type { Alert } from '../model.ts';
import { resourceOf } from './resources.ts';
import type { Scope } from './scope.ts';

/** The alerts of a context; recording rules are left out. */
export function alertsOf(scope: Scope): readonly Alert[] {
  return scope.ofKind('PrometheusRule').flatMap((object) => {
    const resource = resourceOf(object);
    const rules = object.body
      .get('spec', 'groups')
      .items.flatMap((group) => group.get('rules').items);
    return rules.flatMap((rule): readonly Alert[] => {
      const named = rule.get('alert');
      const name = named.text();
      if (name.state !== 'known' || named.node === undefined) return [];
      const cursor = rule.anchoredAt(named.node.range);
      return [
        {
          context: scope.context,
          identity: `${object.identity}#${name.value}`,
          label: `alert ${name.value} of ${resource.label}`,
          at: name.at,
          annotations: resource.annotations,
          name: name.value,
          expression: cursor.get('expr').text(),
          runbookUrl: cursor.get('annotations', 'runbook_url').text(),
        },
      ];
    });
  });
}
