/** Facts of project files: packages, workspaces, lockfiles, compiler settings, images, environments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { projectFileKind } from '../src/extract/project/candidates.ts';
import { extractProject } from '../src/extract/project/extract.ts';
import { membersOf } from '../src/extract/project/globs.ts';
import { JsonCursor, parseJson } from '../src/extract/project/json.ts';
import { lockedPackage, lockedVersions } from '../src/extract/project/locked.ts';
import { lockfileFacts } from '../src/extract/project/lockfile.ts';
import {
  compareVersions,
  intervalsOf,
  isWithin,
  requestedOf,
  standsTo,
} from '../src/extract/project/versions.ts';
import type {
  LockfileFacts,
  ProjectFacts,
  Step,
  WorkspacePatterns,
  WorkspaceTool,
} from '../src/project-facts.ts';
import { hostileText } from './hostile.ts';

function facts<K extends ProjectFacts['kind']>(kind: K, path: string, text: string) {
  const found = extractProject({ path, text });
  assert.equal(found?.kind, kind);
  assert.deepEqual(JSON.parse(JSON.stringify(found)), found, 'facts are plain JSON');
  return found as Extract<ProjectFacts, { kind: K }>;
}

/** The text of a range, to say where something stands without counting. */
function pick(text: string, range: readonly [number, number] | undefined): string {
  return range === undefined ? '' : text.slice(range[0], range[1]);
}

const values = (texts: readonly { value: string }[] | undefined) =>
  texts?.map(({ value }) => value);
const pairs = (texts: readonly { name: string; value: string }[]) =>
  texts.map(({ name, value }) => [name, value]);

// package.json

const ORDERS = `{
  "name": "@shop/orders",
  "version": "1.2.0",
  "private": true,
  "type": "module",
  "main": "./dist/main.js",
  "bin": "./bin/orders.js",
  "scripts": { "start": "node dist/main.js", "build": "tsc -p ." },
  "engines": { "node": ">=20" },
  "dependencies": {
    "axios": "^1.6.0",
    "redis3": "npm:redis@^3.1.0",
    "@shop/mailer": "workspace:*",
    "pg": "catalog:"
  },
  "devDependencies": { "axios": "1.7.2" },
  "peerDependencies": { "express": "4 || 5" },
  "optionalDependencies": { "ledger": "file:../ledger" },
  "overrides": { "follow-redirects": "1.15.6", "undici": { ".": "6.0.0", "busboy": "1.0.0" } },
  "exports": {
    ".": { "import": { "types": "./a.d.ts", "default": "./a.js" }, "require": "./a.cjs" },
    "./internal/*": null,
    "./feature": ["./b.js", "./c.js"]
  },
  "imports": { "#db": { "node": "./db.js", "default": "./db-web.js" } }
}
`;

test('package.json: names, scripts and entries with their places', () => {
  const found = facts('package', 'services/orders/package.json', ORDERS);
  assert.equal(found.incomplete, undefined);
  assert.deepEqual(found.name, { value: '@shop/orders', range: [12, 26] });
  assert.equal(pick(ORDERS, found.version?.range), '"1.2.0"');
  assert.equal(found.private, true);
  assert.equal(found.type?.value, 'module');
  assert.equal(found.main?.value, './dist/main.js');
  assert.deepEqual(pairs(found.bin), [['orders', './bin/orders.js']]);
  assert.deepEqual(pairs(found.scripts), [
    ['start', 'node dist/main.js'],
    ['build', 'tsc -p .'],
  ]);
  assert.deepEqual(pairs(found.engines), [['node', '>=20']]);
  assert.equal(found.workspaces, undefined);
});

test('package.json: all kinds of dependencies, and what each asks for', () => {
  const found = facts('package', 'package.json', ORDERS);
  assert.deepEqual(
    found.dependencies.map(({ name, kind, requested }) => [name, kind, requested]),
    [
      [
        'axios',
        'dependencies',
        { is: 'versions', intervals: [{ from: '1.6.0', below: '2.0.0-0' }] },
      ],
      [
        'redis3',
        'dependencies',
        { is: 'versions', package: 'redis', intervals: [{ from: '3.1.0', below: '4.0.0-0' }] },
      ],
      ['@shop/mailer', 'dependencies', { is: 'workspace' }],
      ['pg', 'dependencies', { is: 'catalog', catalog: 'default' }],
      [
        'axios',
        'devDependencies',
        { is: 'versions', intervals: [{ from: '1.7.2', below: '1.7.3-0' }] },
      ],
      [
        'express',
        'peerDependencies',
        {
          is: 'versions',
          intervals: [
            { from: '4.0.0', below: '5.0.0-0' },
            { from: '5.0.0', below: '6.0.0-0' },
          ],
        },
      ],
      ['ledger', 'optionalDependencies', { is: 'path', path: '../ledger' }],
    ],
  );
  const [axios] = found.dependencies;
  assert.equal(pick(ORDERS, axios?.nameRange), '"axios"');
  assert.equal(pick(ORDERS, axios?.range), '"^1.6.0"');
  assert.deepEqual(pairs(found.overrides), [
    ['follow-redirects', '1.15.6'],
    ['undici', '6.0.0'],
    ['undici>busboy', '1.0.0'],
  ]);
});

test('package.json: exports and imports, in the order in which Node looks', () => {
  const found = facts('package', 'package.json', ORDERS);
  assert.deepEqual(
    found.exports?.map(({ subpath, conditions, target }) => [subpath, conditions.join(), target]),
    [
      ['.', 'import,types', './a.d.ts'],
      ['.', 'import,default', './a.js'],
      ['.', 'require', './a.cjs'],
      ['./internal/*', '', null],
      ['./feature', '', './b.js'],
      ['./feature', '', './c.js'],
    ],
  );
  assert.deepEqual(
    found.imports.map(({ subpath, conditions, target }) => [subpath, conditions.join(), target]),
    [
      ['#db', 'node', './db.js'],
      ['#db', 'default', './db-web.js'],
    ],
  );
  const short = facts('package', 'package.json', '{"exports":"./a.js"}');
  assert.deepEqual(short.exports, [
    { subpath: '.', conditions: [], target: './a.js', range: [11, 19] },
  ]);
  const conditional = facts('package', 'package.json', '{"exports":{"import":"./a.mjs"}}');
  assert.deepEqual(conditional.exports?.[0]?.conditions, ['import']);
});

test('package.json: workspaces as a list and as an object, with catalogs', () => {
  const list = facts('package', 'package.json', '{"workspaces":["packages/*","!packages/old"]}');
  assert.equal(list.workspaces?.tool, 'package.json');
  assert.deepEqual(values(list.workspaces?.patterns), ['packages/*', '!packages/old']);
  const object = facts(
    'package',
    'package.json',
    '{"workspaces":{"packages":["apps/*"],"catalog":{"pg":"^8.11.0"},"catalogs":{"old":{"pg":"^7"}}}}',
  );
  assert.deepEqual(values(object.workspaces?.patterns), ['apps/*']);
  assert.deepEqual(
    object.catalogs.map(({ name, entries }) => [name, pairs(entries)]),
    [
      ['default', [['pg', '^8.11.0']]],
      ['old', [['pg', '^7']]],
    ],
  );
});

test('JSON: a byte order mark, comments, trailing commas and duplicates do no harm', () => {
  const text = `\ufeff// orders
{ /* a */ "name": "first", "name": "orders", "scripts": { "a": "1", }, "private": true, }
`;
  const found = facts('package', 'package.json', text);
  assert.equal(found.incomplete, undefined);
  assert.equal(found.name?.value, 'orders');
  assert.equal(pick(text, found.name?.range), '"orders"');
  assert.deepEqual(pairs(found.scripts), [['a', '1']]);
});

test('JSON: a mistake makes all of it unknown, and other types are not texts', () => {
  for (const text of ['', '{', '{"name":}', '{"name" "x"}', '{"a":1} x', '{"a":"\n"}', '{"a":tru}'])
    assert.equal(facts('package', 'package.json', text).incomplete, 'syntax', text);
  const odd = facts(
    'package',
    'package.json',
    '{"name":1,"scripts":["a"],"dependencies":"x","bin":{"a":null},"exports":5,"workspaces":{}}',
  );
  assert.equal(odd.incomplete, undefined);
  assert.equal(odd.name, undefined);
  assert.deepEqual([odd.scripts, odd.dependencies, odd.bin, odd.exports], [[], [], [], []]);
});

test('JSON reads what JSON.parse reads', () => {
  const plain = (node: ReturnType<typeof parseJson>['node']): unknown => {
    if (node?.kind === 'scalar') return node.value;
    if (node?.kind === 'sequence') return node.items.map(plain);
    if (node?.kind === 'map') return node.entries.map(({ key, value }) => [key, plain(value)]);
    return undefined;
  };
  const listed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(listed)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, inner]) => [key, listed(inner)])
        : value;
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.boolean(), (text, spaced) => {
      const value: unknown = JSON.parse(text);
      const written = spaced ? JSON.stringify(value, undefined, 2) : text;
      const { node, incomplete } = parseJson(written);
      assert.equal(incomplete, undefined);
      // Objects sort keys that are numbers; the reader keeps the order of the text.
      const sorted = (list: unknown) => JSON.stringify(list, (_, inner) => inner);
      if (!/"\d+"\s*:/.test(written)) assert.equal(sorted(plain(node)), sorted(listed(value)));
      const cursor = new JsonCursor(written);
      cursor.skip();
      assert.equal(cursor.broken, false);
      assert.ok(cursor.atEnd());
    }),
  );
});

// Versions

test('ranges: what they allow', () => {
  const table: readonly (readonly [range: string, intervals: string])[] = [
    ['1.2.3', '1.2.3..1.2.4-0'],
    ['=v1.2.3', '1.2.3..1.2.4-0'],
    ['1.2.3-rc.1', '1.2.3-rc.1..1.2.3-rc.1.0'],
    ['1.2', '1.2.0..1.3.0-0'],
    ['1.x', '1.0.0..2.0.0-0'],
    ['*', '0.0.0-0..'],
    ['', '0.0.0-0..'],
    ['^1.2.3', '1.2.3..2.0.0-0'],
    ['^0.2.3', '0.2.3..0.3.0-0'],
    ['^0.0.3', '0.0.3..0.0.4-0'],
    ['^0.0', '0.0.0..0.1.0-0'],
    ['^0', '0.0.0..1.0.0-0'],
    ['~1.2.3', '1.2.3..1.3.0-0'],
    ['~> 1', '1.0.0..2.0.0-0'],
    ['>1.2.3', '1.2.4..'],
    ['>1.2', '1.3.0..'],
    ['>= 1.2', '1.2.0..'],
    ['<2', '0.0.0-0..2.0.0-0'],
    ['<=2.1', '0.0.0-0..2.2.0-0'],
    ['<2.0.0-beta', '0.0.0-0..2.0.0-beta'],
    ['1.2 - 2.3', '1.2.0..2.4.0-0'],
    ['1.2.3 - 2.3.4', '1.2.3..2.3.5-0'],
    ['>=1.2.0 <1.4', '1.2.0..1.4.0-0'],
    ['^1 || ^3', '1.0.0..2.0.0-0 3.0.0..4.0.0-0'],
    ['^3 || ^1 || ^2', '1.0.0..2.0.0-0 2.0.0..3.0.0-0 3.0.0..4.0.0-0'],
    ['>=1 || ^5', '1.0.0..'],
    ['>2 <1', ''],
  ];
  for (const [range, expected] of table) {
    const text = intervalsOf(range)
      ?.map(({ from, below = '' }) => `${from}..${below}`)
      .join(' ');
    assert.equal(text, expected, range);
  }
  for (const text of ['latest', '1.2.3.4', 'x.3', '>=', '^', '1 - 2 - 3', 'a || b', '9'.repeat(40)])
    assert.equal(intervalsOf(text), undefined, text);
});

test('versions are ordered as semver orders them', () => {
  const ordered = [
    '0.9.9',
    '1.0.0-0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.10',
    '1.2.0',
    '1.10.0',
  ];
  for (const [i, a] of ordered.entries())
    for (const [j, b] of ordered.entries())
      assert.equal(compareVersions(a, b), Math.sign(i - j), `${a} ${b}`);
  assert.equal(compareVersions('1.0.0+a', 'v1.0.0+b'), 0);
  assert.equal(compareVersions('1.0', '1.0.0'), undefined);
});

test('ranges stand to a threshold: below, at or above, or on both sides', () => {
  const stands = (range: string, threshold: string) =>
    standsTo(intervalsOf(range) ?? [], threshold);
  assert.equal(stands('^1.6.0', '2.0.0'), 'below');
  assert.equal(stands('^1.6.0', '1.6.0'), 'at-or-above');
  assert.equal(stands('^1.6.0', '1.7.0'), 'both');
  assert.equal(stands('^1 || ^3', '2.0.0'), 'both');
  assert.equal(stands('^3 || ^4', '2.0.0'), 'at-or-above');
  assert.equal(stands('>=1', '99.0.0'), 'both');
  assert.equal(stands('>2 <1', '1.0.0'), undefined);
  assert.equal(stands('^1', 'latest'), undefined);
});

test('ranges: an interval holds what its comparators say, whatever they are', () => {
  const number = fc.integer({ min: 0, max: 4 });
  const version = fc.tuple(number, number, number);
  const operator = fc.constantFrom('<', '<=', '>', '>=', '=');
  const compare = (a: readonly number[], b: readonly number[]) =>
    (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0);
  const holds = (sign: string, order: number) =>
    (order === 0 && sign.includes('=')) ||
    (order < 0 && sign.startsWith('<')) ||
    (order > 0 && sign.startsWith('>'));
  const alternative = fc.array(fc.tuple(operator, version), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.array(alternative, { minLength: 1, maxLength: 3 }),
      version,
      (range, candidate) => {
        const text = range
          .map((all) => all.map(([sign, parts]) => sign + parts.join('.')).join(' '))
          .join(' || ');
        const expected = range.some((all) =>
          all.every(([sign, parts]) => holds(sign, compare(candidate, parts))),
        );
        const intervals = intervalsOf(text) ?? [];
        assert.equal(isWithin(candidate.join('.'), intervals), expected, text);
        for (const [i, { from }] of intervals.entries()) {
          const before = intervals[i - 1]?.below;
          if (i > 0) assert.equal(compareVersions(before ?? '', from), -1, text);
        }
      },
    ),
  );
});

test('dependencies ask for more than ranges', () => {
  const any = [{ from: '0.0.0-0' }];
  const table: readonly (readonly [text: string, requested: unknown])[] = [
    ['npm:@scope/redis@*', { is: 'versions', package: '@scope/redis', intervals: any }],
    ['npm:redis', { is: 'versions', package: 'redis', intervals: any }],
    ['npm:*', { is: 'versions', intervals: any }],
    ['workspace:^', { is: 'workspace' }],
    ['workspace:^1.2.0', { is: 'workspace' }],
    ['workspace:../mailer', { is: 'workspace', path: '../mailer' }],
    ['workspace:packages/mailer', { is: 'workspace', path: 'packages/mailer' }],
    ['workspace:@shop/mailer@*', { is: 'workspace', package: '@shop/mailer' }],
    ['catalog:react18', { is: 'catalog', catalog: 'react18' }],
    ['link:../mailer', { is: 'path', path: '../mailer' }],
    ['../mailer', { is: 'path', path: '../mailer' }],
    ['./vendor/a.tgz', { is: 'path', path: './vendor/a.tgz' }],
    ['git+ssh://git@example.com/a/b.git#v1', { is: 'elsewhere', form: 'git' }],
    ['github:shop/orders', { is: 'elsewhere', form: 'git' }],
    ['shop/orders#main', { is: 'elsewhere', form: 'git' }],
    ['https://example.com/a.tgz', { is: 'elsewhere', form: 'url' }],
    ['https://example.com/a.git', { is: 'elsewhere', form: 'git' }],
    ['latest', { is: 'elsewhere', form: 'tag' }],
    ['$axios', { is: 'elsewhere', form: 'unknown' }],
    [
      'patch:axios@npm%3A1.6.0#~/.yarn/patches/axios.patch',
      {
        is: 'versions',
        intervals: [{ from: '1.6.0', below: '1.6.1-0' }],
        package: 'axios',
      },
    ],
  ];
  for (const [text, expected] of table) assert.deepEqual(requestedOf(text), expected, text);
});

// Workspaces

test('pnpm-workspace.yaml, lerna.json, rush.json: patterns as written', () => {
  const yaml = `packages:
  - packages/* # all
  - '!packages/old'
catalog:
  pg: ^8.11.0
catalogs:
  old:
    pg: ^7
overrides:
  axios: 1.7.2
`;
  const pnpm = facts('workspace', 'pnpm-workspace.yaml', yaml);
  assert.equal(pnpm.workspaces?.tool, 'pnpm');
  assert.deepEqual(values(pnpm.workspaces?.patterns), ['packages/*', '!packages/old']);
  assert.equal(pick(yaml, pnpm.workspaces?.patterns[1]?.range), "'!packages/old'");
  assert.deepEqual(
    pnpm.catalogs.map(({ name, entries }) => [name, pairs(entries)]),
    [
      ['default', [['pg', '^8.11.0']]],
      ['old', [['pg', '^7']]],
    ],
  );
  assert.deepEqual(pairs(pnpm.overrides), [['axios', '1.7.2']]);
  const lerna = facts('workspace', 'lerna.json', '{"version":"1.0.0"}');
  assert.equal(lerna.workspaces, undefined);
  const rush = facts(
    'workspace',
    'rush.json',
    '{/* x */"projects":[{"packageName":"a","projectFolder":"apps/a"}]}',
  );
  assert.deepEqual(values(rush.workspaces?.patterns), ['apps/a']);
});

test('project.json of Nx: targets with their executors and texts', () => {
  const found = facts(
    'nx-project',
    'apps/orders/project.json',
    `{"name":"orders","sourceRoot":"apps/orders/src","targets":{
      "build":{"executor":"@nx/node:build","options":{"main":"apps/orders/src/main.ts","watch":true}},
      "docker":{"command":"docker build ."}}}`,
  );
  assert.equal(found.sourceRoot?.value, 'apps/orders/src');
  assert.deepEqual(
    found.targets.map(({ name, executor, command, options }) => [
      name,
      executor?.value,
      command?.value,
      pairs(options),
    ]),
    [
      ['build', '@nx/node:build', undefined, [['main', 'apps/orders/src/main.ts']]],
      ['docker', undefined, 'docker build .', []],
    ],
  );
});

function workspace(tool: WorkspaceTool, ...patterns: string[]): WorkspacePatterns {
  return { tool, patterns: patterns.map((value) => ({ value, range: [0, 0] })) };
}

test('workspaces: patterns choose package.json files', () => {
  const all = [
    'package.json',
    'apps/web/package.json',
    'packages/orders/package.json',
    'packages/old/package.json',
    'packages/deep/inner/package.json',
    'packages/.hidden/package.json',
    'packages/orders/node_modules/axios/package.json',
    'tools/a/package.json',
    'tools/b1/package.json',
  ];
  const members = (patterns: WorkspacePatterns, root = '') =>
    membersOf(patterns, root, all).paths.map((path) => path.replace('/package.json', ''));
  assert.deepEqual(members(workspace('pnpm', 'packages/*')), ['packages/orders', 'packages/old']);
  assert.deepEqual(members(workspace('pnpm', '!packages/old', 'packages/**')), [
    'packages/orders',
    'packages/deep/inner',
  ]);
  // npm reads them in order.
  assert.deepEqual(
    members(workspace('package.json', 'packages/*', '!packages/o*', 'packages/old')),
    ['packages/old'],
  );
  assert.deepEqual(members(workspace('package.json', './{apps,tools}/[a-c]*/')), [
    'tools/a',
    'tools/b1',
  ]);
  assert.deepEqual(members(workspace('pnpm', 'tools/?')), ['tools/a']);
  assert.deepEqual(members(workspace('pnpm', '.', '**/inner')), [
    'package.json',
    'packages/deep/inner',
  ]);
  assert.deepEqual(members(workspace('pnpm', '*'), 'packages'), [
    'packages/orders',
    'packages/old',
  ]);
  assert.deepEqual(members(workspace('rush', 'tools/b1', 'tools/*')), ['tools/b1']);
  assert.deepEqual(membersOf(workspace('pnpm', '+(apps)/*', '{a,b', 'apps/*'), '', all), {
    paths: ['apps/web/package.json'],
    unread: ['+(apps)/*', '{a,b'],
  });
});

test('workspaces: hostile patterns cost little', () => {
  const deep = `${'a/'.repeat(200)}package.json`;
  const patterns = [
    `${'**/a/'.repeat(60)}b`,
    `${'*a'.repeat(120)}b/x`,
    '{a,b}'.repeat(40),
    `${'{'.repeat(300)}`,
    `${'['.repeat(300)}`,
    '../*',
  ];
  const started = performance.now();
  const { paths, unread } = membersOf(
    workspace('pnpm', ...patterns),
    '',
    Array.from({ length: 500 }, () => deep),
  );
  assert.deepEqual(paths, []);
  assert.deepEqual(unread, patterns.slice(2));
  assert.ok(performance.now() - started < 20_000);
});

// Lockfiles

/** `axios 1.6.0 -> follow-redirects 1.15.6` for each package; `folder: name=version` for importers. */
function summary(found: LockfileFacts | undefined): string[] {
  assert.ok(found !== undefined);
  assert.deepEqual(JSON.parse(JSON.stringify(found)), found, 'facts are plain JSON');
  const show = (index: number | undefined) => {
    const locked = index === undefined ? undefined : found.packages[index];
    return locked === undefined ? '?' : `${locked.name} ${locked.version ?? '?'}`;
  };
  return [
    ...found.packages.map(
      ({ dependencies }, index) =>
        show(index) + (dependencies.length > 0 ? ` -> ${dependencies.map(show).join(', ')}` : ''),
    ),
    ...(found.importers ?? []).map(
      ({ folder, dependencies }) =>
        `${folder || '.'}: ${dependencies.map((one) => `${one.name}=${show(one.package)}`).join(', ')}`,
    ),
  ];
}

const WANTED = new Set(['axios', 'redis', 'follow-redirects', '@shop/mailer']);

test('package-lock.json 3: the nearest node_modules wins, aliases and links', () => {
  const text = `{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "workspaces": ["packages/*"], "devDependencies": { "axios": "^1.6.0" } },
    "node_modules/@shop/mailer": { "resolved": "packages/mailer", "link": true },
    "node_modules/axios": { "version": "1.6.0", "dependencies": { "follow-redirects": "^1.15.0", "form-data": "^4" } },
    "node_modules/follow-redirects": { "version": "1.15.6" },
    "node_modules/form-data": { "version": "4.0.0" },
    "node_modules/redis3": { "name": "redis", "version": "3.1.2" },
    "packages/mailer": { "name": "@shop/mailer", "dependencies": { "axios": "^0.27.0" } },
    "packages/mailer/node_modules/axios": { "version": "0.27.2", "dependencies": { "follow-redirects": "^1.14.9" } },
    "packages/mailer/node_modules/axios/node_modules/follow-redirects": { "version": "1.14.9" },
    "packages/orders": { "name": "@shop/orders", "dependencies": { "axios": "^1.6.0", "redis3": "npm:redis@^3.1.0", "@shop/mailer": "*", "pg": "^8" } }
  }
}`;
  const found = lockfileFacts('package-lock.json', text, WANTED);
  assert.deepEqual(summary(found), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
    'axios 0.27.2 -> follow-redirects 1.14.9',
    'follow-redirects 1.14.9',
    '.: axios=axios 1.6.0',
    'packages/mailer: axios=axios 0.27.2',
    'packages/orders: axios=axios 1.6.0, redis3=redis 3.1.2, @shop/mailer=?',
  ]);
  assert.equal(found?.format, 'npm');
  assert.equal(found?.formatVersion, '3');
  const place = found?.packages[2]?.place;
  assert.equal(text.slice(place?.start, place?.end), '"node_modules/redis3"');
  assert.equal(place?.line, 10);
  assert.deepEqual(found?.importers?.[2]?.dependencies[1], {
    name: 'redis3',
    range: 'npm:redis@^3.1.0',
    package: 2,
  });
});

test('package-lock.json 1: a tree without importers', () => {
  const text = `{ "lockfileVersion": 1, "dependencies": {
    "axios": { "version": "0.27.2", "requires": { "follow-redirects": "^1.14.9" },
      "dependencies": { "follow-redirects": { "version": "1.14.9" } } },
    "follow-redirects": { "version": "1.15.6" },
    "redis3": { "version": "npm:redis@3.1.2" },
    "redis": { "version": "git+https://example.com/redis.git#abc" } } }`;
  const found = lockfileFacts('a/npm-shrinkwrap.json', text, WANTED);
  assert.equal(found?.importers, undefined);
  assert.deepEqual(
    found?.packages.map(({ name, version, installed }) => [name, version, installed]),
    [
      ['follow-redirects', '1.14.9', 'node_modules/axios/node_modules/follow-redirects'],
      ['axios', '0.27.2', 'node_modules/axios'],
      ['follow-redirects', '1.15.6', 'node_modules/follow-redirects'],
      ['redis', '3.1.2', 'node_modules/redis3'],
      ['redis', undefined, 'node_modules/redis'],
    ],
  );
  assert.deepEqual(found?.packages[1]?.dependencies, [0]);
});

test('pnpm-lock.yaml 9: importers, peers, aliases, archives, keys over two lines', () => {
  const text = `lockfileVersion: '9.0'

importers:

  .: {}

  packages/mailer:
    dependencies:
      axios:
        specifier: ^0.27.0
        version: 0.27.2(debug@4.3.4)

  packages/orders:
    dependencies:
      '@shop/mailer':
        specifier: workspace:*
        version: link:../mailer
      axios:
        specifier: 'catalog:'
        version: 1.6.0
      redis3:
        specifier: npm:redis@^3.1.0
        version: redis@3.1.2
    devDependencies:
      follow-redirects:
        specifier: github:shop/follow-redirects
        version: https://codeload.github.com/shop/follow-redirects/tar.gz/abc

packages:

  axios@0.27.2:
    resolution: {integrity: sha512-a}
    deprecated: |-
      axios@9.9.9:
        follow-redirects: 9.9.9

  axios@1.6.0:
    resolution: {integrity: sha512-b}

  follow-redirects@1.15.6:
    resolution: {integrity: sha512-c}

  follow-redirects@https://codeload.github.com/shop/follow-redirects/tar.gz/abc:
    resolution: {tarball: https://codeload.github.com/shop/follow-redirects/tar.gz/abc}
    version: 1.14.0

  redis@3.1.2:
    resolution: {integrity: sha512-d}

snapshots:

  axios@0.27.2(debug@4.3.4):
    dependencies:
      follow-redirects: 1.15.6(debug@4.3.4)
      form-data: 4.0.0

  ? axios@1.6.0
  : dependencies:
      follow-redirects: 1.15.6
`;
  const found = lockfileFacts('pnpm-lock.yaml', text, WANTED);
  assert.equal(found?.formatVersion, '9.0');
  assert.deepEqual(summary(found), [
    'axios 0.27.2 -> follow-redirects 1.15.6',
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'follow-redirects 1.14.0',
    'redis 3.1.2',
    '.: ',
    'packages/mailer: axios=axios 0.27.2',
    'packages/orders: @shop/mailer=?, axios=axios 1.6.0, redis3=redis 3.1.2, follow-redirects=follow-redirects 1.14.0',
  ]);
  const place = found?.packages[1]?.place;
  assert.equal(text.slice(place?.start, place?.end), 'axios@1.6.0');
});

test('pnpm-lock.yaml 6: one project on the top level', () => {
  const text = `lockfileVersion: '6.0'

dependencies:
  axios:
    specifier: ^1.6.0
    version: 1.6.0(debug@4.3.4)
  redis3:
    specifier: npm:redis@^3.1.0
    version: /redis@3.1.2

packages:

  /axios@1.6.0(debug@4.3.4):
    resolution: {integrity: sha512-a}
    dependencies:
      follow-redirects: 1.15.6
    dev: false

  /follow-redirects@1.15.6:
    resolution: {integrity: sha512-b}

  /redis@3.1.2:
    resolution: {integrity: sha512-c}
`;
  assert.deepEqual(summary(lockfileFacts('pnpm-lock.yaml', text, WANTED)), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
    '.: axios=axios 1.6.0, redis3=redis 3.1.2',
  ]);
});

test('pnpm-lock.yaml 5: versions behind slashes, peers behind an underscore', () => {
  const text = `lockfileVersion: 5.4

importers:

  .:
    specifiers: {}

  packages/orders:
    specifiers:
      axios: ^1.6.0
      redis3: npm:redis@^3.1.0
      '@shop/mailer': workspace:*
    dependencies:
      axios: 1.6.0_debug@4.3.4
      redis3: /redis/3.1.2
      '@shop/mailer': link:../mailer

packages:

  /axios/1.6.0_debug@4.3.4:
    resolution: {integrity: sha512-a}
    dependencies:
      follow-redirects: 1.15.6_debug@4.3.4
    dev: false

  /follow-redirects/1.15.6_debug@4.3.4:
    resolution: {integrity: sha512-b}

  /redis/3.1.2:
    resolution: {integrity: sha512-c}
`;
  const found = lockfileFacts('pnpm-lock.yaml', text, WANTED);
  assert.deepEqual(summary(found), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
    '.: ',
    'packages/orders: axios=axios 1.6.0, redis3=redis 3.1.2, @shop/mailer=?',
  ]);
  assert.equal(found?.importers?.[1]?.dependencies[0]?.range, '^1.6.0');
});

test('pnpm: a wanted name that leads to another package', () => {
  const text = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      axios:
        specifier: npm:@shop/axios@^1.0.0
        version: '@shop/axios@1.0.3'
packages:
  '@shop/axios@1.0.3':
    resolution: {integrity: sha512-a}
`;
  assert.deepEqual(summary(lockfileFacts('pnpm-lock.yaml', text, new Set(['axios']))), [
    '@shop/axios 1.0.3',
    '.: axios=@shop/axios 1.0.3',
  ]);
});

test('yarn.lock 1: descriptors lead to versions', () => {
  const text = `# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@shop/a@^1.0.0":
  version "1.0.0"

axios@^1.0.0, "axios@>=1.2 <2":
  version "1.6.0"
  resolved "https://registry.yarnpkg.com/axios/-/axios-1.6.0.tgz#abc"
  integrity sha512-a
  dependencies:
    follow-redirects "^1.15.0"
    form-data "^4.0.0"

follow-redirects@^1.15.0:
  version "1.15.6"

"redis3@npm:redis@^3.1.0":
  version "3.1.2"
`;
  const found = lockfileFacts('yarn.lock', text, WANTED);
  assert.equal(found?.format, 'yarn-classic');
  assert.equal(found?.importers, undefined);
  assert.deepEqual(summary(found), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
  ]);
  assert.deepEqual(found?.packages[0]?.requested, [
    { name: 'axios', range: '^1.0.0' },
    { name: 'axios', range: '>=1.2 <2' },
  ]);
  assert.deepEqual(found?.packages[2]?.requested, [{ name: 'redis3', range: 'npm:redis@^3.1.0' }]);
  assert.equal(found?.packages[0]?.place.line, 8);
});

test('yarn.lock 2 and later: workspaces, patches, forced resolutions', () => {
  const text = `# This file is generated by running "yarn install" inside your project.

__metadata:
  version: 8
  cacheKey: 10c0

"@shop/mailer@workspace:*, @shop/mailer@workspace:packages/mailer":
  version: 0.0.0-use.local
  resolution: "@shop/mailer@workspace:packages/mailer"
  dependencies:
    axios: "npm:^0.27.0"
    redis: ^3.0.0
  languageName: unknown
  linkType: soft

"@shop/orders@workspace:packages/orders":
  version: 0.0.0-use.local
  resolution: "@shop/orders@workspace:packages/orders"
  dependencies:
    "@shop/mailer": "workspace:*"
    axios: "patch:axios@npm%3A1.6.0#~/.yarn/patches/axios.patch"
    follow-redirects: "npm:^1.0.0"
    redis3: "npm:redis@^3.1.0"

"axios@npm:1.6.0, axios@npm:^1.6.0":
  version: 1.6.0
  resolution: "axios@npm:1.6.0"
  dependencies:
    follow-redirects: "npm:1.15.6"

"axios@npm:^0.27.0":
  version: 0.27.2
  resolution: "axios@npm:0.27.2"

"axios@patch:axios@npm%3A1.6.0#~/.yarn/patches/axios.patch":
  version: 1.6.0
  resolution: "axios@patch:axios@npm%3A1.6.0#~/.yarn/patches/axios.patch::version=1.6.0&hash=abc"
  dependencies:
    follow-redirects: "npm:1.15.6"

"follow-redirects@npm:1.15.6":
  version: 1.15.6
  resolution: "follow-redirects@npm:1.15.6"

"redis3@npm:redis@^3.1.0, redis@npm:^3.0.0":
  version: 3.1.2
  resolution: "redis@npm:3.1.2"
`;
  const found = lockfileFacts('yarn.lock', text, WANTED);
  assert.equal(found?.format, 'yarn-berry');
  assert.equal(found?.formatVersion, '8');
  assert.deepEqual(summary(found), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'axios 0.27.2',
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
    'packages/mailer: axios=axios 0.27.2, redis=redis 3.1.2',
    'packages/orders: @shop/mailer=?, axios=axios 1.6.0, follow-redirects=follow-redirects 1.15.6, redis3=redis 3.1.2',
  ]);
  assert.equal(found?.importers?.[1]?.dependencies[1]?.package, 2);
});

test('yarn.lock 2: a forced resolution is told when only one version is locked', () => {
  const entry = (name: string, reference: string, version: string) =>
    `"${name}@${reference}":\n  version: ${version}\n  resolution: "${name}@${reference}"\n`;
  const text = `__metadata:
  version: 8
"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    axios: "npm:^1.5.0"
    redis: "npm:^4.0.0"
${entry('axios', 'npm:1.6.0', '1.6.0')}${entry('axios', 'patch:axios@npm%3A1.6.0#a', '1.6.0')}
${entry('redis', 'npm:3.1.2', '3.1.2')}${entry('redis', 'npm:4.6.0', '4.6.0')}`;
  assert.equal(
    summary(lockfileFacts('yarn.lock', text, WANTED)).at(-1),
    '.: axios=axios 1.6.0, redis=?',
  );
});

test('bun.lock: packages of one workspace package stand under its name', () => {
  const text = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "shop", "devDependencies": { "axios": "^1.6.0", }, },
    "packages/mailer": { "name": "@shop/mailer", "dependencies": { "axios": "^0.27.0", "redis3": "npm:redis@^3.1.0", }, },
  },
  "packages": {
    "@shop/mailer": ["@shop/mailer@workspace:packages/mailer"],
    "axios": ["axios@1.6.0", "", { "dependencies": { "follow-redirects": "^1.15.0" } }, "sha512-a"],
    "follow-redirects": ["follow-redirects@1.15.6", "", {}, "sha512-b"],
    "redis3": ["redis@3.1.2", "", {}, "sha512-c"],
    "@shop/mailer/axios": ["axios@0.27.2", "", { "dependencies": { "follow-redirects": "^1.14.0" } }, "sha512-d"],
    "@shop/mailer/axios/follow-redirects": ["follow-redirects@1.14.9", "", {}, "sha512-e"],
  }
}`;
  assert.deepEqual(summary(lockfileFacts('bun.lock', text, WANTED)), [
    'axios 1.6.0 -> follow-redirects 1.15.6',
    'follow-redirects 1.15.6',
    'redis 3.1.2',
    'axios 0.27.2 -> follow-redirects 1.14.9',
    'follow-redirects 1.14.9',
    '.: axios=axios 1.6.0',
    'packages/mailer: axios=axios 0.27.2, redis3=redis 3.1.2',
  ]);
});

test('lockfiles: only what is wanted, and an empty answer is a true one', () => {
  const text = `{"lockfileVersion":3,"packages":{"":{"dependencies":{"pg":"^8"}},"node_modules/pg":{"version":"8.11.0"}}}`;
  const found = lockfileFacts('package-lock.json', text, new Set(['axios']));
  assert.deepEqual(found?.packages, []);
  assert.deepEqual(found?.importers, [{ folder: '', dependencies: [] }]);
  assert.equal(found?.incomplete, undefined);
  assert.equal(lockfileFacts('package.json', text, WANTED), undefined);
  for (const path of ['package-lock.json', 'pnpm-lock.yaml', 'bun.lock'])
    assert.equal(lockfileFacts(path, '<<<<<<< ours\n{', WANTED)?.incomplete, 'syntax', path);
});

test('lockfiles: what a workspace package gets, and all versions of a name', () => {
  const pnpm = lockfileFacts(
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'
importers:
  packages/mailer:
    dependencies:
      axios: {specifier: ^1, version: 1.0.0}
  packages/orders:
    dependencies:
      axios:
        specifier: ^1.6.0
        version: 1.6.0
packages:
  axios@1.6.0:
    resolution: {integrity: sha512-a}
  axios@0.27.2:
    resolution: {integrity: sha512-b}
`,
    WANTED,
  );
  assert.ok(pnpm !== undefined);
  assert.equal(lockedPackage(pnpm, 'packages/orders', 'axios', '^1.6.0')?.version, '1.6.0');
  assert.equal(lockedPackage(pnpm, 'packages/ledger', 'axios', '^1.6.0'), undefined);
  // package.json has changed since: to a range that the version still fits, and to one that it does not.
  assert.equal(lockedPackage(pnpm, 'packages/orders', 'axios', '^1.5.0')?.version, '1.6.0');
  assert.equal(lockedPackage(pnpm, 'packages/orders', 'axios', '^2.0.0'), undefined);
  // pnpm writes no maps on one line here: what cannot be read is not told.
  assert.equal(lockedPackage(pnpm, 'packages/mailer', 'axios', '^1'), undefined);
  assert.deepEqual(lockedVersions(pnpm, 'axios'), ['1.6.0', '0.27.2']);
  assert.deepEqual(lockedVersions(pnpm, 'redis'), []);

  const yarn = lockfileFacts(
    'yarn.lock',
    'axios@^0.27.0:\n  version "0.27.2"\n\naxios@^1.0.0, axios@^1.6.0:\n  version "1.6.0"\n\nredis@github:a/b:\n  version "x"\n',
    WANTED,
  );
  assert.ok(yarn !== undefined);
  assert.equal(lockedPackage(yarn, 'packages/orders', 'axios', '^1.6.0')?.version, '1.6.0');
  assert.equal(lockedPackage(yarn, '', 'axios', '^0.27.0')?.version, '0.27.2');
  assert.equal(lockedPackage(yarn, '', 'axios', '^2.0.0'), undefined);
  assert.equal(lockedVersions(yarn, 'redis'), undefined);

  const npm = lockfileFacts(
    'package-lock.json',
    '{"dependencies":{"axios":{"version":"1.6.0"}}}',
    WANTED,
  );
  assert.ok(npm !== undefined);
  assert.equal(lockedPackage(npm, '', 'axios', '^1')?.version, '1.6.0');
  assert.equal(lockedPackage(npm, 'packages/orders', 'axios', '^1'), undefined);
  const broken = lockfileFacts('package-lock.json', '{', WANTED);
  assert.ok(broken !== undefined);
  assert.equal(lockedVersions(broken, 'axios'), undefined);
});

// Compiler settings

test('tsconfig.json: paths, extends and references stay as written', () => {
  const text = `// shop
{
  "extends": ["../tsconfig.base.json", "@tsconfig/node20"],
  "compilerOptions": {
    "baseUrl": ".", "outDir": "dist", "rootDir": "src", "module": "nodenext", "jsx": "preserve",
    "allowJs": true,
    "paths": { "@shop/*": ["packages/*/src", "libs/*"], "#config": ["src/config.ts"], },
  },
  "references": [{ "path": "../mailer" }],
  "include": ["src"], /* all */
  "exclude": ["**/*.test.ts",],
}`;
  const found = facts('compiler', 'apps/orders/tsconfig.json', text);
  assert.equal(found.incomplete, undefined);
  assert.deepEqual(values(found.extends), ['../tsconfig.base.json', '@tsconfig/node20']);
  assert.deepEqual(
    found.paths?.map(({ pattern, targets }) => [pattern, values(targets)]),
    [
      ['@shop/*', ['packages/*/src', 'libs/*']],
      ['#config', ['src/config.ts']],
    ],
  );
  assert.equal(pick(text, found.paths?.[0]?.patternRange), '"@shop/*"');
  assert.equal(pick(text, found.outDir?.range), '"dist"');
  assert.deepEqual(
    [found.baseUrl, found.rootDir, found.module, found.jsx].map((one) => one?.value),
    ['.', 'src', 'nodenext', 'preserve'],
  );
  assert.equal(found.allowJs, true);
  assert.deepEqual(values(found.references), ['../mailer']);
  assert.deepEqual(values(found.include), ['src']);
  assert.deepEqual(values(found.exclude), ['**/*.test.ts']);
  assert.equal(found.files, undefined);
  const itself = facts('compiler', 'jsconfig.json', '{"extends":"./jsconfig.json"}');
  assert.deepEqual(values(itself.extends), ['./jsconfig.json']);
  assert.equal(itself.paths, undefined);
});

// Images

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG NODE=20
FROM --platform=$BUILDPLATFORM node:\${NODE}-alpine AS Build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci && \\
    # only what is needed
    npm run build
COPY <<EOF /app/config.json
FROM: "not an instruction"
EOF

FROM node:20
WORKDIR "/srv/app"
ENV PORT=3000 NODE_ENV="production" NOTE=a\\ b
ENV OLD some words
ARG TAG
ARG LEVEL=info
EXPOSE 3000 9090/tcp
COPY --from=build --chown=node /app/dist ./dist
USER node
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s CMD curl -f http://localhost:3000/health
ENTRYPOINT ["node", \\
  "dist/main.js"]
CMD exec node dist/worker.js
`;

test('Dockerfile: stages, variables, copies and commands', () => {
  const found = facts('dockerfile', 'services/orders/Dockerfile', DOCKERFILE);
  assert.equal(found.incomplete, undefined);
  assert.deepEqual(pairs(found.arguments), [['NODE', '20']]);
  assert.deepEqual(
    found.stages.map(({ name, image, platform }) => [name?.value, image.value, platform]),
    [
      ['build', 'node:$' + '{NODE}-alpine', '$BUILDPLATFORM'],
      [undefined, 'node:20', undefined],
    ],
  );
  const [build, last] = found.stages;
  assert.equal(pick(DOCKERFILE, build?.name?.range), 'Build');
  assert.ok(pick(DOCKERFILE, build?.range).endsWith('EOF'));
  const shapes = (...steps: readonly (Step | undefined)[]) =>
    steps.map((step) => ({ ...step, range: undefined }));
  const [workdir, copy, run, heredoc] = build?.steps ?? [];
  assert.deepEqual(shapes(workdir, copy), [
    { range: undefined, is: 'workdir', value: '/app' },
    {
      range: undefined,
      is: 'copy',
      form: 'copy',
      sources: ['package.json', 'package-lock.json'],
      target: './',
    },
  ]);
  assert.ok(run?.is === 'run' && run.command.form === 'shell');
  assert.equal(run.command.text, 'npm ci &&     npm run build');
  assert.match(pick(DOCKERFILE, run.command.range), /^npm ci && \\\n[\s\S]*npm run build$/);
  assert.ok(heredoc?.is === 'copy' && heredoc.target === '/app/config.json');

  assert.equal(last?.steps.length, 12);
  const [, env, old, tag, level, expose, from, user, signal, health, entrypoint, cmd] = last.steps;
  assert.ok(env?.is === 'env' && old?.is === 'env');
  assert.deepEqual(pairs(env.variables), [
    ['PORT', '3000'],
    ['NODE_ENV', 'production'],
    ['NOTE', 'a b'],
  ]);
  assert.equal(pick(DOCKERFILE, env.variables[1]?.range), '"production"');
  assert.deepEqual(pairs(old.variables), [['OLD', 'some words']]);
  assert.ok(tag?.is === 'arg' && tag.variables[0]?.hasDefault === undefined);
  assert.ok(level?.is === 'arg' && level.variables[0]?.hasDefault === true);
  assert.ok(expose?.is === 'expose');
  assert.deepEqual(values(expose.ports), ['3000', '9090/tcp']);
  assert.deepEqual(shapes(from, user, signal), [
    {
      range: undefined,
      is: 'copy',
      form: 'copy',
      from: 'build',
      sources: ['/app/dist'],
      target: './dist',
    },
    { range: undefined, is: 'user', value: 'node' },
    { range: undefined, is: 'stopsignal', value: 'SIGINT' },
  ]);
  assert.ok(health?.is === 'healthcheck' && health.command?.form === 'shell');
  assert.equal(health.command.text, 'curl -f http://localhost:3000/health');
  assert.ok(entrypoint?.is === 'entrypoint' && entrypoint.command.form === 'exec');
  assert.deepEqual(entrypoint.command.words, ['node', 'dist/main.js']);
  assert.equal(pick(DOCKERFILE, entrypoint.command.range), '["node", \\\n  "dist/main.js"]');
  assert.ok(cmd?.is === 'cmd' && cmd.command.form === 'shell');
  assert.equal(cmd.command.text, 'exec node dist/worker.js');
});

test('Dockerfile: CRLF, the other escape character, an open heredoc, no stage', () => {
  const windows = '# escape=`\r\nFROM node:20\r\nRUN a `\r\n  b\r\nCMD [ "node", \'x\' ]\r\n';
  const found = facts('dockerfile', 'Dockerfile', windows);
  const [run, cmd] = found.stages[0]?.steps ?? [];
  assert.ok(run?.is === 'run' && run.command.form === 'shell');
  assert.equal(run.command.text, 'a   b');
  // What is no JSON is a command of the shell.
  assert.ok(cmd?.is === 'cmd' && cmd.command.form === 'shell');
  const open = facts('dockerfile', 'Dockerfile.dev', 'FROM a\nRUN <<EOF\nCMD x\n');
  assert.equal(open.incomplete, 'syntax');
  assert.equal(open.stages[0]?.steps.length, 1);
  assert.deepEqual(facts('dockerfile', 'Dockerfile', 'RUN x\nEXPOSE 1\n').stages, []);
});

test('compose: services with what builds and starts them', () => {
  const text = `services:
  orders:
    image: \${REGISTRY:-shop}/orders:\${TAG}
    build:
      context: ./services/orders
      dockerfile: docker/Dockerfile
      target: prod
      args: { NODE: 20 }
    command: ["node", "dist/main.js"]
    environment:
      PORT: 3000
      DATABASE_URL: postgres://db:5432/shop
      SECRET:
    env_file: .env
    ports:
      - "3000:3000"
      - target: 9090
        published: 9091
  worker:
    build: ./services/orders
    entrypoint: node dist/worker.js
    extends: { file: base.yaml, service: base }
    environment:
      - QUEUE=orders
      - HOME
`;
  const found = facts('compose', 'docker-compose.yml', text);
  const [orders, worker] = found.services;
  assert.equal(orders?.image?.value, '$' + '{REGISTRY:-shop}/orders:$' + '{TAG}');
  assert.equal(pick(text, orders?.nameRange), 'orders');
  assert.equal(orders?.build?.context, './services/orders');
  assert.equal(orders?.build?.dockerfile?.value, 'docker/Dockerfile');
  assert.equal(orders?.build?.target?.value, 'prod');
  assert.deepEqual(pairs(orders?.build?.arguments ?? []), [['NODE', '20']]);
  assert.ok(orders?.command?.form === 'exec');
  assert.deepEqual(orders.command.words, ['node', 'dist/main.js']);
  assert.deepEqual(
    orders.environment.map(({ name, value, inherited }) => [name, value, inherited]),
    [
      ['PORT', '3000', undefined],
      ['DATABASE_URL', 'postgres://db:5432/shop', undefined],
      ['SECRET', '', true],
    ],
  );
  assert.deepEqual(values(orders.environmentFiles), ['.env']);
  assert.deepEqual(values(orders.ports), ['3000:3000', '9091:9090']);
  assert.equal(worker?.build?.context, './services/orders');
  assert.ok(worker?.entrypoint?.form === 'shell');
  assert.equal(worker.entrypoint.text, 'node dist/worker.js');
  assert.equal(worker.extends?.service.value, 'base');
  assert.equal(worker.extends?.file?.value, 'base.yaml');
  assert.deepEqual(
    worker.environment.map(({ name, value, inherited }) => [name, value, inherited]),
    [
      ['QUEUE', 'orders', undefined],
      ['HOME', '', true],
    ],
  );
});

test('skaffold: artifacts of all documents and profiles', () => {
  const text = `apiVersion: skaffold/v4beta6
kind: Config
build:
  artifacts:
    - image: shop/orders
      context: services/orders
      docker:
        dockerfile: Dockerfile.prod
---
build:
  artifacts:
    - image: shop/mailer
profiles:
  - name: dev
    build:
      artifacts:
        - image: shop/mailer
          custom: { buildCommand: ./build.sh }
`;
  const found = facts('skaffold', 'skaffold.yaml', text);
  assert.deepEqual(
    found.artifacts.map(({ image, build, builder, profile }) => [
      image.value,
      build.context,
      build.dockerfile?.value,
      builder,
      profile,
    ]),
    [
      ['shop/orders', 'services/orders', 'Dockerfile.prod', 'docker', undefined],
      ['shop/mailer', '.', undefined, 'docker', undefined],
      ['shop/mailer', '.', undefined, 'custom', 'dev'],
    ],
  );
});

test('.env: quotes, comments, export, several lines', () => {
  const text = `# shop
export PORT=3000 # the port
URL="http://a#b"
KEY='it''s'
MULTI="one
two\\n"
EMPTY=
PORT=3001
not a line
`;
  const found = facts('environment', '.env.example', text);
  assert.equal(found.example, true);
  assert.deepEqual(pairs(found.variables), [
    ['URL', 'http://a#b'],
    ['KEY', 'it'],
    ['MULTI', 'one\ntwo\n'],
    ['EMPTY', ''],
    ['PORT', '3001'],
  ]);
  assert.equal(pick(text, found.variables[0]?.range), '"http://a#b"');
  assert.equal(pick(text, found.variables[0]?.nameRange), 'URL');
  const first = facts('environment', 'apps/a/.env.production', 'export PORT=3000 # the port\n');
  assert.equal(first.example, false);
  assert.deepEqual(first.variables, [
    { name: 'PORT', nameRange: [7, 11], value: '3000', range: [12, 16] },
  ]);
});

test('Procfile, nest-cli.json, serverless.yml, wrangler', () => {
  const procfile = 'web: node dist/main.js\nworker:  node dist/worker.js\n';
  const processes = facts('procfile', 'Procfile', procfile).processes;
  assert.deepEqual(pairs(processes), [
    ['web', 'node dist/main.js'],
    ['worker', 'node dist/worker.js'],
  ]);
  assert.equal(pick(procfile, processes[1]?.range), 'node dist/worker.js');
  assert.deepEqual(
    facts(
      'nest',
      'nest-cli.json',
      '{"sourceRoot":"src","projects":{"orders":{"type":"application","entryFile":"start","sourceRoot":"apps/orders/src","compilerOptions":{"tsConfigPath":"apps/orders/tsconfig.app.json"}}}}',
    ).projects.map(({ name, sourceRoot, entryFile, tsConfigPath }) => [
      name,
      sourceRoot?.value,
      entryFile?.value,
      tsConfigPath?.value,
    ]),
    [
      ['', 'src', undefined, undefined],
      ['orders', 'apps/orders/src', 'start', 'apps/orders/tsconfig.app.json'],
    ],
  );
  const serverless = facts(
    'serverless',
    'serverless.yml',
    'provider:\n  runtime: nodejs20.x\nfunctions:\n  pay:\n    handler: src/pay.handler\n    timeout: 10\n',
  );
  assert.deepEqual(
    serverless.functions.map(({ name, handler, timeout }) => [
      name,
      handler?.value,
      timeout?.value,
    ]),
    [['pay', 'src/pay.handler', '10']],
  );
  assert.equal(
    facts('serverless', 'serverless.yml', 'functions: $' + '{file(a.yml)}\n').incomplete,
    'unsupported',
  );
  const toml = 'name = "edge" # x\nmain = \'src/index.ts\'\n[env.dev]\nmain = "other.ts"\n';
  const wrangler = facts('wrangler', 'wrangler.toml', toml);
  assert.equal(wrangler.name?.value, 'edge');
  assert.equal(wrangler.main?.value, 'src/index.ts');
  assert.equal(pick(toml, wrangler.main?.range), "'src/index.ts'");
  assert.equal(facts('wrangler', 'wrangler.toml', '[a]\nmain = "x"\n').main, undefined);
  assert.equal(facts('wrangler', 'wrangler.jsonc', '{"main":"a.ts",}').main?.value, 'a.ts');
});

test('names say what a file is', () => {
  const table: readonly (readonly [path: string, kind: string | undefined])[] = [
    ['package.json', 'package'],
    ['node_modules/a/package.json', undefined],
    ['apps/a/tsconfig.app.json', 'compiler'],
    ['tsconfig-base.json', 'compiler'],
    ['jsconfig.json', 'compiler'],
    ['Dockerfile', 'dockerfile'],
    ['Dockerfile.prod', 'dockerfile'],
    ['orders.Dockerfile', 'dockerfile'],
    ['Dockerfile.dockerignore', undefined],
    ['Dockerfile.README.md', undefined],
    ['compose.yaml', 'compose'],
    ['docker-compose.dev.yml', 'compose'],
    ['decompose.yaml', undefined],
    ['skaffold.dev.yaml', 'skaffold'],
    ['.env', 'environment'],
    ['.env.local', 'environment'],
    ['.environment', undefined],
    ['orders.env', 'environment'],
    ['pnpm-lock.yaml', 'lockfile'],
    ['bun.lockb', undefined],
    ['next.config.mjs', 'framework'],
    ['vite.config.ts', 'framework'],
    ['ecosystem.config.js', 'framework'],
    ['angular.json', 'framework'],
    ['webpack.config.prod.js', 'framework'],
    ['src/main.ts', undefined],
  ];
  for (const [path, expected] of table) assert.equal(projectFileKind(path), expected, path);
  assert.equal(facts('framework', 'next.config.mjs', 'x').framework, 'next');
});

// Hostile input

const EVERY_PATH = [
  'package.json',
  'pnpm-workspace.yaml',
  'lerna.json',
  'rush.json',
  'project.json',
  'tsconfig.json',
  'Dockerfile',
  'compose.yaml',
  'skaffold.yaml',
  'Procfile',
  '.env',
  'nest-cli.json',
  'serverless.yml',
  'wrangler.toml',
  'wrangler.json',
];
const EVERY_LOCK = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** All ranges of facts lie within the text. */
function assertWithin(value: unknown, length: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'range' ? Array.isArray(inner) : key.endsWith('Range')) {
      const [start, end] = inner as [number, number];
      assert.ok(start >= 0 && start <= end && end <= length, `${key} ${start} ${end} of ${length}`);
    } else assertWithin(inner, length);
  }
}

function readAll(text: string): void {
  for (const path of EVERY_PATH) {
    const found = extractProject({ path, text });
    assert.ok(found !== undefined);
    assertWithin(found, text.length);
    assert.deepEqual(extractProject({ path, text }), found);
  }
  for (const path of EVERY_LOCK) {
    const found = lockfileFacts(path, text, WANTED);
    assert.ok(found !== undefined);
    for (const { place } of found.packages)
      assert.ok(place.start <= place.end && place.end <= text.length);
  }
}

test('any text: never an error, the same facts twice, places inside the text', () => {
  const piece = fc.oneof(
    hostileText,
    fc.constantFrom(
      '{"dependencies":{"__proto__":"1","constructor":"2"},',
      '"packages":{"node_modules/axios":{"version":"1.0.0"}}}',
      '"name":"',
      '\n  axios@1.0.0:\n    version: 1.0.0\n',
      'FROM a AS b\nRUN <<EOF\n',
      'ENV A="b\\\n',
      'A="\n',
      '__metadata:\n  version: 8\n',
      'lockfileVersion: 9\npackages:\n',
      'services:\n  a: &a\n    build: *a\n',
      '// ',
      '/*',
      '\\',
      '}',
      ']',
      '[',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => readAll(pieces.join(''))),
    { numRuns: 150 },
  );
});

test('real files that are cut or changed anywhere: never an error', () => {
  const source = fc.constantFrom(ORDERS, DOCKERFILE);
  fc.assert(
    fc.property(source, fc.nat(), fc.nat(40), hostileText, (text, at, cut, put) => {
      const start = at % text.length;
      readAll(text.slice(0, start) + put + text.slice(start + cut));
    }),
    { numRuns: 100 },
  );
});

test('names of prototypes are only names', () => {
  const text =
    '{"scripts":{"__proto__":"a","constructor":"b"},"dependencies":{"__proto__":"^1.0.0","toString":"2"}}';
  const found = facts('package', 'package.json', text);
  assert.deepEqual(pairs(found.scripts), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  assert.deepEqual(
    found.dependencies.map(({ name }) => name),
    ['__proto__', 'toString'],
  );
  const lock = `{"lockfileVersion":3,"packages":{"":{"dependencies":{"__proto__":"1"}},"node_modules/__proto__":{"version":"1.0.0"}}}`;
  assert.deepEqual(summary(lockfileFacts('package-lock.json', lock, new Set(['__proto__']))), [
    '__proto__ 1.0.0',
    '.: __proto__=__proto__ 1.0.0',
  ]);
});

test('depth: unknown below a bound, never an aborted process', () => {
  for (const depth of [100, 1000, 100_000]) {
    const lists = `{"name":"orders","exports":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const maps = `{"name":"orders","overrides":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    for (const text of [lists, maps]) {
      const found = facts('package', 'package.json', text);
      assert.equal(found.incomplete, 'too-deep');
      assert.equal(found.name?.value, 'orders');
    }
    assert.equal(facts('package', 'package.json', '['.repeat(depth)).incomplete, 'syntax');
    const tree = `{"lockfileVersion":1,"dependencies":${'{"axios":{"dependencies":'.repeat(depth)}{}${'}}'.repeat(depth)}}`;
    assert.equal(lockfileFacts('package-lock.json', tree, WANTED)?.incomplete, 'too-deep');
  }
});

test('small files do not give large facts, nor long searches', () => {
  const nested = (name: string, leaf: string, levels: number) =>
    `{"${name}":${`{"${'k'.repeat(2000)}":`.repeat(levels)}${leaf}${'}'.repeat(levels)}}`;
  const leaves = `{${Array.from({ length: 10_000 }, (_, i) => `"a${i}":"1"`).join()}}`;
  for (const name of ['exports', 'imports', 'overrides']) {
    const text = nested(name, leaves, 40).replace('"k', '"#k');
    const found = facts('package', 'package.json', text);
    assert.equal(found.incomplete, 'too-large', name);
    assert.ok(JSON.stringify(found).length < text.length * 2);
  }
  const started = performance.now();
  const far = 'a/'.repeat(300_000);
  const importers = Array.from(
    { length: 50 },
    (_, i) => `"${far}${i}":{"dependencies":{"axios":"1"}}`,
  );
  const npm = lockfileFacts('package-lock.json', `{"packages":{${importers.join()}}}`, WANTED);
  assert.equal(npm?.importers?.length, 50);
  const many = 100_000;
  const entries = Array.from({ length: many }, (_, i) => `axios@npm:${i}:\n  version: ${i}.0.0\n`);
  const asked = '    axios: "npm:^0"\n'.repeat(many);
  const yarn = lockfileFacts(
    'yarn.lock',
    `__metadata:\n  version: 8\n${entries.join('')}x@workspace:.:\n  resolution: "x@workspace:."\n  dependencies:\n${asked}`,
    WANTED,
  );
  assert.equal(yarn?.importers?.[0]?.dependencies.length, many);
  assert.equal(yarn.importers[0]?.dependencies[0]?.package, undefined);
  assert.ok(performance.now() - started < 20_000);
});

test('long lines and repeated patterns take linear time', () => {
  const patterns: readonly string[] = [
    '"',
    '\\"',
    '{"a":',
    '[',
    ' ',
    'a',
    '/*',
    '#',
    '# escape=',
    "A='",
    'A="\\"\n',
    'RUN a \\\n',
    'RUN <<A\n',
    'a@1, ',
    'a: ',
    'a@^1:\n  version "1"\n',
    '\n',
    '\t',
    '--a=b ',
    'FROM a\n',
    'axios@1.0.0:\n',
  ];
  const paths = EVERY_PATH.filter((path) => !/\.ya?ml$/.test(path));
  for (const pattern of patterns) {
    const text = pattern.repeat(Math.ceil(500_000 / pattern.length));
    for (const path of [...paths, ...EVERY_LOCK]) {
      const started = performance.now();
      if (EVERY_LOCK.includes(path)) lockfileFacts(path, text, WANTED);
      else extractProject({ path, text });
      const time = performance.now() - started;
      // Quadratic time at this length would be minutes.
      assert.ok(
        time < 10_000,
        `${path} of ${JSON.stringify(pattern)} takes ${Math.round(time)} ms`,
      );
    }
  }
});

test('one line of 5 MB, and a lockfile beyond its limit', () => {
  const long = JSON.stringify({ name: 'orders', description: 'x'.repeat(5_000_000) });
  assert.equal(facts('package', 'package.json', long).name?.value, 'orders');
  const found = facts('dockerfile', 'Dockerfile', `FROM a\nRUN ${'x '.repeat(2_500_000)}\nCMD b\n`);
  assert.equal(found.stages[0]?.steps.length, 2);
  const huge = ' '.repeat(64 * 1024 * 1024 + 1);
  const lock = lockfileFacts('yarn.lock', huge, WANTED);
  assert.equal(lock?.incomplete, 'too-large');
  assert.deepEqual(lock?.packages, []);
});
