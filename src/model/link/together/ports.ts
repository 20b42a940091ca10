/** The ports that a program listens on, with the values that its container gives it. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Server } from '../../code.ts';
import { known, unknown } from '../../derive/values.ts';
import type { ListeningPort } from '../../together.ts';
import type { Joined, Value } from '../../value.ts';
import { callsNamed, loadsByName, writtenAt } from './written.ts';

/** Calls that open a port, or start something that does. */
const OPENS =
  /^(?:listen|listenAsync|bindAsync|bind|serve|startServer|startStandaloneServer|createLightship|connectMicroservice|createMicroservice|startAllMicroservices|startMetricsServer|PrometheusExporter|createMetricsServer|WebSocketServer)$/;

export function portsOf(
  servers: Joined<Server>,
  files: readonly CodeFacts[],
  fileOf: (path: string) => CodeFacts | undefined,
  variable: (name: string) => Value<string>,
): Joined<ListeningPort> {
  const items: ListeningPort[] = [];
  let why = servers.why;
  if (!servers.complete) why ??= 'it is not known which file runs';
  for (const server of servers.items) {
    const { number, variable: name } = portOf(server, fileOf, variable);
    if (number.state !== 'known') {
      why ??= number.state === 'unknown' ? number.why : 'no port is given';
      continue;
    }
    items.push({
      number: number.value,
      at: number.at,
      server,
      ...(name === undefined ? {} : { variable: name }),
    });
  }
  const started = new Set(servers.items.map(({ at }) => `${at.path} ${at.start}`));
  // Without arguments it is no socket: a listener of a queue.
  for (const { file, call } of callsNamed(files, OPENS))
    if (call.arguments.length > 0 && !started.has(`${file.path} ${call.range[0]}`))
      why ??= 'something else may listen';
  if (files.some(loadsByName)) why ??= 'it loads files by computed names';
  return { items, complete: why === undefined, ...(why === undefined ? {} : { why }) };
}

interface Port {
  readonly number: Value<number>;
  /** The variable that the container sets it by. */
  readonly variable?: string;
}

function portOf(
  { port }: Server,
  fileOf: (path: string) => CodeFacts | undefined,
  variable: (name: string) => Value<string>,
): Port {
  const lost: Port = { number: unknown('the port cannot be told', port.at) };
  const own: Port = port.state === 'known' ? { number: known(port.value, port.at) } : lost;
  const written = writtenAt(fileOf(port.at.path), port.at);
  if (written.is === 'literal') return own;
  if (written.is === 'other') return lost;
  const given = variable(written.name);
  if (given.state === 'unknown') return { number: given };
  if (given.state === 'absent') return own;
  const number = Number(given.value);
  return Number.isInteger(number) && given.value.trim() !== ''
    ? { number: known(number, given.at), variable: written.name }
    : { number: unknown('the port is no number', given.at) };
}
