import { workOn } from '@acme/jobs';
import { redis } from './redis.ts';

workOn('mails', redis, async (job: { id: string }) => {
  await redis.incr(`mails:${job.id}`);
});
