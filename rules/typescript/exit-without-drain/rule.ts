import {
  type Application,
  type Consumer,
  defineRule,
  type Server,
  type SignalHandler,
  servesOnlyProbes,
} from '../../../src/rule.ts';

type Running = Server | Consumer;
const isServer = (running: Running): running is Server => 'routes' in running;

/** Servers and workers that are meant to run in a cluster. */
function runningOf({ servers, consumers }: Application): readonly Running[] {
  return [
    ...servers.filter((server) => !server.ephemeral && !servesOnlyProbes(server)),
    ...consumers,
  ];
}

const REST = '// what the handler does now, the exit last';

/** The handler of a server, with the close that its framework has. */
function drained({ facts }: Server): string {
  const { keep, call, completes } = facts?.closing ?? {
    call: 'server.close',
    completes: 'callback',
  };
  return [
    ...(keep === undefined ? [] : [keep]),
    ...(completes === 'promise'
      ? [
          "process.once('SIGTERM', async () => {",
          `  await ${call}();`,
          `  ${REST}`,
          '  process.exit(0);',
        ]
      : [
          "process.once('SIGTERM', () => {",
          `  ${call}(() => {`,
          `    ${REST}`,
          '    process.exit(0);',
          '  });',
        ]),
    '});',
  ].join('\n');
}

/** `isClosed`: the handler closes it and does not wait. */
function fixFor(running: Running, isClosed: boolean): string {
  for (const { by, signals } of running.shutdown.handlers)
    if (by !== 'process' && signals.includes('SIGTERM'))
      return `Leave the end of the process to ${by.package}, which closes on SIGTERM`;
  if (!isServer(running)) return 'Await the close of the consumer before the exit';
  return isClosed
    ? `In the handler that is there, wait for the close before the exit:\n${drained(running)}`
    : `In the handler that is there, close the server first and do the rest when it has closed:\n${drained(running)}`;
}

/** Handlers of SIGTERM in the program, each once, with the first server or worker that they end. */
function handlersOf(application: Application) {
  const found = new Map<string, { handler: SignalHandler; of: Running }>();
  for (const of of runningOf(application))
    for (const handler of of.shutdown.handlers) {
      const { at, signals, by } = handler;
      const place = `${at.path}:${at.start}`;
      if (by === 'process' && signals.includes('SIGTERM') && !found.has(place))
        found.set(place, { handler, of });
    }
  return [...found.values()];
}

/** It closes what takes the work: a server, or the consumer of a worker. */
const closesWork = ({ closes }: SignalHandler) => closes.some(({ what }) => what !== 'client');

export default defineRule({
  id: 'exit-without-drain',
  title: 'The program leaves on SIGTERM before open requests are answered.',
  cause: 'SIGTERM handler without drain',
  subject: 'application',
  levels: { exits: 'error', lingers: 'error', framework: 'error' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: "In the handler that is there, close the server first and do the rest when it has closed:\nconst server = app.listen(port);\nprocess.once('SIGTERM', () => {\n  server.close(() => {\n    // what the handler does now, the exit last\n    process.exit(0);\n  });\n});",

  *check(application) {
    const handlers = handlersOf(application);
    // Also what a framework does on the signal: it closes beside the handlers of the program.
    const closed = runningOf(application).some(({ shutdown }) =>
      shutdown.handlers.some(
        (handler) =>
          handler.signals.includes('SIGTERM') && (closesWork(handler) || !handler.complete),
      ),
    );
    for (const { handler, of } of handlers) {
      const { exits, exitAt, at, complete, closes } = handler;
      const related = [
        { at: of.at, message: `the ${of.label} is running` },
        ...closes.map((close) => ({ at: close.at, message: `closes a ${close.what}` })),
      ];
      const fix = fixFor(
        of,
        closes.some(({ what, awaited }) => what === 'server' && !awaited),
      );
      const cut = `so ${isServer(of) ? 'open requests are' : 'what it works on is'} cut off`;
      if (exits === 'before-close')
        yield {
          at: exitAt ?? at,
          as: 'exits',
          message: `the SIGTERM handler exits before the ${of.label} has closed, ${cut}; an exit after the close is wanted`,
          related,
          fix,
        };
      else if (exits === 'without-close')
        yield {
          at: exitAt ?? at,
          as: 'exits',
          message: `the SIGTERM handler exits and never closes the ${of.label}, ${cut}; a close before the exit is wanted`,
          related,
          fix,
        };
      else if (!complete || !of.shutdown.complete || exits === 'maybe')
        yield { undecided: 'dynamic', at };
      else if (exits === 'no' && !closed)
        yield {
          at,
          as: 'lingers',
          message: `the SIGTERM handler never closes the ${of.label}, ${cut} by whatever ends the process; a close is wanted`,
          related,
          fix,
        };
    }
    for (const { shutdown, ephemeral, label, at, library } of application.servers) {
      const { byDefault, handlers: own } = shutdown;
      if (ephemeral || own.length > 0 || byDefault.state !== 'known') continue;
      if (byDefault.value !== 'exits-without-drain') continue;
      yield {
        at,
        as: 'framework',
        message: `the ${label} exits on SIGTERM without finishing its requests, so each rollout cuts them off; a version that drains is wanted`,
        fix: `Let it finish: ${library.fix}`,
      };
    }
  },
});
