import { defineRule, flowTo, requestOf, requestPath } from '../../../src/rule.ts';

export default defineRule({
  id: 'connection-per-request',
  title: 'Each request makes a client of its own.',
  cause: 'connection per request',
  subject: 'client',
  levels: { found: 'error' },
  runbook: 'io-2-connection-pool',
  bearsOn: ['exhausts-connections', 'slow-under-load'],
  fix: 'Make it once, beside the functions that use it:\nexport const pool = new Pool();',

  *check(client) {
    const { scope, connections, library, label, at } = client;
    if (scope !== 'per-call' || connections === 'stateless' || !library.roles.includes('data'))
      return;
    // What waits for messages needs a connection of its own.
    if (client.calls.some(({ waits }) => waits)) return;
    const path = requestPath(client);
    if (path === undefined) return;
    // An invocation of a function may be the only one of its process.
    if (path.from.kind === 'handler') return;
    const many = connections === 'pool' ? 'a whole pool' : 'a connection';
    yield {
      at,
      message: `${label} makes ${many} in ${requestOf(path)}, each time anew, so many requests at once use up what the server allows; one client for all requests is wanted`,
      flow: flowTo(path, at, label),
      fix: `Make it once, beside the functions that use it:\nexport const client = ${label}();`,
    };
  },
});
