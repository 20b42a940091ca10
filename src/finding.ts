/** Findings and the report: what rules, the run and the reporters pass on. */
import type { Notification } from './facts.ts';
import type { Location } from './location.ts';
import type { Predictions } from './prediction.ts';

/** SARIF's levels. */
export type Level = 'error' | 'warning' | 'note';

/** A second place that explains a finding; reporters link to it. */
export interface RelatedLocation {
  readonly at: Location;
  /** One short phrase: "the Service that selects it". */
  readonly message: string;
  /** `setting`: the value of a chart that decides it; `copy`: the same in another context. Absent: anything else. */
  readonly is?: 'setting' | 'copy';
}

/** One thing to fix. */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  /** One line, present tense, the actual value and the wanted one; ends without a full stop. */
  readonly message: string;
  readonly at: Location;
  readonly related: readonly RelatedLocation[];
  /** How it comes about, step by step: from a route over the calls on the way to the one that hangs. */
  readonly flow?: readonly RelatedLocation[];
  /** The smallest correct change: one line of text, or text plus a YAML or TypeScript snippet. */
  readonly fix: string;
  /** Why no program may make the change, where it makes those of the rule's other findings: "its state lives in its pod". */
  readonly byHand?: string;
  /** What is wrong, as totals are counted: `no PodDisruptionBudget`. */
  readonly cause: string;
  /** What it is about, stable when lines move: `apps/Deployment/shop/orders`, with a container if any. */
  readonly identity: string;
  /** Hash of rule and identity (and of the n-th of the same), hexadecimal; the key of baselines. */
  readonly fingerprint: string;
  /** Names of the contexts in which it holds; empty when there is only one. */
  readonly contexts: readonly string[];
  readonly suppression?: Suppression;
}

/** A change that a program can make for a finding; offered, not checked against the other findings as `--fix` does. */
export interface OfferedFix {
  /** `safe`: what works today goes on working; `unsafe`: a person looks at it first. */
  readonly safety: 'safe' | 'unsafe';
  /** One imperative line. */
  readonly description: string;
  readonly files: readonly OfferedChange[];
}

/** What becomes of one file: edits in the order of the text, or a new file. */
export type OfferedChange =
  | {
      readonly path: string;
      readonly edits: readonly { readonly at: Location; readonly text: string }[];
    }
  | { readonly path: string; readonly created: string };

/** Why a finding is not shown. */
export interface Suppression {
  readonly kind: 'comment' | 'annotation' | 'policy' | 'baseline';
  readonly reason: string;
  readonly at?: Location;
}

/** What reporters need to know of a rule. */
export interface RuleDescription {
  readonly id: string;
  readonly side: 'kubernetes' | 'typescript' | 'together' | 'policy';
  /** One sentence that ends with a full stop: what is wrong. */
  readonly title: string;
  /** The level that the preset of this run gives it (its highest variant); 'off' when it does not run. */
  readonly level: Level | 'off';
  /** Anchor in rules/RUNBOOK.md. */
  readonly runbook: string;
  /** rule.md, as Markdown. */
  readonly documentation: string;
  readonly bearsOn: readonly string[];
  /** `--fix` or `--fix-unsafe` makes the change of its findings, where it can. */
  readonly fixable?: true;
  /** What it looks at, by its name in `Subjects` (`workload`, `podDisruptionBudget`): totals count these. */
  readonly subject?: string;
}

/** Everything a reporter may print. Reporters are pure functions of it. */
export interface Report {
  readonly version: string;
  /** Sorted by path, position, rule; deduplicated. Suppressed ones are not in here. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  /** All rules that ran, sorted by id. */
  readonly rules: readonly RuleDescription[];
  readonly notifications: readonly ReportNotification[];
  /** What could not be decided: rule, place and why. Counted in text, listed with --debug. */
  readonly undecided: readonly Undecided[];
  readonly counts: Counts;
  /** Who owns a file by CODEOWNERS, for files with findings; absent when the repository names no owners. */
  readonly owners?: ReadonlyMap<string, readonly string[]>;
  /** What was understood of the program text; absent when none was read. Listed with --debug. */
  readonly code?: UnderstoodCode;
  /** What will survive which fault; absent when nobody asked. */
  readonly predictions?: Predictions;
  /** Text of every file that a finding, a related location or a notification points to. */
  readonly sources: ReadonlyMap<string, string>;
  /** Changes that programs can make, by the fingerprint of the finding; absent when nobody asked. */
  readonly fixes?: ReadonlyMap<string, OfferedFix>;
  /** How long the run took, in milliseconds. */
  readonly durationMs: number;
  /** False when something crashed or was interrupted: the exit code is 2. */
  readonly complete: boolean;
}

export interface ReportNotification extends Omit<Notification, 'range'> {
  readonly at?: Location;
}

export interface Undecided {
  readonly rule: string;
  readonly at: Location;
  readonly why: string;
}

/** What was understood of the program text: what starts it, where each file runs, and how much of it could be resolved. */
export interface UnderstoodCode {
  readonly entryPoints: readonly UnderstoodEntryPoint[];
  readonly files: readonly UnderstoodFile[];
  readonly quality: {
    /** Imports of the repository's own files and packages that lead to one. */
    readonly imports: Resolved;
    /** Calls whose target is known; calls of built-ins do not count. */
    readonly callEdges: Resolved;
    /** Calls that leave the process and of which it is known how long they can hang. */
    readonly decidedCalls: Resolved;
  };
}

export interface Resolved {
  readonly of: number;
  readonly resolved: number;
}

export interface UnderstoodEntryPoint {
  readonly path: string;
  /** `node`, `lambda`, `browser`... */
  readonly runtime: string;
  /** Who says so: `script start of package.json`. */
  readonly because: string;
  /** Folder of its package; '' for the root. */
  readonly package: string;
}

export interface UnderstoodFile {
  readonly path: string;
  /** Folder of its package; '' for the root. */
  readonly package: string;
  readonly runtimes: readonly string[];
  /** Rules look at it. */
  readonly judged: boolean;
  /** Why it is judged or not. */
  readonly why: string;
}

export interface Counts {
  readonly files: number;
  readonly resources: number;
  readonly workloads: number;
  /** Files of program text. */
  readonly codeFiles: number;
  readonly rules: number;
  /** Templates and broken documents that name Kubernetes kinds and could not be read. */
  readonly unread: number;
  /** Manifests under example, sample and test folders that were left out. */
  readonly leftOut: number;
}
