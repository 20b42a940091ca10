import {
  type Call,
  defineRule,
  firstPlaces,
  flowTo,
  itemsOf,
  requestOf,
  requestPath,
} from '../../../src/rule.ts';

/** Commands of a multiplexed connection wait in one line anyway; queues take what they are given. */
function takesConnections({ library, client }: Call): boolean {
  return !library.roles.includes('queue') && client?.connections !== 'multiplexed';
}

export default defineRule({
  id: 'unbounded-concurrency',
  title: 'A request starts as many calls at once as a list has items.',
  cause: 'unlimited calls at once',
  subject: 'loop',
  levels: { request: 'warning', elsewhere: 'strict' },
  runbook: 'stress-2-performance',
  bearsOn: ['slow-under-load', 'exhausts-connections'],
  fix: 'Let a few run at a time:\nconst limit = pLimit(5);\nawait Promise.all(items.map((item) => limit(() => call(item))));',

  *check({ iteration, calls }) {
    const { how, over, because, at: loop } = iteration;
    if (how !== 'all-at-once' || over === 'written') return;
    if (because === 'it is limited' || because === 'chunks' || because === 'it pauses') return;
    const [call, ...others] = calls.filter(takesConnections);
    if (call === undefined) return;
    const { label, at } = call;
    const path = requestPath(call);
    yield {
      at,
      as: path === undefined || over === 'unknown' ? 'elsewhere' : 'request',
      message: `${label} starts at once for each ${itemsOf(iteration)}${path === undefined ? '' : ` in ${requestOf(path)}`}, so one long list takes all connections from the others; a limit is wanted`,
      related: [
        { at: loop, message: 'all items at once' },
        ...firstPlaces(others.map((other) => ({ at: other.at, message: `${other.label}, too` }))),
      ],
      flow: path === undefined ? [] : flowTo(path, at, label),
    };
  },
});
