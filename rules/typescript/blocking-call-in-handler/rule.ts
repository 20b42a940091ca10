import { defineRule, firstPlaces, flowTo, requestOf, requestPath } from '../../../src/rule.ts';

export default defineRule({
  id: 'blocking-call-in-handler',
  title: 'A request does slow work on the thread that serves all requests.',
  cause: 'synchronous call on a request path',
  subject: 'blockingFunction',
  levels: { found: 'warning' },
  runbook: 'stress-2-performance',
  bearsOn: ['slow-under-load', 'healthy-pods-restarted'],
  fix: "Wait for it beside the event loop:\nconst text = await fs.promises.readFile(path, 'utf8');",

  *check(work) {
    const { calls, at, label, instead } = work;
    const path = requestPath(work);
    if (path === undefined) {
      const open = work.paths.find(({ complete }) => !complete);
      if (open !== undefined) yield { undecided: 'dynamic', at: open.steps.at(-1) ?? open.from.at };
      return;
    }
    const names = [...new Set(calls.map(({ name }) => name))];
    yield {
      at,
      message: `${names.join(', ')} in ${label} stops the event loop during ${requestOf(path)}, so all other requests and the probes wait; an asynchronous call is wanted`,
      related: firstPlaces(
        calls.slice(1).map(({ name, at: place }) => ({ at: place, message: `${name}, too` })),
      ),
      flow: flowTo(path, at, names[0] ?? label),
      fix: `Wait for it beside the event loop: ${instead}`,
    };
  },
});
