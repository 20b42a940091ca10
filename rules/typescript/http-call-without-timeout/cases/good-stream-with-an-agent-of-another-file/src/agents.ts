import { Agent } from 'undici';

/** For streams: a quiet peer is ended, a long answer is not. */
export const patient = new Agent({
  connect: { timeout: 2_000 },
  headersTimeout: 5_000,
  bodyTimeout: 30_000,
});
