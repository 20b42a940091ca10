import {
  defineLibrary,
  fact,
  operation,
  options,
  phases,
  type Shape,
  setting,
  unset,
} from '../library.ts';

const client: Shape = {
  construct: {
    takes: [[options('client')]],
    gives: 'Client',
    does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
  },
};
const SOURCE =
  'minio@7.1.4 dist/main/internal/client.js, minio@8.0.7 dist/main/internal/client.js:257';

/** S3-compatible object storage, over node:http, whose sockets have no timeout. */
export default defineLibrary({
  name: 'minio',
  packages: [{ name: 'minio', versions: '>=7 <9' }],
  roles: ['sdk'],
  modules: { minio: { Client: client, default: { members: { Client: client } } } },
  shapes: {
    Client: {
      members: {
        // Signed without a request, once the region is known.
        'presignedUrl|presignedGetObject|presignedPutObject|newPostPolicy|setAppInfo|setRequestOptions|traceOn|traceOff':
          {},
        'listenBucketNotification|getObject|listObjects|listObjectsV2': {
          call: { does: [{ ...operation('member'), body: 'stream' }] },
        },
      },
      others: { call: { promised: true, does: [operation('member')] } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=7 <9',
      phases: phases(fact(SOURCE, 'minio/default')),
      attempts: { max: 1, ...fact('minio@8.0.7 dist/main/internal/client.js:173,513') },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'transportAgent',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('minio@8.0.7 dist/main/internal/client.js:107'),
    },
    {
      in: ['client'],
      path: 'transport',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('minio@8.0.7 dist/main/internal/client.js'),
    },
    setting(['client'], 'endPoint', 'target', fact('minio@8.0.7 dist/main/internal/client.js')),
  ],
  slow: 'upload',
  fix: 'new Client({ endPoint, transportAgent: new https.Agent({ keepAlive: true, timeout: 5_000 }) })',
});
