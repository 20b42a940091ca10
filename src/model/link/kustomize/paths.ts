/** Paths that kustomizations name. */
import { joinPath } from '../../../paths.ts';

/** `path` as seen from `directory`; undefined when it is remote, absolute or leaves the base of the run. */
export function resolve(directory: string, path: string): string | undefined {
  if (path.startsWith('/') || path.includes('://') || path.startsWith('git@')) return undefined;
  return joinPath(directory, path);
}
