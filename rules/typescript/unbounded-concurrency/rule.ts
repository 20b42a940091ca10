import { defineRule, flowTo, requestOf, requestPath } from '../../../src/rule.ts';

export default defineRule({
  id: 'unbounded-concurrency',
  title: 'A request starts as many calls at once as a list has items.',
  cause: 'unlimited calls at once',
  subject: 'call',
  levels: { request: 'warning', elsewhere: 'strict' },
  runbook: 'stress-2-performance',
  bearsOn: ['slow-under-load', 'exhausts-connections'],
  fix: 'Let a few run at a time:\nconst limit = pLimit(5);\nawait Promise.all(items.map((item) => limit(() => call(item))));',

  *check(call) {
    const { iteration, label, at, local } = call;
    if (iteration === undefined || local) return;
    const { how, over, because } = iteration;
    if (how !== 'all-at-once' || over === 'written') return;
    if (because === 'it is limited' || because === 'chunks' || because === 'it pauses') return;
    const path = requestPath(call);
    const isSure = path !== undefined && over !== 'unknown';
    const list =
      over === 'query' ? 'row of a query' : over === 'request' ? 'item of the request' : 'item';
    yield {
      at,
      as: isSure ? 'request' : 'elsewhere',
      message: `${label} starts at once for each ${list}${path === undefined ? '' : ` in ${requestOf(path)}`}, so one long list takes all connections from the others; a limit is wanted`,
      related: [{ at: iteration.at, message: 'all items at once' }],
      flow: path === undefined ? [] : flowTo(path, at, label),
    };
  },
});
