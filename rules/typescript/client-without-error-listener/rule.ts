import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'client-without-error-listener',
  title:
    'A broken connection ends the process, because nobody listens to the errors of its client.',
  cause: 'no error listener',
  subject: 'client',
  levels: { found: 'warning' },
  runbook: 'prevention-3-resilience-patterns',
  bearsOn: ['crashes-on-error'],
  fix: "Listen to it where it is made:\nclient.on('error', (error) => console.error(error));",

  *check({ errorListener, label, at, heldBy, scope, calls }) {
    // Who holds the client may listen to it: one that nobody uses here is somebody else's, and one for each call is another finding.
    if (errorListener === undefined || heldBy.length > 0 || calls.length === 0) return;
    if (scope === 'per-call') return;
    if (errorListener.state === 'unknown')
      yield { undecided: errorListener.why, at: errorListener.at };
    if (errorListener.state !== 'absent') return;
    yield {
      at,
      message: `nobody listens to the errors of ${label}, so one broken connection ends the process with all of its requests; a listener is wanted`,
    };
  },
});
