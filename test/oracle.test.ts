/** The symbol oracle: it agrees on our own code, and it notices when the two sides do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compare, reason, verdictOf } from '../scripts/oracle/compare.ts';
import { readFolder } from '../scripts/oracle/folder.ts';
import { oursOf } from '../scripts/oracle/ours.ts';
import { theirsOf } from '../scripts/oracle/theirs.ts';
import type { SourceFile } from '../src/facts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Verdicts by `kind name`, in the order of the code. */
function verdicts(texts: Readonly<Record<string, string>>): Record<string, string> {
  const code: SourceFile[] = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { compared } = compare({ code, project: [] });
  return Object.fromEntries(
    compared.map((one) => [
      `${one.kind} ${one.name}`,
      one.verdict === 'same' || one.verdict === 'different'
        ? one.verdict
        : `${one.verdict}: ${reason(one)}`,
    ]),
  );
}

test('our own linker: every declaration is the one that ts-morph names', () => {
  const folder = readFolder(root);
  const code = folder.code.filter(({ path }) => path.startsWith('src/'));
  const { compared, modules } = compare({ ...folder, code });
  const different = compared.filter(({ verdict }) => verdict === 'different');
  assert.deepEqual(
    different.map(({ path, start, name }) => `${path}:${start} ${name}`),
    [],
  );
  assert.deepEqual(modules.different, []);
  const same = (kind: string) =>
    compared.filter((one) => one.kind === kind && one.verdict === 'same').length;
  assert.ok(same('import') > 500, `${same('import')} imports`);
  assert.ok(same('field') > 100, `${same('field')} fields`);
  assert.ok(same('root') > 1_000, `${same('root')} roots`);
  assert.ok(same('target') > 100, `${same('target')} targets`);
  // Without libraries of types neither side knows these; what only one side knows must be rare.
  const onlyTheirs = compared.filter(
    ({ kind, verdict }) => kind !== 'target' && verdict === 'only-theirs',
  );
  assert.deepEqual(
    onlyTheirs.map(({ path, start, name }) => `${path}:${start} ${name}`),
    [],
  );
});

test('a name is followed through barrels, stars, defaults and namespaces', () => {
  const found = verdicts({
    'src/orders.ts': 'export class Orders { list() { return []; } }\nexport default 5;',
    'src/mailer.ts':
      'export const send = () => true;\nconst hidden = 1;\nexport { hidden as shown };',
    'src/index.ts':
      "export * from './orders.ts';\nexport * as mail from './mailer.ts';\nexport { shown } from './mailer.ts';",
    'src/main.ts': [
      "import { Orders, mail, shown, missing } from './index.ts';",
      "import five from './orders.ts';",
      "import type { Pool } from 'pg';",
      'class Shop extends Orders {',
      '  private readonly pool: Pool;',
      '  constructor(private readonly orders: Orders, pool: Pool) { super(); this.pool = pool; }',
      '  run() { mail.send(); this.orders.list(); return [this.list(), this.pool, five, shown, missing]; }',
      '}',
    ].join('\n'),
  });
  assert.deepEqual(found, {
    'import Orders': 'same',
    'import mail': 'same',
    'import shown': 'same',
    'import missing': 'neither: ours: export-not-found; theirs: alias of nothing',
    'import five': 'same',
    'import Pool': 'neither: ours: package; theirs: alias of nothing',
    'field pool': 'same',
    'field orders': 'same',
    'field list': 'same',
    'root mail': 'same',
    'target send': 'same',
    'target list': 'same',
  });
});

test('CommonJS: a name behind module.exports, and a module that passes another one on', () => {
  const found = verdicts({
    'lib/pay.js': 'function pay() {}\nmodule.exports = { pay };',
    'lib/index.js': "module.exports = require('./pay.js');",
    'main.js':
      "const { pay } = require('./lib/pay.js');\nconst all = require('./lib');\npay();\nall.pay();",
  });
  assert.equal(found['import pay'], 'same');
  assert.match(found['import all'] ?? '', /^further: /);
  assert.equal(found['root pay'], 'same');
  assert.equal(found['target pay'], 'same');
});

test('another declaration is a difference', () => {
  const code = (order: string): SourceFile[] => [
    { path: 'src/a.ts', text: 'export const order = 1;' },
    { path: 'src/b.ts', text: 'export const order = 2;' },
    { path: 'src/index.ts', text: `export { order } from './${order}.ts';` },
    { path: 'src/main.ts', text: "import { order } from './index.ts';" },
  ];
  const ours = oursOf({ code: code('a'), project: [] });
  const verdictWith = (order: string) => {
    const theirs = theirsOf(code(order), ours.program);
    return ours.questions.map((question) => verdictOf(question, theirs.answer(question)));
  };
  assert.deepEqual(verdictWith('a'), ['same']);
  assert.deepEqual(verdictWith('b'), ['different']);
});
