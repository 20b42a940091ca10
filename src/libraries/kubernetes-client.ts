import { defineLibrary, fact, operation, phases, type Shape } from '../library.ts';

const SOURCE = '@kubernetes/client-node@1.4.0 dist/gen/http/isomorphic-fetch.js:7-13';
const makes: Shape = {
  call: {
    gives: 'Api',
    does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
  },
};

/** The API of Kubernetes. Requests go by `request` before 1.0 and by node-fetch since; neither ends a silent peer. */
export default defineLibrary({
  name: 'kubernetes-client',
  packages: [{ name: '@kubernetes/client-node', versions: '>=0.16 <2' }],
  roles: ['sdk'],
  modules: {
    '@kubernetes/client-node': {
      KubeConfig: { construct: { gives: 'Config' } },
      'Watch|Informer|Exec|Attach|Log|PortForward|Cp': {},
      '*Api': {},
    },
  },
  shapes: {
    Config: { members: { makeApiClient: makes } },
    Api: {
      members: { 'setApiKey|setDefaultAuthentication|addInterceptor': {} },
      others: { call: { promised: true, does: [operation('member')] } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.16 <2',
      phases: phases(fact(`${SOURCE}, @kubernetes/client-node@0.22.3 dist/gen/api/coreV1Api.js`)),
      attempts: { max: 1, ...fact(SOURCE) },
    },
  ],
  options: [],
  fix: 'await Promise.race([api.listNamespacedPod({ namespace }), sleep(5_000).then(() => { throw new Error("no answer") })])',
});
