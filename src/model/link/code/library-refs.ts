/** A library as rules see it. */
import type { LibraryRef } from '../../code.ts';
import type { LibraryInUse } from './abstract.ts';
import { holds } from './versions.ts';

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
