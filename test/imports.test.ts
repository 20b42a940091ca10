/** The import law of docs/architecture.md, and the layout of the repository. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Edge {
  readonly from: string;
  /** Path of a file of the repository, `node:x`, or the name of a package. */
  readonly to: string;
  /** `src/cli.ts:12 imports node:fs`: for messages. */
  readonly text: string;
}

/** What a module loads or names: imports, exports, dynamic imports, import types. */
function importsOf(path: string, text: string): Edge[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const edges: Edge[] = [];
  const add = (specifier: ts.Node | undefined, node: ts.Node) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const to =
      specifier !== undefined && ts.isStringLiteralLike(specifier)
        ? targetOf(path, specifier.text)
        : 'something computed';
    edges.push({ from: path, to, text: `${path}:${line} imports ${to}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      add(node.moduleSpecifier, node);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, node);
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const loads =
        expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(expression) && expression.text === 'require');
      if (loads) add(node.arguments[0], node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edges;
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(dirname(from), specifier);
  if (specifier.startsWith('node:')) return specifier;
  if (builtinModules.includes(specifier)) return `node:${specifier}`;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** TypeScript modules under a folder, without the cases of rules. */
function modulesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('/cases/'))
    .sort();
}

const modules = [...modulesUnder('src'), ...modulesUnder('rules')];
const edges = modules.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')));

/** Fails with every edge that starts in `from` and leads to something that is not allowed. */
function assertImports(
  from: (path: string) => boolean,
  allowed: (to: string, from: string) => boolean,
): void {
  const judged = edges.filter((edge) => from(edge.from));
  assert.ok(modules.some(from), 'the law is about no module at all');
  const wrong = judged.filter((edge) => !allowed(edge.to, edge.from));
  assert.deepEqual(
    wrong.map(({ text }) => text),
    [],
  );
}

const within = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const isOneOf = (...paths: string[]) => {
  const set = new Set(paths);
  return (path: string) => set.has(path);
};

const GROUND_FLOOR = isOneOf(
  'src/facts.ts',
  'src/code-facts.ts',
  'src/project-facts.ts',
  'src/location.ts',
  'src/paths.ts',
  'src/finding.ts',
  'src/prediction.ts',
);

test('every way to import is seen', () => {
  const text = `import a from 'yaml';
import type { B } from './b.ts';
import '../c.ts';
export * from './d.ts';
export { e } from 'node:fs/promises';
const f = await import('@scope/f/deep.js');
const g = require('fs');
type H = import('./h.ts').H;
const i = await import(name);
// import './comment.ts'
const j = "import './text.ts'";
`;
  assert.deepEqual(
    importsOf('src/x/a.ts', text).map(({ to }) => to),
    [
      'yaml',
      'src/x/b.ts',
      'src/c.ts',
      'src/x/d.ts',
      'node:fs/promises',
      '@scope/f',
      'node:fs',
      'src/x/h.ts',
      'something computed',
    ],
  );
});

test('every import leads to a module of the repository, of Node or of package.json', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = new Set(Object.keys(devDependencies));
  const known = new Set([...modules, 'src/schema.json', 'package.json']);
  assertImports(
    () => true,
    (to, from) =>
      known.has(to) ||
      (to.startsWith('node:') && builtinModules.includes(to.slice('node:'.length))) ||
      packages.has(to) ||
      // Types of the SARIF format come from a package of types.
      (to === 'sarif' && packages.has('@types/sarif') && from.startsWith('src/report/')),
  );
});

test('a rule imports src/rule.ts only', () => {
  assertImports(
    (path) => path.startsWith('rules/') && path.endsWith('/rule.ts'),
    isOneOf('src/rule.ts'),
  );
});

test('the ground floor imports itself only', () => {
  assertImports(GROUND_FLOOR, GROUND_FLOOR);
});

test('src/rule.ts imports the ground floor, the types of the model and what is derived of it', () => {
  assertImports(
    isOneOf('src/rule.ts'),
    (to) =>
      GROUND_FLOOR(to) ||
      isOneOf(
        'src/model/model.ts',
        'src/model/code.ts',
        'src/model/service-graph.ts',
        'src/model/together.ts',
        'src/model/value.ts',
      )(to) ||
      within('src/model/derive')(to),
  );
});

test('extract imports the ground floor, itself and parsers', () => {
  const parsers = isOneOf(
    'yaml',
    '@typescript-eslint/types',
    '@typescript-eslint/typescript-estree',
  );
  // The main thread never loads TypeScript: the two ends of the worker.
  const worker = isOneOf('src/extract/typescript/pool.ts', 'src/extract/typescript/serve.ts');
  // Unpacks in memory, which is no disk access.
  const unpacks = isOneOf('src/extract/helm/archive.ts');
  // Check sums, which need nothing of the machine.
  const hashes = isOneOf('src/extract/helm/functions/encodings.ts');
  assertImports(
    within('src/extract'),
    (to, from) =>
      GROUND_FLOOR(to) ||
      within('src/extract')(to) ||
      parsers(to) ||
      (to === 'node:worker_threads' && worker(from)) ||
      (to === 'node:zlib' && unpacks(from)) ||
      (to === 'node:crypto' && hashes(from)),
  );
});

test('one file knows who makes the syntax trees of TypeScript', () => {
  assertImports(
    (path) => path !== 'src/extract/typescript/parse.ts',
    (to) => to !== '@typescript-eslint/typescript-estree' && to !== 'typescript',
  );
});

test('model imports the ground floor, libraries and itself', () => {
  assertImports(
    within('src/model'),
    (to) =>
      GROUND_FLOOR(to) ||
      within('src/model')(to) ||
      within('src/libraries')(to) ||
      isOneOf('src/nearest.ts', 'src/library.ts')(to),
  );
});

test('a library is data: it imports the types of libraries only', () => {
  assertImports(
    (path) => within('src/libraries')(path) && path !== 'src/libraries/index.ts',
    (to) => to === 'src/library.ts',
  );
});

test('report imports the ground floor and itself, and never the disk', () => {
  assertImports(
    within('src/report'),
    (to) =>
      GROUND_FLOOR(to) ||
      within('src/report')(to) ||
      isOneOf('picocolors', 'sarif', 'node:crypto')(to),
  );
});

test('only src/files, src/config and src/cli.ts touch the disk; only src/files starts a process', () => {
  const disk = isOneOf('node:fs', 'node:fs/promises', 'globby');
  assertImports(
    (path) => !within('src/files')(path) && !within('src/config')(path) && path !== 'src/cli.ts',
    (to) => !disk(to),
  );
  assertImports(
    (path) => !within('src/files')(path),
    (to) => to !== 'node:child_process',
  );
});

test('nothing opens the network or runs code that it reads', () => {
  const forbidden = isOneOf(
    'node:net',
    'node:tls',
    'node:dgram',
    'node:dns',
    'node:http',
    'node:https',
    'node:http2',
    'node:vm',
    'node:module',
    'node:inspector',
    'something computed',
  );
  assertImports(
    () => true,
    (to) => !forbidden(to),
  );
});

test('nothing imports cli.ts, and only the commands and the public index import run.ts', () => {
  assertImports(
    () => true,
    (to, from) =>
      to !== 'src/cli.ts' &&
      (to !== 'src/run.ts' || within('src/commands')(from) || from === 'src/index.ts'),
  );
});

/** The first cycle that is found from `start`, as the edges that close it. */
function cycleFrom(start: string, done: Set<string>): string[] | undefined {
  const path: Edge[] = [];
  const walk = (module: string, open: ReadonlySet<string>): string[] | undefined => {
    for (const edge of edges.filter(({ from }) => from === module)) {
      if (open.has(edge.to)) {
        const first = path.findIndex(({ from }) => from === edge.to);
        return [...path.slice(first < 0 ? path.length : first), edge].map(({ text }) => text);
      }
      if (done.has(edge.to)) continue;
      path.push(edge);
      const cycle = walk(edge.to, new Set([...open, edge.to]));
      if (cycle !== undefined) return cycle;
      path.pop();
    }
    done.add(module);
    return undefined;
  };
  return walk(start, new Set([start]));
}

test('no module imports itself through others', () => {
  const done = new Set<string>();
  for (const module of modules) assert.equal(cycleFrom(module, done)?.join('\n'), undefined);
});

test('the top level holds the layout and nothing else', () => {
  const committed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  const top = new Set(
    committed
      .split('\0')
      .filter(Boolean)
      .map((path) => path.split('/')[0]),
  );
  assert.deepEqual([...top].sort(), [
    '.chaoslint.yaml',
    '.ci',
    '.gitignore',
    '.npmrc',
    '.pre-commit-hooks.yaml',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'action.yml',
    'bin',
    'biome.json',
    'docs',
    'fixtures',
    'package-lock.json',
    'package.json',
    'rules',
    'scripts',
    'src',
    'test',
    'tsconfig.json',
  ]);
});
