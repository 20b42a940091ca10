/** What waits for others: clients and calls, with all that ends the waiting on each way that leads there. */
import type { Location } from '../../location.ts';
import type {
  Bound,
  Bounds,
  Call,
  CallPath,
  Client,
  CodeModel,
  CodeSubject,
  EntryKind,
  EntryPath,
  LibraryRef,
  Phase,
  Wrapper,
} from '../code.ts';

/** What one timeout is written for: a client with its calls, statements that share one, or a call without. */
export interface Caller extends CodeSubject {
  readonly library: LibraryRef;
  readonly client?: Client;
  /** The function around the call of which the callers decide, when there is no client. */
  readonly wrapper?: Wrapper;
  /** Calls to other machines. */
  readonly calls: readonly Call[];
  /** All of its calls take long by nature. */
  readonly slow?: NonNullable<LibraryRef['slow']>;
  /** Something waits on purpose on this client, so that a bound of the client would break it. */
  readonly waits: boolean;
  /** Of `calls`: each way that can be told completely. */
  readonly ways: readonly Way[];
  /** A place on a way on which something unseen may guard the call. */
  readonly open?: Location;
  /** Folder of the package that it is written in; '' for the root. */
  readonly package: string;
  /**
   * All of the same library in the same package to which no request, message or job is known to lead; of those to which one leads,
   * the calls without a client in the same file. Itself among them.
   */
  readonly alike: readonly Caller[];
}

/** One way to one call. */
export interface Way {
  readonly call: Call;
  /** Absent: nobody is known to lead there, so the call is judged by itself. */
  readonly path?: CallPath;
  /** A request, a message or a job leads there and waits for it. */
  readonly proven: boolean;
  /** With the guards on the way. */
  readonly bounds: Bounds;
}

const WORK: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'route',
  'resolver',
  'message',
  'job',
  'schedule',
  'handler',
]);

/** All callers in judged code, in the order of the model. */
export function callersOf({ clients, calls: all, files }: CodeModel): Caller[] {
  const shared = new Set(
    files.filter(({ runtimes }) => runtimes.includes('browser')).map(({ path }) => path),
  );
  // In a file that browsers run too, only what an entry leads to is known to run on a server.
  const calls = all.filter(({ paths, at }) => paths.length > 0 || !shared.has(at.path));

  const byClient = new Map<string, Call[]>(clients.map(({ identity }) => [identity, []]));
  const byLibrary = new Map<string, [Call, ...Call[]]>();
  const alone: Call[] = [];
  for (const call of calls) {
    const { client, library, application } = call;
    const own = client && byClient.get(client.identity);
    if (own !== undefined) own.push(call);
    else if (library.roles.includes('data')) {
      const key = `${application}\n${library.name}`;
      const others = byLibrary.get(key);
      if (others === undefined) byLibrary.set(key, [call]);
      else others.push(call);
    } else alone.push(call);
  }
  const packages = new Map(files.map((file) => [file.path, file.package]));
  const caller = (
    subject: CodeSubject & { readonly library: LibraryRef },
    all: readonly Call[],
    more: Pick<Caller, 'client' | 'wrapper'>,
  ) => callerOf(subject, packages.get(subject.at.path) ?? '', all, more);
  const found = [
    ...clients.map((client) => caller(client, byClient.get(client.identity) ?? [], { client })),
    // Statements always need a connection: without a client of their own they share the one of the process.
    ...[...byLibrary.values()].map((sharing) => caller(sharing[0], sharing, {})),
    ...alone.map((call) => {
      const { wrapper } = call;
      if (wrapper === undefined) return caller(call, [call], {});
      const label = `${call.label} in ${wrapper.name}`;
      return caller({ ...call, label, at: wrapper.at }, [call], { wrapper });
    }),
  ];
  const groups = new Map<string, Caller[]>();
  const groupOf = new Map<Caller, readonly Caller[]>();
  for (const one of found) {
    const proven = one.ways.some((way) => way.proven);
    if (proven && (one.client !== undefined || one.wrapper !== undefined)) continue;
    const key = `${proven ? one.at.path : one.package}\n${one.library.name}\n${proven} ${one.slow ?? ''}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    groupOf.set(one, group);
    group.push(one);
  }
  return found.map((one) => ({ ...one, alike: groupOf.get(one) ?? [] }));
}

function callerOf(
  { identity, label, at, library }: CodeSubject & { readonly library: LibraryRef },
  folder: string,
  all: readonly Call[],
  more: Pick<Caller, 'client' | 'wrapper'>,
): Caller {
  const calls = all.filter((call) => !call.local && !waitsOnPurpose(call));
  const [first] = calls;
  const slow = calls.every((call) => call.library.slow === first?.library.slow)
    ? (library.slow ?? first?.library.slow)
    : undefined;
  const open = calls.flatMap(({ paths }) => paths).find(({ complete }) => !complete);
  return {
    identity,
    label,
    at,
    library,
    ...more,
    calls,
    ...(slow === undefined ? {} : { slow }),
    waits: all.some(waitsOnPurpose) || (more.client !== undefined && servesQueue(more.client)),
    ways: calls.flatMap(waysTo),
    ...(open === undefined ? {} : { open: open.steps.at(-1) ?? open.from.at }),
    package: folder,
    alike: [],
  };
}

/** By the library's word, or by its statement: PostgreSQL tells those that LISTEN when something happens. */
function waitsOnPurpose({ waits, target }: Call): boolean {
  return waits || (target.state === 'known' && /^\s*listen\s/i.test(target.value));
}

/** A queue reads jobs through it, which blocks; those clients are told to try for ever, as BullMQ demands. */
function servesQueue({ heldBy, settings }: Client): boolean {
  return (
    heldBy.some(({ roles }) => roles.includes('queue')) ||
    settings.some(
      ({ sets, value }) => sets === 'retries' && value.state === 'known' && value.value === null,
    )
  );
}

function waysTo(call: Call): Way[] {
  if (call.paths.length === 0) return [{ call, proven: false, bounds: call.bounds }];
  return call.paths
    .filter(({ complete }) => complete)
    .map((path) => ({ call, path, proven: path.waited && isWork(path), bounds: path.bounds }));
}

/** A request, a message or a job is at the beginning. */
export function isWork({ from }: EntryPath): boolean {
  return WORK.has(from.kind);
}

/** What bounds a phase; undefined when the library has no such phase. */
export function boundOf(bounds: Bounds, phase: Phase): Bound | undefined {
  const bound = bounds[phase];
  return 'notApplicable' in bound ? undefined : bound;
}

/** After how long a guard lets the caller go on. What an option of the library releases is in the phases that it bounds. */
export function releaseOf(bounds: Bounds): Bound['ms'] | undefined {
  const bound = boundOf(bounds, 'release');
  return bound?.by === 'guard' ? bound.ms : undefined;
}

/** A way on which a phase does not end in time. */
export interface Hang {
  readonly way: Way;
  readonly phase: Phase;
  /** After how long the library ends it after all. */
  readonly ms: number;
}

/** The ways on which a caller hangs; `undecided` is the first thing that hides whether there are more. */
export interface Hangs {
  readonly hangs: readonly Hang[];
  readonly undecided?: { readonly why: string; readonly at: Location };
}

/**
 * The ways on which nothing ends one of `phases` within `limit` milliseconds but the library's own default, each with the phase
 * that lasts longest. Not those on which somebody wrote a longer time or switched it off, or on which somebody frees the caller
 * in time: these are other findings.
 */
export function hangsOf(caller: Caller, phases: readonly Phase[], limit: number): Hangs {
  const hangs: Hang[] = [];
  let undecided = caller.open && { why: 'dynamic', at: caller.open };
  for (const way of caller.ways) {
    const released = releaseOf(way.bounds);
    const bounds = phases.flatMap((phase) => {
      const bound = boundOf(way.bounds, phase);
      return bound === undefined ? [] : [{ phase, ...bound }];
    });
    const unknown = [...bounds.map(({ ms }) => ms), released].find((ms) => ms?.state === 'unknown');
    const late = bounds.flatMap(({ phase, ms, by }) =>
      ms.state === 'known' && ms.value >= limit ? [{ phase, ms: ms.value, by }] : [],
    );
    if (late.some(({ by }) => by !== 'library')) continue;
    if (released?.state === 'known' && released.value < limit) continue;
    const [worst] = late.sort((a, b) => b.ms - a.ms);
    if (worst !== undefined && released?.state !== 'unknown')
      hangs.push({ way, phase: worst.phase, ms: worst.ms });
    else if (unknown?.state === 'unknown') undecided ??= { why: unknown.why, at: unknown.at };
  }
  // A way of a request says more than one that only may be taken.
  hangs.sort((a, b) => Number(b.way.proven) - Number(a.way.proven));
  return undecided === undefined ? { hangs } : { hangs, undecided };
}

/** A timeout stands there and does nothing, or not what it says. */
export function hasDefectiveTimeout({ ineffective, broken }: Call | Client): boolean {
  return ineffective.length + broken.length > 0;
}
