/** The calls that leave the process, and the clients that they go through. */
import type { CallFact, CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { ClientConstruct, OutboundCall } from '../../../library.ts';
import { compareLocations, type Location } from '../../../location.ts';
import type {
  Bounds,
  Call,
  Client,
  CodeValue,
  EndsEarly,
  LibraryRef,
  Pool,
  Scope,
  SettingValue,
} from '../../code.ts';
import {
  type Abstract,
  type CallSite,
  type ClientOrigin,
  each,
  type Frame,
  type LibraryInUse,
  originKey,
  type Property,
  placeOf,
  type Site,
  sameOrigin,
  unknown,
} from './abstract.ts';
import type { InjectedClient } from './containers.ts';
import type { Evaluator } from './evaluate.ts';
import { type Judged, judge, type Layer, type Options, plainValue } from './options.ts';
import { classOf, constructorOf } from './program.ts';
import { raceOf } from './races.ts';
import { within } from './signals.ts';
import { given, layersOf, type Use, type Uses, usesAt } from './uses.ts';
import { holds } from './versions.ts';
import { isWaitedFor } from './waiting.ts';

/** So deep is looked for what reads a body. */
const MAX_CALLEES = 4;

/** A client while its calls are gathered. */
export interface ClientDraft {
  readonly origin: ClientOrigin;
  readonly key: string;
  readonly library: LibraryInUse;
  readonly use?: Use;
  readonly construct: ClientConstruct;
  readonly layers: readonly Layer[];
  readonly at: Site;
  readonly label: string;
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
}

/** A call with what is needed to find its paths. */
export interface CallDraft {
  readonly use: Use;
  readonly effect: OutboundCall;
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  readonly clientKey?: string;
  /** What its client and the process set. */
  readonly base: readonly Layer[];
  readonly call: Omit<
    Call,
    | 'paths'
    | 'truncated'
    | 'application'
    | 'client'
    | 'identity'
    | 'iteration'
    | 'readsStatus'
    | 'idempotencyKey'
  >;
}

export interface Outbound {
  readonly clients: readonly ClientDraft[];
  readonly calls: readonly CallDraft[];
  /** What bounds a call when its function gets these arguments. */
  boundsIn(draft: CallDraft, frame: Frame): Bounds;
  clientJudged(
    draft: ClientDraft,
  ): Omit<
    Client,
    | 'calls'
    | 'callsComplete'
    | 'closes'
    | 'errorListener'
    | 'heldBy'
    | 'identity'
    | 'paths'
    | 'truncated'
  >;
}

/** A library as rules see it: at a call that has no client, or anywhere else. */
export function libraryRef(
  { description, package: name, versions }: LibraryInUse,
  at?: 'call',
  isWritten?: (option: string) => boolean,
): LibraryRef {
  const fitting = description.fixes?.find(
    (one) =>
      (one.at === undefined || one.at === at) &&
      (one.without === undefined || isWritten?.(one.without) === false) &&
      (one.versions === undefined || holds(versions, one.versions) === true),
  );
  return {
    name: description.name,
    package: name,
    ...('exact' in versions ? { version: versions.exact } : {}),
    roles: description.roles,
    ...(description.slow === undefined ? {} : { slow: description.slow }),
    fix: fitting?.fix ?? description.fix,
  };
}

export function outboundOf(
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
  injected: ReadonlyMap<string, InjectedClient>,
  /** Two files run in the same application. */
  together: (a: string, b: string) => boolean,
): Outbound {
  const mutations = mutationsOf(evaluator);
  const configured = configuredOf(uses, evaluator);
  const clients = new Map<string, ClientDraft>();

  function processLayers(library: LibraryInUse, site: CallSite | undefined): Layer[] {
    const names = new Set([library.description.name]);
    for (const { to } of library.description.delegates ?? []) {
      const colon = to.indexOf(':');
      if (colon > 0) names.add(to.slice(0, colon));
    }
    return [...mutations.process, ...configured.process].flatMap(({ layer, site: where }) => {
      if (!names.has(layer.library.description.name)) return [];
      if (site === undefined || before(where, site)) return [layer];
      return [{ ...layer, bag: blurred(layer.bag) }];
    });
  }

  function clientOf(origin: ClientOrigin, library: LibraryInUse): ClientDraft | undefined {
    const key = originKey(origin);
    const known = clients.get(key);
    if (known !== undefined) return known;
    const bare = makeClient(origin, key, library);
    const made = bare && { ...bare, layers: withConnection(bare.layers, bare) };
    if (made !== undefined) clients.set(key, made);
    return made;
  }

  /** A connection string that is written elsewhere may set what the code does not. */
  function withConnection(
    layers: readonly Layer[],
    { library, at }: ClientDraft,
  ): readonly Layer[] {
    const set = library.description.connectionElsewhere;
    if (set === undefined || options.expand(layers).some((layer) => layer.set === set))
      return layers;
    return [{ library, set, bag: unknown('environment', at), by: 'client', at }, ...layers];
  }

  function makeClient(
    origin: ClientOrigin,
    key: string,
    library: LibraryInUse,
  ): ClientDraft | undefined {
    if (origin.is === 'construct') {
      const { site } = origin;
      const use = uses
        .at(site.file, site.call)
        .find(({ effects }) => effects.some(({ is }) => is === 'client'));
      const construct = use?.effects.find((effect) => effect.is === 'client');
      const fact = site.file.calls[site.call];
      if (use === undefined || construct === undefined || fact === undefined) return undefined;
      const parents: Layer[] = [];
      if (construct.inherits) {
        const parent = use.value.client;
        if (parent === undefined) parents.push(...processLayers(use.value.library, site));
        else if (parent.is === 'unknown')
          parents.push(...lostLayers(use.value.library, parent.why, use.at));
        else parents.push(...(clientOf(parent, use.value.library)?.layers ?? []));
      }
      return {
        origin,
        key,
        library: use.value.library,
        use,
        construct,
        layers: [
          ...parents,
          ...layersOf(use, 'client', evaluator),
          ...clientMutations(key, site.file),
        ],
        at: { file: site.file, range: [fact.range[0], fact.nameRange[1]] },
        label: `${fact.form === 'new' ? 'new ' : ''}${use.value.name}`,
        file: site.file,
        fn: fact.function,
      };
    }
    if (origin.is === 'class') {
      const { file, cls } = origin;
      const fact = file.classes[cls];
      const construct = constructOf(library);
      if (fact === undefined || construct === undefined) return undefined;
      const fn = constructorOf(file, cls);
      const call = file.calls.findIndex(
        (one) => one.function === fn && file.expressions[one.callee]?.is === 'super',
      );
      const at: Site = {
        file,
        range:
          fact.binding === undefined
            ? fact.range
            : (file.bindings[fact.binding]?.range ?? fact.range),
      };
      return {
        origin,
        key,
        library,
        construct,
        layers: [...superLayers(file, cls, call, library, at), ...clientMutations(key, file)],
        at,
        label: `${fact.name ?? 'class'} extends ${baseName(file, fact.extends) ?? library.description.name}`,
        file,
        fn: fact.function,
      };
    }
    if (origin.is === 'injected') {
      const found = injected.get(origin.key);
      const construct: ClientConstruct = {
        is: 'client',
        profile: found?.profile ?? 'default',
        connections: 'stateless',
      };
      if (found === undefined) return undefined;
      return {
        origin,
        key,
        library: found.library,
        construct,
        layers: [
          ...(found.processWide
            ? processLayers(found.layerLibrary ?? found.library, undefined)
            : []),
          ...found.layers,
          ...clientMutations(key, found.at.file),
        ],
        at: found.at,
        label: found.label,
        file: found.at.file,
        fn: 0,
      };
    }
    return undefined;
  }

  function superLayers(
    file: CodeFacts,
    cls: number,
    call: number,
    library: LibraryInUse,
    at: Site,
  ): Layer[] {
    const extended = file.classes[cls]?.extends;
    const base = extended === undefined ? undefined : evaluator.value(file, extended);
    const shape = base?.is === 'library' ? base : undefined;
    if (shape?.shape.construct === undefined) {
      return base?.is === 'class' ? [] : [];
    }
    const site: CallSite = { file, call };
    const args = call < 0 ? [] : evaluator.argumentValues(site);
    const use: Use = {
      site,
      at,
      value: { ...shape, library },
      callable: shape.shape.construct,
      form: 'new',
      args,
      signature: signatureFor(shape.shape.construct, args),
      effects: [],
    };
    return layersOf(use, 'client', evaluator);
  }

  function clientMutations(key: string, file: CodeFacts): Layer[] {
    return [...mutations.client, ...configured.client].flatMap(({ layer, key: of, site }) =>
      of === key ? [site.file === file ? layer : { ...layer, bag: blurred(layer.bag) }] : [],
    );
  }

  for (const use of uses.all)
    if (use.effects.some(({ is }) => is === 'client'))
      clientOf({ is: 'construct', site: use.site }, use.value.library);
  const calls: CallDraft[] = [];
  for (const use of uses.all) {
    for (const effect of use.effects) {
      if (effect.is !== 'call') continue;
      const origin = use.value.client ?? evaluator.clientGiven(use.callable, use.args);
      const client =
        (origin === undefined ? undefined : clientOf(origin, use.value.library)) ?? onlyClient(use);
      const base =
        client?.layers ??
        (origin === undefined
          ? processLayers(use.value.library, undefined)
          : lostLayers(
              use.value.library,
              origin.is === 'unknown' ? origin.why : 'injected',
              use.at,
            ));
      calls.push(callOf(use, effect, base, client));
    }
  }

  /**
   * The client of a value whose way cannot be followed, or of a function that uses what the process has: the only one of its library
   * in the application.
   */
  function onlyClient(use: Use): ClientDraft | undefined {
    const { description } = use.value.library;
    const fitting = [...clients.values()].filter(
      ({ library, file }) =>
        library.description === description && together(file.path, use.site.file.path),
    );
    const [only] = fitting;
    if (only === undefined || fitting.length !== 1) return undefined;
    if (use.value.client !== undefined) return only;
    return only.construct.processWide || description.roles.includes('data') ? only : undefined;
  }

  /** The options that hold for a call, those of its client first. */
  function layersFor(use: Use, base: readonly Layer[]): Layer[] {
    const configuring = uses
      .on(use.site)
      .filter(({ effects }) =>
        effects.some((one) => one.is === 'configure' && one.of === 'receiver'),
      );
    return [
      ...base,
      ...(use.value.chain ?? []).flatMap((link) =>
        uses.at(link.file, link.call).flatMap((one) => layersOf(one, 'call', evaluator)),
      ),
      ...layersOf(use, 'call', evaluator),
      ...configuring.flatMap((one) => layersOf(one, 'call', evaluator)),
    ];
  }

  function judgedFor(
    { site, value }: Use,
    effect: OutboundCall,
    layers: readonly Layer[],
    at: Site,
  ): { judged: Judged; chained: boolean } {
    const chained =
      effect.chained !== undefined && isChained(site.file, site.call, effect.chained.members);
    const judged = judge(
      options,
      value.library,
      chained && effect.chained !== undefined ? effect.chained.profile : effect.profile,
      layers,
      at,
      { chained, listeners: (event) => listens(uses, site, event) },
    );
    return { judged, chained };
  }

  function callOf(
    use: Use,
    effect: OutboundCall,
    base: readonly Layer[],
    client: ClientDraft | undefined,
  ): CallDraft {
    const { site, value } = use;
    const { file } = site;
    const fact = file.calls[site.call] as CallFact;
    const layers = layersFor(use, base);
    const at: Site = { file, range: [fact.range[0], fact.nameRange[1]] };
    const { judged, chained } = judgedFor(use, effect, layers, at);
    const reads = bodyReads(uses, site);
    const target = targetOf(use, layers);
    const early =
      endsEarly(judged, file, fact, reads, evaluator) ??
      (chained || effect.body !== 'unread'
        ? undefined
        : stopsAtHeaders(judged.bounds, value.library, reads));
    const race = raceOf(file, site.call, evaluator, options, uses);
    const bounds: Bounds = race === undefined ? judged.bounds : { ...judged.bounds, release: race };
    // A body that is read within what is raced is waited for no longer than the rest.
    const isRaced = (read: Location) =>
      race !== undefined && read.path === file.path && inside(read, race.covers);
    const uncovered = race !== undefined && (reads.length === 0 || !reads.every(isRaced));
    const shared = sharedDeadline(judged, file, fact.function);
    return {
      use,
      effect,
      file,
      fn: fact.function,
      ...(client === undefined ? {} : { clientKey: client.key }),
      base,
      call: {
        label: labelOf(use),
        at: placeOf(at),
        library: {
          ...libraryRef(value.library, value.client === undefined ? 'call' : undefined),
          ...(asksModel(target) ? { slow: 'llm' as const } : {}),
        },
        verb: verbOf(use, effect, layers),
        target: plainText(options, target, at),
        local: isLocal(target),
        rejectsOn: effect.rejectsOn,
        waits: effect.waits === true,
        idempotent:
          effect.idempotent === undefined
            ? { state: 'unknown', why: 'not-described', at: placeOf(at) }
            : { state: 'known', value: effect.idempotent, at: placeOf(at) },
        body:
          chained || effect.body === 'read' || effect.body === 'none'
            ? 'read'
            : effect.body === 'stream'
              ? 'stream'
              : reads.length > 0
                ? 'read'
                : 'unknown',
        bodyReads: reads,
        bounds,
        attempts: judged.attempts,
        settings: judged.settings,
        ineffective: judged.ineffective.filter(
          (one) => one.at.path !== '' && !isClientLevel(one.at, base),
        ),
        broken: judged.broken.filter((one) => !isClientLevel(one.at, base)),
        ...(early === undefined
          ? race === undefined || !uncovered
            ? {}
            : { endsEarly: { at: race.at, how: 'raced' as const } }
          : { endsEarly: early }),
        ...(shared === undefined ? {} : { sharedDeadline: shared }),
        ...(judged.cancelOnly === undefined ? {} : { cancelOnly: judged.cancelOnly }),
      },
    };
  }

  function targetOf(use: Use, layers: readonly Layer[]): Abstract {
    const own =
      given(use, 'url') ?? given(use, 'path') ?? given(use, 'statement') ?? given(use, 'name');
    const base = layers.findLast((layer) => options.find(layer, 'baseURL').state !== 'absent');
    const origin = base === undefined ? undefined : options.find(base, 'baseURL');
    const written = layers.flatMap((layer) =>
      layer.library.description.options.flatMap((option) => {
        if (
          !('sets' in option.meaning) ||
          option.meaning.sets !== 'target' ||
          !option.in.includes(layer.set)
        )
          return [];
        const found = options.find(layer, option.path);
        return found.state === 'present'
          ? [found.value]
          : found.state === 'unknown'
            ? [unknown(found.why, found.at)]
            : [];
      }),
    );
    const client = written.at(-1);
    if (own !== undefined) {
      const relative =
        own.is === 'literal' &&
        typeof own.value === 'string' &&
        !/^[a-z][a-z0-9+.-]*:/i.test(own.value);
      if (relative && client !== undefined && origin?.state === 'present') return client;
      return own;
    }
    return client ?? unknown('not-described', use.at);
  }

  function verbOf(use: Use, effect: OutboundCall, layers: readonly Layer[]): CodeValue<string> {
    const place = placeOf(use.at);
    const { verb } = effect;
    if (verb === undefined) return { state: 'absent', at: place, by: 'closed' };
    if (typeof verb === 'string')
      return {
        state: 'known',
        value: verb === 'member' ? (use.value.name.split('.').at(-1) ?? verb) : verb,
        at: place,
      };
    for (const layer of [...layers].reverse()) {
      if (layer.by !== 'call') continue;
      const found = options.find(layer, verb.option);
      if (found.state === 'absent') continue;
      if (found.state === 'unknown') return { state: 'unknown', why: found.why, at: place };
      const value = plainValue(options, found.value);
      if (value.state === 'known') return { ...value, value: String(value.value) };
      return value;
    }
    return { state: 'known', value: verb.otherwise, at: place, byDefault: true };
  }

  return {
    clients: [...clients.values()],
    calls,
    boundsIn({ use, effect, base, call }, frame) {
      const here = usesAt({ ...use.site, frame }, evaluator).find(
        ({ value }) =>
          value.library === use.value.library &&
          value.shape === use.value.shape &&
          sameOrigin(value.client, use.value.client),
      );
      if (here === undefined) return call.bounds;
      const { judged } = judgedFor(here, effect, layersFor(here, base), here.at);
      return { ...judged.bounds, release: call.bounds.release };
    },
    clientJudged(draft) {
      const judged = judge(options, draft.library, draft.construct.profile, draft.layers, draft.at);
      const target =
        draft.use === undefined
          ? unknown('not-described', draft.at)
          : targetOf(draft.use, draft.layers);
      const pool = poolOf(draft, judged.settings);
      return {
        label: draft.label,
        at: placeOf(draft.at),
        library: libraryRef(draft.library, undefined, (option) =>
          draft.layers.some((layer) => options.find(layer, option).state !== 'absent'),
        ),
        scope: scopeOf(draft),
        connections: draft.construct.connections,
        bounds: judged.bounds,
        attempts: judged.attempts,
        ...(pool === undefined ? {} : { pool }),
        settings: judged.settings,
        ineffective: judged.ineffective,
        broken: judged.broken,
        target: plainText(options, target, draft.at),
        recycling: draft.library.description.options.flatMap(({ path, meaning, versions }) =>
          'sets' in meaning &&
          /^(?:connection-lifetime|idle-lifetime|keep-alive)$/.test(meaning.sets) &&
          holds(draft.library.versions, versions ?? '*') === true
            ? [path]
            : [],
        ),
        sharedDeadlines: judged.deadlines.map(({ made }) =>
          placeOf({ file: made.file, range: made.file.calls[made.call]?.range ?? [0, 0] }),
        ),
      };
    },
  };
}

function plainText(options: Options, value: Abstract, at: Site): CodeValue<string> {
  const plain = plainValue(options, value);
  if (plain.state === 'known') return { ...plain, value: String(plain.value) };
  return plain.state === 'absent' ? { ...plain, at: placeOf(at) } : plain;
}

function isClientLevel(at: Location, layers: readonly Layer[]): boolean {
  return layers.some(({ bag }) => {
    const { path } = bag.at.file;
    return path === at.path && bag.at.range[0] <= at.start && at.end <= bag.at.range[1];
  });
}

/** The callee as written: `fetch`, `this.http.get`. */
function labelOf({ site, form, value }: Use): string {
  const fact = site.file.calls[site.call];
  const name = (fact && spellExpression(site.file, fact.callee)) ?? value.name;
  return form === 'new' ? `new ${name}` : name;
}

function spellExpression(file: CodeFacts, expression: number, depth = 0): string | undefined {
  const fact = depth > 24 ? undefined : file.expressions[expression];
  switch (fact?.is) {
    case 'binding':
      return file.bindings[fact.binding]?.name;
    case 'global':
      return fact.name;
    case 'this':
    case 'super':
      return fact.is;
    case 'cast':
    case 'await':
      return spellExpression(file, fact.of, depth + 1);
    case 'member': {
      const of = spellExpression(file, fact.of, depth + 1);
      return of === undefined ? undefined : `${of}.${fact.name}`;
    }
    case 'call': {
      const call = file.calls[fact.call];
      const callee = call && spellExpression(file, call.callee, depth + 1);
      return callee === undefined ? undefined : `${callee}()`;
    }
    default:
      return undefined;
  }
}

function lostLayers(library: LibraryInUse, why: Parameters<typeof unknown>[0], at: Site): Layer[] {
  const sets = new Set(library.description.options.flatMap((option) => option.in));
  for (const { in: from } of library.description.delegates ?? [])
    for (const set of from) sets.add(set);
  return [...sets].map((set) => ({ library, set, bag: unknown(why, at), by: 'client', at }));
}

function constructOf(library: LibraryInUse): ClientConstruct | undefined {
  const shapes = Object.values(library.description.modules).flatMap((exports) =>
    Object.values(exports),
  );
  for (const shape of shapes)
    if (typeof shape !== 'string') {
      const found = shape.construct?.does?.find((effect) => effect.is === 'client');
      if (found !== undefined) return found;
    }
  return { is: 'client', profile: 'default', connections: 'stateless' };
}

function signatureFor(callable: NonNullable<Use['callable']>, args: Use['args']): Use['signature'] {
  const takes = callable.takes ?? [];
  const withOptions = takes.find((signature) => signature.some(({ role }) => role === 'options'));
  return args === 'unknown' ? 'unsure' : (withOptions ?? []);
}

function baseName(file: CodeFacts, extended: number | undefined): string | undefined {
  const fact = extended === undefined ? undefined : file.expressions[extended];
  if (fact?.is === 'binding') return file.bindings[fact.binding]?.name;
  return fact?.is === 'member' ? fact.name : undefined;
}

/** The first stands before the second in one file and both run when the module does. */
function before(first: CallSite | Site, second: CallSite): boolean {
  const start = 'range' in first ? first.range[0] : (first.file.calls[first.call]?.range[0] ?? 0);
  return first.file === second.file && start < (second.file.calls[second.call]?.range[0] ?? 0);
}

/** Options of which it cannot be told whether they are set in time. */
function blurred(bag: Abstract): Abstract {
  if (bag.is !== 'object') return unknown('mutated', bag.at);
  const entries = new Map<string, Property>();
  for (const [name, property] of bag.entries)
    entries.set(name, { ...property, value: unknown('mutated', property.key) });
  return { ...bag, entries };
}

interface Mutation {
  readonly layer: Layer;
  readonly site: Site;
  /** Of the client that it changes. */
  readonly key?: string;
}

/** Options that are set by assignment: `axios.defaults.timeout = 5000`, `server.keepAliveTimeout = 5000`. */
function mutationsOf(evaluator: Evaluator): { process: Mutation[]; client: Mutation[] } {
  const process: Mutation[] = [];
  const client: Mutation[] = [];
  const put = (target: Abstract, bag: (path: string) => Abstract, at: Site) => {
    for (const value of each(target)) {
      if (value.is !== 'library' || value.shape.assigns === undefined) continue;
      const { assigns } = value.shape;
      const layer: Layer = {
        library: value.library,
        set: assigns.set,
        bag: bag(assigns.path ?? ''),
        by: 'client',
        at,
      };
      if (assigns.of === 'process') process.push({ layer, site: at });
      else if (value.client !== undefined)
        client.push({ layer, site: at, key: originKey(value.client) });
      else if (value.from !== undefined)
        client.push({ layer, site: at, key: originKey({ is: 'construct', site: value.from }) });
    }
  };
  for (const { facts: file } of evaluator.program.files.values()) {
    for (const write of file.writes) {
      const target = file.expressions[write.target];
      if (target?.is !== 'member' || write.value === undefined || write.path !== undefined)
        continue;
      const of = file.expressions[target.of];
      // `this.x = ` and `x.y = ` on plain objects are most of all writes.
      if (of?.is === 'this') continue;
      const at: Site = { file, range: target.range };
      const value = write.value;
      put(
        evaluator.value(file, target.of),
        (path) => {
          const set = evaluator.value(file, value);
          const entries = new Map([[target.name, { value: set, key: at }]]);
          const bag: Abstract = { is: 'object', entries, at };
          return path === ''
            ? bag
            : { is: 'object', entries: new Map([[path, { value: bag, key: at }]]), at };
        },
        at,
      );
    }
    for (const [call, fact] of file.calls.entries()) {
      const callee = file.expressions[fact.callee];
      if (callee?.is !== 'member' || callee.name !== 'assign') continue;
      const args = evaluator.argumentValues({ file, call });
      if (args === 'unknown') continue;
      const [target, ...bags] = args;
      if (target === undefined) continue;
      for (const bag of bags) put(target, () => bag, { file, range: fact.range });
    }
  }
  return { process, client };
}

/** Calls that set options of a client or of the process: interceptors, `setGlobalDispatcher(agent)`. */
function configuredOf(
  uses: Uses,
  evaluator: Evaluator,
): { process: Mutation[]; client: Mutation[] } {
  const process: Mutation[] = [];
  const client: Mutation[] = [];
  for (const use of uses.all)
    for (const effect of use.effects) {
      if (effect.is !== 'configure') continue;
      const layers = layersOf(use, 'client', evaluator);
      if (effect.of === 'process') {
        for (const value of (use.args === 'unknown' ? [] : use.args).flatMap((one) => each(one)))
          if (value.is === 'library' && value.from !== undefined)
            for (const made of uses.at(value.from.file, value.from.call))
              layers.push(...layersOf(made, 'client', evaluator));
        for (const layer of layers) process.push({ layer, site: use.at });
      } else if (use.value.client !== undefined) {
        const key = originKey(use.value.client);
        for (const layer of layers) client.push({ layer, site: use.at, key });
      } else if (use.value.from === undefined)
        for (const layer of layers) process.push({ layer, site: use.at });
    }
  return { process, client };
}

/** A member of these names is called on the promise itself: `ky(url).json()`. */
function isChained(file: CodeFacts, call: number, members: readonly string[]): boolean {
  const own = new Set<number>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'call' && fact.call === call) own.add(index);
  return file.calls.some((other) => {
    const callee = file.expressions[other.callee];
    return callee?.is === 'member' && own.has(callee.of) && members.includes(callee.name);
  });
}

/** The result of a call has a listener for an event; undefined when it may have one elsewhere. */
function listens(uses: Uses, site: CallSite, event: string): boolean | undefined {
  let unsure = false;
  for (const use of uses.on(site)) {
    if (!use.effects.some(({ is }) => is === 'listener' || is === 'configure')) continue;
    const name = given(use, 'name');
    if (
      use.effects.some(({ is }) => is === 'configure') &&
      use.args !== 'unknown' &&
      use.args.length > 1
    )
      return true;
    if (name?.is === 'literal' && name.value === event) return true;
    if (name !== undefined && name.is !== 'literal') unsure = true;
  }
  if (unsure) return undefined;
  const fact = site.file.calls[site.call];
  // Given away, it may get one anywhere.
  return fact?.use === 'returned' || fact?.use === 'argument' ? undefined : false;
}

function bodyReads(uses: Uses, site: CallSite): Location[] {
  return uses
    .on(site)
    .filter(({ effects }) => effects.some(({ is }) => is === 'read-body'))
    .map(({ at }) => placeOf(at))
    .sort(compareLocations);
}

/** The timer behind a signal is cleared before the body has been read. */
function endsEarly(
  judged: Judged,
  file: CodeFacts,
  call: CallFact,
  reads: readonly Location[],
  evaluator: Evaluator,
): { at: Location; how: EndsEarly } | undefined {
  for (const { timer } of judged.deadlines) {
    if (timer === undefined || timer.file !== file) continue;
    for (const clear of file.calls) {
      const callee = file.expressions[clear.callee];
      if (callee?.is !== 'global' || callee.name !== 'clearTimeout') continue;
      const [cleared] = clear.arguments;
      if (typeof cleared !== 'number' || !isTimer(file, cleared, timer.call)) continue;
      const fn = file.functions[clear.function];
      if (fn === undefined || !within(file, clear.function, file.calls[timer.call]?.function ?? 0))
        continue;
      const region = fn.regions[clear.region];
      if (region?.kind === 'catch' || clear.range[0] < call.range[1]) continue;
      for (const read of reads) {
        const elsewhere =
          (read.path !== file.path || !inside(read, fn.range)) &&
          !(
            call.function !== clear.function &&
            !within(file, call.function, clear.function) &&
            readsBefore(read, file, call.function, evaluator)
          );
        const later = !elsewhere && clear.range[0] < read.start;
        // `return response.json()` leaves the try before the body is there.
        const unawaited =
          region?.kind === 'finally' &&
          region.of !== undefined &&
          inside(read, region.of) &&
          file.calls.some(
            (one) =>
              one.range[0] === read.start && one.range[1] === read.end && one.use === 'returned',
          );
        if (elsewhere || later || unawaited)
          return { at: placeOf({ file, range: clear.range }), how: 'timer-cleared' };
      }
    }
  }
  return undefined;
}

/** A body is read before a function returns: by itself, or by what it calls. */
function readsBefore(
  read: Location,
  file: CodeFacts,
  fn: FunctionIndex,
  evaluator: Evaluator,
  depth = 0,
): boolean {
  const range = file.functions[fn]?.range;
  if (range === undefined || depth > MAX_CALLEES) return false;
  if (read.path === file.path && inside(read, range)) return true;
  return file.calls.some(
    (call, index) =>
      call.function === fn &&
      isWaitedFor(file, index) &&
      each(evaluator.callee({ file, call: index })).some(
        (callee) =>
          callee.is === 'function' &&
          readsBefore(read, callee.file, callee.fn, evaluator, depth + 1),
      ),
  );
}

/** An option that somebody wrote ends the wait for the headers, and nothing but the library's default that for the body. */
function stopsAtHeaders(
  { headers, idle }: Bounds,
  { description, versions }: LibraryInUse,
  reads: readonly Location[],
): { at: Location; how: EndsEarly } | undefined {
  if (reads.length === 0 || !('ms' in headers) || !('ms' in idle)) return undefined;
  if (headers.by === 'library' || headers.by === 'guard' || headers.ms.state !== 'known')
    return undefined;
  if (idle.by !== 'library' || idle.ms.state !== 'known') return undefined;
  // Reading the body may start the time anew.
  const continues = description.options.some(
    (option) =>
      option.path === headers.option &&
      'bounds' in option.meaning &&
      option.meaning.chained !== undefined &&
      holds(versions, option.versions) !== false,
  );
  if (continues) return undefined;
  return headers.ms.value < idle.ms.value ? { at: headers.ms.at, how: 'option' } : undefined;
}

function inside(at: Location, range: readonly [number, number]): boolean {
  return range[0] <= at.start && at.end <= range[1];
}

/** An expression names the variable that holds this timer. */
function isTimer(file: CodeFacts, expression: number, timer: number): boolean {
  const fact = file.expressions[expression];
  if (fact?.is !== 'binding') return false;
  const holds = (value: number | undefined) => {
    const held = value === undefined ? undefined : file.expressions[value];
    return held?.is === 'call' && held.call === timer;
  };
  if (holds(file.bindings[fact.binding]?.value)) return true;
  return file.writes.some((write) => {
    const target = file.expressions[write.target];
    return target?.is === 'binding' && target.binding === fact.binding && holds(write.value);
  });
}

/** A deadline that is made once, while the call that uses it runs more than once. */
function sharedDeadline(judged: Judged, file: CodeFacts, fn: FunctionIndex): Location | undefined {
  for (const { made } of judged.deadlines) {
    const fact = made.file.calls[made.call];
    if (fact === undefined) continue;
    if (!runsOnce(made.file, fact.function) || (made.file === file && fact.function === fn))
      continue;
    if (runsOnce(file, fn)) continue;
    return placeOf({ file: made.file, range: fact.range });
  }
  return undefined;
}

/** The body of a module, a constructor, what initialises a field. */
function runsOnce(file: CodeFacts, fn: FunctionIndex): boolean {
  const fact = file.functions[fn];
  return (
    fn === 0 ||
    fact?.form === 'field' ||
    fact?.form === 'static-block' ||
    fact?.of?.kind === 'constructor'
  );
}

function isLocal(target: Abstract): boolean {
  const text =
    target.is === 'literal' && typeof target.value === 'string'
      ? target.value
      : target.is === 'text'
        ? // The default of a variable is not the address in a cluster.
          (target.parts[0] ?? '').slice(0, target.written)
        : '';
  return /^(?:(?:https?|wss?):\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/?#]|$)|^unix:|^\/\/localhost/.test(
    text,
  );
}

/** The path or host of an address is one at which language models answer. */
function asksModel(target: Abstract): boolean {
  return each(target).some((one) => {
    const text =
      one.is === 'text' ? one.parts.join('') : one.is === 'literal' ? String(one.value) : '';
    return MODELS.test(text);
  });
}

const MODELS =
  /\/chat\/completions|\/v1\/(?:completions|messages|responses|images\/generations)|\/api\/(?:chat|generate)$|:(?:stream)?generateContent|\/\/api\.(?:openai|anthropic|mistral|groq|deepseek|cohere|together)\./i;

function poolOf(draft: ClientDraft, settings: readonly SettingValue[]): Pool | undefined {
  const facts = draft.library.description.profiles.find(
    ({ name, pool }) => name === draft.construct.profile && pool !== undefined,
  )?.pool;
  if (facts === undefined) return undefined;
  const at = placeOf(draft.at);
  const number = (sets: 'pool-size' | 'queue-limit', fallback: number): CodeValue<number> => {
    const value = settings.findLast((one) => one.sets === sets)?.value;
    if (value?.state === 'known') {
      const { value: plain } = value;
      return typeof plain === 'number'
        ? { ...value, value: plain }
        : { state: 'unknown', why: 'computed', at };
    }
    if (value?.state === 'unknown') return value;
    return { state: 'known', value: fallback, at, byDefault: true };
  };
  return {
    size: number('pool-size', facts.size),
    queue: number('queue-limit', facts.queue),
    per: facts.per,
  };
}

function scopeOf({ file, fn, origin, use }: ClientDraft): Scope {
  if (origin.is !== 'construct') return 'singleton';
  if (fn === 0) return 'module';
  const fact = file.functions[fn];
  const owner = classOf(file, fn);
  if (owner !== undefined && (fact?.form === 'field' || fact?.of?.kind === 'constructor'))
    return owner.static ? 'module' : 'singleton';
  if (use === undefined) return 'unknown';
  const { call } = use.site;
  // Kept in a variable of the module or in a field: made once, or when it is missing.
  for (const write of file.writes) {
    const { value } = write;
    if (value === undefined) continue;
    if (callAt(file, value) !== call && awaitedCallAt(file, value) !== call) continue;
    const target = file.expressions[write.target];
    if (target?.is === 'binding' && file.bindings[target.binding]?.function === 0) return 'module';
    if (target?.is === 'member') return 'singleton';
  }
  return staysHere(file, call) ? 'per-call' : 'unknown';
}

/** Nothing but calls on it happens to what a call gives: it ends with its function. */
function staysHere(file: CodeFacts, call: number): boolean {
  const fate = file.calls[call]?.use;
  if (fate === 'chained' || fate === 'dropped' || fate === 'voided') return true;
  const binding = file.bindings.findIndex(
    ({ value, path }) =>
      value !== undefined &&
      path === undefined &&
      (callAt(file, value) === call || awaitedCallAt(file, value) === call),
  );
  if (binding < 0) return false;
  const names = new Set<number>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'binding' && fact.binding === binding) names.add(index);
  for (const fact of file.expressions) if (fact.is === 'member') names.delete(fact.of);
  return names.size === 0;
}

function awaitedCallAt(file: CodeFacts, expression: number): number | undefined {
  const fact = file.expressions[expression];
  return fact?.is === 'await' ? callAt(file, fact.of) : undefined;
}

function callAt(file: CodeFacts, expression: number): number | undefined {
  const fact = file.expressions[expression];
  return fact?.is === 'call' ? fact.call : undefined;
}
