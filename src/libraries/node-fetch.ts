import {
  argument,
  defineLibrary,
  fact,
  forEver,
  options,
  setting,
  signal,
  unset,
  zero,
} from '../library.ts';

export default defineLibrary({
  name: 'node-fetch',
  packages: [{ name: 'node-fetch', versions: '>=2 <4' }],
  roles: ['http'],
  modules: { 'node-fetch': { default: 'fetch', '=': 'fetch' } },
  shapes: {
    fetch: {
      call: {
        takes: [[argument('url'), options('init')]],
        gives: 'Response',
        promised: true,
        does: [
          {
            is: 'call',
            profile: 'default',
            verb: { option: 'method', otherwise: 'GET' },
            body: 'unread',
            rejectsOn: ['network'],
          },
        ],
      },
      members: { default: 'fetch' },
    },
    Response: {
      members: {
        'json|text|arrayBuffer|blob|buffer|formData|textConverted': {
          call: { does: [{ is: 'read-body' }] },
        },
        body: {},
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=2 <4',
      phases: {
        connect: forEver(
          fact(
            'node-fetch@2.7.0 lib/index.js:1491, node-fetch@3.3.2 src/index.js',
            'node-fetch/default',
          ),
        ),
        acquire: { notApplicable: 'the agent of Node.js has no limit' },
        headers: forEver(
          fact(
            'node-fetch@2.7.0 lib/index.js:1491, node-fetch@3.3.2 src/index.js',
            'node-fetch/default',
          ),
        ),
        idle: forEver(
          fact(
            'node-fetch@2.7.0 lib/index.js:384, node-fetch@3.3.2 src/body.js',
            'node-fetch/default',
          ),
        ),
        total: forEver(
          fact(
            'node-fetch@2.7.0 lib/index.js:384, node-fetch@3.3.2 src/body.js',
            'node-fetch/default',
          ),
        ),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('node-fetch@2.7.0 lib/index.js', 'node-fetch/default') },
    },
  ],
  options: [
    {
      in: ['init'],
      path: 'timeout',
      versions: '>=2 <3',
      // Until the headers, then anew until the end of the body.
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'read' },
      disabledBy: [zero, unset],
      ...fact('node-fetch@2.7.0 lib/index.js:187, lib/index.js:1491', 'node-fetch/timeout-2'),
    },
    signal(
      ['init'],
      fact('node-fetch@2.7.0 lib/index.js, node-fetch@3.3.2 src/index.js', 'node-fetch/signal'),
    ),
    setting(['init'], 'method', 'verb', fact('node-fetch@3.3.2 src/request.js')),
  ],
  ineffective: [
    {
      in: ['init'],
      path: 'timeout',
      versions: '>=3 <4',
      why: 'node-fetch 3 has no option timeout.',
      instead: 'signal: AbortSignal.timeout(5_000)',
      ...fact('node-fetch@3.3.2 src/index.js: no occurrence of timeout', 'node-fetch/timeout-3'),
    },
  ],
  fix: 'await fetch(url, { signal: AbortSignal.timeout(5_000) })',
});
