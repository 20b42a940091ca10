/** How long the end of a program takes by its own numbers, preStop and all, against what the pod gives it. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Server, SignalHandler } from '../../code.ts';
import type { Container } from '../../model.ts';
import type { ShutdownPart } from '../../together.ts';

/** Options by which a server does not wait for idle connections. */
const ENDS_CONNECTIONS =
  /^(?:forceCloseConnections|keepAliveTimeout|closeIdleConnections|closeAllConnections|destroyAll)$/;

/**
 * The parts of the end that are known, each in seconds: what preStop sleeps, then what the program waits before it exits in any
 * case or, when nothing forces it, what its server waits for idle connections.
 */
export function shutdownPartsOf(
  container: Container,
  servers: readonly Server[],
  files: readonly CodeFacts[],
): readonly ShutdownPart[] {
  const parts: ShutdownPart[] = [];
  const { preStopSeconds } = container;
  if (preStopSeconds.state === 'unknown') return [];
  if (preStopSeconds.state === 'known' && preStopSeconds.value > 0)
    parts.push({ what: 'preStop', seconds: preStopSeconds.value, at: preStopSeconds.at });
  const handlers = new Set(
    servers.flatMap(({ shutdown }) =>
      shutdown.handlers.filter(({ signals }) => signals.includes('SIGTERM')),
    ),
  );
  // The first of several handlers that exits ends the others.
  const [handler, ...others] = handlers;
  if (handler === undefined || others.length > 0) return parts;
  const own = deadlineOf(handler);
  if (own !== undefined) return [...parts, own];
  if (handler.deadline !== undefined) return parts;
  const waits = lingeringOf(handler, servers, files);
  return waits === undefined ? parts : [...parts, waits];
}

function deadlineOf({ deadline, at }: SignalHandler): ShutdownPart | undefined {
  if (deadline?.state !== 'known' || !Number.isFinite(deadline.value)) return undefined;
  return {
    what: 'deadline',
    seconds: deadline.value / 1000,
    at: deadline.at.path === '' ? at : deadline.at,
  };
}

/** How long the close of a server waits for connections that a client keeps open. */
function lingeringOf(
  { closes, exits, complete }: SignalHandler,
  servers: readonly Server[],
  files: readonly CodeFacts[],
): ShutdownPart | undefined {
  const close = closes.find(({ what, awaited }) => what === 'server' && awaited);
  if (close === undefined || !complete || exits === 'before-close') return undefined;
  const [server, ...others] = servers.filter(({ http }) => http);
  const keepAlive = server?.facts?.close.keepAliveMs ?? 0;
  if (server === undefined || others.length > 0 || keepAlive === 0) return undefined;
  // Somebody set it, or closes the connections.
  for (const file of files)
    for (const expression of file.expressions) {
      if (expression.is === 'member' && ENDS_CONNECTIONS.test(expression.name)) return undefined;
      if (
        expression.is === 'object' &&
        expression.entries.some((entry) => 'key' in entry && ENDS_CONNECTIONS.test(entry.key))
      )
        return undefined;
    }
  return { what: 'keep-alive', seconds: keepAlive / 1000, at: close.at };
}
