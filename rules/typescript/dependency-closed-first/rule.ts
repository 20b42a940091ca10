import { type Close, defineRule, type SignalHandler } from '../../../src/rule.ts';

/** The data clients that a handler closes before the server has answered its last request. */
function closedTooEarly({ closes }: SignalHandler): readonly Close[] {
  const server = closes.findIndex(({ what }) => what !== 'client');
  return closes
    .slice(0, Math.max(server, 0))
    .filter(
      ({ what, reopens, library }) =>
        what === 'client' && reopens !== true && library.roles.includes('data'),
    );
}

export default defineRule({
  id: 'dependency-closed-first',
  title: 'On SIGTERM the database client is closed before the server.',
  cause: 'database closed before the server',
  subject: 'application',
  levels: { found: 'warning' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: "Close the server first, then what its requests need:\nprocess.once('SIGTERM', () => server.close(() => pool.end()));",

  *check({ servers }) {
    const seen = new Set<string>();
    for (const { shutdown, label } of servers)
      for (const handler of shutdown.handlers) {
        if (!handler.signals.includes('SIGTERM')) continue;
        const [first, ...others] = closedTooEarly(handler);
        const key = `${first?.at.path}:${first?.at.start}`;
        if (first === undefined || seen.has(key)) continue;
        seen.add(key);
        const { by } = handler;
        const isOwn = by === 'process';
        yield {
          at: first.at,
          message: `${first.library.name} is closed before the ${label}, so the requests that are still open fail; the other order is wanted`,
          related: [
            { at: handler.at, message: isOwn ? 'the SIGTERM handler' : `what ${by.package} does` },
            ...others.map(({ at, library }) => ({ at, message: `${library.name}, too` })),
          ],
          ...(isOwn
            ? {}
            : {
                fix: 'Close it when the server has closed:\nexport class Database {\n  async onApplicationShutdown() {\n    await this.pool.end();\n  }\n}',
              }),
        };
      }
  },
});
