/** bun.lock, the text format: JSON with trailing commas. */
import { JsonCursor } from './json.ts';
import { aliasedName, importerDependency, type LockDraft, splitAt } from './lock-draft.ts';
import { entriesOf, field, textOf } from './nodes.ts';

const KINDS: readonly string[] = [
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'peerDependencies',
];

/** Longer paths of names cannot be installed, and looking through them would take too long. */
const LONGEST_PATH = 4096;

export function readBunLock(text: string, draft: LockDraft): void {
  const root = new JsonCursor(text);
  let workspaces: number | undefined;
  /** By key: the name, or the path of names that leads to a package that is not the shared one. */
  const installed = new Map<string, number | undefined>();
  const dependents: { index: number; key: string; names: readonly string[] }[] = [];
  const isMap = root.entries((section) => {
    if (section === 'lockfileVersion') {
      const version = root.read();
      if (version.kind === 'scalar') draft.formatVersion = version.text;
    } else if (section === 'workspaces') workspaces = root.offset;
    else if (section === 'packages')
      root.entries((key, range) => {
        let locator = '';
        const names: string[] = [];
        root.items((index) => {
          if (index === 0) locator = root.textValue() ?? '';
          else
            root.entries((kind) => {
              if (!KINDS.includes(kind)) return;
              root.entries((name) => {
                names.push(name);
              });
            });
        });
        const called = lastName(key);
        const [name, version] = splitAt(locator);
        if (!draft.wanted.has(called) && !draft.wanted.has(name)) return;
        if (/^(?:workspace|link|root):/.test(version)) {
          installed.set(key, undefined);
          return;
        }
        const index = draft.add({ name, version, range });
        installed.set(key, index);
        dependents.push({ index, key, names });
      });
  });
  if (!isMap || root.broken || !root.atEnd()) {
    draft.incomplete = 'syntax';
    return;
  }
  for (const { index, key, names } of dependents)
    for (const name of names) {
      if (!draft.wanted.has(name)) continue;
      const target = resolve(installed, key, name);
      if (target !== undefined) draft.packages[index]?.dependencies.add(target);
    }
  if (workspaces === undefined) return;
  for (const { key: folder, value } of entriesOf(new JsonCursor(text, workspaces).read())) {
    const name = textOf(field(value, 'name'))?.value;
    const dependencies = new Map<string, ReturnType<typeof importerDependency>>();
    for (const kind of KINDS)
      for (const { key, value: range } of entriesOf(field(value, kind))) {
        const asked = textOf(range)?.value;
        const target = asked === undefined ? undefined : aliasedName(asked);
        if (!draft.wanted.has(key) && !(target !== undefined && draft.wanted.has(target))) continue;
        if (!dependencies.has(key))
          dependencies.set(
            key,
            importerDependency(key, asked, resolve(installed, name ?? '', key)),
          );
      }
    draft.addImporter(folder, name, [...dependencies.values()]);
  }
}

/** `@scope/name` or `name` at the end of a path of names. */
function lastName(key: string): string {
  const slash = key.lastIndexOf('/');
  if (slash < 0) return key;
  const before = key.lastIndexOf('/', slash - 1);
  return key.charAt(before + 1) === '@' ? key.slice(before + 1) : key.slice(slash + 1);
}

/** What a package (by its path of names) or a workspace package (by its name) gets for a name. */
function resolve(
  installed: ReadonlyMap<string, number | undefined>,
  from: string,
  name: string,
): number | undefined {
  if (from.length > LONGEST_PATH) return undefined;
  let base = from;
  while (base !== '') {
    const key = `${base}/${name}`;
    if (installed.has(key)) return installed.get(key);
    base = base.slice(0, Math.max(0, base.length - lastName(base).length - 1));
  }
  return installed.get(name);
}
