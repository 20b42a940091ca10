/** Manifests that were written to hang, crash or mislead whoever reads them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import type { FileFacts, Node } from '../src/facts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: orders}\n';
const MIB = 1024 * 1024;
/** Large enough to tell a quadratic reader, small enough for a suite that runs often. */
const SIZE = MIB / 4;
/** What opens a variable. */
const OPEN = ['$', '{'].join('');

const extract = (text: string, path = 'shop.yaml') => extractManifest({ path, text });
const idsOf = (facts: FileFacts) => facts.notifications.map(({ id }) => id);

/** The value below a path of keys. */
function at(facts: FileFacts, ...keys: readonly string[]): Node | undefined {
  let node: Node | undefined = facts.resources[0]?.body;
  for (const key of keys)
    node =
      node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  return node;
}

/** Every range of the facts, however deep; shared nodes are looked at once. */
function rangesOf(facts: FileFacts): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const seen = new Set<unknown>();
  const todo: unknown[] = [facts];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value === facts.lineStarts) continue;
    for (const [key, item] of Object.entries(value)) {
      if (/range$/i.test(key) || key === 'experimentRuns')
        ranges.push(...(key === 'experimentRuns' ? item : [item]));
      else todo.push(item);
    }
  }
  return ranges;
}

/** A result and the processor time that it took, in milliseconds: other processes do not count. */
function timed<T>(work: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

describe('depth', () => {
  it('beyond 100 levels leaves the document out, and the others stay', () => {
    for (const deep of [
      '['.repeat(200) + ']'.repeat(200),
      '{a: '.repeat(5000) + '}'.repeat(5000),
      `\n  ${'- '.repeat(100_000)}x`,
      `\n  ${'? '.repeat(1024)}x`,
      Array.from({ length: 400 }, (_, i) => `\n${' '.repeat(i + 1)}a:`).join(''),
    ]) {
      const facts = extract(`${HEAD}---\n${HEAD}spec: ${deep}\n---\n${HEAD}`);
      assert.equal(facts.resources.length, 2);
      assert.deepEqual(idsOf(facts), ['too-deep']);
      assert.deepEqual(
        facts.unread.map(({ kinds, why }) => [kinds, why]),
        [[['Pod'], 'too-large']],
      );
    }
  });

  it('of 90 levels is read', () => {
    const facts = extract(`${HEAD}spec: ${'['.repeat(90)}${']'.repeat(90)}\n`);
    assert.deepEqual(idsOf(facts), []);
    assert.equal(at(facts, 'spec')?.kind, 'sequence');
  });

  it('of two files does not abort the process', () => {
    const script = `
      import { extractManifest } from './src/extract/kubernetes/extract.ts';
      const text = 'apiVersion: v1\\nkind: Pod\\nspec: ' + '['.repeat(1024) + ']'.repeat(1024);
      const read = () => extractManifest({ path: 'a.yaml', text }).notifications.length;
      console.log(read() + read());`;
    const child = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      { cwd: root, encoding: 'utf8' },
    );
    assert.deepEqual([child.status, child.signal, child.stdout.trim()], [0, null, '2']);
  });
});

describe('aliases', () => {
  const bomb = (levels: number) =>
    [
      'l0: &l0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: levels }, (_, i) => {
        const list = Array.from({ length: 9 }, () => `*l${i}`).join(', ');
        return `l${i + 1}: &l${i + 1} [${list}]`;
      }),
    ].join('\n');

  it('of a bomb are cut: what is behind them can be walked', () => {
    const facts = extract(`${HEAD}${bomb(9)}\n`);
    const written = JSON.stringify(facts);
    assert.match(written, /a cut alias/);
    assert.ok(written.length < 50 * MIB);
  });

  it('of an honest file are resolved, however many', () => {
    const uses = Array.from({ length: 10_000 }, (_, i) => `k${i}: *a`).join('\n');
    const facts = extract(`${HEAD}a: &a {cpu: 100m}\n${uses}\n`);
    assert.equal(at(facts, 'k9999', 'cpu')?.kind, 'scalar');
  });

  it('of themselves, and of nothing, are unknown', () => {
    const facts = extract(`${HEAD}self: &self [*self, {again: *self}]\nnone: *none\n`);
    const self = at(facts, 'self');
    assert.ok(self?.kind === 'sequence');
    assert.equal(self.items[0]?.kind, 'unknown');
    assert.equal(at(facts, 'none')?.kind, 'unknown');
    assert.deepEqual(idsOf(facts), ['unresolved-alias']);
    assert.doesNotThrow(() => JSON.stringify(facts));
  });

  it('do not reach into the next document', () => {
    const facts = extract(`${HEAD}a: &a 1\n---\n${HEAD}b: *a\n`);
    assert.deepEqual(idsOf(facts), ['unresolved-alias']);
  });
});

describe('keys', () => {
  it('of prototypes are keys like any other', () => {
    const facts = extract(`${HEAD}__proto__: {a: 1}\nconstructor: 2\ntoString: 3\n`);
    const { body } = facts.resources[0] ?? {};
    assert.deepEqual(
      body?.entries.slice(3).map(({ key }) => key),
      ['__proto__', 'constructor', 'toString'],
    );
    assert.equal(at(facts, 'hasOwnProperty'), undefined);
    assert.equal(Object.hasOwn({}, 'a'), false);
  });

  it('that stand twice are told a few times, not ten thousand times', () => {
    const facts = extract(`${HEAD}${'a: 1\n'.repeat(10_000)}`);
    assert.deepEqual(new Set(idsOf(facts)), new Set(['duplicate-key']));
    assert.ok(facts.notifications.length <= 5);
  });
});

describe('characters', () => {
  it('of terminals and lone surrogates stay in values', () => {
    const facts = extract(`${HEAD}a: "\x1b[31mred\ud800"\nb: plain\x07\n`);
    const [a, b] = [at(facts, 'a'), at(facts, 'b')];
    assert.equal(a?.kind === 'scalar' && a.value, '\x1b[31mred\ud800');
    assert.equal(b?.kind === 'scalar' && b.value, 'plain\x07');
  });

  it('of terminals never get into messages', () => {
    const facts = extract(
      `${HEAD}spec: [\x1b[31m\n---\n${HEAD}spec: "\x1b]0;x\n---\n${HEAD}a: b: \x1b[0m\n`,
    );
    assert.equal(facts.notifications.length, 3);
    const doubled = extract(`${HEAD}"a\\nb\\e": 1\n"a\\nb\\e": 2\n`);
    assert.deepEqual(idsOf(doubled), ['duplicate-key']);
    for (const { message } of [...facts.notifications, ...doubled.notifications])
      assert.match(message, /^[\x20-\x7e]+$/);
  });
});

describe('a large file of anything', () => {
  const fill = (piece: string, size = SIZE) =>
    piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  const numbered = (line: (i: number) => string, size = SIZE) => {
    const lines: string[] = [];
    for (let i = 0, length = 0; length < size; i++) {
      const next = `${line(i)}\n`;
      lines.push(next);
      length += next.length;
    }
    return lines.join('');
  };
  const cases: Readonly<Record<string, string | readonly [path: string, text: string]>> = {
    'a flow sequence': `${HEAD}a: [1${fill(',1')}]`,
    'flow maps': `${HEAD}a: [${fill('{a: b},')}]`,
    'open brackets': HEAD + fill('['),
    'open braces with a template': HEAD + fill('{ {'),
    'list dashes': `${HEAD}a:\n  ${fill('- ')}`,
    'list items': `${HEAD}a:\n${fill('- 1\n')}`,
    keys: HEAD + numbered((i) => `k${i}: 1`),
    'equal keys': HEAD + fill('a: 1\n'),
    anchors: HEAD + numbered((i) => `k${i}: &a${i} 1`),
    'aliases of other anchors':
      HEAD + numbered((i) => (i % 2 === 0 ? `k${i}: &a${i} 1` : `k${i}: *a${i - 1}`)),
    'a chain of merges':
      HEAD +
      numbered((i) => (i === 0 ? 'k0: &a0 {x: 1}' : `k${i}: &a${i} {<<: *a${i - 1}, y${i}: 1}`)),
    'merges of one map': HEAD + numbered((i) => `k${i}: 1`, SIZE / 2) + fill('<<: {}\n', SIZE / 2),
    'unresolved aliases': HEAD + fill('- *x\n'),
    'alias of a large unknown object': `apiVersion: v1\nkind: List\nitems:\n- &a {kind: "${OPEN}K}", x: "${fill('kind: A ', SIZE / 2)}"}\n${fill('- *a\n', SIZE / 2)}`,
    'bad lines': HEAD + fill('a: b: c\n'),
    'bad lists': `${HEAD}a:\n${fill('- }\n')}`,
    'tab lines': `${HEAD}a:\n${fill('\t- x\n')}`,
    'unclosed quotes': HEAD + fill('"a\n'),
    'blank lines': `${HEAD}a:\n${fill('\n')}  b`,
    comments: `${HEAD}a:\n${fill('# x\n')}  b: 1`,
    'comments in brackets': `${HEAD}a: [\n${fill('#\n')}]`,
    directives: HEAD + fill('# chaoslint-disable-next-line a -- b\n'),
    'tagged items': `${HEAD}a:\n${fill('- !t x\n')}`,
    'block scalar': `${HEAD}a: |\n${fill(' x\n')}`,
    'double quotes': `${HEAD}a: "${fill('x\n ')}"`,
    escapes: `${HEAD}a: "${fill('\\n')}"`,
    'a plain scalar': `${HEAD}a: ${fill('x\n ')}`,
    spaces: `${HEAD}a: x${fill(' ')}x`,
    'kind and spaces': `apiVersion${fill(' ')}: v1\nkind${fill(' ', 9999)}`,
    'dollar braces': `${HEAD}a: ${fill(OPEN)}`,
    'template marks': `${HEAD}a: |\n ${fill('{{ ')}`,
    'erb marks': `${HEAD}a: x\n<% ${fill('%> ')}`,
    documents: fill(`${HEAD}---\n`),
    'document markers': HEAD + fill('---\n'),
    'broken documents': fill(`---\n${HEAD}a: [\n`),
    'items of a list': `apiVersion: v1\nkind: List\nitems:\n${fill('- {apiVersion: v1, kind: Pod}\n')}`,
    'a large object of a kind that nobody reads': `apiVersion: v1\nkind: ConfigMap\ndata:\n${fill('  a: [1\n')}`,
    'image markers': HEAD + fill('image:'),
    'image markers and spaces': `${HEAD}# $imagepolicy\n${fill('image: a ')}`,
    'set image': ['deploy.sh', fill('kubectl set image ')],
    'images to set': ['deploy.sh', `kubectl set image ${fill('a=b:c ')}`],
    'commands on one line': ['deploy.sh', `image ${fill('sed kubectl litmusctl ')}`],
    'continued lines': ['deploy.sh', `kubectl set image a=b:c ${fill('\\\n')}`],
    'builds of Tilt': ['Tiltfile', fill('docker_build(')],
    'skaffold artifacts': ['skaffold.yaml', `build:\n  artifacts:\n${fill('  - image: a\n')}`],
  };
  for (const [name, content] of Object.entries(cases)) {
    it(`is over soon: ${name}`, () => {
      const [path, text] = typeof content === 'string' ? ['shop.yaml', content] : content;
      const [facts, milliseconds] = timed(() => extractManifest({ path, text }));
      assert.ok(milliseconds < 5000, `${milliseconds} ms`);
      assert.ok(facts.notifications.length <= 15);
      for (const [from, to] of rangesOf(facts)) assert.ok(from <= to && to <= text.length);
    });
  }

  it('is read when it is honest, and cut when it is not', () => {
    const keys = Array.from({ length: 75_000 }, (_, i) => `k${i}: 1`).join('\n');
    const [honest, milliseconds] = timed(() => extract(HEAD + keys));
    assert.equal(honest.resources[0]?.body?.entries.length, 75_003);
    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
    const [cut, soon] = timed(() => extract(`${HEAD}a: [${fill('1,', MIB - 100)}]`));
    assert.deepEqual(idsOf(cut), ['too-large']);
    assert.deepEqual(
      cut.unread.map(({ kinds, why }) => [kinds, why]),
      [[['Pod'], 'too-large']],
    );
    assert.ok(soon < 5000, `${soon} ms`);
  });
});

/** All files below `folder` that end in `ending`. */
function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return filesBelow(path, ending);
      return ending.test(name) ? [path] : [];
    })
    .sort();
}

describe('damaged manifests', () => {
  const texts = [
    ...filesBelow(join(root, 'fixtures'), /\.ya?ml$/),
    ...filesBelow(join(root, 'rules'), /\.ya?ml$/),
  ].map((path) => readFileSync(path, 'utf8'));
  const extras = [
    'apiVersion: v1\nkind: List\nitems:\n- &a {kind: Pod, metadata: {name: a}}\n- *a\n- {<<: *a, x: y}\n',
    '{"apiVersion": "v1",\n\t"kind": "Pod", "spec": {"a": [1, null, true]}}',
    'kind: Template\napiVersion: v1\nobjects:\n- {kind: Service, apiVersion: v1, metadata: {name: "'.concat(
      OPEN,
      'N}"}}\n',
    ),
    '# Source: shop/templates/a.yaml\napiVersion: v1\nkind: Pod\n# chaoslint-disable-next-line x -- y\nspec: |+\n  a\n\n',
  ];
  const paths = [
    'a.yaml',
    'kustomization.yaml',
    'skaffold.yaml',
    'x/templates/a.yaml',
    '.github/workflows/a.yml',
    'deploy.sh',
    'a.json',
  ];
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      '\t',
      '---\n',
      '...\n',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '{{',
      '}}',
      '|',
      '>',
      '&a',
      '*a',
      '<<: *a\n',
      ': ',
      '- ',
      '? ',
      '!t ',
      '#',
      '%',
      '\ufeff',
      '\0',
      '\x1f',
      '\ud800',
      `${OPEN}X}`,
      'kind: ',
      '  ',
    ),
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(60),
    what: fc.constantFrom('delete', 'duplicate', 'insert', 'move'),
    junk,
  });
  const damaged = fc
    .tuple(fc.constantFrom(...texts, ...extras), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([text, edits]) =>
      edits.reduce((current, { at: where, length, what, junk: inserted }) => {
        const start = Math.floor(where * current.length);
        const piece = current.slice(start, start + length);
        const rest = current.slice(start + length);
        const before = current.slice(0, start);
        if (what === 'delete') return before + rest;
        if (what === 'duplicate') return before + piece + piece + rest;
        if (what === 'insert') return before + inserted + piece + rest;
        return before + rest + piece;
      }, text),
    );

  it('never throw, and keep every range inside the text', () => {
    fc.assert(
      fc.property(damaged, fc.constantFrom(...paths), (text, path) => {
        const facts = extractManifest({ path, text });
        for (const [start, end] of rangesOf(facts)) {
          assert.ok(0 <= start && start <= end && end <= text.length, `${start}-${end}`);
        }
        for (const { message } of facts.notifications) assert.match(message, /^[^\n]+$/);
      }),
      { numRuns: 1500 },
    );
  });

  it('give the same facts for the same text', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        assert.deepEqual(extract(text), extract(text));
      }),
      { numRuns: 200 },
    );
  });
});
