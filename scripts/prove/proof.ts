/** What can be proven: a form of a call or server, a fault, and what the library's description claims about it. */

/** What the local peer does. */
export type Fault =
  /** Drops the SYN: the listener's queue is full. */
  | 'blackhole'
  /** Accepts and never says a word. */
  | 'mute'
  /** Reads the request (or finishes the handshake) and does not answer. */
  | 'frozen'
  /** The only connection of the pool is busy with a statement that is not answered. */
  | 'busy'
  /** Headers and half a body, then silence. */
  | 'stall'
  /** A byte each 100 ms, for ever. */
  | 'drip'
  /** 503 to each request. */
  | 'unavailable'
  /** Reads the request and resets the connection. */
  | 'reset';

/** Who the local peer pretends to be. */
export type PeerKind = 'http' | 'postgres' | 'redis' | 'mongodb' | 'amqp' | 'tcp';

export interface UsedOption {
  readonly set: string;
  readonly path: string;
}

/**
 * One form of a call. `code` is an ECMAScript module that declares `call`, an async function of a target
 * `{url, host, port, verb, ms, fault}`.
 */
export interface CallProof {
  readonly kind: 'call';
  readonly name: string;
  readonly library: string;
  /** The version that decides; of Node.js itself, the running one is meant by `node`. */
  readonly version: string;
  /** What is installed for it, exactly. */
  readonly packages: Readonly<Record<string, string>>;
  /** Versions of libraries that come with the packages: the driver that mongoose brings. */
  readonly brings?: Readonly<Record<string, string>>;
  readonly profile?: string;
  /** Options on which the profile depends. */
  readonly variant?: Readonly<Record<string, string>>;
  readonly peer?: PeerKind;
  /** The body is read as `OutboundCall.chained` says. */
  readonly chained?: true;
  /** Options that the form sets to `ms`. */
  readonly uses: readonly UsedOption[];
  readonly faults: readonly Fault[];
  /** What `unavailable` and `reset` are tried with. */
  readonly verbs?: readonly string[];
  readonly ms?: number;
  /** Milliseconds after which the child is ended. */
  readonly cap?: number;
  readonly code: string;
}

/**
 * SIGTERM during a request that takes 800 ms. `code` is a module that serves any path so, at a free port of 127.0.0.1, and calls
 * `listening(port)`.
 */
export interface ShutdownProof {
  readonly kind: 'shutdown';
  readonly name: string;
  readonly library: string;
  readonly version: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly server: string;
  /**
   * `unhandled`: nothing is done about SIGTERM. `close`: the library's close, then the process ends by itself. `exit-at-once`: the close is not
   * awaited.
   */
  readonly form: 'unhandled' | 'close' | 'exit-at-once';
  /** Sets the keep-alive time to this. */
  readonly keepAliveMs?: number;
  readonly cap?: number;
  /** What it may take to start: a framework that must be built first. */
  readonly startMs?: number;
  readonly code: string;
}

export type Proof = CallProof | ShutdownProof;

/** What happened. */
export type Measurement =
  | { readonly is: 'ended'; readonly ms: number; readonly how: string; readonly attempts: number }
  | { readonly is: 'waiting'; readonly cap: number; readonly attempts: number }
  | {
      readonly is: 'shutdown';
      readonly answered: boolean;
      /** Milliseconds from SIGTERM to the end of the process. */
      readonly exitMs: number | 'running';
      readonly by: string;
    }
  | { readonly is: 'failed'; readonly why: string }
  /** Its packages could not be installed. */
  | { readonly is: 'missing'; readonly why: string };

export interface Row {
  readonly proof: string;
  readonly library: string;
  readonly version: string;
  readonly fact: string;
  readonly expected: string;
  readonly measured: string;
  /**
   * `held`: a default that is longer than the cap had not ended at the cap. An option that does nothing is `shown`: five times its time went
   * by.
   */
  readonly verdict: 'shown' | 'held' | 'contradicted' | 'not run';
}
