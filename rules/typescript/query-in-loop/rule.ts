import { type Call, defineRule, flowTo, requestOf, requestPath } from '../../../src/rule.ts';

/** Each statement is a way to the server and back. What shares one connection may be sent together by the library. */
function asksDatabase({ library, client }: Call): boolean {
  return (
    library.roles.includes('data') &&
    !library.roles.includes('queue') &&
    client?.connections !== 'multiplexed'
  );
}

export default defineRule({
  id: 'query-in-loop',
  title: 'A request asks the database once for each item of a list.',
  cause: 'query in a loop',
  subject: 'call',
  levels: { request: 'warning', elsewhere: 'strict' },
  runbook: 'stress-2-performance',
  bearsOn: ['slow-under-load', 'exhausts-connections'],
  fix: 'Ask once for all of them:\nselect * from items where order_id = any($1)',

  *check(call) {
    const { iteration, label, at } = call;
    if (iteration === undefined || !asksDatabase(call)) return;
    const { how, over, keyed, because } = iteration;
    if (how !== 'one-after-another' || !keyed || because !== undefined || over === 'written')
      return;
    const path = requestPath(call);
    const isSure = path !== undefined && over !== 'unknown';
    const list =
      over === 'query' ? 'row of a query' : over === 'request' ? 'item of the request' : 'item';
    yield {
      at,
      as: isSure ? 'request' : 'elsewhere',
      message: `${label} runs once for each ${list}${path === undefined ? '' : ` in ${requestOf(path)}`}, so a slow database is waited for as often as there are items; one query for all is wanted`,
      related: [{ at: iteration.at, message: 'the loop' }],
      flow: path === undefined ? [] : flowTo(path, at, label),
    };
  },
});
