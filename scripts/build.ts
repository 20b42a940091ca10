/** Builds dist/: one bundle without runtime dependencies, split where src/ imports lazily, and its declarations. */
import { spawn } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices, packageFolders } from './notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

/** Bundled CommonJS packages call `require` for modules of Node. */
const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";

/** TypeScript, in the worker's bundle, also asks where it is. */
const PLACE =
  "import { fileURLToPath as pathOfBundle } from 'node:url';\nconst __filename = pathOfBundle(import.meta.url);\nconst __dirname = pathOfBundle(new URL('.', import.meta.url));";

/** The copy of TypeScript that is shipped. */
const TYPESCRIPT = join(root, 'node_modules/@ts-morph/common/dist/typescript.js');

const SHARED = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Names and lines stay, so that stack traces can be read.
  minify: false,
  legalComments: 'eof',
  metafile: true,
  logLevel: 'warning',
} as const;

async function bundle(): Promise<void> {
  const program = build({
    ...SHARED,
    entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    banner: { js: REQUIRE },
  });
  // A bundle of its own: nothing of TypeScript may come into what the main thread loads.
  const worker = build({
    ...SHARED,
    entryPoints: {
      worker: 'src/extract/typescript/worker.ts',
      'fix-worker': 'src/fix/typescript/worker.ts',
    },
    chunkNames: 'worker-chunks/[name]-[hash]',
    splitting: true,
    // ts-morph brings TypeScript 6.0 along: one copy serves both.
    alias: { 'typescript/lib/tsserverlibrary': TYPESCRIPT, typescript: TYPESCRIPT },
    // Nearly all of it is TypeScript, 10 MB of it.
    minify: true,
    banner: { js: `${REQUIRE}\n${PLACE}` },
  });
  const inputs = (await Promise.all([program, worker])).flatMap(({ metafile }) =>
    Object.keys(metafile.inputs),
  );
  writeFileSync(
    'THIRD-PARTY-NOTICES.txt',
    notices(root, packageFolders([...inputs, 'node_modules/typescript/lib'])),
  );
}

function declarations(): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [compiler, '-p', 'scripts/tsconfig.declarations.json'], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`tsc ended with exit code ${code}`)),
    );
  });
}

await Promise.all([bundle(), declarations()]);
copyFileSync('src/schema.json', 'dist/schema.json');
