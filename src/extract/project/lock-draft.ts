/** What the readers of all lockfile formats build: packages, who leads to them, and workspace packages. */
import { lineStartsOf, locate, type Range } from '../../location.ts';
import type {
  Importer,
  ImporterDependency,
  IncompleteWhy,
  LockedPackage,
  LockfileFacts,
} from '../../project-facts.ts';
import { isVersion } from './versions.ts';

interface DraftPackage {
  readonly name: string;
  version?: string;
  readonly requested: { readonly name: string; readonly range: string }[];
  readonly installed?: string;
  readonly dependencies: Set<number>;
  readonly range: Range;
}

export class LockDraft {
  readonly packages: DraftPackage[] = [];
  readonly wanted: ReadonlySet<string>;
  importers: Importer[] | undefined;
  formatVersion: string | undefined;
  incomplete: IncompleteWhy | undefined;
  private readonly text: string;
  private soles: Map<string, number | undefined> | undefined;

  constructor(text: string, wanted: ReadonlySet<string>) {
    this.text = text;
    this.wanted = wanted;
  }

  /** Adds a package and answers its index. A text that is no version (git, a folder) is left out. */
  add(fields: { name: string; version?: string; installed?: string; range: Range }): number {
    const { version, ...rest } = fields;
    this.packages.push({
      ...rest,
      ...(version !== undefined && isVersion(version) ? { version } : {}),
      requested: [],
      dependencies: new Set(),
    });
    return this.packages.length - 1;
  }

  addImporter(folder: string, name: string | undefined, dependencies: ImporterDependency[]): void {
    this.importers ??= [];
    this.importers.push({ folder, ...(name === undefined ? {} : { name }), dependencies });
  }

  /** The only package of a name; undefined when there are several versions or none. Asked when all are added. */
  sole(name: string): number | undefined {
    this.soles ??= this.solesByName();
    return this.soles.get(name);
  }

  private solesByName(): Map<string, number | undefined> {
    const soles = new Map<string, number | undefined>();
    for (const [index, { name, version }] of this.packages.entries()) {
      const first = soles.get(name);
      if (!soles.has(name)) soles.set(name, index);
      else if (first !== undefined && this.packages[first]?.version !== version)
        soles.set(name, undefined);
    }
    return soles;
  }

  facts(path: string, format: LockfileFacts['format']): LockfileFacts {
    const file = { path, lineStarts: this.packages.length > 0 ? lineStartsOf(this.text) : [0] };
    return {
      kind: 'lockfile',
      path,
      format,
      ...(this.formatVersion === undefined ? {} : { formatVersion: this.formatVersion }),
      ...(this.incomplete === undefined ? {} : { incomplete: this.incomplete }),
      packages: this.packages.map(
        ({ name, version, requested, installed, dependencies, range }): LockedPackage => ({
          name,
          ...(version === undefined ? {} : { version }),
          ...(requested.length === 0 ? {} : { requested }),
          ...(installed === undefined ? {} : { installed }),
          dependencies: [...dependencies].sort((a, b) => a - b),
          place: locate(file, range),
        }),
      ),
      ...(this.importers === undefined ? {} : { importers: this.importers }),
    };
  }
}

/** A dependency of an importer, with what is known of it. */
export function importerDependency(
  name: string,
  range: string | undefined,
  index: number | undefined,
): ImporterDependency {
  return {
    name,
    ...(range === undefined ? {} : { range }),
    ...(index === undefined ? {} : { package: index }),
  };
}

/** `redis` out of `npm:redis@^4`; undefined when a text is no alias. */
export function aliasedName(range: string): string | undefined {
  return /^npm:((?:@[^@/\s]+\/)?[^@/\s]+)@/.exec(range)?.[1];
}

/** `name@rest` in two; the name may start with `@`. */
export function splitAt(text: string): readonly [name: string, rest: string] {
  const at = text.indexOf('@', 1);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
