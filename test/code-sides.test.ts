/** Which calls a server comes to, in files that browsers run too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { world } from './code-world.ts';

const calls = (statements: string, files: Readonly<Record<string, string>> = {}): number =>
  world({
    'src/main.ts': `${statements}
      import express from 'express';
      express().listen(8080);`,
    ...files,
  }).model.calls.length;

const ONLY_BROWSERS = [
  "if (typeof window !== 'undefined') fetch(a);",
  "if ('undefined' != typeof document) { fetch(a); }",
  "if (typeof window === 'object') fetch(a);",
  "if (typeof window === 'undefined') {} else fetch(a);",
  "if (typeof window === 'undefined' && a) {} else fetch(a);",
  "const side = { name: typeof window === 'undefined' ? 'server' : 'client' }; if (side.name === 'server' && a) {} else fetch(a);",
  "typeof window !== 'undefined' && fetch(a);",
  "typeof window === 'undefined' || fetch(a);",
  "if (a && typeof window !== 'undefined') fetch(a);",
  "const b = typeof window === 'undefined' ? 1 : fetch(a);",
  'if (import.meta.client) fetch(a);',
  'if (process.browser) fetch(a);',
  'if (!import.meta.env.SSR) fetch(a);',
  "if ('window' in globalThis) fetch(a);",
  'if (globalThis.window) fetch(a);',
  "function f() { if (typeof window === 'undefined') return; fetch(a); } f();",
  "function f() { if (typeof window === 'undefined') throw new Error(); const g = () => fetch(a); g(); } f();",
  "const isBrowser = typeof window !== 'undefined'; if (isBrowser) [1].map(() => fetch(a));",
  "const isServer = () => typeof window === 'undefined'; if (!isServer()) fetch(a);",
  "const side = { browser: typeof window !== 'undefined' } as const; if (side.browser) fetch(a);",
  "import { browser } from '$app/environment'; if (browser) fetch(a);",
  "import { useEffect } from 'react'; function P() { useEffect(() => { fetch(a); }, []); } P();",
  'function send() { again(); } function again() { fetch(a); send(); } if (process.browser) send();',
];

const SERVERS = [
  "if (typeof window === 'undefined') fetch(a);",
  "if (typeof window !== 'undefined') {} else fetch(a);",
  "if (a || typeof window !== 'undefined') fetch(a);",
  'const cached = true; if (cached && a) {} else fetch(a);',
  "const mode = 'memory'; if (mode === 'memory' && a) {} else fetch(a);",
  'if (import.meta.server) fetch(a);',
  "let isBrowser = typeof window !== 'undefined'; isBrowser = a; if (isBrowser) fetch(a);",
  "function f(window) { if (typeof window !== 'undefined') fetch(a); } f(1);",
  "function f() { fetch(a); if (typeof window === 'undefined') return; } f();",
  "function f() { if (typeof window !== 'undefined') return; fetch(a); } f();",
  "function f() { if (a) { if (typeof window === 'undefined') return; } fetch(a); } f();",
  'function send() { fetch(a); } if (process.browser) send(); send();',
  'export function send() { fetch(a); } setInterval(send, 1000); if (process.browser) send();',
  "function f() { g(); if (typeof window === 'undefined') return; function g() { fetch(a); } } f();",
];

for (const text of ONLY_BROWSERS)
  test(`only browsers come to it: ${text}`, () => {
    assert.equal(calls(text), 0);
  });

for (const text of SERVERS)
  test(`a server comes to it: ${text}`, () => {
    assert.equal(calls(text), 1);
  });

test('the test may stand in another file, behind a barrel', () => {
  const files = {
    'src/side.ts': "export const isBrowser: boolean = typeof window !== 'undefined';",
    'src/index.ts': "export * from './side'; export { isBrowser as inBrowser } from './side';",
  };
  assert.equal(calls("import { isBrowser } from './index'; if (isBrowser) fetch(a);", files), 0);
  assert.equal(calls("import { inBrowser } from './index'; if (inBrowser) fetch(a);", files), 0);
  assert.equal(calls("import { inBrowser } from './index'; if (!inBrowser) fetch(a);", files), 1);
});

test('circles of names and of modules end', () => {
  assert.equal(calls('const b = c; const c = b; if (b) fetch(a);'), 1);
  const files = {
    'src/a.ts': "export { b } from './b';",
    'src/b.ts': "export { b } from './a'; export * from './a';",
  };
  assert.equal(calls("import { b } from './a'; if (b) fetch(a);", files), 1);
});
