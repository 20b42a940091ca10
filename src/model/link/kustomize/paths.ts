/** Paths that kustomizations name. */

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** `path` as seen from `directory`; undefined when it is remote, absolute or leaves the base of the run. */
export function resolve(directory: string, path: string): string | undefined {
  if (path.startsWith('/') || path.includes('://') || path.startsWith('git@')) return undefined;
  const segments = directory === '' ? [] : directory.split('/');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}
