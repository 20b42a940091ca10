import { defineRule, type ShutdownPart } from '../../../src/rule.ts';

const WHAT = {
  preStop: 'preStop sleeps',
  deadline: 'the program ends itself after',
  'keep-alive': 'the server waits for idle connections up to',
};

const told = ({ what, seconds }: ShutdownPart) => `${WHAT[what]} ${seconds} s`;

export default defineRule({
  id: 'shutdown-exceeds-grace-period',
  title: 'The end of the program takes longer than the pod gives it.',
  cause: 'shutdown longer than the grace period',
  subject: 'program',
  levels: { exceeds: 'error', unsure: 'strict' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: 'Set terminationGracePeriodSeconds above the whole time of the shutdown',

  *check(program) {
    const { container, shutdownParts, confident } = program;
    const grace = container.workload.terminationGracePeriodSeconds;
    // A preStop hook alone is no matter of the code.
    if (grace.state !== 'known' || !shutdownParts.some(({ what }) => what !== 'preStop')) return;
    const total = shutdownParts.reduce((sum, { seconds }) => sum + seconds, 0);
    if (total < grace.value) return;
    const [first] = shutdownParts;
    if (first === undefined) return;
    const wanted = Math.ceil(total / 5) * 5 + 5;
    yield {
      at: grace.byDefault ? container.at : grace.at,
      as: confident ? 'exceeds' : 'unsure',
      message: `${program.label} may take ${total} s to end (${shutdownParts.map(told).join(', ')}), but is killed after ${grace.value} s${grace.byDefault ? ', the default' : ''}; more than ${total} s are wanted`,
      related: shutdownParts.map((part) => ({ at: part.at, message: told(part) })),
      fix: `Give it more time, or let it end sooner:\nterminationGracePeriodSeconds: ${wanted}`,
    };
  },
});
