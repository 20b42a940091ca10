import { defineRule, firstPlaces, flowTo, triesOf } from '../../../src/rule.ts';

export default defineRule({
  id: 'nested-retries',
  title: 'Retries inside of retries multiply.',
  cause: 'nested retries',
  subject: 'retry',
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

  *check({ at, calls }, { options: { maxTries } }) {
    const found = calls.flatMap(({ call, path }) => {
      if (call.local || path?.complete !== true) return [];
      const { layers, total } = triesOf(call, path);
      const [outermost] = layers;
      // The outermost layer tells it, once.
      if (outermost?.at !== at || layers.length < 2 || total === undefined) return [];
      return total > maxTries && total < Number.POSITIVE_INFINITY
        ? [{ call, path, layers, total }]
        : [];
    });
    const [worst] = found.sort((a, b) => b.total - a.total);
    if (worst === undefined) return;
    const { call, path, layers, total } = worst;
    yield {
      at,
      message: `${call.label} is tried up to ${total} times (${layers.map(({ max }) => max).join(' x ')}), because ${layers.length} layers retry it; retries in one layer are wanted`,
      related: [
        ...layers.map(({ at: place, by, max }) => ({ at: place, message: `${by}: ${max} tries` })),
        ...firstPlaces(
          found
            .slice(1)
            .map((other) => ({ at: other.call.at, message: `${other.call.label}, too` })),
        ),
      ],
      flow: flowTo(path, call.at, call.label),
    };
  },
});
