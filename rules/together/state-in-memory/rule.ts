import { defineRule, type MemoryState } from '../../../src/rule.ts';

const WHY = {
  sessions: 'so a user is logged out when another pod answers or this one is replaced',
  'rate limits': 'so each pod counts for itself and starts again at zero',
};

const fixFor = ({ what }: MemoryState) =>
  `Keep the ${what} in a store that all pods share, such as Redis: give the option store`;

export default defineRule({
  id: 'state-in-memory',
  title: 'A program that runs in several pods keeps state in the memory of each.',
  cause: 'state in memory of several pods',
  subject: 'program',
  levels: { sessions: 'warning', limits: 'note', unsure: 'strict' },
  runbook: 'pod-1-replicas',
  productionOnly: true,
  bearsOn: ['loses-data-with-the-pod'],
  fix: 'Keep the state in a store that all pods share',

  *check({ memoryStates, container, confident, label }) {
    const { replicas, nameAt } = container.workload;
    const pods = replicas.ceiling.state === 'known' ? replicas.ceiling : replicas.floor;
    if (pods.state !== 'known' || pods.value < 2) return;
    for (const state of memoryStates) {
      const { what, at } = state;
      yield {
        at,
        as: !confident ? 'unsure' : what === 'sessions' ? 'sessions' : 'limits',
        key: what,
        message: `${label} keeps its ${what} in memory and runs in up to ${pods.value} pods, ${WHY[what]}; a shared store is wanted`,
        related: [
          { at: pods.byDefault ? nameAt : pods.at, message: `up to ${pods.value} pods` },
          { at: container.at, message: 'the container' },
        ],
        fix: fixFor(state),
      };
    }
  },
});
