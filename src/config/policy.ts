/** The policy of a run: what the policy file and the command line ask for. Data only. */
import type { Level } from '../finding.ts';
import type { PlacedInstallation } from '../model/link/installations.ts';
import type { Assumptions } from '../model/link/objects.ts';

/** `recommended` is what a careful reviewer would block or comment on; `strict` adds advice. */
export type Preset = 'recommended' | 'strict';

/** What a policy says of one rule; what it leaves out is decided by the preset and the rule. */
export interface RuleSetting {
  /** One level for all that the rule reports; `off` switches it off. */
  readonly level?: Level | 'off';
  /** Values of the rule's options, already validated. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Policy {
  readonly preset: Preset;
  /** Settings by rule id. */
  readonly rules: ReadonlyMap<string, RuleSetting>;
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
  /** The lowest level that makes the run fail with exit code 1. */
  readonly failOn: Level | 'never';
}

/** What holds when nobody says anything. */
export const defaultPolicy: Policy = {
  preset: 'recommended',
  rules: new Map(),
  ignore: [],
  include: [],
  environments: { production: [], nonProduction: [] },
  assume: { limitRange: [], mesh: false, spread: false, podDisruptionBudgets: false },
  helm: [],
  bindings: new Map(),
  failOn: 'error',
};

/** Names of the file, in the order in which they are looked for in one folder. */
export const POLICY_FILES = ['.chaoslint.yaml', '.chaoslint.yml', '.chaoslint.json'] as const;
