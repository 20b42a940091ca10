/**
 * Containers that inject: which class, factory or library value stands behind a parameter of a constructor.
 *
 * Two tables decide. Providers: every object with `provide` and one of the `use...` keys (NestJS, Angular-like), and the calls
 * `register(token, provider)` and `bind(token).to(class)` of tsyringe and inversify. Modules: classes with a decorator whose argument has
 * `imports`, `providers`, `exports`; they decide which registration of a library a class sees.
 */
import type {
  CallFact,
  ClassIndex,
  CodeFacts,
  FieldFact,
  FunctionIndex,
} from '../../../code-facts.ts';
import type { Injection } from '../../../library.ts';
import {
  type Abstract,
  alternatives,
  each,
  type LibraryInUse,
  literal,
  placeOf,
  type Site,
  type TypeIn,
  unknown,
} from './abstract.ts';
import type { Evaluation } from './evaluation.ts';
import type { Injections } from './injection.ts';
import type { Layer } from './options.ts';
import type { Program } from './program.ts';

/** A client that a container makes. */
export interface InjectedClient {
  readonly library: LibraryInUse;
  readonly profile: string;
  /** It is the process-wide one: what is set for the process holds. */
  readonly processWide: boolean;
  /** The library whose process-wide options hold, when it is another. */
  readonly layerLibrary?: LibraryInUse;
  readonly layers: readonly Layer[];
  readonly at: Site;
  readonly label: string;
}

interface ModuleClass {
  readonly key: string;
  readonly imports: readonly Abstract[];
  readonly providers: readonly string[];
  readonly exports: readonly Abstract[];
  readonly global: boolean;
  /** Not all entries could be read. */
  readonly open: boolean;
}

/** Gives what containers inject, and remembers the clients of libraries that they make. */
export class Containers implements Injections {
  readonly clients = new Map<string, InjectedClient>();
  readonly #program: Program;
  readonly #injections: readonly { readonly library: string; readonly injection: Injection }[];
  #providers: Map<string, Abstract[]> | undefined;
  #modules: ModuleClass[] | undefined;
  #building = false;

  constructor(program: Program, injections: readonly { library: string; injection: Injection }[]) {
    this.#program = program;
    this.#injections = injections;
  }

  forget(): void {
    this.#providers = undefined;
    this.#modules = undefined;
    this.clients.clear();
  }

  parameter(
    file: CodeFacts,
    fn: FunctionIndex,
    index: number,
    evaluator: Evaluation,
    at: Site,
  ): Abstract | undefined {
    const fact = file.functions[fn];
    if (fact?.of?.kind !== 'constructor') return undefined;
    const cls = file.classes[fact.of.class];
    const parameter = fact.parameters[index];
    if (cls === undefined || parameter === undefined) return undefined;
    const decorators = parameter.decorators ?? [];
    if (cls.decorators.length === 0 && decorators.length === 0) return undefined;
    const type: TypeIn | undefined =
      parameter.type === undefined ? undefined : { file, ref: parameter.type };
    return this.#injected(file, fact.of.class, decorators, type, evaluator, at);
  }

  field(
    file: CodeFacts,
    cls: ClassIndex,
    field: FieldFact,
    evaluator: Evaluation,
    at: Site,
  ): Abstract | undefined {
    if (field.decorators.length === 0) return undefined;
    const type: TypeIn | undefined =
      field.type === undefined ? undefined : { file, ref: field.type };
    return this.#injected(file, cls, field.decorators, type, evaluator, at);
  }

  #injected(
    file: CodeFacts,
    cls: ClassIndex,
    decorators: readonly number[],
    type: TypeIn | undefined,
    evaluator: Evaluation,
    at: Site,
  ): Abstract {
    for (const decorator of decorators) {
      const args = evaluator.argumentValues({ file, call: decorator });
      const token = args === 'unknown' ? undefined : args[0];
      if (token === undefined) continue;
      const found = this.#provided(tokenOf(token), evaluator, at);
      if (found !== undefined) return found;
    }
    if (type !== undefined) {
      const token = this.#typeToken(type, evaluator, at);
      const found = token === undefined ? undefined : this.#provided(token, evaluator, at);
      if (found !== undefined) return found;
      const value = evaluator.ofType(type, 'injected', at);
      if (value?.is === 'library') {
        const client = this.#libraryClient(file, cls, value, evaluator);
        return client === undefined ? value : { ...value, client: { is: 'injected', key: client } };
      }
      if (value !== undefined) return value;
    }
    return unknown('injected', at, type === undefined ? {} : { type });
  }

  /** A class that is a type is its own token. */
  #typeToken({ file, ref }: TypeIn, evaluator: Evaluation, at: Site): string | undefined {
    if (!('binding' in ref.root)) return undefined;
    const kind = file.bindings[ref.root.binding]?.kind;
    if (kind === 'interface' || kind === 'type') return undefined;
    return tokenOf(evaluator.binding(file, ref.root.binding, at));
  }

  // Providers

  #provided(token: string | undefined, evaluator: Evaluation, at: Site): Abstract | undefined {
    if (token === undefined) return undefined;
    if (this.#providers === undefined) {
      if (this.#building) return undefined;
      this.#building = true;
      this.#providers = this.#readProviders(evaluator);
      this.#building = false;
    }
    const found = this.#providers.get(token);
    return found === undefined
      ? undefined
      : alternatives(
          found.map((one) => this.#made(one, evaluator, at)),
          at,
        );
  }

  #readProviders(evaluator: Evaluation): Map<string, Abstract[]> {
    const result = new Map<string, Abstract[]>();
    const put = (token: Abstract, provider: Abstract) => {
      const key = tokenOf(token);
      if (key === undefined) return;
      result.set(key, [...(result.get(key) ?? []), provider]);
    };
    for (const { facts: file } of this.#program.files.values()) {
      for (const [index, fact] of file.expressions.entries()) {
        if (fact.is !== 'object') continue;
        const keys = fact.entries.flatMap((entry) => ('key' in entry ? [entry.key] : []));
        if (
          !keys.includes('provide') ||
          !keys.some((key) => /^use(?:Class|Factory|Value|Existing)$/.test(key))
        )
          continue;
        const value = evaluator.value(file, index);
        if (value.is !== 'object') continue;
        const token = value.entries.get('provide');
        if (token !== undefined) put(token.value, value);
      }
      for (const [call, fact] of file.calls.entries()) {
        const callee = file.expressions[fact.callee];
        if (callee?.is !== 'member') continue;
        if (/^register(?:Singleton|Instance)?$/.test(callee.name) && fact.arguments.length >= 2) {
          const args = evaluator.argumentValues({ file, call });
          const [token, provider] = args === 'unknown' ? [] : args;
          if (
            token !== undefined &&
            provider !== undefined &&
            this.#isContainer(file, callee.of, evaluator)
          )
            put(token, provider);
        }
        if (/^to(?:Self|ConstantValue|DynamicValue|Factory)?$/.test(callee.name)) {
          const bound = file.expressions[callee.of];
          const bind = bound?.is === 'call' ? file.calls[bound.call] : undefined;
          const binder = bind && file.expressions[bind.callee];
          if (bind === undefined || binder?.is !== 'member' || binder.name !== 'bind') continue;
          const [token] = bind.arguments;
          const [target] = fact.arguments;
          if (typeof token === 'number' && typeof target === 'number')
            put(evaluator.value(file, token), evaluator.value(file, target));
        }
      }
    }
    return result;
  }

  #isContainer(file: CodeFacts, expression: number, evaluator: Evaluation): boolean {
    const value = evaluator.value(file, expression);
    return value.is === 'external' || (value.is === 'unknown' && value.package !== undefined);
  }

  /** What a provider gives. */
  #made(provider: Abstract, evaluator: Evaluation, at: Site): Abstract {
    if (provider.is === 'class')
      return { is: 'instance', file: provider.file, cls: provider.cls, at };
    if (provider.is !== 'object') return provider;
    const entry = (name: string) => provider.entries.get(name)?.value;
    const use = entry('useClass') ?? entry('useExisting');
    if (use?.is === 'class') return { is: 'instance', file: use.file, cls: use.cls, at };
    if (use !== undefined) return unknown('injected', at);
    const value = entry('useValue');
    if (value !== undefined) return value;
    const factory = entry('useFactory');
    if (factory?.is === 'function') return evaluator.returned(factory, [], at);
    // tsyringe's `register(token, { useValue })` is one of these too; anything else is the value itself.
    return factory === undefined ? provider : unknown('injected', at);
  }

  // Clients of libraries

  #libraryClient(
    file: CodeFacts,
    cls: ClassIndex,
    value: Extract<Abstract, { is: 'library' }>,
    evaluator: Evaluation,
  ): string | undefined {
    const { library } = value;
    const found = this.#injections.filter(
      ({ library: name, injection }) =>
        name === library.description.name && injection.token === value.name,
    );
    if (found.length === 0) return undefined;
    const registrations = this.#registrationsFor(
      `${file.path}#${cls}`,
      library,
      found.map(({ injection }) => injection),
      evaluator,
    );
    const [only] = registrations;
    if (only === undefined || registrations.length !== 1) return undefined;
    this.clients.set(only.key, only.client);
    return only.key;
  }

  /** The registrations that a class sees: those that its modules import, or that are global. */
  #registrationsFor(
    cls: string,
    library: LibraryInUse,
    injections: readonly Injection[],
    evaluator: Evaluation,
  ): { key: string; client: InjectedClient }[] {
    const modules = this.#allModules(evaluator);
    const holding = modules.filter(({ providers }) => providers.includes(cls));
    const result = new Map<string, { key: string; client: InjectedClient }>();
    const visit = (module: ModuleClass, seen: Set<string>, reexportedOnly: boolean) => {
      if (seen.has(module.key)) return;
      seen.add(module.key);
      for (const imported of module.imports.flatMap((one) => each(one))) {
        const registration = this.#registration(imported, library, injections, evaluator);
        if (registration !== undefined) {
          if (!reexportedOnly || exportsThis(module, imported))
            result.set(registration.key, registration);
          continue;
        }
        const key = moduleKey(imported);
        const next = modules.find((one) => one.key === key);
        if (next !== undefined) visit(next, seen, true);
      }
    };
    for (const module of holding) visit(module, new Set(), false);
    if (result.size === 0)
      for (const module of modules.filter(({ global }) => global)) visit(module, new Set(), true);
    if (result.size === 0)
      for (const module of modules)
        for (const imported of module.imports.flatMap((one) => each(one))) {
          const registration = this.#registration(imported, library, injections, evaluator);
          if (registration?.global) result.set(registration.key, registration);
        }
    return [...result.values()];
  }

  #registration(
    imported: Abstract,
    library: LibraryInUse,
    injections: readonly Injection[],
    evaluator: Evaluation,
  ): { key: string; client: InjectedClient; global?: boolean } | undefined {
    for (const injection of injections)
      for (const provider of injection.providers) {
        if (provider.method === undefined) {
          if (
            imported.is !== 'library' ||
            imported.name !== provider.of ||
            imported.from !== undefined
          )
            continue;
          return this.#client(imported.at, library, injection, provider, [], evaluator);
        }
        const site = registeredBy(imported, provider.of, provider.method, evaluator);
        if (site === undefined) continue;
        const args = evaluator.argumentValues(site);
        const [bag] = args === 'unknown' ? [unknown('spread', imported.at)] : args;
        const from = provider.options;
        const at: Site = { file: site.file, range: site.file.calls[site.call]?.range ?? [0, 0] };
        const layers: Layer[] = [];
        if (from !== undefined) {
          const options = this.#optionsOf(from, bag ?? literal(undefined, at), evaluator, at);
          if (options === undefined) continue;
          const colon = from.set.indexOf(':');
          const owner =
            colon < 0 ? library : evaluator.surface.other(library, from.set.slice(0, colon));
          if (owner !== undefined)
            layers.push({
              library: owner,
              set: from.set.slice(colon + 1),
              bag: options,
              by: 'client',
              at,
            });
        }
        const global = bag?.is === 'object' && bag.entries.get('global')?.value;
        const made = this.#client(at, library, injection, provider, layers, evaluator);
        return global !== false &&
          global !== undefined &&
          global.is === 'literal' &&
          global.value === true
          ? { ...made, global: true }
          : made;
      }
    return undefined;
  }

  #client(
    at: Site,
    library: LibraryInUse,
    injection: Injection,
    provider: Injection['providers'][number],
    layers: readonly Layer[],
    evaluator: Evaluation,
  ): { key: string; client: InjectedClient } {
    const place = placeOf(at);
    const first = library.description.profiles.find(({ name }) => name === injection.profile);
    const as =
      first === undefined ? undefined : Object.values(first.phases).find((phase) => 'as' in phase);
    const layerLibrary =
      as !== undefined && 'as' in as ? evaluator.surface.other(library, as.as) : undefined;
    return {
      key: `${place.path}#${place.start}`,
      client: {
        library,
        profile: injection.profile,
        processWide: provider.processWide === true,
        ...(layerLibrary === undefined ? {} : { layerLibrary }),
        layers,
        at,
        label: provider.method === undefined ? provider.of : `${provider.of}.${provider.method}`,
      },
    };
  }

  #optionsOf(
    from: NonNullable<Injection['providers'][number]['options']>,
    bag: Abstract,
    evaluator: Evaluation,
    at: Site,
  ): Abstract | undefined {
    if ('argument' in from) return bag;
    const path = 'factory' in from ? from.factory : from.class;
    const value = evaluator.member(bag, path, at);
    if (value.is === 'literal') return undefined;
    if ('factory' in from)
      return value.is === 'function' ? evaluator.returned(value, [], at) : unknown('injected', at);
    if (value.is !== 'class') return unknown('injected', at);
    const method = evaluator.member(
      { is: 'instance', file: value.file, cls: value.cls, at },
      from.method,
      at,
    );
    return method.is === 'function' ? evaluator.returned(method, [], at) : unknown('injected', at);
  }

  #allModules(evaluator: Evaluation): readonly ModuleClass[] {
    if (this.#modules !== undefined) return this.#modules;
    const result: ModuleClass[] = [];
    this.#modules = result;
    for (const { facts: file } of this.#program.files.values())
      for (const [index, cls] of file.classes.entries())
        for (const decorator of cls.decorators) {
          const fact = file.calls[decorator];
          if (fact === undefined || !isModule(file, fact)) continue;
          const args = evaluator.argumentValues({ file, call: decorator });
          const [bag] = args === 'unknown' ? [] : args;
          if (bag?.is !== 'object') continue;
          const list = (name: string): { items: readonly Abstract[]; open: boolean } => {
            const value = bag.entries.get(name)?.value;
            if (value === undefined) return { items: [], open: bag.open !== undefined };
            return value.is === 'array'
              ? { items: value.items, open: value.open !== undefined }
              : { items: [], open: true };
          };
          const providers = [...list('providers').items, ...list('controllers').items];
          result.push({
            key: `${file.path}#${index}`,
            imports: list('imports').items,
            providers: providers
              .flatMap((one) => each(one))
              .flatMap((one) => {
                if (one.is === 'class') return [`${one.file.path}#${one.cls}`];
                const use = one.is === 'object' ? one.entries.get('useClass')?.value : undefined;
                return use?.is === 'class' ? [`${use.file.path}#${use.cls}`] : [];
              }),
            exports: list('exports').items,
            global: cls.decorators.some((other) => nameOf(file, file.calls[other]) === 'Global'),
            open: list('imports').open || list('providers').open,
          });
        }
    return result;
  }
}

function isModule(file: CodeFacts, fact: CallFact): boolean {
  return nameOf(file, fact) === 'Module';
}

/** The last name of what is called. */
function nameOf(file: CodeFacts, fact: CallFact | undefined): string | undefined {
  const callee = fact && file.expressions[fact.callee];
  if (callee?.is === 'binding') {
    const binding = file.bindings[callee.binding];
    return binding?.from?.imported ?? binding?.name;
  }
  return callee?.is === 'member' ? callee.name : undefined;
}

/** Names a token: a text, a class, something of a package. */
function tokenOf(value: Abstract): string | undefined {
  switch (value.is) {
    case 'literal':
      return typeof value.value === 'string' ? `text ${value.value}` : undefined;
    case 'class':
      return `class ${value.file.path}#${value.cls}`;
    case 'external':
      return `external ${value.package} ${value.path.join('.')}`;
    case 'unknown':
      // A symbol without a description, or something made by a call: where it is made names it.
      return value.why === 'call-result'
        ? `made ${value.at.file.path}#${value.at.range[0]}`
        : undefined;
    default:
      return undefined;
  }
}

function moduleKey(value: Abstract): string | undefined {
  if (value.is === 'class') return `${value.file.path}#${value.cls}`;
  // `SomeModule.forRoot()` returns `{ module: SomeModule, ... }`.
  if (value.is === 'object') {
    const module = value.entries.get('module')?.value;
    return module === undefined ? undefined : moduleKey(module);
  }
  return undefined;
}

function exportsThis(module: ModuleClass, imported: Abstract): boolean {
  return module.exports
    .flatMap((one) => each(one))
    .some((one) => {
      if (one.is !== 'library') return false;
      if (imported.is === 'library') return one.name === imported.name;
      return true;
    });
}

/** The call `HttpModule.register(...)` that an import is. */
function registeredBy(imported: Abstract, of: string, method: string, evaluator: Evaluation) {
  const { file, range } = imported.at;
  const call = file.calls.findIndex(
    (one) => one.range[0] === range[0] && one.range[1] === range[1],
  );
  const fact = file.calls[call];
  if (fact === undefined) return undefined;
  const site = { file, call };
  const callee = evaluator.callee(site);
  return callee.is === 'library' && callee.name === `${of}.${method}` ? site : undefined;
}
