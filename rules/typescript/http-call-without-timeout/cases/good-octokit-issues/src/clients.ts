import { Octokit } from '@octokit/rest';

export const client = new Octokit({ auth: 'token', request: { fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(5_000) }) } });

