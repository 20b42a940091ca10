/** SDKs of services, pointed at the local peer. */
import type { CallProof, Fault, Proof } from '../proof.ts';
import { ENDS } from './built-in.ts';
import { forms, use } from './http.ts';

const WITH_ATTEMPTS: readonly Fault[] = [...ENDS, 'unavailable', 'reset'];
const ANY = { verbs: ['POST'] } satisfies Partial<CallProof>;
const ALL = { ...ANY, faults: WITH_ATTEMPTS } satisfies Partial<CallProof>;

const stripe = (options: string) => `
import Stripe from 'stripe';
const call = ({ host, port, ms }) => {
  const client = new Stripe('sk_test_a', { host, port, protocol: 'http', telemetry: false, ${options} });
  return client.customers.create({ email: 'ada@example.com' });
};`;
const STRIPE = ['14.25.0', '17.7.0', '20.4.1'];

const gaxios = (options: string) => `
import { request } from 'gaxios';
const call = ({ url, verb, ms }) => request({ url, method: verb, ${options} });`;
const GAXIOS = ['6.7.1', '7.3.1'];

const storage = (options: string) => `
import { Storage } from '@google-cloud/storage';
const call = ({ url, ms }) => {
  const client = new Storage({ projectId: 'shop', apiEndpoint: new URL(url).origin, useAuthWithCustomEndpoint: false, retryOptions: { autoRetry: false }, ${options} });
  return client.bucket('orders').file('invoice').exists();
};`;

const supabase = (client: string, query = '') => `
import { createClient } from '@supabase/supabase-js';
const call = async ({ url, ms }) => {
  const client = createClient(new URL(url).origin, 'key', { auth: { autoRefreshToken: false, persistSession: false }, realtime: { transport: class {} }, ${client} });
  const { data, error } = await client.from('orders').insert({ id: 1 })${query};
  if (error) throw error;
  return data;
};`;

const slack = (options: string) => `
import { WebClient } from '@slack/web-api';
const logger = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel() {}, setName() {} };
const call = ({ url, ms }) => new WebClient('token', { slackApiUrl: new URL(url).origin + '/', logger, ${options} }).auth.test();`;
const SLACK = ['6.13.0', '8.2.0'];

const octokit = (options: string) => `
import { Octokit } from '@octokit/core';
const log = { debug() {}, info() {}, warn() {}, error() {} };
const call = ({ url, ms }) => new Octokit({ baseUrl: new URL(url).origin, log }).request('POST /orders', { ${options} });`;
const OCTOKIT = { packages: { '@octokit/core': '7.0.8' } };

const sendgrid = (options: string) => `
import client from '@sendgrid/client';
import mail from '@sendgrid/mail';
const call = ({ url, ms }) => {
  mail.setApiKey('SG.a');
  client.setApiKey('SG.a');
  client.setDefaultRequest('baseUrl', new URL(url).origin + '/');
  mail.setClient(client);
  ${options}
  return mail.send({ to: 'ada@example.com', from: 'shop@example.com', subject: 'a', text: 'a' });
};`;
const SENDGRID = { packages: { '@sendgrid/client': '8.1.6' } };

const minio = `
import { Client } from 'minio';
const call = ({ host, port }) =>
  new Client({ endPoint: host, port, useSSL: false, accessKey: 'a', secretKey: 'b', region: 'a' }).listBuckets();`;

export const sdks: readonly Proof[] = [
  ...forms('stripe', 'stripe', STRIPE, 'default', [], stripe(''), ALL),
  ...forms(
    'stripe',
    'stripe',
    STRIPE,
    'timeout',
    use('client', 'timeout'),
    stripe('timeout: ms, maxNetworkRetries: 0'),
    ANY,
  ),
  ...forms('gaxios', 'gaxios', GAXIOS, 'default', [], gaxios(''), { faults: WITH_ATTEMPTS }),
  ...forms('gaxios', 'gaxios', GAXIOS, 'timeout', use('request', 'timeout'), gaxios('timeout: ms')),
  ...forms(
    'google-cloud-storage',
    '@google-cloud/storage',
    ['7.22.0'],
    'default',
    [],
    storage(''),
    ANY,
  ),
  ...forms(
    'google-cloud-storage',
    '@google-cloud/storage',
    ['7.22.0'],
    'timeout',
    use('client', 'timeout'),
    storage('timeout: ms'),
    ANY,
  ),
  ...forms(
    'supabase',
    '@supabase/supabase-js',
    ['2.57.4', '2.109.0'],
    'default',
    [],
    supabase(''),
    ANY,
  ),
  ...forms(
    'supabase',
    '@supabase/supabase-js',
    ['2.109.0'],
    'db-timeout',
    use('client', 'db.timeout'),
    supabase('db: { timeout: ms }'),
    ANY,
  ),
  ...forms(
    'supabase',
    '@supabase/supabase-js',
    ['2.57.4', '2.109.0'],
    'signal',
    use('query', 'signal'),
    supabase('', '.abortSignal(AbortSignal.timeout(ms))'),
    ANY,
  ),
  ...forms('slack', '@slack/web-api', SLACK, 'default', [], slack(''), ANY),
  ...forms(
    'slack',
    '@slack/web-api',
    SLACK,
    'timeout',
    use('client', 'timeout'),
    slack('timeout: ms, retryConfig: { retries: 0 }'),
    ANY,
  ),
  ...forms('octokit', '@octokit/request', ['10.0.16'], 'default', [], octokit(''), {
    ...ALL,
    ...OCTOKIT,
  }),
  ...forms(
    'octokit',
    '@octokit/request',
    ['10.0.16'],
    'signal',
    use('call', 'request.signal'),
    octokit('request: { signal: AbortSignal.timeout(ms) }'),
    { ...ANY, ...OCTOKIT },
  ),
  ...forms('sendgrid', '@sendgrid/mail', ['8.1.6'], 'default', [], sendgrid(''), {
    ...ALL,
    ...SENDGRID,
  }),
  ...forms(
    'sendgrid',
    '@sendgrid/mail',
    ['8.1.6'],
    'timeout',
    use('client', 'timeout'),
    sendgrid('mail.setTimeout(ms);'),
    { ...ANY, ...SENDGRID },
  ),
  ...forms('minio', 'minio', ['7.1.4', '8.0.7'], 'default', [], minio, ANY),
];
