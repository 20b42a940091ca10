/** Small repositories of code for the tests of the linker. */
import assert from 'node:assert/strict';
import { extractProject } from '../src/extract/project/extract.ts';
import { lockfileFacts } from '../src/extract/project/lockfile.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import { libraries } from '../src/libraries/index.ts';
import type { Bound, Call, Client, CodeModel, Phase, Server } from '../src/model/code.ts';
import { type Census, linkCode } from '../src/model/link/code/link.ts';
import type { LockfileFacts, ProjectFacts } from '../src/project-facts.ts';

export interface World {
  readonly model: CodeModel;
  /** The only call with this label. */
  call(label: string): Call;
  client(label: string): Client;
  server(): Server;
}

const PACKAGES: Readonly<Record<string, string>> = {
  axios: '1.7.9',
  express: '4.19.2',
  fastify: '5.1.0',
  koa: '2.15.0',
  pg: '8.13.0',
  ioredis: '5.4.1',
  got: '14.4.5',
  undici: '7.1.0',
  '@nestjs/core': '11.0.1',
  '@nestjs/common': '11.0.1',
  '@nestjs/axios': '4.0.0',
  rxjs: '7.8.1',
  next: '15.1.0',
};

/** A service with these files; `src/main.ts` starts it unless package.json says otherwise. */
export function world(files: Readonly<Record<string, string>>, census?: Census): World {
  const all: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'orders',
      scripts: { start: 'node dist/main.js' },
      dependencies: Object.fromEntries(
        Object.keys(PACKAGES)
          .filter((name) => name !== 'next')
          .map((name) => [name, '*']),
      ),
    }),
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: Object.fromEntries(
        Object.entries(PACKAGES).map(([name, version]) => [`node_modules/${name}`, { version }]),
      ),
    }),
    ...files,
  };
  const project: ProjectFacts[] = [];
  const lockfiles: LockfileFacts[] = [];
  for (const [path, text] of Object.entries(all)) {
    const facts = extractProject({ path, text });
    if (facts !== undefined) project.push(facts);
    const lock = lockfileFacts(path, text, new Set(Object.keys(PACKAGES)));
    if (lock !== undefined) lockfiles.push(lock);
  }
  const code = Object.entries(all)
    .filter(([path]) => /\.[cm]?[jt]sx?$/.test(path))
    .map(([path, text]) => extractCode({ path, text }));
  const model = linkCode(
    code,
    { files: project, lockfiles },
    libraries,
    census === undefined ? {} : { census },
  );
  return {
    model,
    call(label) {
      const found = model.calls.filter((call) => call.label === label);
      const [only] = found;
      if (only === undefined || found.length !== 1)
        return assert.fail(
          `${found.length} calls ${label} of ${model.calls.map((call) => call.label).join(', ')}`,
        );
      return only;
    },
    client(label) {
      const found = model.clients.filter((client) => client.label === label);
      const [only] = found;
      if (only === undefined || found.length !== 1)
        return assert.fail(
          `${found.length} clients ${label} of ${model.clients.map((one) => one.label).join(', ')}`,
        );
      return only;
    },
    server() {
      const [only] = model.servers;
      return only === undefined || model.servers.length !== 1
        ? assert.fail(`${model.servers.length} servers`)
        : only;
    },
  };
}

/** Milliseconds of a phase; `?why` when it cannot be told. */
export function ms(of: Call | Client, phase: Phase = 'headers'): number | string {
  const bound: Bound | { readonly notApplicable: string } = of.bounds[phase];
  if ('notApplicable' in bound) return '-';
  if (bound.ms.state === 'known') return bound.ms.value;
  return bound.ms.state === 'unknown' ? `?${bound.ms.why}` : 'absent';
}
