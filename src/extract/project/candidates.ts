/** Which files say something about a project: told by their paths. */
import type { Framework } from '../../project-facts.ts';

export type ProjectFileKind =
  | 'package'
  | 'pnpm-workspace'
  | 'lerna'
  | 'rush'
  | 'nx-project'
  | 'compiler'
  | 'dockerfile'
  | 'compose'
  | 'skaffold'
  | 'procfile'
  | 'environment'
  | 'nest'
  | 'serverless'
  | 'wrangler'
  | 'framework'
  | 'lockfile';

export type LockfileName =
  | 'package-lock.json'
  | 'npm-shrinkwrap.json'
  | 'pnpm-lock.yaml'
  | 'yarn.lock'
  | 'bun.lock';

/** Lockfiles are read line by line, so they may be larger than other files: bytes. */
export const MAX_LOCKFILE_BYTES = 64 * 1024 * 1024;

const EXACT: ReadonlyMap<string, ProjectFileKind> = new Map<string, ProjectFileKind>([
  ['package.json', 'package'],
  ['pnpm-workspace.yaml', 'pnpm-workspace'],
  ['lerna.json', 'lerna'],
  ['rush.json', 'rush'],
  ['project.json', 'nx-project'],
  ['Procfile', 'procfile'],
  ['nest-cli.json', 'nest'],
  ['.nest-cli.json', 'nest'],
  ['serverless.yml', 'serverless'],
  ['serverless.yaml', 'serverless'],
  ['wrangler.toml', 'wrangler'],
  ['wrangler.json', 'wrangler'],
  ['wrangler.jsonc', 'wrangler'],
  ['package-lock.json', 'lockfile'],
  ['npm-shrinkwrap.json', 'lockfile'],
  ['pnpm-lock.yaml', 'lockfile'],
  ['yarn.lock', 'lockfile'],
  ['bun.lock', 'lockfile'],
]);

const PATTERNS: readonly (readonly [RegExp, ProjectFileKind])[] = [
  [/^[tj]sconfig(?:[.-][^/]*)?\.json$/, 'compiler'],
  [
    /^(?:Dockerfile|Containerfile)(?:[.-](?!.*\.?(?:md|txt|dockerignore)$)[^/]*)?$|\.(?:dockerfile|Dockerfile)$/,
    'dockerfile',
  ],
  [/^(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/, 'compose'],
  [/^skaffold(?:[.-][^/]*)?\.ya?ml$/, 'skaffold'],
  [
    /^\.env(?:[.-][^/]*)?$|^[^/]*\.env(?:\.(?:example|sample|template|dist))?$|^env\.(?:example|sample|template)$/,
    'environment',
  ],
];

const CODE = '\\.(?:[cm]?[jt]s)$';
const FRAMEWORKS: readonly (readonly [RegExp, Framework])[] = [
  [/^angular\.json$/, 'angular'],
  [new RegExp(`^astro\\.config${CODE}`), 'astro'],
  [
    new RegExp(
      `^(?:electron\\.vite\\.config|electron-builder(?:\\.config)?|forge\\.config)${CODE}|^electron-builder\\.(?:ya?ml|json)$`,
    ),
    'electron',
  ],
  [new RegExp(`^app\\.config${CODE}|^metro\\.config${CODE}`), 'expo'],
  [new RegExp(`^gatsby-config${CODE}`), 'gatsby'],
  [new RegExp(`^next\\.config${CODE}`), 'next'],
  [new RegExp(`^nuxt\\.config${CODE}`), 'nuxt'],
  [new RegExp(`^ecosystem\\.config${CODE}|^ecosystem\\.config\\.json$`), 'pm2'],
  [new RegExp(`^react-router\\.config${CODE}`), 'react-router'],
  [new RegExp(`^remix\\.config${CODE}`), 'remix'],
  [new RegExp(`^rspack\\.config${CODE}`), 'rspack'],
  [new RegExp(`^svelte\\.config${CODE}`), 'sveltekit'],
  [new RegExp(`^vite\\.config${CODE}`), 'vite'],
  [
    new RegExp(`^webpack(?:\\.[\\w-]+)*\\.config${CODE}|^webpack\\.config(?:\\.[\\w-]+)*${CODE}`),
    'webpack',
  ],
];

/** What the file at `path` says something about; undefined for files that are none of these, and in node_modules. */
export function projectFileKind(path: string): ProjectFileKind | undefined {
  if (/(?:^|\/)node_modules\//.test(path)) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  for (const [pattern, kind] of PATTERNS) if (pattern.test(name)) return kind;
  return frameworkOf(path) === undefined ? undefined : 'framework';
}

/** The framework whose settings have the name of this file. */
export function frameworkOf(path: string): Framework | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return FRAMEWORKS.find(([pattern]) => pattern.test(name))?.[1];
}
