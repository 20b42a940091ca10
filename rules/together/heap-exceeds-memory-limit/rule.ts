import { bytesOf, defineRule } from '../../../src/rule.ts';

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
    const bytes = bytesOf(memoryLimit.value);
    if (bytes === undefined) return;
    const limit = bytes / 2 ** 20;
    if (heapLimit.megabytes < (limit * options.percent) / 100) return;
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
