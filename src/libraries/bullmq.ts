import { argument, defineLibrary, fact, type OutboundCall, options, setting } from '../library.ts';

const add: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'add',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const as = (proof?: string) => ({
  as: 'ioredis',
  ...fact(
    'bullmq@5.81.5 dist/cjs/classes/redis-connection.js:49, bullmq@6.7.0 dist/cjs/classes/redis-connection.js:116',
    proof,
  ),
});
const queue = {
  construct: {
    takes: [[argument('name'), options('queue')]],
    gives: 'Queue',
    does: [{ is: 'client', profile: 'default', connections: 'multiplexed' }],
  },
} as const;

/** BullMQ: jobs in Redis. The connection of a worker must wait for ever; that of a queue should not. */
export default defineLibrary({
  name: 'bullmq',
  packages: [
    { name: 'bullmq', versions: '>=4 <7' },
    { name: '@nestjs/bullmq', versions: '>=1 <13' },
  ],
  roles: ['queue'],
  modules: {
    bullmq: {
      Queue: queue,
      FlowProducer: {
        construct: {
          takes: [[options('queue')]],
          gives: 'Queue',
          does: [{ is: 'client', profile: 'default', connections: 'multiplexed' }],
        },
      },
      Worker: {
        construct: {
          takes: [
            [argument('name'), { role: 'handler', is: ['function'] }, options('worker')],
            // A file to run in a process or thread of its own.
            [argument('name'), argument('other', 'string', 'url-object'), options('worker')],
          ],
          gives: 'Worker',
          does: [{ is: 'consume', consumer: 'worker' }],
        },
      },
      QueueEvents: {
        construct: { takes: [[argument('name'), options('worker')]], gives: 'QueueEvents' },
      },
    },
    '@nestjs/bullmq': {
      Processor: {
        decorate: {
          takes: [[argument('name'), options('worker')]],
          does: [{ is: 'consume', consumer: 'worker' }],
        },
      },
      WorkerHost: { extended: 'Worker' },
      'InjectQueue|OnWorkerEvent|OnQueueEvent': {},
      BullModule: {
        members: {
          'forRoot|registerQueue': { call: { takes: [[options('queue')]] } },
          'forRootAsync|registerQueueAsync': { call: {} },
        },
      },
    },
  },
  shapes: {
    Queue: {
      members: {
        add: {
          call: {
            takes: [[argument('name'), argument('body'), options('job')]],
            promised: true,
            does: [add],
          },
        },
        addBulk: { call: { takes: [[argument('body')]], promised: true, does: [add] } },
        'getJob|getJobs|getJobCounts|getWaiting|getActive|obliterate|drain|pause|resume|remove|upsertJobScheduler':
          { call: { promised: true, does: [{ ...add, verb: 'member' }] } },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
        on: { call: { does: [{ is: 'listener' }] } },
      },
    },
    Worker: {
      members: {
        close: {
          call: { does: [{ is: 'close', what: 'consumer', completes: 'promise', drains: true }] },
        },
        on: { call: { does: [{ is: 'listener' }] } },
        'run|pause|resume': { call: {} },
      },
    },
    QueueEvents: {
      members: {
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
        on: { call: { does: [{ is: 'listener' }] } },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <7',
      phases: {
        connect: as('bullmq/default'),
        acquire: { notApplicable: 'one connection carries all commands' },
        headers: as('bullmq/default'),
        idle: as(),
        total: as(),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('bullmq@6.7.0 dist/cjs/classes/redis-connection.js:120') },
    },
  ],
  options: [
    setting(
      ['job', 'queue'],
      'attempts',
      'attempts',
      fact('bullmq@6.7.0 dist/cjs/classes/job.js:87'),
    ),
    setting(['job'], 'backoff', 'retry-delay', fact('bullmq@5.81.5 dist/cjs/classes/job.js:515')),
    setting(
      ['job'],
      'backoff.delay',
      'retry-delay',
      fact('bullmq@5.81.5 dist/cjs/classes/job.js:515'),
    ),
    setting(
      ['job'],
      'backoff.jitter',
      'retry-jitter',
      fact('bullmq@6.7.0 dist/cjs/classes/backoffs.js'),
    ),
    setting(
      ['worker'],
      'concurrency',
      'concurrency',
      fact('bullmq@6.7.0 dist/cjs/classes/worker.js'),
    ),
  ],
  delegates: [
    {
      in: ['queue'],
      path: 'connection',
      to: 'ioredis:client',
      ...fact('bullmq@6.7.0 dist/cjs/classes/redis-connection.js:116', 'bullmq/command-timeout'),
    },
    {
      in: ['queue'],
      path: 'defaultJobOptions',
      to: 'job',
      ...fact('bullmq@6.7.0 dist/cjs/classes/queue.js'),
    },
  ],
  ineffective: [
    {
      in: ['job'],
      path: 'timeout',
      why: 'BullMQ has no timeout of jobs.',
      instead: 'a deadline inside the processor',
      ...fact('bullmq@6.7.0 dist/cjs/classes/job.js:87'),
    },
  ],
  consumers: [
    {
      name: 'worker',
      versions: '>=4 <7',
      sigterm: {
        byDefault: 'killed',
        ...fact('bullmq@6.7.0 dist/cjs/classes/worker.js: no process.on'),
      },
      close: { drains: true, ...fact('bullmq@6.7.0 dist/cjs/classes/worker.js:793') },
      inFlight: { max: 1, ...fact('bullmq@6.7.0 dist/cjs/classes/worker.js (concurrency 1)') },
      deliveries: { max: 1, ...fact('bullmq@6.7.0 dist/cjs/classes/job.js:87') },
    },
  ],
  fix: "queue.add('order', data, { attempts: 5, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 } })",
});
