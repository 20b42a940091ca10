/** Where routers, plugins and applications are mounted, and so the whole paths of routes: with all prefixes around them. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Location } from '../../../location.ts';
import type { CodeValue, Why } from '../../code.ts';
import { type Abstract, each, type FunctionValue, functionsIn } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';

import type { Options } from './options.ts';
import type { Runtimes } from './runtimes.ts';
import { plainValue } from './settings.ts';
import {
  allGiven,
  given,
  keyOfRouter,
  layersOf,
  routerKeyOf,
  type Use,
  type Uses,
} from './uses.ts';

/** A route before the prefixes of its routers are known. */
export interface RouteDraft {
  readonly verb: string;
  readonly path: CodeValue<string>;
  readonly at: Location;
  readonly handler?: Location;
  readonly health?: true;
  /** The router or application that it belongs to; absent for those that a decorator or a convention makes. */
  readonly router?: string;
  /** A decorator makes it: prefixes of the application hold for it. */
  readonly decorated?: {
    /** What its controller or method says; `null`: it has none on purpose. */
    readonly version?: readonly string[] | null;
  };
  readonly file: CodeFacts;
}

export interface Mounts {
  /** A path with the prefixes around it; one for each place where its router is mounted. */
  wholePaths(draft: RouteDraft): readonly CodeValue<string>[];
  /** The path that the options of a call say: `{ url: '/orders' }`. */
  targetIn(use: Use): CodeValue<string> | undefined;
  /** Files in which something is mounted that cannot be followed. */
  readonly lost: readonly { readonly path: string; readonly why: Why }[];
}

interface Mount {
  readonly parent: string | undefined;
  readonly child: string;
  readonly prefix: CodeValue<string> | undefined;
}

/** What an application puts before all paths that decorators declare. */
interface GlobalPrefix {
  readonly file: string;
  readonly prefix: CodeValue<string>;
  /** Patterns of paths that do not get it. */
  readonly excluded: readonly string[];
}

/** Versions in paths: `/v1/orders`. */
interface Versioning {
  readonly file: string;
  readonly before: string;
  readonly byDefault: readonly string[] | null;
}

/** Routers are followed this far. */
const MAX_DEPTH = 12;

export function mountsOf(
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
  runtimes: Runtimes,
): Mounts {
  const mounts = new Map<string, Mount[]>();
  const prefixes = new Map<string, CodeValue<string>>();
  const globalPrefixes: GlobalPrefix[] = [];
  const versionings: Versioning[] = [];
  const lost: { path: string; why: Why }[] = [];

  function targetIn(use: Use): CodeValue<string> | undefined {
    for (const layer of layersOf(use, 'call', evaluator))
      for (const option of layer.library.description.options) {
        if (
          !('sets' in option.meaning) ||
          option.meaning.sets !== 'target' ||
          !option.in.includes(layer.set)
        )
          continue;
        const found = options.find(layer, option.path);
        if (found.state === 'present') return textOf(found.value);
      }
    return undefined;
  }

  function textOf(value: Abstract): CodeValue<string> {
    const plain = plainValue(options, value);
    return plain.state === 'known' ? { ...plain, value: String(plain.value) } : plain;
  }

  function pathOf(use: Use): CodeValue<string> | undefined {
    const value = given(use, 'path');
    if (value === undefined) return undefined;
    const one = value.is === 'array' ? value.items[0] : each(value)[0];
    return one === undefined ? undefined : textOf(one);
  }

  for (const use of uses.all)
    for (const effect of use.effects) {
      if (use.form === 'decorator' || use.form === 'bare-decorator') continue;
      if (effect.is === 'prefix') prefix(use, effect.of === 'decorators');
      if (effect.is === 'versions') versions(use);
      if (effect.is === 'mount') mount(use);
    }
  for (const use of uses.all) {
    if (use.callable.gives === undefined || use.effects.length > 0) continue;
    const target = targetIn(use);
    if (target !== undefined) prefixes.set(`${use.site.file.path}#${use.site.call}`, target);
  }

  function prefix(use: Use, isOfDecorators: boolean): void {
    const path = pathOf(use);
    if (path === undefined) return;
    if (isOfDecorators) {
      const excluded = optionsOf(use)?.entries.get('exclude')?.value;
      globalPrefixes.push({
        file: use.site.file.path,
        prefix: path,
        excluded: excluded === undefined ? [] : textsOf(excluded),
      });
      return;
    }
    // `app.basePath('/api')` and `app.route('/api')` give something of its own.
    const key =
      use.callable.gives === undefined
        ? routerKeyOf(use, uses)
        : `${use.site.file.path}#${use.site.call}`;
    if (key === undefined) return;
    prefixes.set(key, path);
    const parent = use.callable.gives === undefined ? undefined : routerKeyOf(use, uses);
    if (parent !== undefined) put({ parent, child: key, prefix: undefined });
  }

  function put(one: Mount): void {
    mounts.set(one.child, [...(mounts.get(one.child) ?? []), one]);
  }

  /** `enableVersioning({ type: VersioningType.URI })`: the other types leave paths alone. */
  function versions(use: Use): void {
    const bag = optionsOf(use);
    const type = bag?.entries.get('type')?.value;
    if (type !== undefined && !(type.is === 'external' && type.path.at(-1) === 'URI')) return;
    const before = bag?.entries.get('prefix')?.value;
    const byDefault = bag?.entries.get('defaultVersion')?.value;
    versionings.push({
      file: use.site.file.path,
      before: before?.is === 'literal' ? (before.value === false ? '' : String(before.value)) : 'v',
      byDefault: byDefault === undefined ? null : textsOf(byDefault),
    });
  }

  function mount(use: Use): void {
    const parent = routerKeyOf(use, uses);
    const unsure = use.signature === 'unsure' && use.args !== 'unknown' ? use.args : [];
    // Of two arguments that fit several overloads the first may be a path.
    const path = pathOf(use) ?? targetIn(use) ?? (unsure.length > 1 ? lostPath(unsure) : undefined);
    if (use.args === 'unknown') lost.push({ path: use.site.file.path, why: 'spread' });
    // Whichever overload is meant: what is no path is mounted.
    const mounted = [...allGiven(use, 'value'), ...allGiven(use, 'handler'), ...unsure].flatMap(
      (one) => (one.is === 'array' ? one.items : each(one)),
    );
    for (const value of mounted) {
      const plugins = functionsIn(value);
      const children =
        plugins.length > 0 ? plugins.map(pluginKey) : [keyOfRouter(value, uses) ?? []].flat();
      for (const child of children) put({ parent, child, prefix: path });
      const why = children.length > 0 ? undefined : whyRoutesAreLost(value);
      if (why !== undefined) lost.push({ path: use.site.file.path, why });
    }
  }

  function lostPath([first]: readonly Abstract[]): CodeValue<string> | undefined {
    const path = first === undefined ? undefined : textOf(first);
    return path?.state === 'unknown' ? path : undefined;
  }

  /** A route of a decorator, in the applications that its file belongs to. */
  function underApplication(draft: RouteDraft): CodeValue<string>[] {
    const reached = new Set(runtimes.reachedBy(draft.file.path));
    const isOurs = ({ file }: { readonly file: string }) =>
      runtimes.reachedBy(file).some((one) => reached.has(one));
    const versioning = versionings.find(isOurs);
    const own = draft.decorated?.version;
    const wanted = own === undefined ? versioning?.byDefault : own;
    const versioned =
      versioning === undefined || !wanted || wanted.length === 0
        ? [draft.path]
        : wanted.map((version) => {
            const value = `${versioning.before}${version}`;
            return joined({ state: 'known', value, at: draft.at }, draft.path, draft.at);
          });
    const global = globalPrefixes.filter(isOurs);
    return global.length === 0
      ? versioned
      : global.flatMap(({ prefix: before, excluded }) =>
          versioned.map((path) =>
            isExcluded(path, excluded)
              ? joined(undefined, path, draft.at)
              : joined(before, path, draft.at),
          ),
        );
  }

  return {
    targetIn,
    lost,
    wholePaths(draft) {
      if (draft.decorated !== undefined) return underApplication(draft);
      if (draft.router === undefined) return [draft.path];
      const result: CodeValue<string>[] = [];
      const visit = (router: string, path: CodeValue<string>, seen: readonly string[]) => {
        const here = joined(prefixes.get(router), path, draft.at);
        const above = mounts.get(router) ?? [];
        if (above.length === 0 || seen.length > MAX_DEPTH) result.push(here);
        for (const { parent, prefix: before } of above) {
          const next = joined(before, here, draft.at);
          if (parent === undefined || parent === router || seen.includes(parent)) result.push(next);
          else visit(parent, next, [...seen, router]);
        }
      };
      visit(draft.router, draft.path, []);
      return result;
    },
  };
}

/** The object that a call gets as its options. */
function optionsOf(use: Use): Extract<Abstract, { is: 'object' }> | undefined {
  const found = use.args === 'unknown' ? undefined : use.args.find(({ is }) => is === 'object');
  return found?.is === 'object' ? found : undefined;
}

/** Texts of a text, of a list, or of `{ path }` in a list; what is no text is left out. */
function textsOf(value: Abstract): string[] {
  return (value.is === 'array' ? value.items : each(value)).flatMap((one) => {
    const text = one.is === 'object' ? one.entries.get('path')?.value : one;
    return text?.is === 'literal' && typeof text.value === 'string' ? [text.value] : [];
  });
}

/** A path that an application leaves without its prefix; patterns count up to their first star, group or parameter. */
function isExcluded(path: CodeValue<string>, patterns: readonly string[]): boolean {
  if (path.state !== 'known') return false;
  const own = segmentsOf(path.value);
  return patterns.some((pattern) => {
    const segments = segmentsOf(pattern);
    const open = segments.findIndex((segment) => /[*(){}:]/.test(segment));
    const fixed = open < 0 ? segments : segments.slice(0, open);
    return (
      fixed.every((segment, index) => segment === own[index]) &&
      (open < 0 ? own.length === segments.length : own.length >= fixed.length)
    );
  });
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

export function joined(
  prefix: CodeValue<string> | undefined,
  path: CodeValue<string> | undefined,
  at: Location,
): CodeValue<string> {
  if (prefix?.state === 'unknown') return prefix;
  if (path?.state === 'unknown') return path;
  const parts = [prefix, path].flatMap((one) =>
    one?.state === 'known' ? one.value.split('/') : [],
  );
  return { state: 'known', value: `/${parts.filter((part) => part !== '').join('/')}`, at };
}

/** Why what is mounted may serve routes that nobody can see; undefined when it serves none. */
function whyRoutesAreLost(value: Abstract): Why | undefined {
  if (value.is === 'parameter') return 'parameter';
  // Of a package that no description covers.
  if (value.is === 'external') return 'package-unknown';
  if (value.is !== 'unknown') return undefined;
  return value.package === undefined || value.why === 'package-unknown' ? value.why : undefined;
}

/** What a plugin adds to is the application inside of it. */
export function pluginKey(value: FunctionValue): string {
  return `${value.file.path}#plugin${value.fn}`;
}
