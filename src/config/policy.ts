/** The policy of a run: what the policy file and the command line ask for. Data only. */
import type { SourceFile } from '../facts.ts';
import type { Level } from '../finding.ts';
import type { Location } from '../location.ts';
import type { PlacedInstallation } from '../model/link/installations.ts';
import type { Assumptions } from '../model/link/objects.ts';
import { RUNBOOK_THRESHOLDS, type Thresholds } from '../prediction.ts';

/** `recommended` is what a careful reviewer would block or comment on; `strict` adds advice. */
export type Preset = 'recommended' | 'strict';

/** What a policy says of one rule; what it leaves out is decided by the preset and the rule. */
export interface RuleSetting {
  /** One level for all that the rule reports; `off` switches it off. */
  readonly level?: Level | 'off';
  /** Values of the rule's options, already validated. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An exception that a team has agreed on. */
export interface PolicySuppression {
  readonly rules: readonly string[];
  /** Globs of the files that findings stand in, as in a `.gitignore` file; empty means all. */
  readonly paths: readonly string[];
  /** What the finding is about, as JSON names it: `apps/Deployment/shop/orders`. */
  readonly about?: string;
  readonly reason: string;
  /** The last day on which it holds: `2027-03-31`. */
  readonly until?: string;
  /** That day is over. */
  readonly isExpired: boolean;
  /** In the policy file, whose path is absolute until a run makes it relative. */
  readonly at: Location;
}

/** A function of a package that nobody describes, and how long it may take. */
export interface Wrapper {
  /** As it is imported: `@acme/http`. */
  readonly module: string;
  /** Names of exports, `default` for the default one; `client.get` for a member. */
  readonly functions: readonly string[];
  /** What it calls: a service, or a data store. */
  readonly calls: 'http' | 'database';
  /** Where the caller says how long it may take; absent when nobody can say it. */
  readonly timeout?: {
    /** Counted from 1. */
    readonly argument: number;
    /** The option of that argument; absent when the argument is the time itself. */
    readonly option?: string;
  };
  readonly unit: 'ms' | 's';
  /** How long it takes at most when the caller says nothing, in `unit`; absent: for ever. */
  readonly default?: number;
}

/** Other settings for some files. */
export interface PolicyOverride {
  /** Globs as in a `.gitignore` file. */
  readonly files: readonly string[];
  readonly rules: ReadonlyMap<string, RuleSetting>;
}

export interface Policy {
  readonly preset: Preset;
  /** Settings by rule id. */
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** Settings for some files, the last one that matches wins. */
  readonly overrides: readonly PolicyOverride[];
  /** Exceptions that the team has agreed on. */
  readonly suppress: readonly PolicySuppression[];
  /** Only these rules run; undefined means all. */
  readonly only?: ReadonlySet<string>;
  /** Globs of files that are not analysed, as in a `.gitignore` file. */
  readonly ignore: readonly string[];
  /** Globs of files in folders of examples and tests that are analysed all the same. */
  readonly include: readonly string[];
  /** Names of contexts, overlays and directories that are production, or are not. */
  readonly environments: {
    readonly production: readonly string[];
    readonly nonProduction: readonly string[];
  };
  readonly assume: Assumptions;
  /** Charts and the values that they are rendered with, instead of what the repository says of them. */
  readonly helm: readonly PlacedInstallation[];
  /** Which folder an image is built from, where the repository does not say it: by image without tag. */
  readonly bindings: ReadonlyMap<string, string>;
  /** What functions of packages do that chaoslint does not know. */
  readonly wrappers: readonly Wrapper[];
  /** When a chaos test has failed; what is left out is as the runbook says. */
  readonly thresholds: Thresholds;
  /** The lowest level that makes the run fail with exit code 1. */
  readonly failOn: Level | 'never';
  /** The files that it was read from, with absolute paths, the nearest first: for excerpts. */
  readonly files: readonly SourceFile[];
}

/** What holds when nobody says anything. */
export const defaultPolicy: Policy = {
  preset: 'recommended',
  rules: new Map(),
  overrides: [],
  suppress: [],
  ignore: [],
  include: [],
  environments: { production: [], nonProduction: [] },
  assume: { limitRange: [], mesh: false, spread: false, podDisruptionBudgets: false },
  helm: [],
  bindings: new Map(),
  wrappers: [],
  thresholds: RUNBOOK_THRESHOLDS,
  failOn: 'error',
  files: [],
};

/** Names of the file, in the order in which they are looked for in one folder. */
export const POLICY_FILES = ['.chaoslint.yaml', '.chaoslint.yml', '.chaoslint.json'] as const;

/** The file that may hold a policy too, under a key of its own. */
export const PACKAGE_FILE = 'package.json';
export const PACKAGE_KEY = 'chaoslint';
