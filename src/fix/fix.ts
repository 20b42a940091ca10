/** Fixes: what is asked of them, what they change, and why some are not made. Data only. */
import type { Finding } from '../finding.ts';
import type { DeployedProgram } from '../model/together.ts';

/**
 * `safe`: what works today goes on working, only the behaviour at a fault changes. `unsafe`: it holds a number or a decision
 * that nobody can read from the repository, so a person looks at it first.
 */
export type Safety = 'safe' | 'unsafe';

/** One file of a fix. */
export interface ChangedFile {
  readonly path: string;
  /** Undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/** A fix: computed from texts, not applied yet. */
export interface Fix {
  readonly safety: Safety;
  /** One imperative line: `Set spec.replicas to 3`. */
  readonly description: string;
  /** Each path once. */
  readonly files: readonly ChangedFile[];
}

/** Why a finding is left to people, in words that can stand behind "not fixed: ". */
export interface Refusal {
  readonly refused: string;
}

/** What a fixer may look at. */
export interface FixRequest {
  readonly finding: Finding;
  /** Options of the rule: its defaults, and what the policy says otherwise. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The text of a file of the repository; undefined when there is none, or when it was not read. */
  readonly text: (path: string) => string | undefined;
  /** Paths of all manifests. */
  readonly paths: readonly string[];
  /** Containers that run code of this repository. */
  readonly programs: readonly DeployedProgram[];
}

export type Fixer = (request: FixRequest) => Fix | Refusal;

export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}
