/** package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3. Walked through, never held as a tree. */
import type { Range } from '../../location.ts';
import { JsonCursor } from './json.ts';
import { aliasedName, importerDependency, type LockDraft, splitAt } from './lock-draft.ts';
import { entriesOf, field, textOf } from './nodes.ts';

/** Nested `dependencies` of version 1; real trees have fewer than ten levels. */
const MAX_NESTING = 50;
const FOLDER = 'node_modules/';
/** Longer paths cannot be installed, and looking through their folders would take too long. */
const LONGEST_PATH = 4096;

export function readNpmLock(text: string, draft: LockDraft): void {
  const root = new JsonCursor(text);
  let packages: number | undefined;
  let dependencies: number | undefined;
  const isMap = root.entries((key) => {
    if (key === 'lockfileVersion') {
      const version = root.read();
      if (version.kind === 'scalar') draft.formatVersion = version.text;
    } else if (key === 'packages') packages = root.offset;
    else if (key === 'dependencies') dependencies = root.offset;
  });
  if (!isMap || root.broken || !root.atEnd()) {
    draft.incomplete = 'syntax';
    return;
  }
  // Version 2 has both, and they say the same.
  if (packages !== undefined) readPackages(new JsonCursor(text, packages), draft);
  else if (dependencies !== undefined) readTree(new JsonCursor(text, dependencies), draft);
}

/** What stands at the install paths that a wanted name may lead to: an index, or undefined for folders. */
type Installed = ReadonlyMap<string, number | undefined>;

function readPackages(cursor: JsonCursor, draft: LockDraft): void {
  const { wanted } = draft;
  const installed = new Map<string, number | undefined>();
  const importers: { folder: string; offset: number }[] = [];
  const dependents: { index: number; path: string; offset: number }[] = [];
  cursor.entries((path, range) => {
    const at = path.lastIndexOf(FOLDER);
    if (at < 0) {
      importers.push({ folder: path, offset: cursor.offset });
      return;
    }
    const called = path.slice(at + FOLDER.length);
    const { offset } = cursor;
    let name = called;
    let version: string | undefined;
    let isLink = false;
    cursor.entries((key) => {
      if (key === 'name') name = cursor.textValue() ?? name;
      else if (key === 'version') version = cursor.textValue();
      else if (key === 'link') isLink = true;
    });
    if (!wanted.has(called) && !wanted.has(name)) return;
    if (isLink) {
      installed.set(path, undefined);
      return;
    }
    const index = draft.add({
      name,
      installed: path,
      range,
      ...(version === undefined ? {} : { version }),
    });
    installed.set(path, index);
    dependents.push({ index, path, offset });
  });
  for (const { index, path, offset } of dependents) {
    const names = dependencyNames(new JsonCursor(cursor.text, offset), PACKAGE_KINDS);
    addDependencies(draft, index, path, names, installed);
  }
  for (const { folder, offset } of importers) {
    const node = new JsonCursor(cursor.text, offset).read();
    const dependencies = new Map<string, ReturnType<typeof importerDependency>>();
    for (const kind of IMPORTER_KINDS) {
      for (const { key, value } of entriesOf(field(node, kind))) {
        const range = textOf(value)?.value;
        const target = range === undefined ? undefined : aliasedName(range);
        if (!wanted.has(key) && !(target !== undefined && wanted.has(target))) continue;
        if (!dependencies.has(key))
          dependencies.set(key, importerDependency(key, range, resolve(installed, folder, key)));
      }
    }
    draft.addImporter(folder, textOf(field(node, 'name'))?.value, [...dependencies.values()]);
  }
}

const PACKAGE_KINDS: readonly string[] = [
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
];
const IMPORTER_KINDS: readonly string[] = [
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'peerDependencies',
];

function dependencyNames(cursor: JsonCursor, kinds: readonly string[]): readonly string[] {
  const names: string[] = [];
  cursor.entries((key) => {
    if (!kinds.includes(key)) return;
    cursor.entries((name) => {
      names.push(name);
    });
  });
  return names;
}

function addDependencies(
  draft: LockDraft,
  index: number,
  path: string,
  names: readonly string[],
  installed: Installed,
): void {
  for (const name of names) {
    if (!draft.wanted.has(name)) continue;
    const target = resolve(installed, path, name);
    if (target !== undefined) draft.packages[index]?.dependencies.add(target);
  }
}

/** What `require(name)` gets in a folder: the nearest node_modules that has it. */
function resolve(installed: Installed, folder: string, name: string): number | undefined {
  if (folder.length > LONGEST_PATH) return undefined;
  let base = folder;
  for (;;) {
    if (base !== 'node_modules' && !base.endsWith('/node_modules')) {
      const path = `${base}${base === '' ? '' : '/'}${FOLDER}${name}`;
      if (installed.has(path)) return installed.get(path);
    }
    if (base === '') return undefined;
    base = base.slice(0, Math.max(0, base.lastIndexOf('/')));
  }
}

/** Version 1: the tree of node_modules, without a word about which packages are direct dependencies. */
function readTree(cursor: JsonCursor, draft: LockDraft): void {
  const { wanted } = draft;
  const installed = new Map<string, number | undefined>();
  const dependents: { index: number; path: string; names: readonly string[] }[] = [];
  const visit = (above: string, level: number): void => {
    cursor.entries((called, range) => {
      const path = `${above}${above === '' ? '' : '/'}${FOLDER}${called}`;
      let version: string | undefined;
      const names: string[] = [];
      const isWanted = wanted.has(called);
      cursor.entries((key) => {
        if (key === 'version') version = cursor.textValue();
        else if (key === 'requires')
          cursor.entries((name) => {
            names.push(name);
          });
        else if (key === 'dependencies') {
          if (level < MAX_NESTING) visit(path, level + 1);
          else draft.incomplete = 'too-deep';
        }
      });
      addVersion(called, version, path, range, names, isWanted);
    });
  };
  const addVersion = (
    called: string,
    version: string | undefined,
    path: string,
    range: Range,
    names: readonly string[],
    isWanted: boolean,
  ): void => {
    const name = (version === undefined ? undefined : aliasedName(version)) ?? called;
    if (!isWanted && !wanted.has(name)) return;
    const own = name === called ? version : splitAt((version ?? '').slice('npm:'.length))[1];
    const index = draft.add({
      name,
      installed: path,
      range,
      ...(own === undefined ? {} : { version: own }),
    });
    installed.set(path, index);
    dependents.push({ index, path, names });
  };
  visit('', 0);
  for (const { index, path, names } of dependents)
    addDependencies(draft, index, path, names, installed);
}
