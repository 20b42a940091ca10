/** The calls that leave the process, and the clients that they go through. */
import type { CallFact, CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { ClientConstruct, OutboundCall } from '../../../library.ts';
import type { Location } from '../../../location.ts';
import type { Bounds, Call, Client, CodeValue } from '../../code.ts';
import {
  type Abstract,
  type CallSite,
  type ClientOrigin,
  type Frame,
  type LibraryInUse,
  originKey,
  placeOf,
  type Site,
  sameOrigin,
  unknown,
} from './abstract.ts';
import { addressesOf } from './addresses.ts';
import { bodyReads, endsEarly, inside, isChained, stopsAtHeaders } from './bodies.ts';
import {
  baseName,
  type ClientDraft,
  constructOf,
  poolOf,
  scopeOf,
  signatureFor,
} from './client-drafts.ts';
import type { InjectedClient } from './containers.ts';
import { listens, sharedDeadline } from './deadlines.ts';
import type { Evaluator } from './evaluate.ts';
import { type Judged, judge } from './judge.ts';
import { labelOf } from './labels.ts';
import { before, blurred, configuredOf, isClientLevel, lostLayers, mutationsOf } from './layers.ts';
import { libraryRef } from './library-refs.ts';
import type { Layer, Options } from './options.ts';
import { constructorOf } from './program.ts';
import { raceOf } from './races.ts';
import { plainValue } from './settings.ts';
import { asksModel, isLocal, plainText } from './targets.ts';
import { given, layersOf, type Use, type Uses, usesAt } from './uses.ts';
import { holds } from './versions.ts';

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
        // A class that is the default export has the name that the file gives it.
        label:
          fact.form === 'new' && use.value.name === library.description.name
            ? labelOf(use)
            : `${fact.form === 'new' ? 'new ' : ''}${use.value.name}`,
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
        addresses: addressesOf(target, clientTarget(layers)),
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
    const client = clientTarget(layers);
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

  /** What the options of the client say where it connects to. */
  function clientTarget(layers: readonly Layer[]): Abstract | undefined {
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
    return written.at(-1);
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
        addresses: addressesOf(target, undefined),
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
