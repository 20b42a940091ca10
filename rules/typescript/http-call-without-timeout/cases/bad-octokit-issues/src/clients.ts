import { Octokit } from '@octokit/rest';

export const client = new Octokit({ auth: 'token' });

