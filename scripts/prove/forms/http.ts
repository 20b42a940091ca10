/** HTTP clients, in the versions in which they differ. */
import type { CallProof, Fault, Proof, UsedOption } from '../proof.ts';
import { ENDS } from './built-in.ts';

/** One form in several versions of its package. */
export function forms(
  library: string,
  packageName: string,
  versions: readonly string[],
  name: string,
  uses: readonly UsedOption[],
  code: string,
  more: Partial<CallProof> = {},
): CallProof[] {
  return versions.map((version) => ({
    kind: 'call',
    name: `${library}/${name}`,
    library,
    version,
    faults: ENDS,
    ...more,
    packages: { [packageName]: version, ...more.packages },
    uses,
    code,
  }));
}

export const use = (set: string, path: string): UsedOption[] => [{ set, path }];
const WITH_ATTEMPTS: readonly Fault[] = [...ENDS, 'unavailable', 'reset'];

const axios = (options: string) =>
  `import axios from 'axios'; const call = ({ url, verb, ms }) => axios.request({ url, method: verb, ${options} });`;
const AXIOS = ['0.21.4', '0.27.2', '1.21.1'];

const got = (options: string) =>
  `import got from 'got'; const call = ({ url, verb, ms }) => got(url, { method: verb, ${options} });`;
const GOT = ['11.8.6', '14.6.6', '16.1.0'];

const ky = (options: string) =>
  `import ky from 'ky'; const call = async ({ url, verb, ms }) => (await ky(url, { method: verb, ${options} })).text();`;
const kyChained = (options: string) =>
  `import ky from 'ky'; const call = ({ url, verb, ms }) => ky(url, { method: verb, ${options} }).text();`;
const CHAINED = { chained: true, profile: 'chained' } as const;
const KY = ['1.14.3', '2.1.0'];

const nodeFetch = (options: string) =>
  `import fetch from 'node-fetch'; const call = async ({ url, verb, ms }) => (await fetch(url, { method: verb, ${options} })).text();`;

const undici = (options: string, more = '') => `
import { Agent, RetryAgent, request, fetch } from 'undici';
const call = async ({ url, verb, ms }) => {
  ${more}
  return (await request(url, { method: verb, ${options} })).body.text();
};`;
const UNDICI = ['5.29.0', '6.29.1', '7.30.2'];

const nest = (pipe: string, options = '') => `
import axios from 'axios';
import httpModule from '@nestjs/axios';
import { lastValueFrom, timeout } from 'rxjs';
const call = ({ url, verb, ms }) => {
  const service = new httpModule.HttpService(axios.create({ ${options} }));
  return lastValueFrom(service.request({ url, method: verb })${pipe});
};`;
const NEST = {
  packages: {
    '@nestjs/common': '11.1.6',
    axios: '1.21.1',
    rxjs: '7.8.2',
    'reflect-metadata': '0.2.2',
  },
};

export const http: readonly Proof[] = [
  ...forms('axios', 'axios', AXIOS, 'default', [], axios(''), { faults: WITH_ATTEMPTS }),
  ...forms('axios', 'axios', AXIOS, 'timeout', use('request', 'timeout'), axios('timeout: ms')),
  ...forms(
    'axios',
    'axios',
    ['0.27.2', '1.21.1'],
    'signal',
    use('request', 'signal'),
    axios('signal: AbortSignal.timeout(ms)'),
  ),
  ...forms(
    'axios',
    'axios',
    ['0.21.4'],
    'signal-0.21',
    use('request', 'signal'),
    axios('signal: AbortSignal.timeout(ms)'),
  ),

  ...forms('nestjs-axios', '@nestjs/axios', ['4.0.1'], 'default', [], nest(''), {
    ...NEST,
    faults: WITH_ATTEMPTS,
  }),
  ...forms(
    'axios',
    'axios',
    ['1.21.1'],
    'fetch-adapter',
    use('request', 'timeout'),
    axios("adapter: 'fetch', timeout: ms"),
    {
      variant: { adapter: 'fetch' },
    },
  ),

  ...forms(
    'nestjs-axios',
    '@nestjs/axios',
    ['4.0.1'],
    'timeout',
    use('axios:request', 'timeout'),
    nest('', 'timeout: ms'),
    NEST,
  ),
  ...forms(
    'nestjs-axios',
    '@nestjs/axios',
    ['4.0.1'],
    'rxjs-timeout',
    use('rxjs:timeout', 'each'),
    nest('.pipe(timeout(ms))'),
    NEST,
  ),

  ...forms('got', 'got', GOT, 'default', [], got(''), { faults: WITH_ATTEMPTS }),
  ...forms(
    'got',
    'got',
    GOT,
    'timeout-request',
    use('request', 'timeout.request'),
    got('timeout: { request: ms }, retry: { limit: 0 }'),
  ),
  ...forms(
    'got',
    'got',
    ['11.8.6'],
    'timeout-number',
    use('request', 'timeout'),
    got('timeout: ms, retry: 0'),
  ),
  ...forms(
    'got',
    'got',
    GOT,
    'timeout-connect',
    use('request', 'timeout.connect'),
    got('timeout: { connect: ms }, retry: { limit: 0 }'),
  ),
  ...forms(
    'got',
    'got',
    GOT,
    'timeout-response',
    use('request', 'timeout.response'),
    got('timeout: { response: ms }, retry: { limit: 0 }'),
  ),
  ...forms(
    'got',
    'got',
    GOT,
    'timeout-socket',
    use('request', 'timeout.socket'),
    got('timeout: { socket: ms }, retry: { limit: 0 }'),
  ),
  ...forms(
    'got',
    'got',
    GOT.slice(1),
    'signal',
    use('request', 'signal'),
    got('signal: AbortSignal.timeout(ms), retry: { limit: 0 }'),
  ),

  ...forms('ky', 'ky', KY, 'default', [], ky(''), { faults: WITH_ATTEMPTS, cap: 12_000 }),
  ...forms('ky', 'ky', KY, 'timeout', use('request', 'timeout'), ky('timeout: ms')),
  ...forms('ky', 'ky', KY, 'chained', [], kyChained(''), {
    ...CHAINED,
    faults: ['stall', 'drip'],
    cap: 12_000,
  }),
  ...forms('ky', 'ky', KY, 'timeout', use('request', 'timeout'), kyChained('timeout: ms'), CHAINED),
  ...forms(
    'ky',
    'ky',
    ['2.1.0'],
    'total-timeout',
    use('request', 'totalTimeout'),
    ky('totalTimeout: ms'),
  ),
  ...forms(
    'ky',
    'ky',
    ['2.1.0'],
    'total-timeout',
    use('request', 'totalTimeout'),
    kyChained('totalTimeout: ms'),
    CHAINED,
  ),
  ...forms(
    'ky',
    'ky',
    KY,
    'signal',
    use('request', 'signal'),
    ky('signal: AbortSignal.timeout(ms)'),
  ),

  ...forms('node-fetch', 'node-fetch', ['2.7.0', '3.3.2'], 'default', [], nodeFetch(''), {
    faults: WITH_ATTEMPTS,
  }),
  ...forms(
    'node-fetch',
    'node-fetch',
    ['2.7.0'],
    'timeout-2',
    use('init', 'timeout'),
    nodeFetch('timeout: ms'),
  ),
  ...forms(
    'node-fetch',
    'node-fetch',
    ['3.3.2'],
    'timeout-3',
    use('init', 'timeout'),
    nodeFetch('timeout: ms'),
  ),
  ...forms(
    'node-fetch',
    'node-fetch',
    ['2.7.0', '3.3.2'],
    'signal',
    use('init', 'signal'),
    nodeFetch('signal: AbortSignal.timeout(ms)'),
  ),

  ...forms('undici', 'undici', UNDICI, 'default', [], undici('').replace('RetryAgent, ', ''), {
    faults: WITH_ATTEMPTS,
    cap: 12_000,
  }),
  ...forms(
    'undici',
    'undici',
    UNDICI,
    'signal',
    use('request', 'signal'),
    undici('signal: AbortSignal.timeout(ms)').replace('RetryAgent, ', ''),
  ),
  ...forms(
    'undici',
    'undici',
    UNDICI,
    'headers-timeout',
    use('request', 'headersTimeout'),
    undici('headersTimeout: ms').replace('RetryAgent, ', ''),
  ),
  ...forms(
    'undici',
    'undici',
    UNDICI,
    'body-timeout',
    use('request', 'bodyTimeout'),
    undici('bodyTimeout: ms').replace('RetryAgent, ', ''),
  ),
  ...forms(
    'undici',
    'undici',
    UNDICI,
    'timeout-option',
    use('request', 'timeout'),
    undici('timeout: ms').replace('RetryAgent, ', ''),
  ),
  ...forms(
    'undici',
    'undici',
    UNDICI,
    'connect-timeout',
    use('dispatcher', 'connect.timeout'),
    undici('dispatcher: new Agent({ connect: { timeout: ms } })').replace('RetryAgent, ', ''),
  ),
  ...forms(
    'undici',
    'undici',
    ['6.29.1', '7.30.2'],
    'retry-agent',
    [],
    undici('dispatcher: new RetryAgent(new Agent(), { minTimeout: 10, timeoutFactor: 1 })'),
    {
      profile: 'retrying',
      faults: ['unavailable', 'reset'],
    },
  ),
  {
    kind: 'call',
    name: 'undici/fetch-dispatcher',
    library: 'fetch',
    version: process.version.slice(1),
    packages: { undici: '6.29.1' },
    uses: [{ set: 'undici:dispatcher', path: 'headersTimeout' }],
    faults: ['frozen'],
    code: `
import { Agent } from 'undici';
const call = async ({ url, ms }) => (await fetch(url, { dispatcher: new Agent({ headersTimeout: ms }) })).text();`,
  },
];
