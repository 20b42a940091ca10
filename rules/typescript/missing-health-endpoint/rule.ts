import { defineRule, isHealthRoute } from '../../../src/rule.ts';

export default defineRule({
  id: 'missing-health-endpoint',
  title: 'An HTTP server has no route that says whether it works.',
  cause: 'no health endpoint',
  subject: 'application',
  levels: { missing: 'warning' },
  runbook: 'network-4-health-endpoints',
  bearsOn: ['traffic-to-unready-pods'],
  fix: 'Serve /readyz: 200 while the process can serve, 503 while it drains or lacks what every request needs',

  *check({ servers }) {
    const serving = servers.filter(({ http, ephemeral }) => http && !ephemeral);
    const [first] = serving;
    if (first === undefined) return;
    for (const { routes, at } of serving) {
      const healths = routes.items.map(isHealthRoute);
      if (healths.includes(true)) return;
      const hidden = routes.items.find((route) => isHealthRoute(route) === undefined);
      // A server without any route answers in some way that nobody can see.
      if (routes.complete && hidden === undefined && healths.length > 0) continue;
      yield { undecided: routes.why ?? 'dynamic', at: hidden?.at ?? at };
      return;
    }
    const routes = serving.flatMap(({ routes: { items } }) => items);
    const count = routes.length === 1 ? '1 route' : `${routes.length} routes`;
    yield {
      at: first.at,
      message: `the ${first.label} in ${first.at.path} serves ${count} and none for probes, so nothing tells a pod that works from one that hangs; /readyz is wanted`,
    };
  },
});
