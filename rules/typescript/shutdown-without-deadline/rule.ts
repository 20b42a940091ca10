import { defineRule, firstPlaces } from '../../../src/rule.ts';

export default defineRule({
  id: 'shutdown-without-deadline',
  title: 'The end of the program waits for its connections as long as they last.',
  cause: 'shutdown without deadline',
  subject: 'application',
  levels: { streams: 'warning', found: 'strict' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: "Force the end after a while:\nprocess.once('SIGTERM', () => {\n  setTimeout(() => process.exit(1), 20_000).unref();\n  server.close(() => process.exit(0));\n});",

  *check({ servers, longLived }) {
    const seen = new Set<string>();
    for (const { shutdown, facts, label, at: place, ephemeral } of servers) {
      if (ephemeral || facts === undefined) continue;
      for (const { by, signals, at, closes, deadline, complete } of shutdown.handlers) {
        const key = `${at.path}:${at.start}`;
        if (by !== 'process' || !signals.includes('SIGTERM') || seen.has(key)) continue;
        seen.add(key);
        if (deadline !== undefined || !closes.some(({ what }) => what === 'server')) continue;
        if (!complete) {
          yield { undecided: 'dynamic', at };
          continue;
        }
        const [stream] = longLived;
        const staysOpen = stream !== undefined && facts.close.waitsFor.length > 0;
        yield {
          at,
          as: staysOpen ? 'streams' : 'found',
          message: staysOpen
            ? `the SIGTERM handler waits until all connections of the ${label} have ended, and its open streams end when the peers like, so SIGKILL comes first; a deadline is wanted`
            : `the SIGTERM handler waits for the ${label} without a deadline, so one slow request keeps the pod until SIGKILL; a deadline below the grace period is wanted`,
          related: [
            { at: place, message: `the ${label}` },
            ...firstPlaces(
              longLived.map((one) => ({ at: one, message: 'an answer that stays open' })),
            ),
          ],
        };
      }
    }
  },
});
