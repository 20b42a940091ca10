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

async function bundle(): Promise<void> {
  const { metafile } = await build({
    entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Names and lines stay, so that stack traces can be read.
    minify: false,
    legalComments: 'eof',
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(
    'THIRD-PARTY-NOTICES.txt',
    notices(root, packageFolders(Object.keys(metafile.inputs))),
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
