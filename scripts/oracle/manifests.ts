/** Objects of two builds compared as data, order aside: what both `npm run oracle` sides speak. */
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as data. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Two builds of the same thing: a chart with one set of values, an overlay. */
export interface Comparison {
  /** What was built, relative to the folder that was named: `charts/shop (values-prod.yaml)`. */
  readonly name: string;
  /** Objects that the other tool makes. */
  readonly objects: number;
  /** Objects of these that are equal. */
  readonly equal: number;
  /** Objects that are equal but for what the other tool makes by chance (certificates, passwords). */
  readonly chance: number;
  /** One cause a differing, missing or additional object, as short as it can be grouped by. */
  readonly differences: readonly Difference[];
  /** Why the other tool builds nothing: then nothing is compared. */
  readonly theirError?: string;
  /** Why we build nothing. */
  readonly ourError?: string;
  /** What we do not know: functions, generators. */
  readonly unsupported: readonly string[];
}

export interface Difference {
  readonly cause: string;
  /** The object and, for a differing one, the first path with both values. */
  readonly detail: string;
}

/** A tool that builds what we build as well. */
export interface Oracle {
  readonly tool: string;
  /** The path of its program; undefined where it is missing. */
  readonly find: () => string | undefined;
  /** Compares all that lies below `folder` (absolute). */
  readonly compare: (folder: string, program: string) => Iterable<Comparison>;
}

/** A placeholder that the left side cannot tell; a leaf that holds it is unknown, not different. */
export const UNKNOWN = '__UNKNOWN__';

/** The objects of a text, as sigs.k8s.io/yaml reads them; lists are taken apart. */
export function manifestsOf(text: string): readonly Manifest[] {
  const found: Manifest[] = [];
  const options = { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' } as const;
  for (const document of parseAllDocuments(text, options)) {
    if (!('contents' in document)) continue;
    const data: unknown = document.toJS({ maxAliasCount: -1 });
    if (!isManifest(data)) continue;
    const { items, kind } = data;
    const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
    for (const one of isList ? items : [data]) if (isManifest(one)) found.push(one);
  }
  return found;
}

function isManifest(data: unknown): data is Manifest {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function at(object: Manifest, ...keys: readonly string[]): string {
  let value: unknown = object;
  for (const key of keys) value = isManifest(value) ? value[key] : undefined;
  return value === undefined || value === null ? '' : String(value);
}

/** `apps/v1/Deployment/shop/orders`. */
export function identityOf(object: Manifest): string {
  const name = at(object, 'metadata', 'name') || at(object, 'metadata', 'generateName');
  return [at(object, 'apiVersion'), at(object, 'kind'), at(object, 'metadata', 'namespace'), name]
    .filter((part) => part !== '')
    .join('/');
}

/** A place where two objects differ. */
export interface Place {
  readonly path: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Places where two values differ; a null and an absent key are the same to the API server. */
export function placesOf(ours: unknown, theirs: unknown, path = ''): readonly Place[] {
  if (Object.is(ours, theirs) || (ours == null && theirs == null)) return [];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, i) => placesOf(ours[i], theirs[i], `${path}[${i}]`)).flat();
  }
  if (isManifest(ours) && isManifest(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
    return keys.flatMap((key) => placesOf(ours[key], theirs[key], `${path}.${key}`));
  }
  return [{ path, ours, theirs }];
}

/** True when our side says that it cannot tell this value. */
export function isUntold({ ours }: Place): boolean {
  return JSON.stringify(ours ?? null).includes(UNKNOWN);
}

/** An object of ours whose name cannot be told, and that may be the one with this identity. */
function untoldNamesake(
  identity: string,
  byIdentity: ReadonlyMap<string, Manifest[]>,
): Manifest | undefined {
  for (const [own, manifests] of byIdentity) {
    const [start = '', end] = own.split(UNKNOWN);
    if (end === undefined || manifests.length === 0) continue;
    if (identity.startsWith(start) && identity.endsWith(end)) return manifests.shift();
  }
  return undefined;
}

function short(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Compares the objects of two builds.
 * @param isChance whether the other tool gives another value there every time
 */
export function compareObjects(
  ours: readonly Manifest[],
  theirs: readonly Manifest[],
  isChance: (identity: string, path: string) => boolean = () => false,
): Pick<Comparison, 'objects' | 'equal' | 'chance' | 'differences'> {
  const byIdentity = new Map<string, Manifest[]>();
  for (const object of ours) {
    const identity = identityOf(object);
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), object]);
  }
  const differences: Difference[] = [];
  let equal = 0;
  let chance = 0;
  for (const object of theirs) {
    const identity = identityOf(object);
    const own = byIdentity.get(identity)?.shift() ?? untoldNamesake(identity, byIdentity);
    if (own === undefined) {
      differences.push({ cause: 'missing', detail: identity });
      continue;
    }
    const all = placesOf(own, object);
    const places = all.filter(({ path }) => !isChance(identity, path));
    const [first] = places;
    if (first === undefined) {
      if (all.length === 0) equal++;
      else chance++;
      continue;
    }
    const told = places.find((place) => !isUntold(place)) ?? first;
    const { path, ours: mine, theirs: other } = told;
    const cause = isUntold(told) ? 'unknown' : 'different';
    const detail = `${identity} ${path}: ours ${short(mine)}, theirs ${short(other)}`;
    differences.push({ cause, detail });
  }
  for (const [identity, left] of byIdentity)
    for (const _ of left) differences.push({ cause: 'additional', detail: identity });
  return { objects: theirs.length, equal, chance, differences };
}
