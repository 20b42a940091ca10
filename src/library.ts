/**
 * What a library does, as data: how its values come about, which calls leave the process, and what ends them.
 *
 * A file of `src/libraries/` is one `defineLibrary()`. Nothing else in the project knows a library by name: the linker
 * interprets these descriptions. They are plain data (`Infinity` is the one thing that JSON cannot hold) and contain no code.
 *
 * A description has two halves:
 * - the *surface* (`modules`, `globals`, `shapes`, `injects`): what programs write. It says which expression is which value of the
 *   library, and which argument means what.
 * - the *behaviour* (`profiles`, `options`, `ineffective`, `servers`, `consumers`): what happens, by version, each fact with its source and
 *   its proof.
 *
 * Times are milliseconds, `Infinity` means for ever, versions are ranges as npm writes them (`>=1.2.0 <2.0.0`, alternatives by
 * `||`; only comparators, no `^` or `~`). A version that no range holds is not known: rules are silent on it.
 *
 * How usual things are said:
 * - A client made by a factory or constructor: a callable with `gives` and an effect `client`; `inherits` for `instance.create()`.
 * - Overloads, `new Redis(url, options)` and `new Redis(port, host, options)`: several signatures in `takes`, told apart by `is`.
 * - A chain, `superagent.get(url).timeout(5000).retry(2)`: `get` gives a shape whose member `timeout` takes an argument of role `option`,
 *   `chains`, and has the effect `configure` of the receiver. The call is the `get`; `lazy.starts` says what sends it.
 * - Options of another library inside, `extra` of TypeORM, `connection` of Knex and BullMQ: `delegates`. Options that may also be an instance,
 *   `requestHandler: new NodeHttpHandler({...})`: a delegation to a set of the same library that the constructor takes.
 * - Parameters of a connection string: options in the set `url`, reached by an argument of role `connection` or by a delegation of
 *   the option that holds the string.
 * - Members that nobody can list, models of Prisma, methods of gRPC clients: `others`.
 * - A client that a container injects, `HttpService` of NestJS: `injects`.
 * - Behaviour that depends on an option, `type` of TypeORM: profiles and options of the same name with different `when`.
 * - A call that waits on purpose, BLPOP, a subscription: `waits`.
 * - An option that bounds only together with another, `requestTimeout` with `throwOnRequestTimeout`: `needs`, and the same option under
 *   `ineffective` with `unless`.
 * - An option that is real and bounds no phase, `connectTimeout` of ioredis, after which the library tries again for ever: `bounds: []`.
 */

/** Where a statement about a library comes from. */
export interface Fact {
  /** `axios@1.21.1 lib/adapters/http.js:1503`: package, exact version, file and line; or the page of its documentation. */
  readonly source: string;
  /** The name of a proof of `npm run prove`, which injects the fault and measures; or `source-only`. */
  readonly proof: string;
}

/** The source and the proof of a fact; without a proof it is only read, not measured. */
export function fact(source: string, proof = 'source-only'): Fact {
  return { source, proof };
}

/**
 * What a bound ends. One bound may end several phases; each is listed, none includes another.
 * - `connect`: nobody answers the SYN, or (data clients) the peer accepts and never finishes the handshake.
 * - `acquire`: no connection of the pool is free.
 * - `headers`: the request is sent and nothing comes back. For data clients: the answer to the statement.
 * - `idle`: a part of the answer has come, then silence.
 * - `total`: the answer keeps coming, slowly, for ever. Only a deadline for the whole call or attempt ends it.
 * - `release`: the caller goes on; the request and its socket do not end.
 */
export type Phase = 'connect' | 'acquire' | 'headers' | 'idle' | 'total' | 'release';

export const PHASES: readonly Phase[] = [
  'connect',
  'acquire',
  'headers',
  'idle',
  'total',
  'release',
];

// The surface

/** Packages that this description is about. */
export interface PackageRange {
  /** `axios`, `@aws-sdk/client-*`; `node` for what Node.js itself brings. */
  readonly name: string;
  readonly versions: string;
}

/** The name of a shape of this library, or `library:Shape` for one of another. */
export type ShapeName = string;

/** The name of a set of options of this library, or `library:set` for one of another. */
export type SetName = string;

/**
 * A kind of value of the library: what can be called, constructed or read on it. A shape may be all of it at once, as `axios`
 * is. What is not listed is not known, except through `others`.
 */
export interface Shape {
  readonly versions?: string;
  readonly call?: Callable;
  readonly construct?: Callable;
  /** sql`...` */
  readonly tag?: Callable;
  /** `@Get('/orders')`. */
  readonly decorate?: Callable;
  /** Alternatives with the same meaning share an entry: `get|head|delete`. */
  readonly members?: Readonly<Record<string, Shape | ShapeName>>;
  /** Any other member: the models of a Prisma client, the methods of a gRPC client. */
  readonly others?: Shape | ShapeName;
  /** Assigning a member of it sets that option: `axios.defaults.timeout = 5000`. */
  readonly assigns?: {
    readonly set: SetName;
    readonly path?: string;
    readonly of: 'client' | 'process';
  };
  /** A class of this library that programs extend: `class Api extends RESTDataSource`. `this` is then such a value. */
  readonly extended?: ShapeName;
}

export interface Callable {
  readonly versions?: string;
  /**
   * Overloads. The first one that the arguments can fit is meant; when it cannot be told which, the call's options are unknown; when
   * none fits, the call does nothing that is described here (`app.get('env')` of Express is no route). Without `takes` no argument matters.
   */
  readonly takes?: readonly Signature[];
  readonly gives?: ShapeName;
  /** It gives a promise of `gives`. */
  readonly promised?: true;
  /** It gives the receiver itself, with what this call has set: `request.timeout(5000)`. */
  readonly chains?: true;
  readonly does?: readonly Effect[];
}

export type Signature = readonly Parameter[];

/**
 * What an argument means.
 * - `url`: a complete target; `path`: of a route, or a target relative to the client's own.
 * - `connection`: a connection string whose parameters are options of the set `url` of this library.
 * - `options`: an option bag, of `set`. `option`: the argument is itself the value of option `path` of `set`.
 * - `handler`: a function that the library calls with requests, messages or jobs; `callback`: one that it calls with the result.
 * - `value`: a value of the library (`shape`), such as the server given to a shutdown helper.
 * - `verb`, `name`, `statement`, `body`, `port`: what these words say. `other`: of no interest.
 */
export type Role =
  | 'url'
  | 'path'
  | 'connection'
  | 'options'
  | 'option'
  | 'handler'
  | 'callback'
  | 'value'
  | 'verb'
  | 'name'
  | 'statement'
  | 'body'
  | 'port'
  | 'other';

export interface Parameter {
  readonly role: Role;
  readonly optional?: true;
  /** All arguments from here on have this role. */
  readonly rest?: true;
  /** What the argument must be; tells overloads apart. Without it anything fits. */
  readonly is?: readonly ValueKind[];
  /** Of `options` and `option`. */
  readonly set?: SetName;
  /**
   * Of `option`: the path of the option. Of `options`, `value` and `handler`: where in the argument it stands (`eachMessage`), alternatives
   * by `|`; `useFactory()` is what the function there returns, `()` what a function gets and returns.
   */
  readonly path?: string;
  /** Of `value`. */
  readonly shape?: ShapeName;
}

export type ValueKind =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'array'
  | 'function'
  | 'class'
  /** `new URL()`. */
  | 'url-object'
  /** Has a `then` or is a value of some library. */
  | 'instance';

/** An argument that only has a role. */
export function argument(role: Role, ...is: readonly ValueKind[]): Parameter {
  return is.length === 0 ? { role } : { role, is };
}

/** An option bag. It may be left out. */
export function options(set: SetName, path?: string): Parameter {
  return path === undefined
    ? { role: 'options', set, is: ['object'], optional: true }
    : { role: 'options', set, path, is: ['object'], optional: true };
}

/** What calling something does. */
export type Effect =
  | OutboundCall
  | ClientConstruct
  | { readonly is: 'configure'; readonly of: 'receiver' | 'process' }
  /** Adds or replaces attempts of the client that is its argument of shape `value`: axios-retry. */
  | { readonly is: 'attach'; readonly profile: string }
  | BodyRead
  | Close
  /** Serves from now on. `ephemeral` when port 0 is meant for tests only. */
  | { readonly is: 'listen'; readonly server: string }
  | RouteForm
  /**
   * Adds a router, application or module below a path: `app.use('/api', router)`. Functions are called with each request, or, as
   * `plugins`, once with the application.
   */
  | { readonly is: 'mount'; readonly plugins?: true }
  /**
   * A prefix of the routes of what it is called on: `router.prefix('/api')`; with `gives`, of what it gives. `of: 'decorators'`: of all that
   * decorators declare, `app.setGlobalPrefix('api')`. As a decorator: `@Controller('orders')`.
   */
  | { readonly is: 'prefix'; readonly of?: 'decorators' }
  /** The versions that decorators name stand in the paths: `app.enableVersioning()`. */
  | { readonly is: 'versions' }
  /**
   * Serves a health route by itself; at `path` unless the option says otherwise. A plugin counts as called by the server that it is
   * registered with, with the options that are given there.
   */
  | { readonly is: 'health'; readonly path?: string; readonly option?: string }
  /** From now on SIGTERM closes: `app.enableShutdownHooks()`, `terminus(server)`. `signals`: the option or argument that lists them. */
  | ShutdownHooks
  | { readonly is: 'consume'; readonly consumer: string }
  | Guard
  /** Registers a listener. Of interest are `error` of clients, `timeout` of requests, `SIGTERM` of the process. */
  | { readonly is: 'listener' };

export interface OutboundCall {
  readonly is: 'call';
  /** Of `profiles`. */
  readonly profile: string;
  /** HTTP verb, or the library's own word (`query`, `send`); `member`: the name of the called member; or the option that says it. */
  readonly verb?: string | { readonly option: string; readonly otherwise: string };
  /** Nothing leaves the process until the result is awaited or one of `starts` is called on it. */
  readonly lazy?: { readonly starts: readonly string[] };
  /**
   * `read`: the answer has been read when the promise settles. `unread`: the caller reads it afterwards, and a bound that stops at the
   * headers does not cover that. `stream`: the caller gets a stream on purpose.
   */
  readonly body: 'read' | 'unread' | 'stream' | 'none';
  /**
   * Reading the body by one of these members of the returned promise itself (`ky(url).json()`, not after an await) is a part of the call: the
   * body is read, this profile holds, and options bound their `chained` phases as well.
   */
  readonly chained?: { readonly members: readonly string[]; readonly profile: string };
  /** Which failures make the call fail. `5xx` (the peer says that it failed) is missing for clients that resolve with the status. */
  readonly rejectsOn: readonly ('network' | '5xx' | '4xx')[];
  /** It waits on purpose: blocking commands, subscriptions, change streams. Timeout rules are silent. */
  readonly waits?: true;
  /** Repeating it does no harm by the library's own word. */
  readonly idempotent?: boolean;
}

export interface ClientConstruct {
  readonly is: 'client';
  readonly profile: string;
  /** `pool`: connections are made as needed up to a size. `single`: one connection. `stateless`: none is kept, or a process-wide agent's. */
  readonly connections: 'pool' | 'single' | 'multiplexed' | 'stateless';
  /** A client made from another inherits its options: `instance.create()`, `got.extend()`. */
  readonly inherits?: true;
  /** It is, or replaces, the one that the whole process uses: `mongoose.connect`, `setGlobalDispatcher`. */
  readonly processWide?: true;
  /** A broken connection makes it emit `error`, and when nobody listens to that, Node.js ends the process. */
  readonly needsErrorListener?: Fact;
}

export interface BodyRead {
  readonly is: 'read-body';
}

export interface Close {
  readonly is: 'close';
  /** `server` in the sense of `servers`, `consumer` in that of `consumers`, `client` otherwise. */
  readonly what: 'server' | 'consumer' | 'client';
  /** When work in flight has ended and the close is finished. */
  readonly completes: 'promise' | 'callback' | 'promise-or-callback' | 'at-once';
  /** Work in flight is finished first. */
  readonly drains: boolean;
  /** The next call opens it again. */
  readonly reopens?: Fact;
}

export interface RouteForm {
  readonly is: 'route';
  /** `GET`...; `*`: all; `member`: the name of the called member; or the option that says it. */
  readonly verb: string | { readonly option: string; readonly otherwise: string };
  /** Options that hold functions which run with each request, the one that answers last. */
  readonly handlers?: readonly string[];
}

export interface ShutdownHooks {
  readonly is: 'shutdown-hooks';
  /** Handled when nobody lists signals. */
  readonly signals: readonly string[];
  /** What it does on them. */
  readonly drains: boolean;
  /** Methods of classes that it calls before it closes the server. */
  readonly before?: readonly string[];
}

export interface Guard {
  readonly is: 'guard';
  readonly kind: 'timeout' | 'retry' | 'breaker' | 'limit' | 'catch';
  readonly profile: string;
}

/** A class that a container injects, and the modules that decide its options (NestJS). */
export interface Injection {
  /** `HttpService` of `@nestjs/axios`. */
  readonly module: string;
  readonly token: string;
  readonly shape: ShapeName;
  readonly profile: string;
  readonly providers: readonly {
    /** The module class, and its static method; none for the bare class in `imports`. */
    readonly of: string;
    readonly method?: string;
    /** Where the options come from: an argument; what a factory at `path` of argument 0 returns; what `method` of the class at `path` returns. */
    readonly options?:
      | { readonly set: SetName; readonly argument: number }
      | { readonly set: SetName; readonly factory: string }
      | { readonly set: SetName; readonly class: string; readonly method: string };
    /** It is the process-wide client instead of an own one. */
    readonly processWide?: true;
  }[];
}

// The behaviour

/** When a fact holds. All parts must hold; a part that is unknown makes the fact unknown. */
export interface When {
  readonly versions?: string;
  /** The package whose version is meant, when it is not the library's `decidedBy`. */
  readonly package?: string;
  /** Values of options of the same bag. */
  readonly options?: readonly Need[];
}

export interface Need {
  readonly path: string;
  readonly value: OptionValue;
}

/** A set of values. */
export type OptionValue =
  | { readonly equals: string | number | boolean | null }
  | {
      readonly is:
        | 'undefined'
        | 'NaN'
        | 'Infinity'
        | 'negative'
        | 'present'
        | 'empty-object'
        | ValueKind;
    }
  /** Numbers from `from` on, below `below`. */
  | { readonly from: number; readonly below?: number };

export const zero: OptionValue = { equals: 0 };
export const off: OptionValue = { equals: false };
export const none: OptionValue = { equals: null };
export const unset: OptionValue = { is: 'undefined' };
export const notANumber: OptionValue = { is: 'NaN' };
export const infinite: OptionValue = { is: 'Infinity' };
/** More than a 32-bit timer holds: `setTimeout` fires after 1 ms. */
export const overflow: OptionValue = { from: 2 ** 31 };

/**
 * One option. It means something: it bounds phases, or it sets a number or a switch that a rule asks for. The same path may occur more than
 * once for different versions; these must not overlap.
 */
export interface LibraryOption extends Fact {
  /** The sets of options that it is in; more than one when client and call take the same. */
  readonly in: readonly SetName[];
  /** `timeout.request`; '' for the bag itself, when it may be a number. */
  readonly path: string;
  readonly versions?: string;
  readonly when?: When;
  readonly meaning: Bounding | Setting;
  /** Values by which it does nothing: what it bounds is then unbounded, whatever the default. */
  readonly disabledBy: readonly OptionValue[];
  /** What `undefined` does; `inherit` is as if it were not written. */
  readonly undefinedIs?: 'inherit' | 'disabled';
  /** Values that do not do what their author meant. */
  readonly brokenBy?: readonly {
    readonly value: OptionValue;
    readonly result: 'throws' | 'fires-at-once' | 'ignored';
  }[];
}

export interface Bounding {
  readonly bounds: readonly Phase[];
  /** Phases that it bounds too when the body is read as `OutboundCall.chained` says. */
  readonly chained?: readonly Phase[];
  /**
   * `signal`: an AbortSignal, which is a deadline only if one stands behind it. `epoch-ms`: the point in time, not the span.
   * `instance`: a value of the library that has options of its own.
   */
  readonly unit: 'ms' | 's' | 'signal' | 'epoch-ms';
  /** What the time is counted for: each attempt anew, or all attempts together; `read` restarts with each read of the body. */
  readonly per: 'attempt' | 'call' | 'read';
  /** `server`: the peer keeps the time, so a frozen peer or network is not ended. */
  readonly enforcedBy?: 'server';
  /** It bounds nothing without these. */
  readonly needs?: readonly Need[];
  /** It bounds nothing unless a listener for this event ends the request. */
  readonly needsListener?: string;
  /** It may fire that much later. */
  readonly lateByMs?: number;
}

export interface Setting {
  readonly sets:
    | 'attempts'
    | 'retries'
    | 'retry-delay'
    | 'retry-max-delay'
    | 'retry-jitter'
    | 'retry-methods'
    | 'pool-size'
    | 'queue-limit'
    | 'connection-lifetime'
    | 'idle-lifetime'
    | 'keep-alive'
    | 'keep-alive-timeout'
    | 'request-timeout'
    | 'drain-timeout'
    | 'concurrency'
    | 'prefetch'
    | 'offline-queue'
    | 'target'
    | 'verb'
    | 'statement'
    /** Changes which profile holds: axios `adapter`, typeorm `type`. */
    | 'variant';
  readonly unit?: 'ms' | 's';
}

/** An option that people write and that does nothing here. */
export interface IneffectiveOption extends Fact {
  readonly in: readonly SetName[];
  readonly path: string;
  readonly versions?: string;
  readonly when?: When;
  /** It does something after all when these hold. */
  readonly unless?: readonly Need[];
  /** It does something after all when something listens for this event of the call. */
  readonly unlessListener?: string;
  /** One sentence, present tense, for the message. */
  readonly why: string;
  /** The option that does it; code for the fix. */
  readonly instead: string;
}

/**
 * Options that another library or set reads: `extra` of typeorm goes to pg, `requestHandler` of the AWS SDK to its handler. Where the value is an
 * instance instead of an option bag, the options that it was made with are meant.
 */
export interface Delegation extends Fact {
  readonly in: readonly SetName[];
  /** Where they stand; '' for the same bag; `useFactory()`: what the function there returns. */
  readonly path: string;
  readonly to: SetName;
  readonly when?: When;
}

/** How calls of the library behave when nobody sets an option. */
export interface Profile {
  /** `default`, or what a call or client names. */
  readonly name: string;
  readonly versions: string;
  /** Profiles of one name differ by versions, or by this. */
  readonly when?: When;
  readonly phases: Readonly<Record<Phase, PhaseDefault>>;
  readonly attempts: Attempts;
  readonly pool?: Pool;
}

export type PhaseDefault =
  /** After how long it ends by itself. */
  | ({ readonly ms: number } & Fact)
  /** As the library that options are handed to (`pg`, `ioredis`, `axios`), whose profile of that name holds. */
  | ({ readonly as: string } & Fact)
  | { readonly notApplicable: string };

/** Attempts by default. */
export interface Attempts extends Fact {
  /** All tries together: 1 is no retry. `Infinity`: until it works. */
  readonly max: number;
  readonly delay?: 'none' | 'fixed' | 'exponential';
  /** The first wait. */
  readonly delayMs?: number;
  readonly jitter?: boolean;
  readonly on?: readonly ('connect' | 'reset' | 'timeout' | '5xx' | '429')[];
  /** `*`: all. */
  readonly methods?: readonly string[];
}

export interface Pool extends Fact {
  /** Connections at most; `Infinity`: as many as asked for. */
  readonly size: number;
  /** Callers that may wait for one. */
  readonly queue: number;
  /** What `size` is per. */
  readonly per: 'client' | 'origin' | 'host';
}

/** A server framework, or a program that serves. */
export interface Server {
  /** What `listen` names. */
  readonly name: string;
  readonly versions: string;
  readonly sigterm: Fact & {
    /** What SIGTERM does when the program does not handle it. */
    readonly byDefault: 'killed' | 'drains' | 'exits-without-drain';
    /** That it says so only when started by its own command: `next start`. */
    readonly onlyBy?: string;
  };
  readonly close: Fact & {
    /** Requests in flight are answered. */
    readonly drains: boolean;
    /** How long a connection that was busy at the time of the close is kept for a next request. */
    readonly keepAliveMs: number;
    readonly keepAliveOption?: string;
    /** What it waits for without end. */
    readonly waitsFor: readonly ('streams' | 'websockets' | 'requests')[];
  };
  /** How a program closes it. Absent: it offers programs no close. */
  readonly closing?: Closing;
  readonly catchesAsyncErrors: boolean | 'not-applicable';
  /** Packages whose import makes it catch them. */
  readonly asyncErrorsCaughtBy?: readonly string[];
}

/** Code for fixes, as a statement of the program: it works when pasted beside the start. */
export interface Closing {
  /** What keeps the server in a variable, when the usual start does not: `const server = app.listen(8080);`. */
  readonly keep?: string;
  /** The function to call: `server.close`. */
  readonly call: string;
  /** How it says that the last request is answered. */
  readonly completes: 'callback' | 'promise';
}

/** Something that takes messages or jobs. */
export interface Consumer {
  /** What `consume` names. */
  readonly name: string;
  readonly versions: string;
  readonly sigterm: Fact & { readonly byDefault: 'killed' | 'drains' };
  readonly close: Fact & { readonly drains: boolean };
  /** Messages that one consumer holds unacknowledged or works on at once. */
  readonly inFlight: Fact & { readonly max: number };
  /** Deliveries of one message or job, all tries together. */
  readonly deliveries: Fact & { readonly max: number };
}

/** Files that are routes by their place: `app/api/health/route.ts` of Next.js serves `/api/health`. */
export interface FileRoute {
  readonly versions?: string;
  /** Below the package, or below its `src`. */
  readonly folder: string;
  /** The name, without extension, that serves the path of its folder; `*`: each file serves a path that ends with its own name. */
  readonly file: string;
  /** Before the path within the folder. */
  readonly prefix: string;
  /** `exports`: a verb for each exported function named like one; `default`: the default export takes all verbs. */
  readonly handlers: 'exports' | 'default';
  /** Folders that add nothing to the path: groups `(shop)`, slots `@modal`. Each has one `*`. */
  readonly silent: readonly string[];
  /** Parameters: `[id]`, `[...path]`. Each has one `*`. */
  readonly parameters: readonly string[];
}

export interface Library {
  /** The name of its file and of its section in the documentation. */
  readonly name: string;
  readonly packages: readonly PackageRange[];
  /** The package whose locked version decides, when it is not the first: `@smithy/node-http-handler` for the AWS SDK. */
  readonly decidedBy?: string;
  readonly roles: readonly ('http' | 'rpc' | 'sdk' | 'data' | 'queue' | 'server')[];
  /**
   * By module specifier (`axios`, `pg`, `@aws-sdk/client-*`), then by export: a name, `default`, `=` for `module.exports`, or a
   * pattern with one `*`. A name is looked for among the exact ones, then among the members of `=` or `default`, as CommonJS has it, then
   * among the patterns, the longest first. Where `=` is not given, `require()` and `import *` give the namespace of the exports.
   */
  readonly modules: Readonly<Record<string, Readonly<Record<string, Shape | ShapeName>>>>;
  /**
   * Modules that a tool of the library writes into the program, where their files are not in the repository: `specifier` is a pattern with
   * stars for how they are imported, `module` the one of `modules` whose exports they have.
   */
  readonly generated?: readonly { readonly specifier: string; readonly module: string }[];
  /** Names that nobody declares: `fetch`. Also as members of `globalThis`. */
  readonly globals?: Readonly<Record<string, Shape | ShapeName>>;
  readonly shapes: Readonly<Record<ShapeName, Shape>>;
  readonly injects?: readonly Injection[];
  readonly profiles: readonly Profile[];
  readonly options: readonly LibraryOption[];
  readonly ineffective?: readonly IneffectiveOption[];
  readonly delegates?: readonly Delegation[];
  /** Words of options and functions whose absence from all texts proves that none is set, beside the paths of `options`. */
  readonly censusWords?: readonly string[];
  readonly servers?: readonly Server[];
  readonly consumers?: readonly Consumer[];
  /** Commands of scripts and images that serve without a call of ours: `next start`. */
  readonly commands?: readonly { readonly words: string; readonly server: string }[];
  readonly fileRoutes?: readonly FileRoute[];
  /**
   * Where the code gives no connection string, one of this set is read elsewhere (the environment, a schema), so that its parameters may
   * be set there.
   */
  readonly connectionElsewhere?: SetName;
  /** Calls that take long by nature: a timeout above 30 s is no finding. */
  readonly slow?: 'llm' | 'mail' | 'upload';
  /** The smallest protected form, for fixes. Code. */
  readonly fix: string;
  /** Forms that fit better, the first that applies: in these versions, at a call without a client, where an option is not written. */
  readonly fixes?: readonly {
    readonly versions?: string;
    readonly at?: 'call';
    readonly without?: string;
    readonly fix: string;
  }[];
}

/** Checks the type of a description, nothing more. */
export function defineLibrary<const L extends Library>(library: L): Library {
  return library;
}

/** The usual `signal`: an AbortSignal ends the call in each phase. */
export function signal(
  sets: readonly SetName[],
  known: Fact,
  versions?: string,
  bounds: readonly Phase[] = ['connect', 'headers', 'idle', 'total'],
): LibraryOption {
  return {
    in: sets,
    path: 'signal',
    ...(versions === undefined ? {} : { versions }),
    meaning: { bounds, unit: 'signal', per: 'call' },
    disabledBy: [unset, none],
    ...known,
  };
}

/** An option that sets something and bounds nothing. */
export function setting(
  sets: readonly SetName[],
  path: string,
  what: Setting['sets'],
  known: Fact,
  more: Partial<LibraryOption> = {},
): LibraryOption {
  return { in: sets, path, meaning: { sets: what }, disabledBy: [], ...known, ...more };
}

/** The same default in all of these phases. */
export function forEver(known: Fact): PhaseDefault {
  return { ms: Number.POSITIVE_INFINITY, ...known };
}

/** Operations in groups, `stripe.checkout.sessions.create()`: each member may be called and has members, and so on. `self` is its name. */
export function operations(self: ShapeName, call: Callable): Shape {
  return { call, others: self };
}

/** The usual call of an SDK: the answer is read, and failures by the status reject. */
export function operation(verb: OutboundCall['verb'], profile = 'default'): OutboundCall {
  return {
    is: 'call',
    profile,
    ...(verb === undefined ? {} : { verb }),
    body: 'read',
    rejectsOn: ['network', '4xx', '5xx'],
  };
}

/** Phases of a client without an own limit of connections: these end after so many milliseconds, the others never. */
export function phases(
  known: Fact,
  ends: Readonly<Partial<Record<'connect' | 'headers' | 'idle' | 'total', number>>> = {},
): Profile['phases'] {
  const phase = (ms = Number.POSITIVE_INFINITY): PhaseDefault => ({ ms, ...known });
  return {
    connect: phase(ends.connect),
    acquire: { notApplicable: 'connections are not limited' },
    headers: phase(ends.headers),
    idle: phase(ends.idle),
    total: phase(ends.total),
    release: { notApplicable: 'the promise is the call' },
  };
}

/** Phases of what ends nothing by itself, because something else makes the call. */
export function noPhases(why: string): Profile['phases'] {
  const none = { notApplicable: why };
  return { connect: none, acquire: none, headers: none, idle: none, total: none, release: none };
}

/** What `fetch` of Node.js ends by itself: undici@6.29.1 lib/dispatcher/client.js:240-241, lib/core/connect.js. */
export const OF_FETCH = { connect: 10_000, headers: 300_000, idle: 300_000 } as const;

// Versions

/** Whether a version (`1.2.3`; a prerelease counts as its release) lies in a range. */
export function inRange(version: string, range: string): boolean {
  const number = versionNumber(version);
  return intervals(range).some(([from, to]) => from <= number && number < to);
}

/** Whether some version lies in both. */
export function overlap(a: string, b: string): boolean {
  return intervals(a).some(([from, to]) =>
    intervals(b).some(([otherFrom, otherTo]) => from < otherTo && otherFrom < to),
  );
}

/** From, and up to but not including. `*` is everything. Throws on what it cannot read. */
function intervals(range: string): [number, number][] {
  return range.split('||').map((alternative) => {
    let from = 0;
    let to = Number.POSITIVE_INFINITY;
    for (const comparator of alternative.trim().split(/\s+/)) {
      if (comparator === '*') continue;
      const match = /^(>=|<|=)?(\d+(?:\.\d+){0,2})$/.exec(comparator);
      if (match === null) throw new Error(`not a version range: ${JSON.stringify(range)}`);
      const number = versionNumber(match[2] ?? '');
      if (match[1] === '>=') from = Math.max(from, number);
      else if (match[1] === '<') to = Math.min(to, number);
      else {
        from = Math.max(from, number);
        to = Math.min(to, number + 1);
      }
    }
    return [from, to];
  });
}

function versionNumber(version: string): number {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  if (match === null) throw new Error(`not a version: ${JSON.stringify(version)}`);
  return Number(match[1]) * 1e10 + Number(match[2] ?? 0) * 1e5 + Number(match[3] ?? 0);
}
