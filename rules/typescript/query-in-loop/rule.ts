import {
  type Call,
  defineRule,
  firstPlaces,
  flowTo,
  itemsOf,
  requestOf,
  requestPath,
} from '../../../src/rule.ts';

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
  subject: 'loop',
  levels: { request: 'warning', elsewhere: 'strict' },
  runbook: 'stress-2-performance',
  bearsOn: ['slow-under-load', 'exhausts-connections'],
  fix: "Ask once for all of them:\nconst { rows } = await pool.query('select * from items where order_id = any($1)', [ids]);",

  *check({ iteration, calls }) {
    const { how, over, because, at: loop } = iteration;
    if (how !== 'one-after-another' || because !== undefined || over === 'written') return;
    const questions = calls.filter((call) => asksDatabase(call) && call.iteration?.keyed === true);
    const [call, ...others] = questions;
    if (call === undefined) return;
    const { label, at } = call;
    const path = requestPath(call);
    yield {
      at,
      as: path === undefined || over === 'unknown' ? 'elsewhere' : 'request',
      message: `${label} runs once for each ${itemsOf(iteration)}${path === undefined ? '' : ` in ${requestOf(path)}`}, so a slow database is waited for as often as there are items; one query for all is wanted`,
      related: [
        { at: loop, message: 'the loop' },
        ...firstPlaces(others.map((other) => ({ at: other.at, message: `${other.label}, too` }))),
      ],
      flow: path === undefined ? [] : flowTo(path, at, label),
    };
  },
});
