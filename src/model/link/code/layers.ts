/** Options that are set apart from the call or client that they hold for: by assignment, by interceptors, for the whole process. */
import type { Location } from '../../../location.ts';
import {
  type Abstract,
  type CallSite,
  each,
  type LibraryInUse,
  originKey,
  type Property,
  type Site,
  unknown,
} from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Layer } from './options.ts';
import { layersOf, type Uses } from './uses.ts';

interface Mutation {
  readonly layer: Layer;
  readonly site: Site;
  /** Of the client that it changes. */
  readonly key?: string;
}

/** Options that are set by assignment: `axios.defaults.timeout = 5000`, `server.keepAliveTimeout = 5000`. */
export function mutationsOf(evaluator: Evaluator): { process: Mutation[]; client: Mutation[] } {
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
export function configuredOf(
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

/** The first stands before the second in one file and both run when the module does. */
export function before(first: CallSite | Site, second: CallSite): boolean {
  const start = 'range' in first ? first.range[0] : (first.file.calls[first.call]?.range[0] ?? 0);
  return first.file === second.file && start < (second.file.calls[second.call]?.range[0] ?? 0);
}

/** Options of which it cannot be told whether they are set in time. */
export function blurred(bag: Abstract): Abstract {
  if (bag.is !== 'object') return unknown('mutated', bag.at);
  const entries = new Map<string, Property>();
  for (const [name, property] of bag.entries)
    entries.set(name, { ...property, value: unknown('mutated', property.key) });
  return { ...bag, entries };
}

export function lostLayers(
  library: LibraryInUse,
  why: Parameters<typeof unknown>[0],
  at: Site,
): Layer[] {
  const sets = new Set(library.description.options.flatMap((option) => option.in));
  for (const { in: from } of library.description.delegates ?? [])
    for (const set of from) sets.add(set);
  return [...sets].map((set) => ({ library, set, bag: unknown(why, at), by: 'client', at }));
}

export function isClientLevel(at: Location, layers: readonly Layer[]): boolean {
  return layers.some(({ bag }) => {
    const { path } = bag.at.file;
    return path === at.path && bag.at.range[0] <= at.start && at.end <= bag.at.range[1];
  });
}
