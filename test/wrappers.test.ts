/** What a policy says of functions of packages that nobody describes decides about calls of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../rules/index.ts';
import { parsePolicy } from '../src/config/read.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import { libraries } from '../src/libraries/index.ts';
import { readProject } from '../src/project.ts';
import { analyse } from '../src/run.ts';
import { librariesOf } from '../src/wrappers.ts';

const manifest = {
  path: 'package.json',
  text: '{ "name": "orders", "type": "module", "scripts": { "start": "node src/server.ts" }, "dependencies": { "express": "^5.0.0", "@acme/http": "^1.0.0" } }',
};

/** A timeout that is switched off is reported as one that is too long. */
const OF_TIME: ReadonlySet<string> = new Set([
  'http-call-without-timeout',
  'query-without-timeout',
  'timeout-too-long',
]);

/** Routes whose calls may hang, by the policy. */
async function hanging(wrappers: string, calls: readonly string[], imports: string) {
  const policy = await parsePolicy(wrappers, '.chaoslint.yaml', rules);
  const routes = calls.map(
    (call, n) => `app.get('/r${n}', async (_, r) => { r.json(await ${call}); });`,
  );
  const server = {
    path: 'src/server.ts',
    text: `import express from 'express';\n${imports}\nconst app = express();\n${routes.join('\n')}\napp.listen(8080);\n`,
  };
  const { findings, complete } = analyse([], policy, {
    code: {
      facts: [extractCode(server)],
      project: readProject([manifest], librariesOf(policy, libraries)),
      sources: [server, manifest],
      census: () => true,
    },
  });
  assert.ok(complete);
  return findings.filter(({ rule }) => OF_TIME.has(rule)).map(({ at }) => at.line - 4);
}

const entry = (more: string) => `wrappers: [{ module: '@acme/http', ${more} }]`;

test('an option of an argument', async () => {
  const calls = [
    `get('u')`,
    `get('u', { timeoutMs: 2000 })`,
    `get('u', { timeoutMs: 0 })`,
    `get('u', unknown)`,
  ];
  const imports = `import { get } from '@acme/http'; import { unknown } from 'elsewhere';`;
  const policy = entry(
    'functions: [get], calls: http, timeout: { argument: 2, option: timeoutMs }',
  );
  assert.deepEqual(await hanging(policy, calls, imports), [0, 2]);
  // Nobody knows the package without the policy.
  assert.deepEqual(await hanging('', calls, imports), []);
});

test('the argument itself, members and default exports, in seconds', async () => {
  const imports = `import http, { client } from '@acme/http';`;
  const calls = [
    `http('u', 5)`,
    `http('u')`,
    `client.read('u', 5)`,
    `client.read('u')`,
    `client.other('u')`,
  ];
  const policy = entry(
    'functions: [default, client.read], calls: http, unit: s, timeout: { argument: 2 }',
  );
  assert.deepEqual(await hanging(policy, calls, imports), [1, 3]);
});

test('a default, and a data store', async () => {
  const imports = `import { find } from '@acme/http';`;
  assert.deepEqual(
    await hanging(entry('functions: [find], calls: database'), [`find('u')`], imports),
    [0],
  );
  assert.deepEqual(
    await hanging(
      entry('functions: [find], calls: database, default: 3000'),
      [`find('u')`],
      imports,
    ),
    [],
  );
});

test('a package that is known is not described anew', async () => {
  const policy = await parsePolicy(
    'wrappers: [{ module: axios, functions: [get], calls: http }]',
    'p',
    rules,
  );
  assert.throws(
    () => librariesOf(policy, libraries),
    /describes axios under wrappers: chaoslint knows/,
  );
});
