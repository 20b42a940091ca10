/** Local peers that fail on purpose. They listen on 127.0.0.1 only and live as long as one measurement. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { amqp, mongodb, postgres, redis } from './handshakes.ts';
import type { Fault, PeerKind } from './proof.ts';

export interface Peer {
  readonly port: number;
  /** Requests, or connections where no request is read. */
  attempts(): number;
  close(): void;
}

/** Connections that a peer takes at most: a library that retries without end must not become a load test. */
const MAX_CONNECTIONS = 200;

export async function startPeer(kind: PeerKind, fault: Fault): Promise<Peer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    if (connections > MAX_CONNECTIONS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (fault === 'mute') {
      socket.resume();
      return;
    }
    if (kind === 'http') serveHttp(socket, fault, () => requests++);
    else if (kind === 'postgres') postgres(socket);
    else if (kind === 'redis') redis(socket);
    else if (kind === 'mongodb') mongodb(socket);
    else if (kind === 'amqp') amqp(socket);
    else socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    attempts: () => (kind === 'http' && fault !== 'mute' ? requests : connections),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serveHttp(socket: Socket, fault: Fault, count: () => void): void {
  let received = '';
  let wanted = -1;
  let drip: NodeJS.Timeout | undefined;
  socket.on('close', () => clearInterval(drip));
  socket.on('data', (data) => {
    received += data.toString('latin1');
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      wanted = Number(/content-length: *(\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
      if (received.length < end + 4 + wanted) return;
      received = received.slice(end + 4 + wanted);
      count();
      answer();
    }
  });
  function answer(): void {
    const head =
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n';
    if (fault === 'stall') socket.write(`${head}{"a":"`);
    else if (fault === 'drip') {
      socket.write(`${head}{"a":"`);
      drip = setInterval(() => socket.write('x'), 100);
    } else if (fault === 'unavailable')
      socket.write(
        'HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
      );
    else if (fault === 'reset') socket.resetAndDestroy();
  }
}

/**
 * A listener whose queue of connections is full, so that the kernel drops each further SYN. Its process is stopped from
 * accepting by blocking its only thread, for at most ten minutes.
 */
export async function startBlackhole(): Promise<Peer | undefined> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '-e',
      `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        process.stdout.write(String(server.address().port));
        const parent = process.ppid;
        const cell = new Int32Array(new SharedArrayBuffer(4));
        setTimeout(() => {
          for (let second = 0; second < 600 && process.ppid === parent; second++) Atomics.wait(cell, 0, 0, 1_000);
          process.exit();
        }, 50);
      });`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const port = await new Promise<number>((resolve) =>
    child.stdout?.once('data', (data) => resolve(Number(data))),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const fillers: Socket[] = [];
  const close = () => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  };
  for (let count = 0; count < 16; count++) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => {});
    fillers.push(filler);
    const connected = await Promise.race([
      new Promise<boolean>((resolve) => filler.once('connect', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    if (!connected) return { port, attempts: () => 0, close };
  }
  close();
  return undefined;
}
