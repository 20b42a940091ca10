/** What rules on code make of a model: built by hand, so that each answer of the linker can be tried. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check } from '../src/check.ts';
import type { CodeFacts } from '../src/code-facts.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import type { Location } from '../src/location.ts';
import type {
  Application,
  Bound,
  Bounds,
  Call,
  CallPath,
  Client,
  CodeModel,
  CodeValue,
  EntryKind,
  LibraryRef,
  Route,
  Server,
  Shutdown,
  SignalHandler,
} from '../src/model/code.ts';
import { link } from '../src/model/link/link.ts';
import type { AnyRule } from '../src/rule.ts';

const rules = new Map<string, AnyRule>();
for (const id of [
  'exit-without-drain',
  'http-call-without-timeout',
  'missing-graceful-shutdown',
  'missing-health-endpoint',
  'query-without-timeout',
  'shared-deadline',
])
  rules.set(id, (await import(`../rules/typescript/${id}/rule.ts`)).default);

const place = (line: number, path = 'src/main.ts'): Location => ({
  path,
  start: line * 100,
  end: line * 100 + 5,
  line,
  column: 1,
  endLine: line,
  endColumn: 6,
});
const known = <T>(value: T, line = 1): CodeValue<T> => ({
  state: 'known',
  value,
  at: place(line),
});
const unknown: CodeValue<never> = { state: 'unknown', why: 'parameter', at: place(90) };

const bound = (ms: CodeValue<number>, by: Bound['by'] = 'library'): Bound => ({
  ms,
  by,
  per: 'call',
  source: 'a test',
  proof: 'source-only',
});
const applies = { notApplicable: 'a test' };
/** A call that nothing ends but what is given. */
const bounds = (given: Partial<Bounds> = {}): Bounds => ({
  connect: bound(known(10_000)),
  acquire: applies,
  headers: bound(known(300_000)),
  idle: bound(known(300_000)),
  total: bound(known(Number.POSITIVE_INFINITY)),
  release: applies,
  ...given,
});

const library = (role: LibraryRef['roles'][number], name = 'fetch'): LibraryRef => ({
  name,
  package: name,
  roles: [role],
  fix: 'await fetch(url, { signal: AbortSignal.timeout(5_000) })',
});
const attempts = {
  max: known(1),
  delay: known('none' as const),
  jitter: known(false),
  on: [],
  methods: [],
  by: 'library',
} as const;

function call(given: Partial<Call> = {}): Call {
  return {
    identity: 'src/main.ts#fetch',
    label: 'fetch',
    at: place(10),
    library: library('http'),
    verb: known('GET'),
    target: known('http://payments'),
    addresses: [],
    local: false,
    rejectsOn: ['network'],
    waits: false,
    idempotent: known(true),
    body: 'read',
    bodyReads: [],
    bounds: bounds(),
    attempts,
    settings: [],
    ineffective: [],
    broken: [],
    paths: [],
    truncated: false,
    application: '',
    readsStatus: false,
    idempotencyKey: false,
    ...given,
  };
}

const path = (kind: EntryKind, given: Partial<CallPath> = {}): CallPath => ({
  from: { kind, label: `${kind} of a test`, at: place(2) },
  steps: [place(5)],
  guards: [],
  waited: true,
  bounds: bounds(),
  attempts,
  complete: true,
  ...given,
});

function client(given: Partial<Client> = {}): Client {
  return {
    identity: 'src/db.ts#new Pool',
    label: 'new Pool',
    at: place(3, 'src/db.ts'),
    library: library('data', 'pg'),
    scope: 'module',
    connections: 'pool',
    bounds: bounds(),
    attempts,
    settings: [],
    ineffective: [],
    broken: [],
    callsComplete: true,
    calls: [],
    closes: [],
    heldBy: [],
    target: known('db'),
    addresses: [],
    sharedDeadlines: [],
    recycling: [],
    paths: [],
    truncated: false,
    ...given,
  };
}

const handler = (given: Partial<SignalHandler> = {}): SignalHandler => ({
  signals: ['SIGTERM'],
  by: 'process',
  at: place(30),
  closes: [],
  exits: 'no',
  complete: true,
  ...given,
});
const shutdown = (given: Partial<Shutdown> = {}): Shutdown => ({
  handlers: [],
  complete: true,
  byDefault: known('killed' as const),
  ...given,
});
function server(given: Partial<Server> = {}): Server {
  return {
    identity: 'src/main.ts#app.listen',
    label: 'app.listen',
    at: place(20),
    library: library('server', 'express'),
    framework: 'express',
    port: known(8080),
    http: true,
    routes: { items: [], complete: true },
    unguarded: [],
    application: '',
    shutdown: shutdown(),
    ephemeral: false,
    ...given,
  };
}
const close = (what: 'server' | 'client') => ({
  what,
  library: library('server', 'express'),
  at: place(31),
  drains: true,
  awaited: true,
});

function application(given: Partial<Application> = {}): Application {
  return {
    identity: 'application orders',
    label: 'the application orders',
    at: place(1, 'package.json'),
    name: 'orders',
    root: '',
    entryPoints: [],
    servers: [],
    consumers: [],
    clients: [],
    calls: [],
    shutdown: shutdown(),
    crashHandlers: [],
    longLived: [],
    ...given,
  };
}

/** What a rule says of a model, with nothing else in it. */
function said(id: string, code: Partial<CodeModel>, files: readonly CodeFacts[] = []) {
  const rule = rules.get(id);
  assert.ok(rule);
  const none = { of: 0, resolved: 0 };
  const model: CodeModel = {
    applications: [],
    clients: [],
    calls: [],
    servers: [],
    blocking: [],
    undecided: [],
    entryPoints: [],
    files: [],
    quality: { imports: none, callEdges: none, decidedCalls: none },
    ...code,
  };
  const everything = () => true;
  const policy = { ...defaultPolicy, preset: 'strict' } as const;
  return check(link([], policy), files, [rule], policy, everything, model);
}
const levels = (id: string, code: Partial<CodeModel>) =>
  said(id, code).findings.map(({ level, at }) => `${level} ${at.path}:${at.line}`);

describe('an HTTP call', () => {
  const http = (given: Partial<Call>) =>
    levels('http-call-without-timeout', { calls: [call(given)] });
  const timed = bounds({
    connect: bound(known(5_000), 'call'),
    headers: bound(known(5_000), 'call'),
  });

  test('is an error on a complete way from a request, and a warning elsewhere', () => {
    const error = ['error src/main.ts:10'];
    const warning = ['warning src/main.ts:10'];
    for (const kind of ['route', 'resolver', 'message', 'job', 'schedule', 'handler'] as const)
      assert.deepEqual(http({ paths: [path(kind)] }), error, kind);
    for (const kind of ['startup', 'shutdown', 'probe'] as const)
      assert.deepEqual(http({ paths: [path(kind)] }), warning, kind);
    assert.deepEqual(http({ paths: [] }), warning);
    assert.deepEqual(http({ paths: [path('startup'), path('route')] }), error);
  });

  test('is silent when each way is bounded, released, or cannot be told', () => {
    const ways: Partial<CallPath>[] = [
      { bounds: timed },
      { complete: false },
      { bounds: bounds({ release: bound(known(2_000), 'guard') }) },
      { bounds: bounds({ release: bound(unknown, 'guard') }) },
      { bounds: bounds({ headers: bound(unknown, 'call') }) },
      // Somebody wrote a long time, or switched it off: another finding.
      { bounds: bounds({ headers: bound(known(120_000), 'client') }) },
    ];
    for (const way of ways) assert.deepEqual(http({ paths: [path('route', way)] }), []);
    assert.deepEqual(http({ local: true }), []);
    assert.deepEqual(http({ waits: true }), []);
    assert.deepEqual(http({ library: library('queue') }), []);
    const useless = { option: 'timeout', at: place(10), why: 'It is not.', instead: 'signal' };
    assert.deepEqual(http({ ineffective: [useless] }), []);
  });

  test('in a file that browsers run too needs a way to it', () => {
    const file = {
      path: 'src/main.ts',
      package: '',
      runtimes: ['node', 'browser'],
      judged: true,
      why: 'reached',
    } as const;
    const seen = (given: Partial<Call>) =>
      levels('http-call-without-timeout', { calls: [call(given)], files: [file] });
    assert.deepEqual(seen({}), []);
    assert.deepEqual(seen({ paths: [path('route')] }), ['error src/main.ts:10']);
  });

  test('counts what it could not decide', () => {
    const { findings, undecided } = said('http-call-without-timeout', {
      calls: [call({ bounds: bounds({ headers: bound(unknown, 'call') }) })],
    });
    assert.deepEqual(findings, []);
    assert.deepEqual(undecided, [
      { rule: 'http-call-without-timeout', at: place(90), why: 'parameter' },
    ]);
  });

  test('shows the way from the request, and the wrapper that is to be changed', () => {
    const wrapper = { name: 'getJson', at: place(8, 'src/http.ts'), uses: [], complete: true };
    const { findings } = said('http-call-without-timeout', {
      calls: [call({ wrapper, paths: [path('route')] })],
    });
    assert.equal(findings[0]?.at.path, 'src/http.ts');
    assert.deepEqual(
      findings[0]?.flow?.map(({ at }) => at.line),
      [2, 5, 10],
    );
    assert.match(
      findings[0]?.message ?? '',
      /holds route of a test for 300 s, the default of fetch;/,
    );
  });

  test('is silenced by a comment above it', () => {
    const text = `\n// chaoslint-disable-next-line http-call-without-timeout -- the mesh ends it\nfetch(u)\n`;
    const facts = extractCode({ path: 'src/main.ts', text });
    const calls = [call({ at: place(3) }), call({ identity: 'another', at: place(4) })];
    const { findings, suppressed } = said('http-call-without-timeout', { calls }, [facts]);
    assert.deepEqual(
      [suppressed.map(({ at }) => at.line), findings.map(({ at }) => at.line)],
      [[3], [4]],
    );
    assert.equal(suppressed[0]?.suppression?.reason, 'the mesh ends it');
  });
});

describe('a data client', () => {
  const open = bounds({ headers: bound(known(Number.POSITIVE_INFINITY)) });
  const query = (given: Partial<Call>): Partial<CodeModel> => {
    const pool = client();
    const own = call({ client: pool, library: pool.library, bounds: open, ...given });
    return { clients: [pool], calls: [own] };
  };

  test('is one finding at its construct, with its calls', () => {
    const { findings } = said('query-without-timeout', query({ paths: [] }));
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.at.path, 'src/db.ts');
    assert.deepEqual(
      findings[0]?.related.map(({ at }) => at.line),
      [10],
    );
  });

  test('is silent when it has no calls, or one that waits on purpose', () => {
    assert.deepEqual(levels('query-without-timeout', { clients: [client()] }), []);
    const { clients = [], calls = [] } = query({});
    const waiting = call({ ...calls[0], identity: 'blpop', waits: true });
    assert.deepEqual(levels('query-without-timeout', { clients, calls: [...calls, waiting] }), []);
  });
});

describe('SIGTERM', () => {
  const unhandled = (given: Partial<Server>) =>
    levels('missing-graceful-shutdown', {
      applications: [application({ servers: [server(given)] })],
    });
  const early = (...handlers: SignalHandler[]) =>
    levels('exit-without-drain', {
      applications: [application({ servers: [server({ shutdown: shutdown({ handlers }) })] })],
    });

  test('is not handled', () => {
    const error = ['error src/main.ts:20'];
    assert.deepEqual(unhandled({}), error);
    const interrupt = handler({ signals: ['SIGINT'] });
    assert.deepEqual(unhandled({ shutdown: shutdown({ handlers: [interrupt] }) }), error);
  });

  test('is handled, by the framework too, or it cannot be told', () => {
    for (const given of [
      { handlers: [handler()] },
      { byDefault: known('drains' as const) },
      { byDefault: known('exits-without-drain' as const) },
      { byDefault: unknown },
      { complete: false },
    ])
      assert.deepEqual(unhandled({ shutdown: shutdown(given) }), [], JSON.stringify(given));
    assert.deepEqual(unhandled({ ephemeral: true }), []);
  });

  test('several servers of an application are one finding', () => {
    const servers = [server(), server({ identity: 'admin', at: place(25) })];
    const { findings } = said('missing-graceful-shutdown', {
      applications: [application({ servers })],
    });
    assert.equal(findings.length, 1);
    assert.deepEqual(
      findings[0]?.related.map(({ at }) => at.line),
      [25],
    );
  });

  test('ends requests early', () => {
    const at = ['error src/main.ts:33'];
    const exitAt = place(33);
    assert.deepEqual(early(handler({ exits: 'without-close', exitAt })), at);
    assert.deepEqual(
      early(handler({ exits: 'before-close', closes: [close('server')], exitAt })),
      at,
    );
    assert.deepEqual(early(handler({ exits: 'no' })), ['error src/main.ts:30']);
    assert.deepEqual(early(handler({ exits: 'no', closes: [close('client')] })), [
      'error src/main.ts:30',
    ]);
    // The first that exits wins.
    const good = handler({ at: place(40), exits: 'after-close', closes: [close('server')] });
    assert.deepEqual(early(good, handler({ exits: 'without-close', exitAt })), at);
  });

  test('ends them in order, or it cannot be told', () => {
    const closes = [close('server')];
    assert.deepEqual(early(handler({ exits: 'after-close', closes })), []);
    assert.deepEqual(early(handler({ exits: 'no', closes })), []);
    assert.deepEqual(early(handler({ exits: 'maybe' })), []);
    assert.deepEqual(early(handler({ exits: 'no', complete: false })), []);
    assert.deepEqual(early(handler({ signals: ['SIGINT'], exits: 'without-close' })), []);
    // A second handler that only logs does no harm.
    assert.deepEqual(early(handler({ at: place(40), closes }), handler()), []);
    assert.deepEqual(early(), []);
  });

  test('of a framework that exits early', () => {
    const exits = shutdown({ byDefault: known('exits-without-drain' as const) });
    assert.deepEqual(
      levels('exit-without-drain', {
        applications: [application({ servers: [server({ shutdown: exits })] })],
      }),
      ['error src/main.ts:20'],
    );
  });
});

describe('health', () => {
  const route = (path: CodeValue<string>, more: Partial<Route> = {}): Route => ({
    verb: 'GET',
    path,
    at: place(15),
    ...more,
  });
  const health = (items: readonly Route[], complete = true) =>
    levels('missing-health-endpoint', {
      applications: [application({ servers: [server({ routes: { items, complete } })] })],
    });

  test('is missing', () => {
    const missing = ['warning src/main.ts:20'];
    for (const path of ['/orders', '/metrics', '/healthy-food', '/already', '/statuses/:id'])
      assert.deepEqual(health([route(known(path))]), missing, path);
  });

  test('is there, or it cannot be told', () => {
    for (const path of ['/healthz', '/api/health/ready', '/readyz', '/status', '/health-check'])
      assert.deepEqual(health([route(known(path))]), [], path);
    assert.deepEqual(health([route(known('/orders'), { health: true })]), []);
    assert.deepEqual(health([route(unknown)]), []);
    assert.deepEqual(health([]), []);
    assert.deepEqual(health([route(known('/orders'))], false), []);
  });
});

test('a deadline that many calls share is one finding', () => {
  const calls = [1, 2, 3].map((n) =>
    call({ identity: `call ${n}`, at: place(50 + n), sharedDeadline: place(7) }),
  );
  const { findings } = said('shared-deadline', { applications: [application({ calls })] });
  assert.deepEqual(
    findings.map(({ at, related }) => [at.line, related.length]),
    [[7, 3]],
  );
});
