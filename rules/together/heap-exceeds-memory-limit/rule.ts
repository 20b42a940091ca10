import { defineRule } from '../../../src/rule.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
]);

/** MiB of a quantity of Kubernetes; undefined for what is none. */
function mebibytes(quantity: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki)?$/.exec(quantity.trim()) ?? [];
  const factor = UNITS.get(unit ?? '');
  return amount === undefined || factor === undefined
    ? undefined
    : (Number(amount) * factor) / 2 ** 20;
}

export default defineRule({
  id: 'heap-exceeds-memory-limit',
  title: 'Node.js may use more heap than the container has memory.',
  cause: 'heap above the memory limit',
  subject: 'program',
  levels: { exceeds: 'error', unsure: 'strict' },
  runbook: 'stress-1-resources',
  bearsOn: ['killed-for-memory'],
  fix: 'Keep --max-old-space-size at three quarters of the memory limit',
  options: {
    percent: {
      type: 'integer',
      default: 90,
      minimum: 1,
      maximum: 100,
      description: 'Part of the memory limit that the heap must stay below, in percent.',
    },
  },

  *check({ heapLimit, container, confident, label }, { options }) {
    const { memoryLimit } = container.resources;
    if (heapLimit === undefined || memoryLimit.state !== 'known') return;
    const limit = mebibytes(memoryLimit.value);
    if (limit === undefined || heapLimit.megabytes < (limit * options.percent) / 100) return;
    const { megabytes, at, by } = heapLimit;
    const wanted = Math.floor((limit * 3) / 4);
    yield {
      at,
      as: confident ? 'exceeds' : 'unsure',
      message: `${by} lets node of ${label} use ${megabytes} MiB of heap, but its memory limit is ${memoryLimit.value}, so it is killed before it collects its garbage; at most ${wanted} MiB are wanted`,
      related: [{ at: memoryLimit.at, message: 'the memory limit' }],
      fix: `Leave room for buffers, code and stacks: --max-old-space-size=${wanted}, or a memory limit of ${Math.ceil((megabytes * 4) / 3)}Mi`,
    };
  },
});
