/** Step 5: what the options of a call and its client do: which phases are bounded, by whom, for how long. */
import {
  type Attempts as AttemptFacts,
  type IneffectiveOption,
  type LibraryOption,
  type Need,
  type OptionValue,
  PHASES,
  type Phase,
  type PhaseDefault,
  type Profile,
  type Setting,
  type When,
} from '../../../library.ts';
import type { Location } from '../../../location.ts';
import type {
  Attempts,
  Bound,
  Bounds,
  BrokenValue,
  CodeValue,
  EnvironmentRead,
  IneffectiveUse,
  SetBy,
  SettingValue,
  Why,
} from '../../code.ts';
import {
  type Abstract,
  each,
  type LibraryInUse,
  literal,
  type Property,
  placeOf,
  type Site,
  unknown,
} from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { type Deadline, deadlineOf } from './signals.ts';
import { holds } from './versions.ts';

/** Options of one set, from one place. Later layers win. */
export interface Layer {
  readonly library: LibraryInUse;
  readonly set: string;
  readonly bag: Abstract;
  readonly by: SetBy;
  /** For messages and for what is not written. */
  readonly at: Site;
}

/** Whether any of these words occurs in the texts of the application that holds a file. */
export type Census = (path: string, words: readonly string[]) => boolean;

export type Found =
  | { readonly state: 'present'; readonly value: Abstract; readonly key: Site }
  | { readonly state: 'absent'; readonly by: 'closed' | 'census' }
  | { readonly state: 'unknown'; readonly why: Why; readonly at: Site };

export class Options {
  readonly evaluator: Evaluator;
  readonly census: Census | undefined;

  constructor(evaluator: Evaluator, census: Census | undefined) {
    this.evaluator = evaluator;
    this.census = census;
  }

  /** What stands at a path of an option bag. */
  find(layer: Layer, path: string, words: readonly string[] = [path]): Found {
    const found = this.#lookup(layer.bag, path === '' ? [] : path.split('.'));
    if (found.state !== 'unknown' || this.census === undefined) return found;
    if (found.openFrom !== undefined) return found;
    const wanted = words
      .map((word) => word.slice(word.lastIndexOf('.') + 1))
      .filter((word) => word !== '');
    if (wanted.length === 0 || this.census(layer.at.file.path, wanted)) return found;
    return { state: 'absent', by: 'census' };
  }

  #lookup(bag: Abstract, path: readonly string[]): Found & { readonly openFrom?: string } {
    if (bag.is === 'alternatives') return this.#either(bag, path);
    if (path.length === 0) {
      if (bag.is === 'literal' && bag.value === undefined) return { state: 'absent', by: 'closed' };
      return { state: 'present', value: bag, key: bag.at };
    }
    const [name, ...rest] = path;
    switch (bag.is) {
      case 'literal':
        return { state: 'absent', by: 'closed' };
      case 'object': {
        const entry = bag.entries.get(name ?? '');
        if (entry === undefined)
          return bag.open === undefined
            ? { state: 'absent', by: 'closed' }
            : {
                state: 'unknown',
                why: bag.open,
                at: bag.at,
                ...(bag.openFrom === undefined ? {} : { openFrom: bag.openFrom }),
              };
        if (entry.unsure && rest.length === 0)
          return {
            state: 'unknown',
            why: bag.open ?? 'spread',
            at: entry.key,
            openFrom: 'written',
          };
        if (rest.length > 0) return this.#lookup(entry.value, rest);
        return { state: 'present', value: entry.value, key: entry.key };
      }
      case 'unknown':
        return {
          state: 'unknown',
          why: bag.why,
          at: bag.at,
          ...(bag.package === undefined ? {} : { openFrom: bag.package }),
        };
      case 'external':
        return { state: 'unknown', why: 'package-unknown', at: bag.at, openFrom: bag.package };
      case 'parameter': {
        return { state: 'unknown', why: 'parameter', at: bag.at };
      }
      case 'environment':
        return { state: 'unknown', why: 'environment', at: bag.at };
      case 'instance': {
        const value = this.evaluator.member(bag, name ?? '', bag.at);
        return this.#lookup(value, rest);
      }
      case 'function':
      case 'class':
      case 'signal':
      case 'controller':
      case 'array':
      case 'text':
        return { state: 'absent', by: 'closed' };
      default:
        return { state: 'unknown', why: 'dynamic', at: bag.at };
    }
  }

  #either(bag: Extract<Abstract, { is: 'alternatives' }>, path: readonly string[]): Found {
    const all = bag.of.map((one) => this.#lookup(one, path));
    const lost = all.find((one) => one.state === 'unknown');
    if (lost !== undefined) return lost;
    const present = all.flatMap((one) => (one.state === 'present' ? [one] : []));
    const [first] = present;
    if (first === undefined) return { state: 'absent', by: 'closed' };
    const values = present.map(({ value }) => value);
    if (present.length < all.length) values.push(literal(undefined, first.key));
    const of = values.flatMap((value) => each(value));
    return {
      state: 'present',
      key: first.key,
      value:
        of.length === 1 && of[0] !== undefined ? of[0] : { is: 'alternatives', of, at: first.key },
    };
  }

  /** Whether a value lies in a set of values; undefined when it cannot be told. */
  matches(value: Abstract, wanted: OptionValue): boolean | undefined {
    if (value.is === 'alternatives') {
      const answers = new Set(value.of.map((one) => this.matches(one, wanted)));
      const [only] = answers;
      return answers.size === 1 ? only : undefined;
    }
    if (value.is === 'environment')
      return value.fallback === undefined ? undefined : this.matches(value.fallback, wanted);
    if (
      value.is === 'unknown' ||
      value.is === 'parameter' ||
      value.is === 'external' ||
      value.is === 'method'
    )
      return 'is' in wanted && wanted.is === 'present' ? undefined : undefined;
    const known = value.is === 'literal';
    if ('equals' in wanted) return known && value.value === wanted.equals;
    if ('from' in wanted)
      return (
        known &&
        typeof value.value === 'number' &&
        value.value >= wanted.from &&
        value.value !== Number.POSITIVE_INFINITY &&
        (wanted.below === undefined || value.value < wanted.below)
      );
    switch (wanted.is) {
      case 'undefined':
        return known && value.value === undefined;
      case 'present':
        return !(known && value.value === undefined);
      case 'NaN':
        return known && Number.isNaN(value.value);
      case 'Infinity':
        return known && value.value === Number.POSITIVE_INFINITY;
      case 'negative':
        return known && typeof value.value === 'number' && value.value < 0;
      case 'empty-object':
        return value.is === 'object' && value.entries.size === 0 && value.open === undefined;
      case 'string':
        return (known && typeof value.value === 'string') || value.is === 'text';
      case 'number':
      case 'boolean':
        return known && typeof value.value === wanted.is;
      case 'object':
        return value.is === 'object';
      case 'array':
        return value.is === 'array';
      case 'function':
        return value.is === 'function';
      case 'class':
        return value.is === 'class';
      default:
        return value.is === 'library' || value.is === 'instance';
    }
  }

  /** All needs hold in this bag. */
  needs(layer: Layer, needs: readonly Need[] | undefined): boolean | undefined {
    let answer: boolean | undefined = true;
    for (const { path, value } of needs ?? []) {
      const found = this.find(layer, path);
      const here =
        found.state === 'unknown'
          ? undefined
          : this.matches(
              found.state === 'present' ? found.value : literal(undefined, layer.at),
              value,
            );
      if (here === false) return false;
      if (here === undefined) answer = undefined;
    }
    return answer;
  }

  when(layer: Layer, when: When | undefined, versions?: string): boolean | undefined {
    const byVersion = holds(layer.library.versions, versions);
    const byWhen =
      when?.package === undefined ? holds(layer.library.versions, when?.versions) : undefined;
    const answers = [byVersion, byWhen, this.needs(layer, when?.options)];
    if (answers.includes(false)) return false;
    return answers.includes(undefined) ? undefined : true;
  }

  /** Layers, and those that their delegations bring. */
  expand(layers: readonly Layer[]): Layer[] {
    const result: Layer[] = [];
    for (const layer of layers) {
      result.push(layer);
      for (const delegation of layer.library.description.delegates ?? []) {
        if (!delegation.in.includes(layer.set)) continue;
        if (this.when(layer, delegation.when) === false) continue;
        const [library, set] = this.#set(layer.library, delegation.to);
        if (library === undefined) continue;
        const words = library.description.options
          .filter((one) => one.in.includes(set))
          .map(({ path }) => path);
        const found =
          delegation.path === ''
            ? undefined
            : this.find(layer, delegation.path, [delegation.path, ...words]);
        if (found?.state === 'absent') continue;
        const bag =
          found === undefined
            ? layer.bag
            : found.state === 'unknown'
              ? unknown(found.why, found.at)
              : found.value;
        // What the code makes itself is of the version that it imports, not of the one that the client brings.
        const made =
          bag.is === 'library' && bag.library.description === library.description
            ? bag.library
            : library;
        result.push(
          ...this.expand([{ ...layer, library: made, set, bag: this.asBag(bag, made, set) }]),
        );
      }
    }
    return result;
  }

  #set(from: LibraryInUse, named: string): [LibraryInUse | undefined, string] {
    const colon = named.indexOf(':');
    if (colon < 0) return [from, named];
    return [this.evaluator.surface.other(from, named.slice(0, colon)), named.slice(colon + 1)];
  }

  /** An instance stands for the options that it was made with; a URL for its parameters. */
  asBag(value: Abstract, library: LibraryInUse, set: string): Abstract {
    if (value.is === 'library' && value.from !== undefined) {
      const callee = this.evaluator.callee(value.from);
      const args = this.evaluator.argumentValues(value.from);
      if (callee.is === 'library' && args !== 'unknown')
        for (const signature of callee.shape.construct?.takes ?? callee.shape.call?.takes ?? [])
          for (const [index, parameter] of signature.entries())
            if (parameter.role === 'options' && parameter.set?.replace(/^.*:/, '') === set) {
              const arg = args[index] ?? literal(undefined, value.at);
              // Made of another instance, whose options are meant.
              return arg.is === 'library' && arg !== value ? this.asBag(arg, library, set) : arg;
            }
      return unknown('not-described', value.at);
    }
    const isUrl = library.description.options.some((one) => one.in.includes(set)) && set === 'url';
    if (!isUrl) return value;
    if (value.is === 'literal' && typeof value.value === 'string')
      return parametersOf(value.value, value.at);
    if (value.is === 'text' || value.is === 'literal')
      return parametersOf(
        value.is === 'text' ? value.parts.map((part) => part ?? '').join('') : '',
        value.at,
        value.is === 'text',
      );
    if (value.is === 'object') return value;
    return value;
  }

  // Numbers

  numberOf(value: Abstract, unit: 'ms' | 's' | 'epoch-ms'): Amount {
    const factor = unit === 's' ? 1000 : 1;
    const at = placeOf(value.at);
    switch (value.is) {
      case 'literal': {
        const number =
          typeof value.value === 'string' && value.value.trim() !== ''
            ? Number(value.value)
            : value.value;
        if (typeof number === 'number')
          return { ms: { state: 'known', value: number * factor, at } };
        return { ms: { state: 'unknown', why: 'computed', at } };
      }
      case 'environment': {
        const fallback =
          value.fallback === undefined ? undefined : this.numberOf(value.fallback, unit);
        const number = fallback?.ms.state === 'known' ? fallback.ms.value : undefined;
        const environment: EnvironmentRead = {
          name: value.name,
          at,
          ...(number === undefined ? {} : { default: number }),
        };
        if (number === undefined)
          return { ms: { state: 'unknown', why: 'environment', at }, environment };
        return { ms: { state: 'known', value: number, at }, environment };
      }
      case 'alternatives': {
        const all = value.of.map((one) => this.numberOf(one, unit));
        const numbers = all.flatMap(({ ms }) => (ms.state === 'known' ? [ms.value] : []));
        const [first] = all;
        if (numbers.length === all.length && first !== undefined) {
          if (numbers.every((one) => one === numbers[0])) return first;
          return {
            ms: { state: 'unknown', why: 'alternatives', at },
            atMost: Math.max(...numbers),
          };
        }
        const lost = all.find(({ ms }) => ms.state === 'unknown');
        return lost === undefined
          ? { ms: { state: 'unknown', why: 'alternatives', at } }
          : { ms: lost.ms };
      }
      case 'unknown':
        return { ms: { state: 'unknown', why: value.why, at } };
      case 'parameter':
        return { ms: { state: 'unknown', why: 'parameter', at } };
      case 'external':
        return { ms: { state: 'unknown', why: 'package-unknown', at } };
      default:
        return { ms: { state: 'unknown', why: 'computed', at } };
    }
  }
}

export interface Amount {
  readonly ms: CodeValue<number>;
  readonly atMost?: number;
  readonly environment?: EnvironmentRead;
}

/** Parameters of a connection string as an option bag. */
function parametersOf(url: string, at: Site, open = false): Abstract {
  const entries = new Map<string, Property>();
  const query = url.indexOf('?');
  if (query >= 0)
    for (const pair of url
      .slice(query + 1)
      .split('#', 1)[0]
      ?.split('&') ?? []) {
      const equals = pair.indexOf('=');
      if (equals <= 0) continue;
      const text = pair.slice(equals + 1);
      const number = /^\d+$/.test(text) ? Number(text) : text;
      entries.set(pair.slice(0, equals), { value: literal(number, at), key: at });
    }
  return { is: 'object', entries, at, ...(open ? { open: 'environment' as const } : {}) };
}

/** What one option does to a phase. */
interface Candidate {
  readonly path: string;
  readonly bound: Bound;
  /** It replaces the default of the library; a signal only adds to it. */
  readonly replaces: boolean;
}

/** What was found out about one call or client. */
export interface Judged {
  readonly bounds: Bounds;
  readonly attempts: Attempts;
  readonly settings: readonly SettingValue[];
  readonly ineffective: readonly IneffectiveUse[];
  readonly broken: readonly BrokenValue[];
  readonly deadlines: readonly Extract<Deadline, { is: 'deadline' }>[];
  readonly cancelOnly?: Location;
}

/** The listeners that a call's result has: `timeout` of a request. Undefined when they are not all known. */
export type Listeners = (event: string) => boolean | undefined;

/**
 * What holds for calls with these layers of options, the weakest first.
 * @param at where the call or client stands: the place of what is not written
 */
export function judge(
  options: Options,
  library: LibraryInUse,
  profileName: string,
  given: readonly Layer[],
  at: Site,
  context: { readonly chained?: boolean; readonly listeners?: Listeners } = {},
): Judged {
  const layers = options.expand(given);
  const place = placeOf(at);
  const profile = profileOf(options, library, profileName, layers);
  const candidates = new Map<Phase, Map<string, Candidate>>(
    PHASES.map((phase) => [phase, new Map()]),
  );
  const settings: SettingValue[] = [];
  const ineffective: IneffectiveUse[] = [];
  const broken: BrokenValue[] = [];
  const deadlines: Extract<Deadline, { is: 'deadline' }>[] = [];
  let cancelOnly: Location | undefined;

  for (const layer of layers) {
    const { description } = layer.library;
    for (const option of description.options) {
      if (!option.in.includes(layer.set)) continue;
      const applies = options.when(layer, option.when, option.versions);
      if (applies === false) continue;
      const { meaning } = option;
      const phases =
        'bounds' in meaning
          ? context.chained
            ? [...meaning.bounds, ...(meaning.chained ?? [])]
            : meaning.bounds
          : [];
      const words =
        'bounds' in meaning ? wordsFor(description, meaning.bounds, layer.set) : [option.path];
      const found = options.find(layer, option.path, words);
      if (found.state === 'absent') continue;
      if (!('bounds' in meaning)) {
        settings.push(settingOf(options, option, meaning, found, layer));
        continue;
      }
      const put = (bound: Bound, replaces: boolean) => {
        for (const phase of phases)
          candidates.get(phase)?.set(keyOf(layer, option), { path: option.path, bound, replaces });
      };
      const drop = () => {
        for (const phase of phases) candidates.get(phase)?.delete(keyOf(layer, option));
      };
      const common = {
        by: layer.by,
        option: option.path,
        per: meaning.per,
        ...(meaning.enforcedBy === undefined ? {} : { enforcedBy: meaning.enforcedBy }),
        source: option.source,
        proof: option.proof,
      } as const;
      const lost = (why: Why, where: Site, atMost?: number) =>
        put(
          {
            ...common,
            ms: { state: 'unknown', why, at: placeOf(where) },
            ...(atMost === undefined ? {} : { atMost }),
          },
          false,
        );
      if (found.state === 'unknown') {
        lost(found.why, found.at);
        continue;
      }
      if (applies === undefined) {
        lost('version-unknown', found.key);
        continue;
      }
      const { value } = found;
      if (option.undefinedIs === 'inherit' && options.matches(value, { is: 'undefined' }) === true)
        continue;
      const off = option.disabledBy.map((one) => options.matches(value, one));
      const undefinedOff =
        option.undefinedIs === 'disabled' && options.matches(value, { is: 'undefined' }) === true;
      if (off.includes(true) || undefinedOff) {
        // Without a value it is as if nobody had written it.
        if (options.matches(value, { is: 'undefined' }) === true) drop();
        else
          put(
            {
              ...common,
              disabled: true,
              ms: { state: 'known', value: Number.POSITIVE_INFINITY, at: placeOf(value.at) },
            },
            true,
          );
        continue;
      }
      for (const one of option.brokenBy ?? [])
        if (brokenValue(options, value, one.value, meaning.unit))
          broken.push({
            option: option.path,
            at: placeOf(found.key),
            value: spell(value),
            result: one.result,
          });
      const needed = options.needs(layer, meaning.needs);
      if (needed === false) continue;
      if (needed === undefined) {
        lost('alternatives', found.key);
        continue;
      }
      if (meaning.needsListener !== undefined) {
        const heard = context.listeners?.(meaning.needsListener);
        if (heard === false) continue;
        if (heard === undefined) {
          lost('listener', found.key);
          continue;
        }
      }
      if (meaning.unit === 'signal') {
        const deadline = deadlineOf(value, options.evaluator);
        if (deadline.is === 'none') drop();
        else if (deadline.is === 'cancel') cancelOnly = placeOf(found.key);
        else if (deadline.is === 'unknown') lost(deadline.why, deadline.at);
        else {
          deadlines.push(deadline);
          const amount = options.numberOf(deadline.ms, 'ms');
          put({ ...common, ...amount }, false);
        }
        continue;
      }
      if (meaning.unit === 'epoch-ms') {
        lost('computed', found.key);
        continue;
      }
      put({ ...common, ...options.numberOf(value, meaning.unit) }, true);
    }
    for (const one of description.ineffective ?? []) {
      const isHeard =
        one.unlessListener !== undefined && context.listeners?.(one.unlessListener) !== false;
      const use =
        one.in.includes(layer.set) && !isHeard ? ineffectiveUse(options, layer, one) : undefined;
      if (
        use !== undefined &&
        !ineffective.some(
          (other) => other.at.start === use.at.start && other.at.path === use.at.path,
        )
      )
        ineffective.push(use);
    }
  }

  const bounds = Object.fromEntries(
    PHASES.map((phase) => [
      phase,
      boundOf(
        options,
        library,
        profile,
        phase,
        [...(candidates.get(phase)?.values() ?? [])],
        place,
        layers,
      ),
    ]),
  ) as unknown as Bounds;
  return {
    bounds,
    attempts: attemptsOf(profile, settings, place),
    settings,
    ineffective,
    broken,
    deadlines,
    ...(cancelOnly === undefined ? {} : { cancelOnly }),
  };
}

function keyOf(layer: Layer, option: LibraryOption): string {
  return `${layer.library.description.name}:${option.path}`;
}

/** Words that would have to occur somewhere if one of the phases was bounded. */
function wordsFor(
  description: {
    readonly options: readonly LibraryOption[];
    readonly censusWords?: readonly string[];
  },
  phases: readonly Phase[],
  set: string,
): string[] {
  const words = description.options.flatMap(({ path, meaning, in: sets }) =>
    sets.includes(set) &&
    'bounds' in meaning &&
    meaning.bounds.some((phase) => phases.includes(phase))
      ? [path]
      : [],
  );
  return [...words, ...(description.censusWords ?? [])];
}

function brokenValue(
  options: Options,
  value: Abstract,
  wanted: OptionValue,
  unit: string,
): boolean {
  if (unit !== 'signal') return options.matches(value, wanted) === true;
  const deadline = deadlineOf(value, options.evaluator);
  return deadline.is === 'deadline' && options.matches(deadline.ms, wanted) === true;
}

function spell(value: Abstract): string {
  if (value.is === 'literal') return String(value.value);
  if (value.is === 'signal' && value.signal.is === 'timeout') return spell(value.signal.ms);
  return value.is === 'environment' ? `process.env.${value.name}` : 'an expression';
}

function settingOf(
  options: Options,
  option: LibraryOption,
  meaning: Setting,
  found: Exclude<Found, { state: 'absent' }>,
  layer: Layer,
): SettingValue {
  const base = { sets: meaning.sets, option: option.path };
  if (found.state === 'unknown') {
    const at = placeOf(found.at);
    return { ...base, at, value: { state: 'unknown', why: found.why, at } };
  }
  const at = placeOf(found.key);
  if (options.when(layer, option.when, option.versions) === undefined)
    return { ...base, at, value: { state: 'unknown', why: 'version-unknown', at } };
  return { ...base, at, value: plainValue(options, found.value, meaning.unit) };
}

/** A value as rules see it. */
export function plainValue(
  options: Options,
  value: Abstract,
  unit?: 'ms' | 's',
): CodeValue<string | number | boolean | null> {
  const at = placeOf(value.at);
  switch (value.is) {
    case 'literal':
      if (value.value === undefined) return { state: 'absent', at, by: 'closed' };
      if (typeof value.value === 'number' && unit === 's')
        return { state: 'known', value: value.value * 1000, at };
      return { state: 'known', value: value.value, at };
    case 'environment':
      return value.fallback === undefined
        ? { state: 'unknown', why: 'environment', at }
        : plainValue(options, value.fallback, unit);
    case 'text':
      return { state: 'known', value: value.parts.map((part) => part ?? '*').join(''), at };
    case 'unknown':
      return { state: 'unknown', why: value.why, at };
    case 'parameter':
      return { state: 'unknown', why: 'parameter', at };
    case 'alternatives':
      return { state: 'unknown', why: 'alternatives', at };
    default:
      return { state: 'unknown', why: 'computed', at };
  }
}

function ineffectiveUse(
  options: Options,
  layer: Layer,
  one: IneffectiveOption,
): IneffectiveUse | undefined {
  const found = options.find(layer, one.path);
  if (found.state !== 'present') return undefined;
  if (options.matches(found.value, { is: 'undefined' }) === true) return undefined;
  if (options.when(layer, one.when, one.versions) !== true) return undefined;
  if (one.unless !== undefined && options.needs(layer, one.unless) !== false) return undefined;
  return { option: one.path, at: placeOf(found.key), why: one.why, instead: one.instead };
}

function profileOf(
  options: Options,
  library: LibraryInUse,
  name: string,
  layers: readonly Layer[],
): { readonly profile: Profile; readonly sure: boolean } | undefined {
  const own = layers.filter(({ library: other }) => other.description === library.description);
  const fitting = library.description.profiles.flatMap((profile) => {
    if (profile.name !== name) return [];
    const byVersion = holds(library.versions, profile.versions);
    if (byVersion === false) return [];
    // `when` speaks about options of the client; without any layer the defaults are meant.
    const answers = own.map((layer) => options.when(layer, profile.when));
    if (profile.when !== undefined && answers.length === 0) return [];
    if (profile.when !== undefined && answers.every((answer) => answer === false)) return [];
    const sure = byVersion === true && (profile.when === undefined || answers.includes(true));
    return [{ profile, sure }];
  });
  return (
    fitting.find(({ profile, sure }) => sure && profile.when !== undefined) ??
    fitting.find(({ sure }) => sure) ??
    fitting[0]
  );
}

function boundOf(
  options: Options,
  library: LibraryInUse,
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  phase: Phase,
  candidates: readonly Candidate[],
  at: Location,
  layers: readonly Layer[],
): Bound | { readonly notApplicable: string } {
  const fallback = defaultOf(options, library, found, phase, at, layers);
  if ('notApplicable' in fallback && candidates.length === 0) return fallback;
  const lost = candidates.filter(({ bound }) => bound.ms.state !== 'known');
  const finite = candidates.flatMap(({ bound, replaces }) =>
    bound.ms.state === 'known' && Number.isFinite(bound.ms.value)
      ? [{ bound, replaces, ms: bound.ms.value }]
      : [],
  );
  finite.sort((a, b) => a.ms - b.ms);
  const best = finite[0];
  const replaced =
    finite.some(({ replaces }) => replaces) ||
    candidates.some(({ bound }) => bound.disabled === true);
  const own =
    !replaced &&
    !('notApplicable' in fallback) &&
    fallback.ms.state === 'known' &&
    Number.isFinite(fallback.ms.value)
      ? fallback
      : undefined;
  if (lost[0] !== undefined) {
    const limits = [
      ...finite.map(({ ms }) => ms),
      ...(own?.ms.state === 'known' ? [own.ms.value] : []),
      ...lost.flatMap(({ bound }) => bound.atMost ?? []),
    ];
    const { atMost: _, ...bound } = lost[0].bound;
    return limits.length === 0 ? bound : { ...bound, atMost: Math.min(...limits) };
  }
  if (best !== undefined) {
    if (own?.ms.state === 'known' && own.ms.value <= best.ms) return own;
    return best.bound;
  }
  const disabled = candidates.find(({ bound }) => bound.disabled);
  if (disabled !== undefined) return disabled.bound;
  return fallback;
}

function defaultOf(
  options: Options,
  library: LibraryInUse,
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  phase: Phase,
  at: Location,
  layers: readonly Layer[],
  depth = 0,
): Bound | { readonly notApplicable: string } {
  const byLibrary = { by: 'library', per: 'attempt' } as const;
  const lost = (why: Why): Bound => ({
    ...byLibrary,
    ms: { state: 'unknown', why, at },
    source:
      found?.profile.phases.connect === undefined ? '' : sourceOf(found.profile.phases[phase]),
    proof: 'source-only',
  });
  if (found === undefined) {
    const open = layers.find(({ bag }) => bag.is === 'unknown')?.bag;
    const decides = library.description.profiles.some(({ when }) => when !== undefined);
    return lost(
      decides ? (open?.is === 'unknown' ? open.why : 'not-described') : 'version-unknown',
    );
  }
  const known: PhaseDefault = found.profile.phases[phase];
  if ('notApplicable' in known) return known;
  if (!found.sure) return lost('version-unknown');
  if ('as' in known) {
    const other = options.evaluator.surface.other(library, known.as);
    if (other === undefined || depth > 4) return lost('not-described');
    const profile =
      profileOf(options, other, found.profile.name, layers) ??
      profileOf(options, other, 'default', layers);
    return defaultOf(options, other, profile, phase, at, layers, depth + 1);
  }
  return {
    ...byLibrary,
    ms: { state: 'known', value: known.ms, at, byDefault: true },
    source: known.source,
    proof: known.proof,
  };
}

function sourceOf(phase: PhaseDefault): string {
  return 'source' in phase ? phase.source : '';
}

/** A number is a fixed pause; how long a function waits cannot be told. */
function pauseOf({ value, at }: SettingValue): Attempts['delay'] {
  if (value.state !== 'known' || typeof value.value !== 'number')
    return { state: 'unknown', why: 'computed', at };
  return { ...value, value: value.value > 0 ? 'fixed' : 'none' };
}

function attemptsOf(
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  settings: readonly SettingValue[],
  at: Location,
): Attempts {
  if (found === undefined) {
    const lost = { state: 'unknown', why: 'version-unknown', at } as const;
    return { max: lost, delay: lost, jitter: lost, on: [], methods: [], by: 'library' };
  }
  const facts: AttemptFacts = found.profile.attempts;
  const last = (sets: Setting['sets']) => settings.findLast((setting) => setting.sets === sets);
  const pause = last('retry-delay');
  const jitter = last('retry-jitter');
  const base: Attempts = {
    max: { state: 'known', value: facts.max, at, byDefault: true },
    delay:
      pause === undefined
        ? { state: 'known', value: facts.delay ?? 'none', at, byDefault: true }
        : pauseOf(pause),
    jitter:
      jitter === undefined
        ? { state: 'known', value: facts.jitter ?? false, at, byDefault: true }
        : jitter.value.state === 'known'
          ? { ...jitter.value, value: Boolean(jitter.value.value) }
          : { state: 'unknown', why: 'computed', at: jitter.at },
    on: facts.on ?? [],
    methods: facts.methods ?? [],
    by: 'library',
  };
  const tries = last('attempts');
  const retries = last('retries');
  const written = tries ?? retries;
  if (written === undefined) return base;
  const { value } = written;
  const max: CodeValue<number> =
    value.state === 'known'
      ? typeof value.value === 'number'
        ? { ...value, value: value.value + (written === retries ? 1 : 0) }
        : value.value === false
          ? { ...value, value: 1 }
          : { state: 'unknown', why: 'computed', at: written.at }
      : value.state === 'unknown'
        ? value
        : base.max;
  return { ...base, max, by: 'client' };
}
