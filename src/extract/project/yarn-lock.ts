/** yarn.lock, of yarn 1 and of yarn 2 and later, line by line. */
import type { Range } from '../../location.ts';
import { aliasedName, importerDependency, type LockDraft, splitAt } from './lock-draft.ts';
import { eachLine } from './lock-lines.ts';

/** True for the format of yarn 2 and later. */
export function isBerry(text: string): boolean {
  return /^__metadata:/m.test(text.slice(0, 4096));
}

interface Entry {
  readonly descriptors: readonly string[];
  readonly range: Range;
  version?: string;
  /** `name@npm:1.2.3`, `name@workspace:packages/name`; since yarn 2. */
  resolution?: string;
  readonly dependencies: [name: string, range: string][];
}

export function readYarnLock(text: string, draft: LockDraft, berry: boolean): void {
  const byDescriptor = new Map<string, number>();
  const dependents: { index: number; dependencies: Entry['dependencies'] }[] = [];
  const workspaces: { folder: string; name: string; dependencies: Entry['dependencies'] }[] = [];
  let entry: Entry | undefined;
  let kind = '';

  const close = (): void => {
    if (entry === undefined) return;
    const { descriptors, version, resolution, range, dependencies } = entry;
    entry = undefined;
    const [name, locator] = resolution === undefined ? ['', ''] : splitAt(resolution);
    if (locator.startsWith('workspace:')) {
      const folder = locator.slice('workspace:'.length);
      workspaces.push({ folder: folder === '.' ? '' : folder, name, dependencies });
      return;
    }
    const requested = descriptors.map((descriptor) => {
      const [called, asked] = splitAt(descriptor);
      return { name: called, range: asked };
    });
    const first = requested[0];
    if (first === undefined) return;
    const published = name === '' ? (aliasedName(first.range) ?? first.name) : name;
    if (!draft.wanted.has(published) && !requested.some((one) => draft.wanted.has(one.name)))
      return;
    const index = draft.add({
      name: published,
      range,
      ...(version === undefined ? {} : { version }),
    });
    draft.packages[index]?.requested.push(...requested);
    for (const descriptor of descriptors) byDescriptor.set(descriptor, index);
    dependents.push({ index, dependencies });
  };

  eachLine(text, !berry, ({ indent, key, keyRange, value }) => {
    if (indent === 0) {
      close();
      kind = '';
      if (key === '__metadata') kind = key;
      else if (berry) entry = { descriptors: key.split(', '), range: keyRange, dependencies: [] };
      else if (key.endsWith(':'))
        entry = {
          descriptors: classicDescriptors(key.slice(0, -1)),
          range: [keyRange[0], keyRange[1] - 1],
          dependencies: [],
        };
      return;
    }
    if (indent === 2 && kind === '__metadata') {
      if (key === 'version') draft.formatVersion = value;
      return;
    }
    if (entry === undefined) return;
    if (indent === 2) {
      kind = key;
      if (key === 'version') entry.version = value;
      else if (key === 'resolution') entry.resolution = value;
    } else if (indent === 4 && (kind === 'dependencies' || kind === 'optionalDependencies'))
      entry.dependencies.push([key, value]);
  });
  close();

  const resolve = (name: string, range: string): number | undefined =>
    byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`);
  for (const { index, dependencies } of dependents)
    for (const [name, range] of dependencies) {
      if (!draft.wanted.has(name)) continue;
      const target = resolve(name, range);
      if (target !== undefined) draft.packages[index]?.dependencies.add(target);
    }
  if (!berry) {
    if (/^# yarn lockfile v(\d+)/m.test(text.slice(0, 4096))) draft.formatVersion = '1';
    return;
  }
  for (const { folder, name, dependencies } of workspaces) {
    const list = [];
    for (const [called, range] of dependencies) {
      const index = resolve(called, range);
      if (index === undefined && !draft.wanted.has(called)) continue;
      // A forced resolution changes the descriptor in the lockfile and not the one of the dependent.
      const isElsewhere = /^(?:workspace|link|portal|file):/.test(range);
      list.push(
        importerDependency(called, range, index ?? (isElsewhere ? undefined : draft.sole(called))),
      );
    }
    draft.addImporter(folder, name, list);
  }
}

/** `a@^1, "@scope/b@^2"`: quotes around those that need them. */
function classicDescriptors(text: string): readonly string[] {
  return text.split(', ').map((one) => one.trim().replace(/^"|"$/g, ''));
}
