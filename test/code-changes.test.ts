/** Objects that something changes after they were made: an option may be set later, so its absence is not known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ms, world } from './code-world.ts';

const START = "import axios from 'axios'; import express from 'express'; express().listen(8080);";
const OPTIONS = 'export const options: any = { headers: {} };';
const LATE = "import { options } from './options'; import './late'; axios.get(url, options);";
const API =
  "import axios from 'axios'; export class Api { options: any = {}; timeout = 0; static all: any = {};" +
  ' load() { return axios.get(url, this.options); } wait() { return axios.get(url, { timeout: this.timeout }); }' +
  ' static load() { return axios.get(url, Api.all); } }';

const MUTATED: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [LATE, { 'src/late.ts': "import { options } from './options'; options.timeout = 5;" }],
  [LATE, { 'src/late.ts': "import { options } from './options'; options[key] = 5;" }],
  [LATE, { 'src/late.ts': "import { options as o } from './options'; o.http.timeout = 5;" }],
  [LATE, { 'src/late.ts': "import * as all from './options'; Object.assign(all.options, more);" }],
  [
    LATE,
    {
      'src/late.ts':
        "import { options } from './options'; import { add } from './add'; add(options);",
      'src/add.ts': 'export function add(o: any) { o.timeout = 5; }',
    },
  ],
  ["import { Api } from './api'; const api = new Api(); api.options.timeout = 5; api.load();", {}],
  ["import { Api } from './api'; const api = new Api(); api.options = more; api.load();", {}],
  ["import { Api } from './api'; const api = new Api(); api.timeout = 5; api.wait();", {}],
  ["import { Api } from './api'; Api.all.timeout = 5; Api.load();", {}],
  [
    'const o: any = {}; const all = [o]; add(...all); function add(p: any) { p.timeout = 5; } axios.get(url, o);',
    {},
  ],
  [
    'const o: any = {}; function add(...all: any[]) { all[0].timeout = 5; } add(o); axios.get(url, o);',
    {},
  ],
  [
    'const o: any = {}; function add({ p }: any) { p.timeout = 5; } add({ p: o }); axios.get(url, o);',
    {},
  ],
  ['const o: any = {}; for (const p of [o]) p.timeout = 5; axios.get(url, o);', {}],
  ['const o: any = { http: {} }; o.http.timeout = 5; axios.get(url, o.http);', {}],
];

const called = (statements: string, files: Readonly<Record<string, string>>) =>
  world({
    'src/main.ts': `${START} ${statements}`,
    'src/options.ts': OPTIONS,
    'src/api.ts': API,
    ...files,
  }).model.calls;

for (const [statements, files] of MUTATED)
  test(`${statements} ${Object.values(files).join(' ')}`, () => {
    const changed = /Api/.test(statements)
      ? /wait/.test(statements)
        ? 1
        : /Api.load/.test(statements)
          ? 2
          : 0
      : -1;
    const call = called(statements, files).at(changed);
    assert.ok(call !== undefined);
    assert.equal(ms(call), '?mutated');
  });

test('an object that others only read keeps what it has', () => {
  const files = {
    'src/late.ts': "import { options } from './options'; console.log(options.headers);",
  };
  const call = called(LATE, files).at(-1);
  assert.ok(call !== undefined);
  assert.equal(ms(call), Number.POSITIVE_INFINITY);
});
