/**
 * The code part of the model: applications, their clients and servers, the calls that leave the process and the ways that
 * lead to them. Every question that needs more than one file, or knowledge of a library, is answered here, once.
 *
 * Numbers are milliseconds; `Infinity` means for ever. Unknown is never absent: a bound that nobody can tell is unknown, with a
 * reason of the closed union `Why`; a bound that nobody sets is known, and the library's default is its value.
 */
import type { OutboundCall, Phase, Server as ServerFacts, Setting } from '../library.ts';
import type { Location } from '../location.ts';
import type { Absent, Known, Unknown } from './value.ts';

export type { Phase } from '../library.ts';

/** Why something of the code cannot be told. */
export type Why =
  // Names and modules
  | 'file-not-read' // broken, minified, too large, or not handed to the run
  | 'module-not-found' // a specifier that leads to no file and no dependency
  | 'package-unknown' // a value of a package that no description covers
  | 'version-unknown' // nothing says which version is installed, or its versions differ in this
  | 'export-not-found' // the module has no such name, as far as it can be read
  | 'name-shadowed' // eval, with, or a name that may be bound elsewhere
  // Values
  | 'parameter' // the caller decides, and not all callers are known
  | 'field' // a field that nobody sets, or that is set in ways that cannot be followed
  | 'injected' // a container decides, and its registration was not found
  | 'reassigned' // a variable that is written more than once
  | 'call-result' // what an unknown function returns
  | 'computed' // a computed key or an operation that is not evaluated
  | 'environment' // an environment variable without a default
  | 'configuration' // a configuration service or file
  | 'spread' // an open option bag
  | 'alternatives' // it depends on a condition, and the alternatives differ
  | 'catch-or-loop' // the variable of a catch or of a loop
  | 'dynamic' // a member of something dynamic: an index, a proxy, an emitter
  | 'not-described' // the description of the library does not say
  | 'signal-origin' // an AbortSignal of which nobody knows who aborts it
  | 'listener' // it needs a listener, and not all are known
  | 'mutated' // something else may change it after it was made
  | 'too-deep'; // the limit of steps was reached

/** Nothing is there. `closed`: the option bag is complete. `census`: the name occurs nowhere in the application. */
export interface Lacking extends Absent {
  readonly by: 'closed' | 'census';
}

export interface Undecided extends Unknown {
  readonly why: Why;
}

/** `Value` with reasons that are counted. */
export type CodeValue<T> = Known<T> | Undecided | Lacking;

/** What the code part of every run says. */
export interface CodeModel {
  readonly applications: readonly Application[];
  /** Clients in judged code. */
  readonly clients: readonly Client[];
  /** Calls in judged code that leave the process. */
  readonly calls: readonly Call[];
  readonly servers: readonly Server[];
  /** Synchronous work in judged code, by function. */
  readonly blocking: readonly BlockingWork[];
  /** All that could not be told, each with its place: listed by `--debug`, counted by reason. */
  readonly undecided: readonly UndecidedPlace[];
  /** Files that run: what starts them, and where they run. */
  readonly entryPoints: readonly EntryPoint[];
  readonly files: readonly CodeFile[];
  readonly quality: Quality;
}

/** The three numbers that say how well the code was understood. */
export interface Quality {
  /** Imports of files and packages of the repository, in judged files, that lead to one. */
  readonly imports: Share;
  /** Calls in judged files whose root is no built-in and whose target is known. */
  readonly callEdges: Share;
  /** Calls that leave the process, in judged code, whose connect and headers phases are known. */
  readonly decidedCalls: Share;
}

export interface Share {
  readonly of: number;
  readonly resolved: number;
}

export interface UndecidedPlace {
  readonly why: Why;
  readonly at: Location;
  /** What could not be told: `connect of axios.get`, `import ./orders`. */
  readonly what: string;
}

/** What every object of the code part has. */
export interface CodeSubject {
  /** Stable when lines move: path, enclosing function, callee and number among equals. Used in fingerprints. */
  readonly identity: string;
  /** For messages: `fetch`, `axios.get`, `new Pool`, `the orders service`. */
  readonly label: string;
  /** A small region to point at. */
  readonly at: Location;
}

// Where code runs

export type Runtime = 'node' | 'lambda' | 'browser' | 'cli' | 'tool' | 'edge';

/** A file that something starts. */
export interface EntryPoint {
  readonly path: string;
  readonly runtime: Runtime;
  /** Who says so: `Dockerfile CMD`, `script start of package.json`, `app route of Next.js`. */
  readonly because: string;
  /** The package that it belongs to: its folder, '' for the root. */
  readonly package: string;
}

export interface CodeFile {
  readonly path: string;
  /** Folder of its package; '' for the root. */
  readonly package: string;
  /** Where it runs, by the entry points that import it. Empty: nothing reaches it. */
  readonly runtimes: readonly Runtime[];
  /** Rules look at it. */
  readonly judged: boolean;
  readonly why: 'reached' | 'package' | 'other-runtime' | 'unreached' | 'test' | 'not-read';
}

/** A package of the repository with code that runs as a server, worker or function. */
export interface Application extends CodeSubject {
  /** `name` of package.json, else the folder. */
  readonly name: string;
  /** Folder with its package.json; '' for the root. */
  readonly root: string;
  readonly entryPoints: readonly EntryPoint[];
  readonly servers: readonly Server[];
  readonly consumers: readonly Consumer[];
  readonly clients: readonly Client[];
  readonly calls: readonly Call[];
  readonly shutdown: Shutdown;
  /** What it does when an error reaches the top. */
  readonly crashHandlers: readonly CrashHandler[];
  /** Places at which it keeps an answer open: server-sent events, WebSockets. */
  readonly longLived: readonly Location[];
}

/** A handler of errors that nobody caught. */
export interface CrashHandler {
  readonly event: 'uncaughtException' | 'unhandledRejection';
  readonly at: Location;
  /** Whether the process ends after it. Unknown: something that cannot be followed is called. */
  readonly ends: CodeValue<boolean>;
}

// What leaves the process

export interface LibraryRef {
  /** Name of the description. */
  readonly name: string;
  /** The package that the code imports; `node` for what Node.js brings. */
  readonly package: string;
  /** The installed version; absent when nothing says it. */
  readonly version?: string;
  readonly roles: readonly ('http' | 'rpc' | 'sdk' | 'data' | 'queue' | 'server')[];
  readonly slow?: 'llm' | 'mail' | 'upload';
  /** The smallest protected form, code. */
  readonly fix: string;
}

/** Who sets a bound. */
export type SetBy = 'library' | 'client' | 'call' | 'guard' | 'platform';

/** What ends a phase of a call. */
export interface Bound {
  /** Infinity: nothing ends it. Unknown: something may. */
  readonly ms: CodeValue<number>;
  /** When `ms` is unknown: it ends by then in any case. */
  readonly atMost?: number;
  readonly by: SetBy;
  /** The option as written: `timeout`, `signal`, `query_timeout`. Absent for defaults. */
  readonly option?: string;
  /** The option is written and its value disables it: `timeout: 0`. */
  readonly disabled?: true;
  readonly per: 'attempt' | 'call' | 'read';
  /** The peer keeps the time: a frozen peer or network is not ended. */
  readonly enforcedBy?: 'server';
  /** The value comes from this variable; a manifest may say another. */
  readonly environment?: EnvironmentRead;
  /** Source and proof of the fact about the library. */
  readonly source: string;
  readonly proof: string;
}

/** A piece of an address: as written, a variable of the environment, or null where nobody can tell. */
export type AddressPart = string | null | AddressVariable;

export interface AddressVariable {
  readonly variable: string;
  /** What the code uses when the variable is not set. */
  readonly default?: string;
  readonly at: Location;
}

export interface EnvironmentRead {
  readonly name: string;
  /** What the code multiplies it by to get milliseconds; absent: 1. */
  readonly scale?: number;
  /** What the code uses when the variable is not set; absent: nothing, which often is NaN. */
  readonly default?: number;
  readonly at: Location;
}

/** By phase; `not-applicable` with the library's reason. */
export type Bounds = Readonly<Record<Phase, Bound | { readonly notApplicable: string }>>;

export interface Attempts {
  /** All tries together: 1 is no retry, Infinity is until it works. */
  readonly max: CodeValue<number>;
  readonly delay: CodeValue<'none' | 'fixed' | 'exponential'>;
  readonly jitter: CodeValue<boolean>;
  readonly on: readonly ('connect' | 'reset' | 'timeout' | '5xx' | '429')[];
  /** `*`: all. */
  readonly methods: readonly string[];
  readonly by: SetBy;
}

export interface Pool {
  readonly size: CodeValue<number>;
  /** Callers that may wait. */
  readonly queue: CodeValue<number>;
  readonly per: 'client' | 'origin' | 'host';
}

/** A setting of the library's description that the code writes: pool size, retries, lifetimes. */
export interface SettingValue {
  readonly sets: Setting['sets'];
  readonly option: string;
  /** The value comes from this variable; a manifest may say another. */
  readonly environment?: EnvironmentRead;
  readonly value: CodeValue<string | number | boolean | null>;
  readonly at: Location;
}

/** An option that is written and does nothing. */
export interface IneffectiveUse {
  readonly option: string;
  /** The key of the option. */
  readonly at: Location;
  /** One sentence, present tense. */
  readonly why: string;
  /** Code: what does it. */
  readonly instead: string;
}

/** An option whose value does not do what its author meant: it throws or fires at once. */
export interface BrokenValue {
  readonly option: string;
  readonly at: Location;
  readonly value: string;
  readonly result: 'throws' | 'fires-at-once' | 'ignored';
}

/** How often a client is made. */
export type Scope = 'module' | 'singleton' | 'per-call' | 'unknown';

/**
 * A client that the program makes (`new Pool()`, `axios.create()`, an injected `HttpService`), one per construct. Libraries
 * whose calls need none (fetch, `axios.get`) have calls without a client.
 */
export interface Client extends CodeSubject, Reached {
  readonly library: LibraryRef;
  readonly scope: Scope;
  readonly connections: 'pool' | 'single' | 'multiplexed' | 'stateless';
  /** What holds for a call that says nothing itself. */
  readonly bounds: Bounds;
  readonly attempts: Attempts;
  readonly pool?: Pool;
  readonly settings: readonly SettingValue[];
  readonly ineffective: readonly IneffectiveUse[];
  readonly broken: readonly BrokenValue[];
  /** False: other code that cannot be followed may hold it, so its calls are not all known. */
  readonly callsComplete: boolean;
  readonly calls: readonly Call[];
  readonly closes: readonly Location[];
  /** Other described libraries that got it as an argument or an option. */
  readonly heldBy: readonly LibraryRef[];
  /** Where it connects to, as far as it is written: a URL, a host. */
  readonly target: CodeValue<string>;
  /** What its address is put together from; several when it depends on a condition, none when nothing is known. */
  readonly addresses: readonly (readonly AddressPart[])[];
  /** AbortSignals with a deadline that are made once and used for all of its calls. */
  readonly sharedDeadlines: readonly Location[];
  /** Options of the library that renew its connections. */
  readonly recycling: readonly string[];
  /** Who listens to its event `error`. Absent: a broken connection does not end the process. */
  readonly errorListener?: CodeValue<Location>;
}

/** One place in the code from which a request leaves. */
export interface Call extends CodeSubject, Reached<CallPath> {
  readonly library: LibraryRef;
  /** Absent for process-wide functions, and when it cannot be told (`bounds` are then unknown). */
  readonly client?: Client;
  /** The function that is a wrapper of it, when the caller's arguments decide: a finding belongs here, not at each use. */
  readonly wrapper?: Wrapper;
  readonly verb: CodeValue<string>;
  /** URL, path or statement, as far as it is written. */
  readonly target: CodeValue<string>;
  /** As of `Client`: its own, that of the client when it only gives a path. */
  readonly addresses: readonly (readonly AddressPart[])[];
  /** The target is this process or this machine. */
  readonly local: boolean;
  readonly rejectsOn: OutboundCall['rejectsOn'];
  /** It waits on purpose. */
  readonly waits: boolean;
  readonly idempotent: CodeValue<boolean>;
  /** What becomes of the answer's body. `unread`: nobody reads it here. */
  readonly body: 'read' | 'unread' | 'stream' | 'unknown';
  /** Where it is read. */
  readonly bodyReads: readonly Location[];
  /** What holds when nothing on the way guards it. */
  readonly bounds: Bounds;
  readonly attempts: Attempts;
  readonly settings: readonly SettingValue[];
  readonly ineffective: readonly IneffectiveUse[];
  readonly broken: readonly BrokenValue[];
  /** The bound ends before the body is read, and the body is read afterwards. */
  readonly endsEarly?: { readonly at: Location; readonly how: EndsEarly };
  /** An AbortSignal with a deadline that was made once and is used by each run of this call: where it is made. */
  readonly sharedDeadline?: Location;
  /** A signal is given, but only somebody's cancellation stands behind it, no deadline. */
  readonly cancelOnly?: Location;
  /** Somebody reads whether the answer is an error. */
  readonly readsStatus: boolean;
  /** It sends something by which the peer can tell a repetition. */
  readonly idempotencyKey: boolean;
  /** The innermost loop around it in its function. */
  readonly iteration?: Iteration;
  /** The application that it runs in. */
  readonly application: string;
}

/** How a bound ends before the body: its timer is cleared, the caller is released, or the option stops at the headers. */
export type EndsEarly = 'timer-cleared' | 'raced' | 'option';

/** A function that makes a call with what its callers give. */
export interface Wrapper {
  /** `fetchWithTimeout`, `ApiClient.get`. */
  readonly name: string;
  readonly at: Location;
  /** Calls of it that are known. */
  readonly uses: readonly Location[];
  /** All of them are. */
  readonly complete: boolean;
}

// Ways in

export type EntryKind =
  | 'route'
  | 'resolver'
  | 'message'
  | 'job'
  | 'schedule'
  | 'startup'
  | 'shutdown'
  | 'probe'
  /** A function of the platform: lambda handler, server action, page of Next. */
  | 'handler';

/** A function that something outside of the program's own calls starts. */
export interface Entry {
  readonly kind: EntryKind;
  /** `GET /orders`, `message order.placed`, `start-up of src/main.ts`. */
  readonly label: string;
  readonly at: Location;
}

/** A way from an entry to a place in the code. */
export interface EntryPath {
  readonly from: Entry;
  /** The calls on the way, from the entry to the last one before the place itself. */
  readonly steps: readonly Location[];
  /** Outermost first. */
  readonly guards: readonly Guard[];
  /** False: something on the way starts the place and goes on, so that the entry is done without it. */
  readonly waited: boolean;
  /** False: an edge on the way is not resolved, so there may be a guard. Absence rules are silent on it. */
  readonly complete: boolean;
}

/** A way from an entry to a call that leaves the process. */
export interface CallPath extends EntryPath {
  /** With the guards. */
  readonly bounds: Bounds;
  readonly attempts: Attempts;
}

/** Ways that lead to a place in the code. */
export interface Reached<P extends EntryPath = EntryPath> {
  /** At most 32. */
  readonly paths: readonly P[];
  /** There are more paths than that, or callers that are not known. */
  readonly truncated: boolean;
}

/** Work that stops the event loop, and with it everything that the process does: synchronous calls of one function. */
export interface BlockingWork extends CodeSubject, Reached {
  /** `fs.readFileSync`, each place of the function in order. */
  readonly calls: readonly { readonly name: string; readonly at: Location }[];
  /** What does the same beside the event loop: `fs.promises.readFile`. */
  readonly instead: string;
}

/** A call is made once for each item of a collection. */
export interface Iteration {
  /** The head of the loop, or the call that gets the callback. */
  readonly at: Location;
  readonly how: 'one-after-another' | 'all-at-once';
  /** Where the items come from. */
  readonly over: 'query' | 'request' | 'written' | 'unknown';
  /** The call gets something of the item. */
  readonly keyed: boolean;
  /** Why each round may have to be a call of its own. */
  readonly because?:
    | 'it writes'
    | 'it may end early'
    | 'transaction'
    | 'chunks'
    | 'it pauses'
    | 'it is limited';
}

/** Something around a call that ends, repeats or stops it. */
export interface Guard {
  readonly kind: 'timeout' | 'retry' | 'breaker' | 'limit' | 'catch';
  readonly library: LibraryRef | 'hand-written';
  /** Of `timeout`: after how long. */
  readonly ms?: CodeValue<number>;
  /** The guarded call goes on; only its caller does not wait. */
  readonly releasesOnly?: true;
  readonly attempts?: Attempts;
  readonly at: Location;
}

// Servers

export interface Server extends CodeSubject {
  readonly library: LibraryRef;
  /** The name in the description: `express`, `nest`, `next start`. */
  readonly framework: string;
  /** What the description says of it. Absent when the version decides and is not known. */
  readonly facts?: ServerFacts;
  /** The call that starts to listen, or the convention (`next start` in package.json). */
  readonly port: CodeValue<number>;
  /** Serves HTTP. */
  readonly http: boolean;
  readonly routes: Routes;
  /** Asynchronous handlers that its framework does not watch, each with the first place at which one may fail. */
  readonly unguarded: readonly { readonly handler: Location; readonly at: Location }[];
  /** The folder of its application. */
  readonly application: string;
  /** How SIGTERM ends it. */
  readonly shutdown: Shutdown;
  /** It listens on port 0, or stands in code for development: not meant to run in a cluster. */
  readonly ephemeral: boolean;
}

export interface Routes {
  readonly items: readonly Route[];
  /** False: routes may exist that are not listed (a router that cannot be followed, a plugin that is not described). */
  readonly complete: boolean;
  readonly why?: Why;
}

export interface Route {
  /** `GET`; `*` for all; `GRAPHQL`. */
  readonly verb: string;
  /** With all prefixes: `/api/orders/:id`. */
  readonly path: CodeValue<string>;
  readonly at: Location;
  /** The handler, when it is known. */
  readonly handler?: Location;
  /** A health route by the library's own word. */
  readonly health?: true;
  /** Its handler answers before it returns: no request is open between two turns of the event loop. */
  readonly synchronous?: true;
}

/** What happens on SIGTERM. */
export interface Shutdown {
  /** Handlers in the program. */
  readonly handlers: readonly SignalHandler[];
  /** False: a handler may be registered where nobody can see it (an unknown package gets the server or the process). */
  readonly complete: boolean;
  readonly why?: Why;
  /** What the framework or platform does when nobody handles it. */
  readonly byDefault: CodeValue<'killed' | 'drains' | 'exits-without-drain'>;
}

export interface SignalHandler {
  readonly signals: readonly string[];
  /** `process`: registered by the program. Otherwise a library that registers it: Nest's hooks, terminus. */
  readonly by: 'process' | LibraryRef;
  readonly at: Location;
  /** What it closes, in order, as far as it can be followed. */
  readonly closes: readonly Close[];
  /** Whether the process exits, and whether the server's close has finished then. `no`: it never exits by itself. */
  readonly exits: 'no' | 'before-close' | 'after-close' | 'without-close' | 'maybe';
  readonly exitAt?: Location;
  /** After how long it exits in any case; absent: nothing forces the end. */
  readonly deadline?: CodeValue<number>;
  /** False: it calls something that cannot be followed, which may close or exit. */
  readonly complete: boolean;
}

export interface Close {
  readonly what: 'server' | 'consumer' | 'client';
  readonly library: LibraryRef;
  readonly at: Location;
  readonly drains: boolean;
  /** What stands after it runs when it has finished. */
  readonly awaited: boolean;
  /** The next call opens it again. */
  readonly reopens?: true;
}

/** Something that takes messages or jobs. */
export interface Consumer extends CodeSubject {
  readonly library: LibraryRef;
  readonly application: string;
  readonly shutdown: Shutdown;
}
