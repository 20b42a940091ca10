/** Which libraries get a client of another one: the connection of a queue, the store of a session. */
import type { LibraryRef } from '../../code.ts';
import { type Abstract, each, originKey } from './abstract.ts';
import { libraryRef } from './library-refs.ts';
import type { Uses } from './uses.ts';

/** Options in options are looked through this deep. */
const MAX_DEPTH = 3;

/** By the key of the client, each library once. */
export function holdersOf(uses: Uses): ReadonlyMap<string, readonly LibraryRef[]> {
  const result = new Map<string, Map<string, LibraryRef>>();
  for (const use of uses.all) {
    const { library } = use.value;
    for (const arg of use.args === 'unknown' ? [] : use.args)
      for (const key of clientsIn(arg, library.description.name, 0)) {
        const known = result.get(key) ?? new Map<string, LibraryRef>();
        known.set(library.description.name, libraryRef(library));
        result.set(key, known);
      }
  }
  return new Map([...result].map(([key, holders]) => [key, [...holders.values()]]));
}

/** Clients of other libraries in an argument. */
function clientsIn(value: Abstract, holder: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return [];
  return each(value).flatMap((one) => {
    if (one.is === 'object')
      return [...one.entries.values()].flatMap((entry) =>
        clientsIn(entry.value, holder, depth + 1),
      );
    if (one.is === 'array') return one.items.flatMap((item) => clientsIn(item, holder, depth + 1));
    return one.is === 'library' &&
      one.client !== undefined &&
      one.client.is !== 'unknown' &&
      one.library.description.name !== holder
      ? [originKey(one.client)]
      : [];
  });
}
