/** pnpm-lock.yaml of lockfileVersion 5, 6 and 9, line by line. */
import type { Range } from '../../location.ts';
import { importerDependency, type LockDraft, splitAt } from './lock-draft.ts';
import { eachLine } from './lock-lines.ts';
import { isVersion } from './versions.ts';

const KINDS: ReadonlySet<string> = new Set([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
]);

interface Found {
  range?: string;
  version?: string;
}

export function readPnpmLock(text: string, draft: LockDraft): void {
  new PnpmReader(draft).read(text);
}

class PnpmReader {
  private readonly draft: LockDraft;
  /** By folder, by name. */
  private readonly importers = new Map<string, Map<string, Found>>();
  /** By name and version, peers left out. */
  private readonly packages = new Map<string, number>();
  /** Names of the packages that stand behind wanted names: importers stand in front of packages. */
  private readonly aliased = new Set<string>();
  private readonly edges: { from: number; name: string; version: string }[] = [];
  private section = '';
  private folder = '';
  private kind = '';
  private dependency: Found | undefined;
  private name = '';
  private current: number | undefined;

  constructor(draft: LockDraft) {
    this.draft = draft;
  }

  read(text: string): void {
    eachLine(text, false, ({ indent, key, keyRange, value }) => {
      if (indent === 0) {
        this.section = key;
        this.current = undefined;
        this.kind = '';
        if (key === 'lockfileVersion') this.draft.formatVersion = value;
        else if (KINDS.has(key) || key === 'specifiers') {
          // A project without workspaces stands on the top level.
          this.folder = '';
          this.kind = key;
          this.importerOf('');
        }
      } else if (this.section === 'importers') this.importerLine(indent, key, value);
      else if (this.section === 'packages' || this.section === 'snapshots')
        this.packageLine(indent, key, keyRange, value);
      else if (this.kind !== '') this.dependencyLine(indent, 2, key, value);
    });
    if (this.draft.formatVersion === undefined) {
      this.draft.incomplete = 'syntax';
      return;
    }
    this.finish();
  }

  private importerOf(folder: string): Map<string, Found> {
    const known = this.importers.get(folder);
    if (known !== undefined) return known;
    const importer = new Map<string, Found>();
    this.importers.set(folder, importer);
    return importer;
  }

  private importerLine(indent: number, key: string, value: string): void {
    if (indent === 2) {
      this.folder = key === '.' ? '' : key;
      this.importerOf(this.folder);
      this.kind = '';
    } else if (indent === 4) this.kind = KINDS.has(key) || key === 'specifiers' ? key : '';
    else if (this.kind !== '') this.dependencyLine(indent, 6, key, value);
  }

  /** `name: version` before version 6, `name:` with `specifier` and `version` below it since. */
  private dependencyLine(indent: number, base: number, key: string, value: string): void {
    if (indent === base) {
      const importer = this.importerOf(this.folder);
      const found = importer.get(key) ?? {};
      importer.set(key, found);
      this.dependency = found;
      this.name = key;
      if (this.kind === 'specifiers') found.range = value;
      else if (value !== '') this.found(key, found, value);
    } else if (indent === base + 2 && this.dependency !== undefined) {
      if (key === 'specifier') this.dependency.range = value;
      else if (key === 'version') this.found(this.name, this.dependency, value);
    }
  }

  private found(name: string, found: Found, version: string): void {
    found.version = version;
    const plain = withoutPeers(version);
    if (!this.draft.wanted.has(name) || isVersion(plain) || plain.includes(':')) return;
    this.aliased.add(this.locatorOf(version)[0]);
  }

  private packageLine(indent: number, key: string, range: Range, value: string): void {
    if (indent === 2) {
      this.kind = '';
      this.current = this.packageAt(key, range);
    } else if (this.current === undefined) return;
    else if (indent === 4) {
      this.kind = key;
      const locked = this.draft.packages[this.current];
      // For what comes from elsewhere than the registry.
      if (key === 'version' && locked !== undefined && isVersion(value)) locked.version = value;
    } else if (
      indent === 6 &&
      (this.kind === 'dependencies' || this.kind === 'optionalDependencies')
    ) {
      if (this.draft.wanted.has(key))
        this.edges.push({ from: this.current, name: key, version: value });
    }
  }

  /** The package that a key of `packages` or `snapshots` names; undefined when nobody wants it. */
  private packageAt(key: string, range: Range): number | undefined {
    const [name, version] = this.locatorOf(key);
    if (!this.draft.wanted.has(name) && !this.aliased.has(name)) return undefined;
    const id = `${name}@${version}`;
    const known = this.packages.get(id);
    if (known !== undefined) return known;
    const index = this.draft.add({ name, version, range });
    this.packages.set(id, index);
    return index;
  }

  /** `/axios/1.6.0_peer@1` (5), `/axios@1.6.0(peer@1)` (6), `axios@1.6.0(peer@1)` (9). */
  private locatorOf(key: string): readonly [name: string, version: string] {
    const path = withoutPeers(key.startsWith('/') ? key.slice(1) : key);
    if (!this.isOld()) return splitAt(path);
    const slash = path.indexOf('/', path.startsWith('@') ? path.indexOf('/') + 1 : 0);
    if (slash < 0) return [path, ''];
    return [path.slice(0, slash), withoutSuffix(path.slice(slash + 1))];
  }

  private isOld(): boolean {
    return /^5(?:\.|$)/.test(this.draft.formatVersion ?? '');
  }

  /** The package that `version` stands for in the dependencies of something. */
  private resolve(name: string, version: string): number | undefined {
    if (/^(?:link|workspace):/.test(version)) return undefined;
    const plain = this.isOld() ? withoutSuffix(version) : withoutPeers(version);
    if (isVersion(plain)) return this.packages.get(`${name}@${plain}`);
    if (version.startsWith('/')) return this.packages.get(this.locatorOf(version).join('@'));
    // An alias: `redis@3.1.2` under another name. Archives have a colon before their first `@`.
    return this.packages.get(plain) ?? this.packages.get(`${name}@${plain}`);
  }

  private finish(): void {
    for (const { from, name, version } of this.edges) {
      const target = this.resolve(name, version);
      if (target !== undefined) this.draft.packages[from]?.dependencies.add(target);
    }
    for (const [folder, dependencies] of this.importers) {
      const list = [];
      for (const [name, { range, version }] of dependencies) {
        const index = version === undefined ? undefined : this.resolve(name, version);
        if (index === undefined && !this.draft.wanted.has(name)) continue;
        list.push(importerDependency(name, range, index));
      }
      this.draft.addImporter(folder, undefined, list);
    }
  }
}

function withoutPeers(text: string): string {
  const peers = text.indexOf('(');
  return peers < 0 ? text : text.slice(0, peers);
}

function withoutSuffix(text: string): string {
  const peers = text.indexOf('_');
  return peers < 0 ? text : text.slice(0, peers);
}
