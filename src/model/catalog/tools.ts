/** Workloads that serve nobody, by the words of their names: what people call them is the same everywhere. */
import type { Tool } from '../model.ts';

const TOOLS: readonly (readonly [RegExp, Tool])[] = [
  [
    /(?:^|-)(?:load-?(?:gen|generator|test|tester|testing)|loadgenerator|locust|k6|jmeter|gatling|vegeta|traffic-?gen(?:erator)?|vote-?bot|simulator|virtual-(?:customer|worker|user)s?)(?:-|$)/,
    'load-generator',
  ],
  [/(?:^|-)(?:operator|controller|controller-manager)$/, 'operator'],
  [/(?:^|-)(?:exporter|kube-state-metrics|heapster|metrics-server)$/, 'exporter'],
];

/** What a workload of this name is, when it serves nobody. */
export function toolOf(name: string): Tool | undefined {
  return TOOLS.find(([pattern]) => pattern.test(name))?.[1];
}
