/** Step 5: what stands in the option bags that hold for a call, and how long the times in them are. */
import type { Need, OptionValue, When } from '../../../library.ts';
import type { CodeValue, EnvironmentRead, SetBy, Why } from '../../code.ts';
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
          ...(factor === 1 ? {} : { scale: factor }),
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
