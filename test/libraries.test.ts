/** Every library of the catalogue, checked the same way: a new one needs no test of its own. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { librariesModule } from '../scripts/generate-libraries.ts';
import { newLibrary } from '../scripts/new-library/template.ts';
import { proofs } from '../scripts/prove/forms/index.ts';
import { factsOf } from '../scripts/prove/page.ts';
import { libraries } from '../src/libraries/index.ts';
import {
  type Callable,
  inRange,
  type Library,
  type OptionValue,
  overlap,
  PHASES,
  type Shape,
  type When,
} from '../src/library.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const proofNames = new Set(proofs.map(({ name }) => name));

/** The 26 of the first catalogue (MongoDB and Mongoose are two files). */
const PROMISED = [
  'fetch',
  'undici',
  'node-http',
  'axios',
  'nestjs-axios',
  'got',
  'ky',
  'node-fetch',
  'aws-sdk',
  'grpc-js',
  'pg',
  'prisma',
  'typeorm',
  'knex',
  'mongodb',
  'mongoose',
  'ioredis',
  'redis',
  'express',
  'fastify',
  'nestjs-core',
  'koa',
  'hono',
  'next',
  'bullmq',
  'kafkajs',
  'amqplib',
];

test('the catalogue holds what was promised, one file each, and its index is current', () => {
  const names = libraries.map(({ name }) => name);
  assert.deepEqual(
    PROMISED.filter((name) => !names.includes(name)),
    [],
  );
  const files = readdirSync(join(root, 'src/libraries')).filter((file) => file !== 'index.ts');
  assert.deepEqual(
    names.map((name) => `${name}.ts`).sort(),
    files.sort(),
    'each file has the name of its library',
  );
  assert.equal(readFileSync(join(root, 'src/libraries/index.ts'), 'utf8'), librariesModule(root));
});

test('each proof is named by a fact of its library or of one that it is about', () => {
  const named = new Set(libraries.flatMap((library) => factsOf(library).map(({ proof }) => proof)));
  const controls = ['node-http/timeout-alone', 'node-http/exit-at-once'];
  assert.deepEqual(
    [...proofNames].filter(
      (name) => !named.has(name) && !controls.includes(name) && !name.endsWith('/exit-at-once'),
    ),
    [],
  );
});

for (const library of libraries)
  describe(library.name, () => {
    test('is plain data', () => {
      assert.deepEqual(structuredClone(library), library);
    });

    test('each fact has a source and a proof that exists', () => {
      for (const { text, source, proof } of factsOf(library)) {
        assert.match(
          source,
          /^(@?[a-z][\w./-]*@\d|https:\/\/|prisma-engines )/,
          `${text}: ${source}`,
        );
        assert.ok(
          proof === 'source-only' || proofNames.has(proof),
          `${text}: there is no proof called ${proof}`,
        );
      }
    });

    test('each phase of each profile is answered', () => {
      for (const profile of library.profiles) {
        assert.deepEqual(Object.keys(profile.phases).sort(), [...PHASES].sort());
        for (const [phase, value] of Object.entries(profile.phases)) {
          if ('notApplicable' in value) assert.ok(value.notApplicable.length > 5, phase);
          else if ('as' in value) assert.ok(profileExists(value.as), `${phase}: as ${value.as}`);
          else assert.ok(value.ms > 0, phase);
        }
        assert.ok(profile.attempts.max >= 1);
        if (profile.attempts.max > 1) {
          assert.ok((profile.attempts.on ?? []).length > 0, 'which failures are tried again');
          assert.ok((profile.attempts.methods ?? []).length > 0, 'which methods are tried again');
        }
      }
    });

    test('versions are ranges, and no two descriptions of one thing hold at once', () => {
      for (const { versions } of library.packages)
        assert.doesNotThrow(() => inRange('1.0.0', versions));
      apart(library.profiles, ({ name, when }) => `${name} ${condition(when)}`);
      apart(
        library.options.flatMap((option) => option.in.map((set) => ({ ...option, set }))),
        ({ set, path, when }) => `${set} ${path} ${condition(when)}`,
      );
      // An option that needs another is the one exception: without that it has no effect.
      apart(
        [
          ...library.options.filter(
            ({ meaning }) => 'bounds' in meaning && meaning.bounds.length > 0,
          ),
          ...(library.ineffective ?? []).filter(
            ({ unless, unlessListener }) => unless === undefined && unlessListener === undefined,
          ),
        ].flatMap((option) => option.in.map((set) => ({ ...option, set }))),
        ({ set, path, when }) => `${set} ${path} ${condition(when)}`,
      );
      apart(library.servers ?? [], ({ name }) => name);
      apart(library.consumers ?? [], ({ name }) => name);
    });

    test('values that disable or break an option are values', () => {
      for (const option of library.options) {
        for (const value of option.disabledBy) assertValue(value, option.path);
        for (const { value } of option.brokenBy ?? []) assertValue(value, option.path);
        if ('bounds' in option.meaning)
          for (const phase of [...option.meaning.bounds, ...(option.meaning.chained ?? [])])
            assert.ok(PHASES.includes(phase), phase);
      }
    });

    test('an option that bounds says when it does not', () => {
      for (const option of library.options)
        if (
          'bounds' in option.meaning &&
          option.meaning.unit === 'ms' &&
          option.undefinedIs === 'disabled'
        )
          assert.ok(option.disabledBy.length > 0, option.path);
    });

    test('every name leads somewhere', () => {
      const sets = new Set([
        ...library.options.flatMap((option) => option.in),
        ...(library.ineffective ?? []).flatMap((option) => option.in),
        ...(library.delegates ?? []).flatMap((delegation) => delegation.in),
      ]);
      for (const { to } of library.delegates ?? []) assert.ok(setExists(library, to), to);
      const taken = new Set<string>();
      walk(library, {
        callable(callable, at) {
          if (callable.gives !== undefined)
            assert.ok(shapeExists(library, callable.gives), `${at}: ${callable.gives}`);
          for (const signature of callable.takes ?? [])
            for (const [index, parameter] of signature.entries()) {
              if (parameter.shape !== undefined)
                assert.ok(shapeExists(library, parameter.shape), `${at}: ${parameter.shape}`);
              if (parameter.set !== undefined) {
                if (parameter.set.includes(':'))
                  assert.ok(setExists(library, parameter.set), `${at}: ${parameter.set}`);
                taken.add(parameter.set);
              }
              assert.equal(
                parameter.role === 'options' || parameter.role === 'option',
                parameter.set !== undefined && parameter.role !== 'handler',
                `${at}: argument ${index}`,
              );
              if (parameter.role === 'option') assert.ok(parameter.path !== undefined, at);
              assert.ok(
                parameter.rest !== true || index === signature.length - 1,
                `${at}: rest is last`,
              );
            }
          for (const effect of callable.does ?? []) {
            if (effect.is === 'call' || effect.is === 'client' || effect.is === 'guard')
              assert.ok(
                library.profiles.some(({ name }) => name === effect.profile),
                `${at}: profile ${effect.profile}`,
              );
            if (effect.is === 'listen')
              assert.ok(
                (library.servers ?? []).some(({ name }) => name === effect.server),
                `${at}: server ${effect.server}`,
              );
            if (effect.is === 'consume')
              assert.ok(
                (library.consumers ?? []).some(({ name }) => name === effect.consumer),
                `${at}: consumer ${effect.consumer}`,
              );
          }
        },
        reference: (name, at) => assert.ok(shapeExists(library, name), `${at}: ${name}`),
      });
      for (const { words, server } of library.commands ?? [])
        assert.ok(
          (library.servers ?? []).some(({ name }) => name === server),
          words,
        );
      for (const { silent, parameters, folder } of library.fileRoutes ?? [])
        for (const pattern of [...silent, ...parameters])
          assert.equal(pattern.split('*').length, 2, `${folder}: ${pattern}`);
      // A set that no argument takes and nobody hands over can never be read. The URL's is taken by `connection`.
      const handed = libraries.flatMap((other) =>
        (other.delegates ?? []).map(({ to }) => (to.includes(':') ? to : `${other.name}:${to}`)),
      );
      for (const set of sets)
        assert.ok(
          set === 'url' ||
            taken.has(set) ||
            handed.includes(`${library.name}:${set}`) ||
            assigned(library).has(set),
          `nothing takes the set ${set}`,
        );
    });
  });

test('version ranges', () => {
  assert.ok(inRange('1.7.0', '>=0.22 <2'));
  assert.ok(!inRange('2.0.0', '>=0.22 <2'));
  assert.ok(inRange('0.22.0', '>=0.22 <2'));
  assert.ok(!inRange('0.21.9', '>=0.22 <2'));
  assert.ok(inRange('7.3.1', '>=6.10 <6.22 || >=7 <7.8'));
  assert.ok(!inRange('6.22.0', '>=6.10 <6.22 || >=7 <7.8'));
  assert.ok(inRange('v20.20.2', '*'));
  assert.ok(inRange('8.0.0-beta.1', '>=8'), 'a prerelease counts as its release');
  assert.ok(overlap('>=1 <2', '>=1.5'));
  assert.ok(!overlap('>=1 <2', '>=2'));
  for (const wrong of ['^1.2.0', '~1', '1.x', 'latest', ''])
    assert.throws(() => inRange('1.0.0', wrong), /not a version/, wrong);
});

/** No two items of the same key hold for one version. */
function apart<T extends { readonly versions?: string }>(
  items: readonly T[],
  key: (item: T) => string,
): void {
  for (const [index, item] of items.entries())
    for (const other of items.slice(index + 1))
      if (key(item) === key(other))
        assert.ok(
          !overlap(item.versions ?? '*', other.versions ?? '*'),
          `${key(item)}: ${item.versions ?? '*'} and ${other.versions ?? '*'} overlap`,
        );
}

function condition(when: When | undefined): string {
  return JSON.stringify(when?.options ?? []) + (when?.versions ?? '');
}

function assertValue(value: OptionValue, at: string): void {
  if ('equals' in value)
    assert.ok(
      value.equals === null || ['string', 'number', 'boolean'].includes(typeof value.equals),
      at,
    );
  else if ('from' in value) assert.ok(Number.isFinite(value.from), at);
  else assert.equal(typeof value.is, 'string', at);
}

function other(library: Library, name: string): [Library | undefined, string] {
  const [first = '', second] = name.split(':');
  return second === undefined
    ? [library, first]
    : [libraries.find((candidate) => candidate.name === first), second];
}

function shapeExists(library: Library, name: string): boolean {
  const [owner, shape] = other(library, name);
  return owner !== undefined && Object.hasOwn(owner.shapes, shape);
}

function setExists(library: Library, name: string): boolean {
  const [owner, set] = other(library, name);
  return (
    owner !== undefined &&
    [...owner.options, ...(owner.ineffective ?? []), ...(owner.delegates ?? [])].some((option) =>
      option.in.includes(set),
    )
  );
}

function profileExists(name: string): boolean {
  const [library = '', profile = 'default'] = name.split(':');
  return libraries.some(
    (candidate) =>
      candidate.name === library && candidate.profiles.some((known) => known.name === profile),
  );
}

interface Visitor {
  callable(callable: Callable, at: string): void;
  reference(name: string, at: string): void;
}

/** Everything that the surface says, with the way to it. */
function walk(library: Library, visitor: Visitor): void {
  const visit = (shape: Shape | string, at: string): void => {
    if (typeof shape === 'string') {
      visitor.reference(shape, at);
      return;
    }
    for (const form of ['call', 'construct', 'tag', 'decorate'] as const) {
      const callable = shape[form];
      if (callable !== undefined) visitor.callable(callable, `${at} ${form}`);
    }
    if (shape.extended !== undefined) visitor.reference(shape.extended, at);
    if (shape.others !== undefined) visit(shape.others, `${at}.*`);
    for (const [name, member] of Object.entries(shape.members ?? {}))
      visit(member, `${at}.${name}`);
  };
  for (const [module, exports] of Object.entries(library.modules))
    for (const [name, shape] of Object.entries(exports)) visit(shape, `${module}#${name}`);
  for (const [name, shape] of Object.entries(library.globals ?? {})) visit(shape, name);
  for (const [name, shape] of Object.entries(library.shapes)) visit(shape, name);
  for (const { shape, module } of library.injects ?? []) visitor.reference(shape, module);
}

/** Sets that assignments fill. */
function assigned(library: Library): Set<string> {
  const sets = new Set<string>();
  const visit = (shape: Shape | string): void => {
    if (typeof shape === 'string') return;
    if (shape.assigns !== undefined) sets.add(shape.assigns.set);
    for (const member of Object.values(shape.members ?? {})) visit(member);
  };
  for (const shape of Object.values(library.shapes)) visit(shape);
  for (const exports of Object.values(library.modules))
    for (const shape of Object.values(exports)) visit(shape);
  return sets;
}

test('a new library starts as a description that compiles', async () => {
  const text = newLibrary('shop-client', '@shop/client', '>=2 <3');
  const { outputText, diagnostics } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  assert.deepEqual(diagnostics, []);
  const library = new URL('../src/library.ts', import.meta.url).href;
  const code = outputText.replace('../library.ts', library);
  const made = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly default: Library;
  };
  assert.equal(made.default.name, 'shop-client');
  assert.deepEqual(made.default.packages, [{ name: '@shop/client', versions: '>=2 <3' }]);
  for (const [name, packageName, versions] of [
    ['Shop', 'shop', undefined],
    ['../shop', 'shop', undefined],
    ['shop', "shop'", undefined],
    ['shop', 'shop', "' + 1"],
  ] as const)
    assert.throws(() => newLibrary(name, packageName, versions), /not/);
});
