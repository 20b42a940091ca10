/** The policy file: what it says, what is wrong with it, where it is looked for. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { rules } from '../rules/index.ts';
import { UsageError } from '../src/config/errors.ts';
import { findPolicyFile } from '../src/config/find.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import { parsePolicy, readPolicy } from '../src/config/read.ts';

const FILE = '.chaoslint.yaml';
const parse = (text: string) => parsePolicy(text, FILE, rules);

/** The message of the one line that a person sees. */
async function complaint(text: string): Promise<string> {
  try {
    await parse(text);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  assert.fail('the policy was accepted');
}

const made: string[] = [];
after(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

function folder(files: Readonly<Record<string, string>>): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'policy-')));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

describe('a policy file', () => {
  it('sets every key', async () => {
    const policy = await parse(`
preset: strict
rules:
  too-few-replicas: { level: warning, min: 2 }
  missing-cpu-limit: off
ignore: [legacy/**]
include: [examples/shop]
environments:
  production: [live]
  nonProduction: [lab]
assume:
  limitRange: [memoryLimit]
  mesh: true
failOn: warning
`);
    assert.equal(policy.preset, 'strict');
    assert.deepEqual(policy.rules.get('missing-cpu-limit'), { level: 'off' });
    const replicas = policy.rules.get('too-few-replicas');
    assert.equal(replicas?.level, 'warning');
    assert.deepEqual({ ...replicas?.options }, { min: 2 });
    assert.deepEqual(policy.ignore, ['legacy/**']);
    assert.deepEqual(policy.include, ['examples/shop']);
    assert.deepEqual(policy.environments, { production: ['live'], nonProduction: ['lab'] });
    assert.deepEqual(policy.assume, {
      limitRange: ['memoryLimit'],
      mesh: true,
      spread: false,
      podDisruptionBudgets: false,
    });
    assert.equal(policy.failOn, 'warning');
  });

  it('may be empty, or hold only a comment', async () => {
    assert.deepEqual(await parse(''), defaultPolicy);
    assert.deepEqual(await parse('# nothing yet\n'), defaultPolicy);
  });

  it('may be JSON', async () => {
    const policy = await parse('{\n\t"preset": "strict",\n\t"rules": {"naked-pod": "note"}\n}');
    assert.equal(policy.preset, 'strict');
    assert.deepEqual(policy.rules.get('naked-pod'), { level: 'note' });
  });
});

describe('a wrong policy file is told in one line, with the place and the nearest name', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['prset: strict\n', '.chaoslint.yaml:1:1: There is no key "prset"; did you mean "preset"?'],
    [
      'preset: strikt\n',
      '.chaoslint.yaml:1:9: preset is "strikt", not one of recommended, strict; did you mean "strict"?',
    ],
    [
      '# house\nrules:\n  too-few-replica: error\n',
      '.chaoslint.yaml:3:3: There is no rule "too-few-replica"; did you mean "too-few-replicas"?',
    ],
    [
      'rules:\n  too-few-replicas: eror\n',
      '.chaoslint.yaml:2:21: rules.too-few-replicas is "eror", not one of off, note, warning, error; did you mean "error"?',
    ],
    [
      'rules:\n  too-few-replicas: { minimum: 2 }\n',
      '.chaoslint.yaml:2:23: There is no key "minimum" in rules.too-few-replicas; there are level, min',
    ],
    [
      'rules:\n  too-few-replicas:\n    min: 0\n',
      '.chaoslint.yaml:3:10: rules.too-few-replicas.min must be at least 1, not 0',
    ],
    [
      'rules:\n  too-few-replicas:\n    min: two\n',
      '.chaoslint.yaml:3:10: rules.too-few-replicas.min must be a whole number',
    ],
    ['ignore: legacy\n', '.chaoslint.yaml:1:9: ignore must be a list'],
    ['assume: { mesh: yes }\n', '.chaoslint.yaml:1:17: assume.mesh must be true or false'],
    ['- preset\n', '.chaoslint.yaml:1:1: A policy file is a map of keys: preset, rules, ignore'],
    [
      'assume:\n  limitRange: [cpuRequests]\n',
      '.chaoslint.yaml:2:16: assume.limitRange.0 is "cpuRequests", not one of cpuRequest, memoryRequest, cpuLimit, memoryLimit; did you mean "cpuRequest"?',
    ],
  ];
  for (const [text, message] of cases) {
    it(message, async () => assert.equal(await complaint(text), message));
  }

  it('counts the other problems', async () => {
    assert.match(await complaint('prset: strict\nfailOn: nevr\n'), /^[^(]*\(and 1 more\)$/);
  });

  it('has a place for broken YAML', async () => {
    assert.match(await complaint('preset: "strict\n'), /^\.chaoslint\.yaml:\d+:\d+: /);
  });

  it('is refused when it is hostile, without harm', async () => {
    await complaint(`rules: ${'['.repeat(5000)}`);
    await complaint('__proto__: { preset: strict }\n');
    await complaint('rules: { constructor: error }\n');
    assert.equal(Object.hasOwn(Object.prototype, 'preset'), false);
  });
});

describe('the policy file of a run', () => {
  it('is the nearest one upward, not above the top of the repository', () => {
    const root = folder({
      '.chaoslint.yaml': '',
      'shop/.git/HEAD': 'ref: refs/heads/main\n',
      'shop/deploy/orders.yaml': '',
      'team/.chaoslint.yml': '',
      'team/deploy/orders.yaml': '',
    });
    const found = (...parts: string[]) => findPolicyFile(path.join(root, ...parts), ['.']);
    assert.equal(found('shop', 'deploy'), undefined);
    assert.equal(found('team', 'deploy'), path.join(root, 'team', '.chaoslint.yml'));
    assert.equal(found(), path.join(root, '.chaoslint.yaml'));
  });

  it('is that of the paths when the current folder has none', () => {
    const root = folder({
      'a/.git/HEAD': '',
      'a/.chaoslint.yaml': '',
      'b/.git/HEAD': '',
      'b/.chaoslint.json': '{}',
      'c/.git/HEAD': '',
    });
    const c = path.join(root, 'c');
    assert.equal(findPolicyFile(c, ['../a/*.yaml', '.']), path.join(root, 'a', '.chaoslint.yaml'));
    assert.throws(() => findPolicyFile(c, ['../a', '../b']), /different policy files.*--config/);
  });

  it('is one file', () => {
    const root = folder({ '.chaoslint.yaml': '', '.chaoslint.json': '{}' });
    assert.throws(() => findPolicyFile(root, ['.']), /two policy files/);
  });

  it('can be named, and must then exist', async () => {
    const cwd = folder({ 'ops/policy.yaml': 'failOn: never\n' });
    const source = { cwd, paths: ['.'], rules };
    const policy = await readPolicy({ ...source, policyFile: 'ops/policy.yaml' });
    assert.equal(policy.failOn, 'never');
    await assert.rejects(
      readPolicy({ ...source, policyFile: 'policy.yaml' }),
      /The policy file policy\.yaml does not exist/,
    );
  });
});

describe('the whole policy file', () => {
  const exception = (more: string) => `suppress:\n  - rules: [naked-pod]\n    ${more}\n`;

  it('holds overrides and exceptions', async () => {
    const text = `overrides:
  - files: [legacy/]
    rules: { too-few-replicas: off, zero-grace-period: { level: note } }
suppress:
  - rules: [naked-pod, too-few-replicas]
    paths: [tools/]
    about: v1/Pod/shop/shell
    reason: somebody looks at it
    until: 2026-11-25
`;
    const on = (today: string) => parsePolicy(text, FILE, rules, today);
    const policy = await on('2026-11-25');
    assert.deepEqual(policy.overrides[0]?.files, ['legacy/']);
    assert.deepEqual(policy.overrides[0]?.rules.get('too-few-replicas'), { level: 'off' });
    const { at, ...entry } = policy.suppress[0] ?? assert.fail();
    assert.deepEqual(entry, {
      rules: ['naked-pod', 'too-few-replicas'],
      paths: ['tools/'],
      about: 'v1/Pod/shop/shell',
      reason: 'somebody looks at it',
      until: '2026-11-25',
      isExpired: false,
    });
    assert.deepEqual([at.path, at.line], [FILE, 5]);
    assert.equal((await on('2026-11-26')).suppress[0]?.isExpired, true);
  });

  for (const [text, wanted] of [
    [exception('paths: [a]'), `${FILE}:2:5: suppress.0 lacks the key "reason": say why`],
    [exception('reason: "  "'), `${FILE}:3:13: suppress.0.reason must not be empty`],
    [
      exception('{ reason: a }').replace('{', 'reason: a\n    until: soon #'),
      `${FILE}:4:12: suppress.0.until is "soon", not a day such as 2027-03-31`,
    ],
    [
      exception('reason: a').replace('naked-pod', 'naked-pods'),
      /^\.chaoslint\.yaml:2:13: suppress\.0\.rules\.0 is "naked-pods", not one of .*; did you mean "naked-pod"\?$/,
    ],
    [
      'overrides: [{ files: [a], rules: { naked-pods: off } }]',
      `${FILE}:1:36: There is no rule "naked-pods" in overrides.0.rules; did you mean "naked-pod"?`,
    ],
    [
      'wrappers: [{ module: a, functions: [b], calls: htp }]',
      `${FILE}:1:48: wrappers.0.calls is "htp", not one of http, database; did you mean "http"?`,
    ],
    [
      'extends: ./other.yaml',
      /^\.chaoslint\.yaml:1:10: extends names "\.\/other\.yaml", and a text alone/,
    ],
  ] as const)
    it(`is told that it is wrong: ${text.split('\n').at(-2) ?? text}`, async () => {
      const told = await complaint(text);
      if (typeof wanted === 'string') assert.equal(told, wanted);
      else assert.match(told, wanted);
    });

  const read = (root: string, at = '.') =>
    readPolicy({ cwd: path.join(root, at), paths: [], policyFile: undefined, rules });

  it('extends presets and files of the repository, and goes on top of them', async () => {
    const root = folder({
      '.git/HEAD': '',
      'shared/base.yaml':
        'extends: strict\nfailOn: note\nignore: [a]\nrules: { too-few-replicas: { min: 3 }, naked-pod: off }\n',
      'apps/shop/.chaoslint.yaml':
        'extends: [../../shared/base.yaml]\nfailOn: never\nignore: [b]\nrules: { too-few-replicas: note }\n',
    });
    const policy = await read(root, 'apps/shop');
    assert.deepEqual(
      [policy.preset, policy.failOn, policy.ignore, policy.rules.get('naked-pod')],
      ['strict', 'never', ['a', 'b'], { level: 'off' }],
    );
    assert.deepEqual(policy.rules.get('too-few-replicas'), { level: 'note', options: { min: 3 } });
    assert.deepEqual(
      policy.files.map((file) => path.relative(root, file.path)),
      ['apps/shop/.chaoslint.yaml', 'shared/base.yaml'],
    );
  });

  it('extends nothing outside, nothing that is missing, and not itself', async () => {
    const outside = folder({ 'base.yaml': 'failOn: note\n' });
    const told = async (name: string, more: Readonly<Record<string, string>> = {}) => {
      const root = folder({ '.git/HEAD': '', '.chaoslint.yaml': `extends: ${name}\n`, ...more });
      fs.symlinkSync(outside, path.join(root, 'link'));
      return read(root).then(
        () => 'accepted',
        (error: Error) => error.message.replace(/^\.chaoslint\.yaml:1:10: extends names /, ''),
      );
    };
    const up = `../${path.basename(outside)}/base.yaml`;
    assert.equal(await told(up), `"${up}", which is outside of the repository`);
    assert.equal(
      await told('./link/base.yaml'),
      '"./link/base.yaml", which is outside of the repository',
    );
    assert.equal(await told('./gone.yaml'), '"./gone.yaml", which does not exist');
    assert.equal(await told('./.chaoslint.yaml'), '"./.chaoslint.yaml", which extends this file');
    assert.match(
      await told('./a.yaml', { 'a.yaml': 'extends: ./.chaoslint.yaml\n' }),
      /which extends this file$/,
    );
    assert.match(await told('strikt'), /^"strikt", which is neither .*; did you mean "strict"\?$/);
  });

  it('may stand in package.json', async () => {
    const root = folder({
      '.git/HEAD': '',
      'package.json': '{\n\t"name": "shop",\n\t"chaoslint": {\n\t\t"failOn": "note"\n\t}\n}\n',
    });
    assert.equal(findPolicyFile(root, []), path.join(root, 'package.json'));
    assert.equal((await read(root)).failOn, 'note');
    fs.writeFileSync(
      path.join(root, 'package.json'),
      '{\n\t"chaoslint": {\n\t\t"failon": "note"\n\t}\n}\n',
    );
    await assert.rejects(read(root), {
      message: 'package.json:3:3: There is no key "failon"; did you mean "failOn"?',
    });
    fs.writeFileSync(path.join(root, 'package.json'), '{ "name": "chaoslint" }\n');
    assert.equal(findPolicyFile(root, []), undefined);
  });
});
