import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'swallowed-crash',
  title: 'The program goes on after an error that nobody caught.',
  cause: 'swallowed crash',
  subject: 'application',
  levels: { exception: 'warning', rejection: 'strict' },
  runbook: 'prevention-3-resilience-patterns',
  bearsOn: ['sick-pods-kept'],
  fix: "Write it down, end in good order and let Kubernetes start it anew:\nprocess.on('uncaughtException', (error) => {\n  console.error(error);\n  process.exit(1);\n});",

  *check({ crashHandlers, servers, consumers }) {
    if (servers.length + consumers.length === 0) return;
    for (const { event, at, ends } of crashHandlers) {
      if (ends.state === 'unknown') yield { undecided: ends.why, at };
      if (ends.state !== 'known' || ends.value) continue;
      yield {
        at,
        as: event === 'uncaughtException' ? 'exception' : 'rejection',
        message: `the handler of ${event} lets the program go on, in a state that nobody knows and with requests that never get an answer; an end of the process is wanted`,
      };
    }
  },
});
