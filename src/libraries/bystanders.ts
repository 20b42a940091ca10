import { defineLibrary, type PackageRange, type Shape } from '../library.ts';

/**
 * Packages that get an application or a server, or are mounted on one, and do neither of two things there: they handle no signal, and
 * they serve no health route. Without this, whoever gets an application might do both. Read in the code of these versions, not measured;
 * what proxies (`http-proxy-middleware`) or routes by a document (`express-openapi-validator`) is not in the list.
 */
const READ = [
  'helmet@8.3.0',
  '@bull-board/api@9.10.2',
  '@bull-board/express@9.10.1',
  '@bull-board/fastify@9.10.1',
  '@fastify/auth@5.1.1',
  '@fastify/compress@9.2.0',
  '@fastify/cookie@11.1.5',
  '@fastify/cors@11.4.3',
  '@fastify/csrf-protection@8.0.2',
  '@fastify/env@7.0.0',
  '@fastify/etag@6.2.0',
  '@fastify/formbody@9.0.1',
  '@fastify/helmet@13.2.0',
  '@fastify/jwt@10.2.8',
  '@fastify/multipart@10.1.9',
  '@fastify/rate-limit@11.2.0',
  '@fastify/request-context@7.0.0',
  '@fastify/sensible@6.0.6',
  '@fastify/session@11.1.3',
  '@fastify/static@10.1.11',
  '@fastify/swagger@9.9.3',
  '@fastify/swagger-ui@6.1.3',
  '@fastify/view@12.0.0',
  '@fastify/websocket@11.3.6',
  '@koa/cors@5.0.0',
  '@koa/multer@4.0.0',
  '@nestjs/platform-socket.io@12.1.1',
  '@nestjs/platform-ws@12.1.1',
  '@nestjs/swagger@12.0.2',
  '@scalar/express-api-reference@0.8.48',
  '@scalar/nestjs-api-reference@1.0.31',
  '@sentry/node@11.12.0',
  '@vendia/serverless-express@4.12.6',
  'body-parser@2.4.0',
  'class-validator@0.15.1',
  'cls-rtracer@2.6.4',
  'compression@1.8.2',
  'connect-flash@0.1.1',
  'connect-mongo@6.0.0',
  'connect-redis@9.0.0',
  'connect-timeout@1.9.1',
  'cookie-parser@1.4.7',
  'cookie-session@2.1.1',
  'cors@2.8.6',
  'errorhandler@1.5.2',
  'express-async-errors@3.1.1',
  'express-basic-auth@1.2.1',
  'express-fileupload@1.5.2',
  'express-http-context@2.0.1',
  'express-jwt@8.5.1',
  'express-mongo-sanitize@2.2.0',
  'express-prom-bundle@8.0.0',
  'express-rate-limit@8.7.5',
  'express-session@1.19.0',
  'express-slow-down@3.1.1',
  'express-validator@7.3.2',
  'express-winston@4.2.0',
  'express-ws@5.0.2',
  'fastify-metrics@13.2.1',
  'fastify-type-provider-zod@7.0.0',
  'hpp@0.2.3',
  'koa-body@8.0.1',
  'koa-bodyparser@4.4.1',
  'koa-compress@5.2.2',
  'koa-helmet@9.0.0',
  'koa-logger@4.0.0',
  'koa-session@7.0.2',
  'koa-static@5.0.0',
  'method-override@3.0.0',
  'morgan@1.12.1',
  'multer@2.5.0',
  'nestjs-pino@4.6.1',
  'passport@0.7.0',
  'pino-http@11.0.0',
  'response-time@2.3.4',
  'serve-favicon@2.5.1',
  'serve-static@2.2.1',
  'serverless-http@4.0.0',
  'swagger-jsdoc@6.3.0',
  'swagger-ui-express@5.0.1',
  'ws@8.23.0',
];
const names = READ.map((read) => read.slice(0, read.lastIndexOf('@')));
const packages: readonly PackageRange[] = [...names, 'socket.io'].map((name) => ({
  name,
  versions: '*',
}));
const everything: Readonly<Record<string, string>> = {
  default: 'Bystander',
  '=': 'Bystander',
  '*': 'Bystander',
};
const closes: Shape = {
  call: {
    does: [{ is: 'close', what: 'server', completes: 'promise-or-callback', drains: true }],
  },
};

export default defineLibrary({
  name: 'bystanders',
  packages,
  roles: [],
  modules: {
    ...Object.fromEntries(
      names.flatMap((name) => [
        [name, everything],
        [`${name}/*`, everything],
      ]),
    ),
    // socket.io@4.8.4 dist/index.js:510: close() also closes the HTTP server that it was given.
    'socket.io': {
      Server: { construct: { gives: 'Sockets' } },
      default: { construct: { gives: 'Sockets' }, call: { gives: 'Sockets' } },
      '=': { construct: { gives: 'Sockets' }, call: { gives: 'Sockets' } },
    },
  },
  shapes: {
    /** Whatever is called on it gives something of the kind. */
    Bystander: {
      call: { gives: 'Bystander' },
      construct: { gives: 'Bystander' },
      others: 'Bystander',
    },
    Sockets: {
      members: { close: closes },
      others: 'Bystander',
    },
  },
  profiles: [],
  options: [],
  fix: "app.get('/readyz', (_request, response) => response.sendStatus(200))",
});
