import { type Consumer, defineRule, type Server, servesOnlyProbes } from '../../../src/rule.ts';

function fixFor(running: Server | Consumer): string {
  if (!('routes' in running))
    return 'Close it on SIGTERM, so that what it works on is finished or given back';
  const { library, facts } = running;
  const closing = facts?.closing;
  // The fix of a library that also makes calls is about these. The close of gRPC wants a callback.
  const onlyServes = !library.roles.some((role) => role === 'http' || role === 'rpc');
  const isRpc = library.roles.includes('rpc');
  const code = onlyServes
    ? library.fix
    : [
        ...(closing?.keep === undefined ? [] : [closing.keep]),
        `process.once('SIGTERM', () => ${closing?.call ?? 'server.close'}(${isRpc ? '() => {}' : ''}));`,
      ].join('\n');
  return `Close it on SIGTERM, which lets open requests finish:\n${code}`;
}

export default defineRule({
  id: 'missing-graceful-shutdown',
  title: 'A server or worker does not handle SIGTERM: its work ends in the middle.',
  cause: 'SIGTERM not handled',
  subject: 'application',
  levels: { unhandled: 'error' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: "Close the server on SIGTERM, which lets open requests finish:\nconst server = app.listen(8080);\nprocess.once('SIGTERM', () => server.close());",

  *check({ servers, consumers }) {
    const open = [
      ...servers.filter((server) => !server.ephemeral && !servesOnlyProbes(server)),
      ...consumers,
    ];
    const killed: typeof open = [];
    for (const running of open) {
      const { handlers, complete, byDefault, why } = running.shutdown;
      if (handlers.some(({ signals }) => signals.includes('SIGTERM'))) continue;
      if (byDefault.state === 'known' && byDefault.value !== 'killed') continue;
      if (complete && byDefault.state === 'known') killed.push(running);
      else if (byDefault.state === 'unknown') yield { undecided: byDefault.why, at: byDefault.at };
      else yield { undecided: why ?? 'dynamic', at: running.at };
    }
    const [first, ...others] = killed;
    if (first === undefined) return;
    const { label, at, shutdown } = first;
    const serves = servers.some((server) => server === first);
    const lost = serves ? 'open requests' : 'messages and jobs';
    yield {
      at,
      message: `the ${label} in ${at.path} does not handle SIGTERM, so each rollout, scale-in and drain cuts ${lost} off; a handler that closes it is wanted`,
      related: [
        ...others.map((other) => ({
          at: other.at,
          message: `the ${other.label} is not closed either`,
        })),
        ...shutdown.handlers.map(({ at, signals }) => ({
          at,
          message: `handles ${signals.join(', ')} only`,
        })),
      ],
      fix: fixFor(first),
    };
  },
});
