/** What a chaos experiment injects, and what it is predicted to show: types of the ground floor, plain data. */
import type { Location } from './location.ts';

/**
 * A property of the system that decides whether it survives a fault. `predict` joins these with the
 * victim, the direction and the numbers of an experiment; a rule is never tied to a fault by name.
 */
export type FaultProperty =
  | 'no-spare-pod' // losing one pod loses the service, or too much of it
  | 'evictions-unbounded' // drain may take all pods at once
  | 'evictions-blocked' // drain never ends
  | 'traffic-to-unready-pods'
  | 'healthy-pods-restarted' // liveness kills what only is slow
  | 'sick-pods-kept' // nothing restarts a hung process
  | 'slow-recovery'
  | 'loses-requests-on-sigterm'
  | 'pods-share-a-node'
  | 'not-recreated'
  | 'loses-data-with-the-pod'
  | 'bound-to-a-node'
  | 'unreachable' // wiring that never works
  | 'unknown-version-after-restart'
  | 'starved-by-neighbours' // no requests
  | 'killed-for-memory'
  | 'fixed-capacity'
  | 'slow-under-load' // each request costs more than it must
  | 'exhausts-connections'
  | 'crashes-on-error' // an error of a peer ends the process
  | 'jobs-pile-up'
  | 'hangs-on-a-silent-peer'
  | 'keeps-calling-a-sick-peer'
  | 'untested'
  | 'unobserved';

/** When a chaos test has failed: the runbook's failure indicators. */
export interface Thresholds {
  /** Portion of requests that may fail or be slow, in percent. */
  readonly errorRatePercent: number;
  /** Milliseconds. */
  readonly p99Milliseconds: number;
  /** Seconds until a pod that was lost is back. */
  readonly restartSeconds: number;
}

/** What the runbook says. */
export const RUNBOOK_THRESHOLDS: Thresholds = {
  errorRatePercent: 1,
  p99Milliseconds: 1000,
  restartSeconds: 120,
};

/** The columns of the matrix, in its order. */
export const FAULTS = [
  'pod-kill',
  'pod-kill-with-grace',
  'pod-failure',
  'container-kill',
  'network-delay',
  'network-loss',
  'network-partition',
  'network-bandwidth',
  'dns-error',
  'http-abort',
  'http-delay',
  'io-latency',
  'io-fault',
  'cpu-stress',
  'memory-stress',
  'node-drain',
  'node-failure',
  'zone-failure',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** How many of the pods that are selected are hit at once. */
export type Portion =
  | { readonly of: 'pods'; readonly count: number }
  | { readonly of: 'percent'; readonly percent: number }
  | { readonly of: 'all' };

/** A fault with its numbers; what is undefined cannot be told. */
export interface Injection {
  /** Undefined: a fault of which nothing is predicted (`why` says so). */
  readonly fault?: FaultName;
  readonly why?: string;
  /** Undefined: it cannot be told how many. */
  readonly share?: Portion;
  /** Milliseconds that it lasts; Infinity without an end. */
  readonly lasts?: number;
  /** pod-kill: seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds?: number;
  /** Delays and latencies: milliseconds that each packet, request or disk operation waits. */
  readonly milliseconds?: number;
  /** Loss, and faults that hit a part of the requests or operations. */
  readonly percent?: number;
  /** NetworkChaos. */
  readonly direction?: 'to' | 'from' | 'both';
  /** NetworkChaos: hosts outside at the other end. */
  readonly externalTargets?: readonly string[];
  /** IOChaos: the directory whose operations it hits. */
  readonly volumePath?: string;
  /** StressChaos: bytes that all workers together take. */
  readonly bytes?: number;
  /** StressChaos: the same, in percent of the memory that is there. */
  readonly bytesPercent?: number;
  /** HTTPChaos. */
  readonly port?: number;
  /** Chaos Mesh refuses it: the sentence that says why. */
  readonly refused?: string;
  /** Where its parameters stand. */
  readonly at: Location;
}

export type Verdict = 'survives' | 'fails' | 'cannot tell' | 'not applicable';

/** One condition of a prediction. */
export interface Reason {
  /** `holds`: it speaks for survival. */
  readonly state: 'holds' | 'broken' | 'unknown';
  /** One line, present tense, with the numbers. */
  readonly says: string;
  readonly at: Location;
  readonly property: FaultProperty;
  /** What it is a property of, as the findings of rules name it. */
  readonly about: readonly string[];
  /** Anchor in rules/RUNBOOK.md. */
  readonly runbook: string;
  /** Of what is broken: one imperative line. */
  readonly fix: string;
  /** Rules that found it, by id. */
  readonly rules?: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What is broken first, then what cannot be told, then what holds. Empty: it is not applicable. */
  readonly reasons: readonly Reason[];
  /** Why it does not apply. */
  readonly why?: string;
}

/** Who is hit. */
export interface Victim {
  /** `Deployment orders`. */
  readonly label: string;
  readonly identity: string;
  readonly namespace?: string;
  readonly context: string;
  readonly at: Location;
  /** Labels that select its pods; empty when they cannot be told. */
  readonly labels: Readonly<Record<string, string>>;
  /** Container that is hit by faults that act on one; '' when it has no name. */
  readonly container: string;
  /** A directory with data that I/O faults act on. */
  readonly volumePath?: string;
  /** The port that HTTP faults act on. */
  readonly port?: number;
}

/** One cell of the matrix. */
export interface Prediction extends Judgement {
  readonly victim: Victim;
  readonly fault: FaultName;
  readonly injection: Injection;
}

/** One experiment of the repository. */
export interface ExperimentPrediction extends Judgement {
  /** `NetworkChaos slow-payments`. */
  readonly label: string;
  readonly identity: string;
  readonly context: string;
  readonly at: Location;
  /** What it injects where: `delays the packets that leave all pods of Deployment payments by 250 ms, for 5m`. */
  readonly injects: string;
  readonly injection: Injection;
  readonly victims: readonly string[];
  /** Who feels it besides the victims: callers, or the peers that it cuts off. */
  readonly feels: readonly string[];
}

export interface Predictions {
  readonly matrix: readonly Prediction[];
  readonly experiments: readonly ExperimentPrediction[];
}
