import { argument, defineLibrary, fact, type OutboundCall, options } from '../library.ts';

const leaves: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  // Nothing is sent before somebody subscribes.
  lazy: { starts: ['subscribe', 'toPromise', 'forEach'] },
  body: 'read',
  rejectsOn: ['network', '4xx', '5xx'],
};
const http = {
  module: '@nestjs/axios',
  token: 'HttpService',
  shape: 'HttpService',
  profile: 'default',
};
const as = (proof = 'source-only') => ({
  as: 'axios',
  ...fact('@nestjs/axios@4.0.1 dist/http.service.js:57', proof),
});

export default defineLibrary({
  name: 'nestjs-axios',
  packages: [{ name: '@nestjs/axios', versions: '>=0.0.1 <5' }],
  roles: ['http'],
  modules: {
    '@nestjs/axios': {
      HttpService: {
        construct: { takes: [[{ role: 'value', shape: 'axios:Instance' }]], gives: 'HttpService' },
        extended: 'HttpService',
      },
      HttpModule: 'HttpModule',
    },
    // Before NestJS 8.
    '@nestjs/common': { HttpService: { extended: 'HttpService' }, HttpModule: 'HttpModule' },
  },
  shapes: {
    HttpModule: {
      members: {
        register: { call: { takes: [[options('axios:request')]] } },
        registerAsync: { call: { takes: [[options('module')]] } },
      },
    },
    HttpService: {
      members: {
        'get|delete|head': {
          call: {
            takes: [[argument('url'), options('axios:request')]],
            gives: 'rxjs:Observable',
            does: [leaves],
          },
        },
        'post|put|patch|postForm|putForm|patchForm': {
          call: {
            takes: [[argument('url'), { role: 'body', optional: true }, options('axios:request')]],
            gives: 'rxjs:Observable',
            does: [leaves],
          },
        },
        request: {
          call: {
            takes: [[options('axios:request')]],
            gives: 'rxjs:Observable',
            does: [{ ...leaves, verb: { option: 'method', otherwise: 'GET' } }],
          },
        },
        axiosRef: 'axios:Instance',
      },
    },
  },
  injects: [
    {
      ...http,
      providers: [
        { of: 'HttpModule', processWide: true },
        { of: 'HttpModule', method: 'register', options: { set: 'axios:request', argument: 0 } },
        {
          of: 'HttpModule',
          method: 'registerAsync',
          options: { set: 'axios:request', factory: 'useFactory' },
        },
        {
          of: 'HttpModule',
          method: 'registerAsync',
          options: { set: 'axios:request', class: 'useClass', method: 'createHttpOptions' },
        },
        {
          of: 'HttpModule',
          method: 'registerAsync',
          options: { set: 'axios:request', class: 'useExisting', method: 'createHttpOptions' },
        },
      ],
    },
  ],
  profiles: [
    {
      name: 'default',
      versions: '>=0.0.1 <5',
      phases: {
        connect: as('nestjs-axios/default'),
        acquire: { notApplicable: 'the agent of Node.js has no limit' },
        headers: as('nestjs-axios/default'),
        idle: as('nestjs-axios/default'),
        total: as('nestjs-axios/default'),
        release: { notApplicable: 'unsubscribing cancels the request' },
      },
      attempts: {
        max: 1,
        ...fact('@nestjs/axios@4.0.1 dist/http.service.js:57', 'nestjs-axios/default'),
      },
    },
  ],
  options: [],
  delegates: [
    {
      in: ['module'],
      path: 'useFactory()',
      to: 'axios:request',
      ...fact('@nestjs/axios@4.0.1 dist/http.module.js', 'nestjs-axios/timeout'),
    },
  ],
  fix: 'HttpModule.register({ timeout: 5_000 })',
});
