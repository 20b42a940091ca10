/** SIGTERM during a request, for each server framework. */
import type { Proof, ShutdownProof } from '../proof.ts';

interface Framework {
  readonly library: string;
  readonly server: string;
  readonly version: string;
  readonly packages: Readonly<Record<string, string>>;
  /** Starts the server and calls listening(); `SIGTERM` stands for what is done about it. */
  readonly code: string;
  readonly close: string;
  readonly closeAndExit: string;
}

const NODE_CLOSE = "process.once('SIGTERM', () => server.close());";
const NODE_EXIT = "process.once('SIGTERM', () => { server.close(); process.exit(0); });";

const express = (version: string): Framework => ({
  library: 'express',
  server: 'express',
  version,
  packages: { express: version },
  code: `
import express from 'express';
const app = express();
app.get('/orders', async (request, response) => { await slowly(); response.send('done'); });
const server = app.listen(0, '127.0.0.1', () => listening(server.address().port));
if (keepAliveMs !== undefined) server.keepAliveTimeout = keepAliveMs;
SIGTERM`,
  close: NODE_CLOSE,
  closeAndExit: NODE_EXIT,
});

const fastify = (version: string): Framework => ({
  library: 'fastify',
  server: 'fastify',
  version,
  packages: { fastify: version },
  code: `
import fastify from 'fastify';
const app = fastify(keepAliveMs === undefined ? {} : { keepAliveTimeout: keepAliveMs });
app.get('/orders', async () => { await slowly(); return 'done'; });
await app.listen({ port: 0, host: '127.0.0.1' });
SIGTERM
listening(app.server.address().port);`,
  close: "process.once('SIGTERM', () => app.close());",
  closeAndExit: "process.once('SIGTERM', () => { app.close(); process.exit(0); });",
});

const koa = (version: string): Framework => ({
  library: 'koa',
  server: 'koa',
  version,
  packages: { koa: version },
  code: `
import Koa from 'koa';
const app = new Koa();
app.use(async (context) => { await slowly(); context.body = 'done'; });
const server = app.listen(0, '127.0.0.1', () => listening(server.address().port));
if (keepAliveMs !== undefined) server.keepAliveTimeout = keepAliveMs;
SIGTERM`,
  close: NODE_CLOSE,
  closeAndExit: NODE_EXIT,
});

const hono = (version: string): Framework => ({
  library: 'hono',
  server: 'hono',
  version,
  packages: { '@hono/node-server': version, hono: '4.13.19' },
  code: `
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
const app = new Hono();
app.get('/orders', async (context) => { await slowly(); return context.text('done'); });
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => listening(port));
if (keepAliveMs !== undefined) server.keepAliveTimeout = keepAliveMs;
SIGTERM`,
  close: NODE_CLOSE,
  closeAndExit: NODE_EXIT,
});

const nest = (version: string): Framework => ({
  library: 'nestjs-core',
  server: 'nest',
  version,
  packages: {
    '@nestjs/core': version,
    '@nestjs/common': version,
    '@nestjs/platform-express': version,
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
  },
  code: `
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
class Orders { async list() { await slowly(); return 'done'; } }
Controller('orders')(Orders);
Get()(Orders.prototype, 'list', Object.getOwnPropertyDescriptor(Orders.prototype, 'list'));
class Shop {}
Module({ controllers: [Orders] })(Shop);
const app = await NestFactory.create(Shop, { logger: false });
SIGTERM
if (keepAliveMs !== undefined) app.getHttpServer().keepAliveTimeout = keepAliveMs;
await app.listen(0, '127.0.0.1');
listening(app.getHttpServer().address().port);`,
  close: 'app.enableShutdownHooks();',
  closeAndExit: "process.once('SIGTERM', () => { app.close(); process.exit(0); });",
});

function shutdowns(framework: Framework): ShutdownProof[] {
  const proof = (
    form: ShutdownProof['form'],
    sigterm: string,
    keepAliveMs?: number,
  ): ShutdownProof => ({
    kind: 'shutdown',
    name: `${framework.library}/${form}`,
    library: framework.library,
    version: framework.version,
    packages: framework.packages,
    server: framework.server,
    form,
    ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
    code: framework.code.replace('SIGTERM', () => sigterm),
  });
  return [
    proof('unhandled', ''),
    proof('close', framework.close),
    proof('close', framework.close, 300),
    proof('exit-at-once', framework.closeAndExit),
  ];
}

/** Built once, then started by its own command in this process. */
const next = (version: string, react: string): ShutdownProof => ({
  kind: 'shutdown',
  name: 'next/start',
  library: 'next',
  version,
  packages: { next: version, react, 'react-dom': react },
  server: 'next start',
  form: 'unhandled',
  startMs: 180_000,
  code: `
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
const NEXT = 'node_modules/next/dist/bin/next';
if (!existsSync('.next/BUILD_ID')) {
  mkdirSync('app/orders', { recursive: true });
  writeFileSync('app/layout.js', 'export default function Layout({ children }) { return children; }');
  writeFileSync('app/orders/route.js', "export const dynamic = 'force-dynamic';" +
    "export async function GET() { await new Promise((done) => setTimeout(done, 800)); return new Response('done'); }");
  execFileSync(process.execPath, [NEXT, 'build'], { stdio: 'ignore', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
}
const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});
process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';
process.argv = [process.argv[0], NEXT, 'start', '-p', String(port), '-H', '127.0.0.1'];
await import('next/dist/bin/next');
for (;;) {
  const open = await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
  if (open) break;
  await new Promise((done) => setTimeout(done, 100));
}
await (await fetch('http://127.0.0.1:' + port + '/orders', { headers: { connection: 'close' } })).text();
listening(port);`,
});

export const servers: readonly Proof[] = [
  express('4.22.3'),
  express('5.3.0'),
  fastify('4.29.1'),
  fastify('5.12.8'),
  koa('2.16.4'),
  koa('3.3.0'),
  hono('1.19.19'),
  hono('2.1.9'),
  nest('11.2.10'),
  nest('12.5.1'),
]
  .flatMap(shutdowns)
  .concat([next('14.2.35', '18.3.1'), next('15.5.29', '19.2.0')]);
