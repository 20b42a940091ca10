/**
 * Facts of one file about a project: packages, workspaces, lockfiles, compiler settings, images, environments.
 * Plain JSON, of one file alone, symbolic: globs, ranges, `extends` and `${variables}` stay as written.
 *
 * Named things are lists and never objects with the names as keys: a hostile name is only text.
 * A field that is absent is really absent. What cannot be told is left out and `incomplete` says so.
 */
import type { Location, Range } from './location.ts';

/** A text with its place: the value without quotes, the range with them. */
export interface PlacedText {
  readonly value: string;
  readonly range: Range;
}

/** A text under a name: a script, a dependency, a variable. */
export interface NamedText extends PlacedText {
  readonly name: string;
  readonly nameRange: Range;
}

/** Why something that stands in a file is not in its facts. */
export type IncompleteWhy =
  | 'syntax'
  | 'too-deep'
  | 'too-large'
  /** Written in a way that is not read: code in a configuration, an unknown version of a format. */
  | 'unsupported';

/** What all facts of project files have. */
export interface ProjectFile {
  /** Path with forward slashes, relative to the base of the run. */
  readonly path: string;
  readonly lineStarts: readonly number[];
  /** Absent: the facts are all that the file says. Otherwise nothing may be concluded from an absence. */
  readonly incomplete?: IncompleteWhy;
}

export type ProjectFacts =
  | PackageFacts
  | WorkspaceFacts
  | NxProjectFacts
  | CompilerFacts
  | DockerfileFacts
  | ComposeFacts
  | SkaffoldFacts
  | ProcfileFacts
  | EnvironmentFacts
  | NestFacts
  | ServerlessFacts
  | WranglerFacts
  | FrameworkFacts;

// package.json

export interface PackageFacts extends ProjectFile {
  readonly kind: 'package';
  readonly name?: PlacedText;
  readonly version?: PlacedText;
  readonly private?: true;
  readonly type?: PlacedText;
  readonly main?: PlacedText;
  readonly module?: PlacedText;
  readonly source?: PlacedText;
  /** `types`, else `typings`. */
  readonly types?: PlacedText;
  /** Only the form that names one file. */
  readonly browser?: PlacedText;
  readonly packageManager?: PlacedText;
  /** A `bin` without names has the name of the package, without its scope; '' when there is none. */
  readonly bin: readonly NamedText[];
  /** The folder whose files are the commands of its program: `oclif.commands`. */
  readonly commandsFolder?: PlacedText;
  readonly scripts: readonly NamedText[];
  readonly engines: readonly NamedText[];
  readonly dependencies: readonly Dependency[];
  /** `overrides`, `resolutions`, `pnpm.overrides`: `name` is the selector as written (`a`, `a@1`, `a>b`). */
  readonly overrides: readonly NamedText[];
  /** Absent when the package says nothing about what it exports: then every file can be imported. */
  readonly exports?: readonly ConditionalTarget[];
  /** `#name` specifiers. */
  readonly imports: readonly ConditionalTarget[];
  readonly workspaces?: WorkspacePatterns;
  /** Bun's catalogs, which stand beside the patterns or on the top level. */
  readonly catalogs: readonly Catalog[];
}

export type DependencyKind =
  | 'dependencies'
  | 'devDependencies'
  | 'peerDependencies'
  | 'optionalDependencies';

/** One line of one of the four kinds; a package that stands in two kinds is two of them. */
export interface Dependency extends NamedText {
  readonly kind: DependencyKind;
  /** What the text of the dependency asks for. */
  readonly requested: Requested;
}

/** What a dependency asks for. Intervals are sorted and do not touch each other. */
export type Requested =
  /** Versions from the registry, under the name of the dependency or, with `package`, under another. */
  | {
      readonly is: 'versions';
      readonly package?: string;
      readonly intervals: readonly VersionInterval[];
    }
  /** A package of the same workspace; `path` for the form that names a folder. */
  | { readonly is: 'workspace'; readonly package?: string; readonly path?: string }
  /** The range stands in a catalog of the workspace; `default` is the one without a name. */
  | { readonly is: 'catalog'; readonly catalog: string }
  /** A folder or an archive. */
  | { readonly is: 'path'; readonly path: string }
  /** A repository or an archive elsewhere, a tag like `latest`, a form that is not known. */
  | { readonly is: 'elsewhere'; readonly form: 'git' | 'url' | 'tag' | 'unknown' };

/** Versions `from` up to and without `below`, in the order of semver: prereleases stand before their release. */
export interface VersionInterval {
  readonly from: string;
  /** Absent: there is no upper bound. */
  readonly below?: string;
}

/**
 * One leaf of `exports` or `imports`. They stand in the order in which Node looks at them: of one subpath, the first
 * whose conditions all hold is the target.
 */
export interface ConditionalTarget {
  /** `.`, `./sub`, `./sub/*`; `#name` for imports. */
  readonly subpath: string;
  readonly conditions: readonly string[];
  /** null: importing it is forbidden. */
  readonly target: string | null;
  readonly range: Range;
}

// Workspaces

/** Who reads the patterns; they differ in what a pattern may say. */
export type WorkspaceTool = 'package.json' | 'pnpm' | 'lerna' | 'rush';

export interface WorkspacePatterns {
  readonly tool: WorkspaceTool;
  /** Globs of folders as written, `!` in front of those that are taken out again; for rush, folders. */
  readonly patterns: readonly PlacedText[];
}

/** pnpm-workspace.yaml, lerna.json, rush.json: the folder of the file is the root of the workspace. */
export interface WorkspaceFacts extends ProjectFile {
  readonly kind: 'workspace';
  /** Absent when the file names no packages (lerna.json that leaves it to package.json). */
  readonly workspaces?: WorkspacePatterns;
  readonly catalogs: readonly Catalog[];
  /** `overrides` of pnpm-workspace.yaml. */
  readonly overrides: readonly NamedText[];
}

/** Ranges that dependencies refer to by `catalog:`. */
export interface Catalog {
  /** `default` for the one without a name. */
  readonly name: string;
  readonly entries: readonly (NamedText & { readonly requested: Requested })[];
}

/** project.json of Nx. */
export interface NxProjectFacts extends ProjectFile {
  readonly kind: 'nx-project';
  readonly name?: PlacedText;
  readonly root?: PlacedText;
  readonly sourceRoot?: PlacedText;
  readonly projectType?: PlacedText;
  readonly targets: readonly NxTarget[];
}

export interface NxTarget {
  readonly name: string;
  readonly nameRange: Range;
  readonly executor?: PlacedText;
  readonly command?: PlacedText;
  /** Options that are texts: `main`, `tsConfig`, `outputPath`, `command`, `buildTarget`. */
  readonly options: readonly NamedText[];
}

// Lockfiles

/** What a lockfile says about the packages that somebody wants to know about. */
export interface LockfileFacts {
  readonly kind: 'lockfile';
  readonly path: string;
  readonly format: 'npm' | 'pnpm' | 'yarn-classic' | 'yarn-berry' | 'bun';
  /** `lockfileVersion` or the version in the metadata, as written; absent when the file does not say. */
  readonly formatVersion?: string;
  readonly incomplete?: IncompleteWhy;
  /** In the order of the file. */
  readonly packages: readonly LockedPackage[];
  /**
   * Workspace packages and what they get. Absent when the format does not name them (yarn-classic, npm before
   * lockfileVersion 2): then `requested` or `installed` of the packages answers.
   */
  readonly importers?: readonly Importer[];
}

/** One installed version of a wanted package. */
export interface LockedPackage {
  /** The name under which it is published. */
  readonly name: string;
  /** The version; absent for git, archives and folders whose version the lockfile does not say. */
  readonly version?: string;
  /** The descriptors that lead to it (`axios@^1.2.0` gives name `axios`, range `^1.2.0`): yarn. */
  readonly requested?: readonly { readonly name: string; readonly range: string }[];
  /** Where npm puts it: `node_modules/axios`, `node_modules/a/node_modules/axios`. */
  readonly installed?: string;
  /** Its own dependencies on wanted packages: indexes into `packages`, sorted. Those that cannot be told are left out. */
  readonly dependencies: readonly number[];
  readonly place: Location;
}

/** A workspace package in a lockfile. */
export interface Importer {
  /** Folder, relative to the folder of the lockfile; '' for the root. */
  readonly folder: string;
  readonly name?: string;
  /** Its dependencies on wanted packages. */
  readonly dependencies: readonly ImporterDependency[];
}

export interface ImporterDependency {
  /** The name by which code imports it. */
  readonly name: string;
  /** The text that package.json had when the lockfile was written. */
  readonly range?: string;
  /** Index into `packages`; absent when it leads to a folder or cannot be told. */
  readonly package?: number;
}

// Compiler settings

/** tsconfig*.json and jsconfig.json. Paths are as written, relative to the folder of the file. */
export interface CompilerFacts extends ProjectFile {
  readonly kind: 'compiler';
  readonly extends: readonly PlacedText[];
  readonly baseUrl?: PlacedText;
  /** Absent when the file has none: then those of `extends` hold. */
  readonly paths?: readonly PathMapping[];
  readonly rootDir?: PlacedText;
  readonly rootDirs?: readonly PlacedText[];
  readonly outDir?: PlacedText;
  readonly module?: PlacedText;
  readonly moduleResolution?: PlacedText;
  readonly jsx?: PlacedText;
  readonly customConditions?: readonly PlacedText[];
  readonly allowJs?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly references: readonly PlacedText[];
  readonly files?: readonly PlacedText[];
  readonly include?: readonly PlacedText[];
  readonly exclude?: readonly PlacedText[];
}

export interface PathMapping {
  /** At most one `*`. */
  readonly pattern: string;
  readonly patternRange: Range;
  readonly targets: readonly PlacedText[];
}

// Images

export interface DockerfileFacts extends ProjectFile {
  readonly kind: 'dockerfile';
  /** ARG instructions before the first stage. */
  readonly arguments: readonly NamedText[];
  readonly stages: readonly Stage[];
}

export interface Stage {
  /** The name after AS, in lower case as Docker compares it. */
  readonly name?: PlacedText;
  /** Image or earlier stage as written, `$VARIABLES` included. */
  readonly image: PlacedText;
  readonly platform?: string;
  /** From FROM to the last instruction of the stage. */
  readonly range: Range;
  readonly steps: readonly Step[];
}

/** One instruction. Texts are without the quotes and escapes of the Dockerfile; `$VARIABLES` stand as written. */
export type Step = { readonly range: Range } & (
  | { readonly is: 'workdir' | 'user' | 'stopsignal'; readonly value: string }
  | { readonly is: 'env'; readonly variables: readonly NamedText[] }
  /** `value` is '' and `hasDefault` absent when the argument has no default. */
  | {
      readonly is: 'arg';
      readonly variables: readonly (NamedText & { readonly hasDefault?: true })[];
    }
  /** `8080`, `8080/tcp`, `$PORT`. */
  | { readonly is: 'expose'; readonly ports: readonly PlacedText[] }
  | {
      readonly is: 'copy';
      readonly form: 'copy' | 'add';
      /** Stage (name or number) or image. */
      readonly from?: string;
      readonly sources: readonly string[];
      readonly target: string;
    }
  | { readonly is: 'run' | 'entrypoint' | 'cmd' | 'shell'; readonly command: Command }
  /** Absent for `NONE`. */
  | { readonly is: 'healthcheck'; readonly command?: Command }
);

export type Command =
  | { readonly form: 'exec'; readonly words: readonly string[]; readonly range: Range }
  /** Run by a shell; line continuations are joined, heredocs stand in it as written. */
  | { readonly form: 'shell'; readonly text: string; readonly range: Range };

/** docker-compose*.yml, compose*.yaml. */
export interface ComposeFacts extends ProjectFile {
  readonly kind: 'compose';
  readonly services: readonly ComposeService[];
}

export interface ComposeService {
  readonly name: string;
  readonly nameRange: Range;
  /** As written: `${REGISTRY}/orders:${TAG}`. */
  readonly image?: PlacedText;
  readonly build?: Build;
  readonly command?: Command;
  readonly entrypoint?: Command;
  /** A variable without a value comes from the shell: its value is '' and `inherited` true. */
  readonly environment: readonly (NamedText & { readonly inherited?: true })[];
  readonly environmentFiles: readonly PlacedText[];
  /** `3000:3000`, `127.0.0.1:80:8080/tcp`; the long form is written as `published:target`. */
  readonly ports: readonly PlacedText[];
  readonly workingFolder?: PlacedText;
  /** Names a service of this or another file whose fields it takes over. */
  readonly extends?: { readonly service: PlacedText; readonly file?: PlacedText };
}

/** How an image is built. Paths are as written. */
export interface Build {
  readonly range: Range;
  /** Relative to the folder of the file; `.` when not said. */
  readonly context: string;
  /** Relative to the context; absent: `Dockerfile`. */
  readonly dockerfile?: PlacedText;
  readonly target?: PlacedText;
  readonly arguments: readonly NamedText[];
}

export interface SkaffoldFacts extends ProjectFile {
  readonly kind: 'skaffold';
  readonly artifacts: readonly SkaffoldArtifact[];
}

export interface SkaffoldArtifact {
  readonly image: PlacedText;
  readonly build: Build;
  /** docker, buildpacks, custom, bazel, ko, jib, kaniko; docker when not said. */
  readonly builder: string;
  /** The profile in which it stands. */
  readonly profile?: string;
}

export interface ProcfileFacts extends ProjectFile {
  readonly kind: 'procfile';
  /** `web` is the process that gets requests. */
  readonly processes: readonly NamedText[];
}

/** `.env`, `.env.example` and their kin. Values are without quotes, `${VARIABLES}` as written. */
export interface EnvironmentFacts extends ProjectFile {
  readonly kind: 'environment';
  /** True for files that only show which variables there are (`.env.example`, `.env.sample`, `.env.template`, `.env.dist`). */
  readonly example: boolean;
  readonly variables: readonly NamedText[];
}

// Frameworks

/** nest-cli.json. Paths are relative to its folder. */
export interface NestFacts extends ProjectFile {
  readonly kind: 'nest';
  /** The project that stands on the top level has the name ''. */
  readonly projects: readonly NestProject[];
}

export interface NestProject {
  readonly name: string;
  readonly type?: PlacedText;
  readonly root?: PlacedText;
  readonly sourceRoot?: PlacedText;
  /** Without extension; `main` when not said. */
  readonly entryFile?: PlacedText;
  readonly tsConfigPath?: PlacedText;
}

/** serverless.yml. */
export interface ServerlessFacts extends ProjectFile {
  readonly kind: 'serverless';
  readonly runtime?: PlacedText;
  readonly functions: readonly {
    readonly name: string;
    readonly nameRange: Range;
    /** `src/handler.main`: file without extension, then the export. */
    readonly handler?: PlacedText;
    readonly runtime?: PlacedText;
    /** Seconds, as written. */
    readonly timeout?: PlacedText;
  }[];
}

/** wrangler.toml, wrangler.json, wrangler.jsonc: code for the edge. */
export interface WranglerFacts extends ProjectFile {
  readonly kind: 'wrangler';
  readonly name?: PlacedText;
  readonly main?: PlacedText;
}

/** A file whose name alone says that its folder is a project of a framework; it is code and not read here. */
export interface FrameworkFacts extends ProjectFile {
  readonly kind: 'framework';
  readonly framework: Framework;
}

export type Framework =
  | 'angular'
  | 'astro'
  | 'electron'
  | 'expo'
  | 'gatsby'
  | 'next'
  | 'nuxt'
  | 'pm2'
  | 'react-router'
  | 'remix'
  | 'rspack'
  | 'sveltekit'
  | 'vite'
  | 'webpack';
