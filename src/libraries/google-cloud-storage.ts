import {
  argument,
  type Callable,
  defineLibrary,
  fact,
  operation,
  options,
  phases,
  type Shape,
  setting,
  unset,
  zero,
} from '../library.ts';

const call: Callable = { promised: true, does: [operation('member')] };
const calls: Shape = { call };
const streams: Shape = { call: { does: [{ ...operation('member'), body: 'stream' }] } };
const SERVICE = '@google-cloud/storage@7.22.0 build/cjs/src/nodejs-common/service.js:76,137';

/** Objects in buckets of Google Cloud. Its HTTP client gets `timeout: undefined` from the service, which switches its own 60 s off. */
export default defineLibrary({
  name: 'google-cloud-storage',
  packages: [{ name: '@google-cloud/storage', versions: '>=5 <8' }],
  roles: ['sdk'],
  modules: {
    '@google-cloud/storage': {
      Storage: {
        construct: {
          takes: [[options('client')]],
          gives: 'Storage',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
      },
    },
  },
  shapes: {
    Storage: {
      members: {
        bucket: { call: { takes: [[argument('name')]], gives: 'Bucket' } },
        'createBucket|createHmacKey|getBuckets|getHmacKeys|getServiceAccount': calls,
      },
    },
    Bucket: {
      members: {
        file: { call: { takes: [[argument('name')]], gives: 'File' } },
        'combine|create|createNotification|delete|deleteFiles|deleteLabels|exists|get|getFiles|getLabels|getMetadata|getNotifications|lock|makePrivate|makePublic|setLabels|setMetadata|setRetentionPeriod|setCorsConfiguration|setStorageClass|upload':
          calls,
      },
    },
    File: {
      members: {
        'copy|createResumableUpload|delete|download|exists|get|getMetadata|isPublic|makePrivate|makePublic|move|moveFileAtomic|rename|restore|rotateEncryptionKey|save|setMetadata|setStorageClass':
          calls,
        'createReadStream|createWriteStream': streams,
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=5 <8',
      phases: phases(fact(SERVICE, 'google-cloud-storage/default')),
      attempts: {
        max: 4,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: true,
        on: ['connect', 'reset', '5xx', '429'],
        methods: ['GET', 'HEAD', 'PUT', 'DELETE'],
        ...fact('@google-cloud/storage@7.22.0 build/cjs/src/storage.js:55-87'),
      },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'timeout',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(SERVICE, 'google-cloud-storage/timeout'),
    },
    setting(
      ['client'],
      'retryOptions.maxRetries',
      'retries',
      fact('@google-cloud/storage@7.22.0 build/cjs/src/storage.js:55-87'),
    ),
    setting(
      ['client'],
      'apiEndpoint',
      'target',
      fact('@google-cloud/storage@7.22.0 build/cjs/src/storage.js'),
    ),
  ],
  slow: 'upload',
  fix: 'new Storage({ timeout: 5_000 })',
});
