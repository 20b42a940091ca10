import { defineRule, flowTo, triesOf } from '../../../src/rule.ts';

export default defineRule({
  id: 'nested-retries',
  title: 'Retries inside of retries multiply.',
  cause: 'nested retries',
  subject: 'call',
  levels: { found: 'warning' },
  runbook: 'network-1-retries',
  bearsOn: ['keeps-calling-a-sick-peer', 'hangs-on-a-silent-peer'],
  fix: 'Retry in one layer only:\nconst client = new Client({ maxRetries: 0 });',
  options: {
    maxTries: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description: 'Tries of one call, over all layers, that pass.',
    },
  },

  *check(call, { options: { maxTries } }) {
    const { label, at, local, paths } = call;
    if (local) return;
    const found = paths
      .filter(({ complete }) => complete)
      .map((path) => ({ path, ...triesOf(call, path) }))
      .find(
        ({ total, layers }) =>
          total !== undefined &&
          total > maxTries &&
          total < Number.POSITIVE_INFINITY &&
          layers.length > 1,
      );
    if (found === undefined) return;
    const { path, layers, total } = found;
    yield {
      at,
      message: `${label} is tried ${total} times (${layers.map(({ max }) => max).join(' x ')}), because ${layers.length} layers retry it; retries in one layer are wanted`,
      related: layers.map(({ at: place, by, max }) => ({
        at: place,
        message: `${by}: ${max} tries`,
      })),
      flow: flowTo(path, at, label),
    };
  },
});
