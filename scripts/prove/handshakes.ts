/**
 * The least that data stores must say before a client sends its first statement. Everything that names the table `orders` (or
 * the key, collection or queue of that name) is never answered.
 */
import type { Socket } from 'node:net';

const FROZEN = 'orders';

export function postgres(socket: Socket): void {
  let buffer = Buffer.alloc(0);
  let started = false;
  let frozen = false;
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type, 0);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const text = (...parts: string[]) => Buffer.from(parts.map((part) => `${part}\0`).join(''));
  const ready = message('Z', Buffer.from('I'));
  const description = () => {
    const field = Buffer.alloc(18);
    field.writeInt32BE(25, 6);
    field.writeInt16BE(-1, 10);
    field.writeInt32BE(-1, 12);
    return message('T', Buffer.concat([Buffer.from([0, 1]), text('version'), field]));
  };
  const row = () => {
    const value = Buffer.from('PostgreSQL 15.0');
    const size = Buffer.alloc(4);
    size.writeInt32BE(value.length);
    return message('D', Buffer.concat([Buffer.from([0, 1]), size, value]));
  };
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      if (!started) {
        if (buffer.length < 8) return;
        const size = buffer.readInt32BE(0);
        if (buffer.length < size) return;
        const code = buffer.readInt32BE(4);
        buffer = buffer.subarray(size);
        if (code === 80877103) {
          socket.write('N');
          continue;
        }
        started = true;
        const key = Buffer.alloc(8);
        socket.write(
          Buffer.concat([
            message('R', Buffer.alloc(4)),
            message('S', text('server_version', '15.0')),
            message('S', text('client_encoding', 'UTF8')),
            message('K', key),
            ready,
          ]),
        );
        continue;
      }
      if (buffer.length < 5) return;
      const size = buffer.readInt32BE(1);
      if (buffer.length < size + 1) return;
      const type = String.fromCharCode(buffer[0] ?? 0);
      const body = buffer.subarray(5, size + 1);
      buffer = buffer.subarray(size + 1);
      if ((type === 'Q' || type === 'P') && body.includes(FROZEN)) frozen = true;
      if (frozen) continue;
      if (type === 'Q') {
        const isQuery = /^\s*(select|show)/i.test(body.toString());
        socket.write(
          Buffer.concat([
            ...(isQuery ? [description(), row()] : []),
            message('C', text(isQuery ? 'SELECT 1' : 'SET')),
            ready,
          ]),
        );
      } else if (type === 'P') socket.write(message('1', Buffer.alloc(0)));
      else if (type === 'B') socket.write(message('2', Buffer.alloc(0)));
      else if (type === 'D') socket.write(description());
      else if (type === 'E') socket.write(Buffer.concat([row(), message('C', text('SELECT 1'))]));
      else if (type === 'S') socket.write(ready);
    }
  });
}

/** RESP arrays of bulk strings; answers OK to all but FROZEN. */
export function redis(socket: Socket): void {
  let received = '';
  let frozen = false;
  socket.on('data', (data) => {
    received += data.toString('latin1');
    for (;;) {
      const head = /^\*(\d+)\r\n/.exec(received);
      if (head === null) return;
      const words: string[] = [];
      let at = head[0].length;
      for (let index = 0; index < Number(head[1]); index++) {
        const size = /^\$(\d+)\r\n/.exec(received.slice(at));
        if (size === null) return;
        const start = at + size[0].length;
        const length = Number(size[1]);
        if (received.length < start + length + 2) return;
        words.push(received.slice(start, start + length));
        at = start + length + 2;
      }
      received = received.slice(at);
      const command = words[0]?.toLowerCase();
      if (words.some((word) => word.includes(FROZEN))) frozen = true;
      if (frozen) continue;
      if (command === 'info') {
        const info =
          '# Server\r\nredis_version:7.2.0\r\nloading:0\r\nmaxmemory_policy:noeviction\r\n';
        socket.write(`$${info.length}\r\n${info}\r\n`);
      } else if (command === 'hello') socket.write('*2\r\n$6\r\nserver\r\n$5\r\nredis\r\n');
      else if (command === 'ping') socket.write('+PONG\r\n');
      else socket.write('+OK\r\n');
    }
  });
}

/** Answers each `hello` and `ping` and nothing else. */
export function mongodb(socket: Socket): void {
  let buffer = Buffer.alloc(0);
  const element = (type: number, name: string, value: Buffer) =>
    Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const double = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  };
  const date = Buffer.alloc(8);
  date.writeBigInt64LE(BigInt(Date.now()));
  const elements = Buffer.concat([
    element(1, 'ok', double(1)),
    element(8, 'ismaster', Buffer.from([1])),
    element(8, 'isWritablePrimary', Buffer.from([1])),
    element(8, 'helloOk', Buffer.from([1])),
    element(16, 'maxBsonObjectSize', int(16777216)),
    element(16, 'maxMessageSizeBytes', int(48000000)),
    element(16, 'maxWriteBatchSize', int(100000)),
    element(9, 'localTime', date),
    element(16, 'logicalSessionTimeoutMinutes', int(30)),
    element(16, 'minWireVersion', int(0)),
    element(16, 'maxWireVersion', int(21)),
    element(8, 'readOnly', Buffer.from([0])),
  ]);
  const document = Buffer.concat([int(elements.length + 5), elements, Buffer.from([0])]);
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    while (buffer.length >= 16 && buffer.length >= buffer.readInt32LE(0)) {
      const size = buffer.readInt32LE(0);
      const id = buffer.readInt32LE(4);
      const code = buffer.readInt32LE(12);
      const body = buffer.subarray(16, size).toString('latin1');
      buffer = buffer.subarray(size);
      if (body.includes(FROZEN)) continue;
      const header = (length: number, operation: number) =>
        Buffer.concat([int(length + 16), int(1), int(id), int(operation)]);
      if (code === 2004) {
        const reply = Buffer.concat([int(8), Buffer.alloc(8), int(0), int(1), document]);
        socket.write(Buffer.concat([header(reply.length, 1), reply]));
      } else if (code === 2013 && !body.includes('topologyVersion')) {
        const reply = Buffer.concat([int(0), Buffer.from([0]), document]);
        socket.write(Buffer.concat([header(reply.length, 2013), reply]));
      }
    }
  });
}

/** AMQP 0-9-1 up to an open channel; later methods (declare, consume) are never answered. */
export function amqp(socket: Socket): void {
  const frame = (channel: number, method: readonly [number, number], body: Buffer) => {
    const payload = Buffer.alloc(4);
    payload.writeUInt16BE(method[0], 0);
    payload.writeUInt16BE(method[1], 2);
    const head = Buffer.alloc(7);
    head[0] = 1;
    head.writeUInt16BE(channel, 1);
    head.writeUInt32BE(payload.length + body.length, 3);
    return Buffer.concat([head, payload, body, Buffer.from([0xce])]);
  };
  const longString = (text: string) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(text.length);
    return Buffer.concat([size, Buffer.from(text)]);
  };
  let buffer = Buffer.alloc(0);
  let greeted = false;
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    if (!greeted) {
      if (buffer.length < 8) return;
      buffer = buffer.subarray(8);
      greeted = true;
      socket.write(
        frame(
          0,
          [10, 10],
          Buffer.concat([
            Buffer.from([0, 9]),
            Buffer.alloc(4),
            longString('PLAIN AMQPLAIN'),
            longString('en_US'),
          ]),
        ),
      );
    }
    while (buffer.length >= 8 && buffer.length >= buffer.readUInt32BE(3) + 8) {
      const size = buffer.readUInt32BE(3);
      const channel = buffer.readUInt16BE(1);
      const isMethod = buffer[0] === 1;
      const method = isMethod ? `${buffer.readUInt16BE(7)}.${buffer.readUInt16BE(9)}` : '';
      buffer = buffer.subarray(size + 8);
      if (method === '10.11') {
        const tune = Buffer.alloc(8);
        tune.writeUInt16BE(2047, 0);
        tune.writeUInt32BE(131072, 2);
        socket.write(frame(0, [10, 30], tune));
      } else if (method === '10.40') socket.write(frame(0, [10, 41], Buffer.from([0])));
      else if (method === '20.10') socket.write(frame(channel, [20, 11], longString('')));
    }
  });
}
