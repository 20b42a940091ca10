/** Image references, and what the catalogs know of them. */
import {
  BITNAMI,
  DATA_STORE_REPOSITORIES,
  DATA_STORES,
  type DataStoreEntry,
} from '../catalog/data-stores.ts';
import { STORE_EVIDENCE } from '../catalog/store-evidence.ts';
import { NAMES, REPOSITORIES, VENDOR_HOSTS, VENDORS } from '../catalog/third-party-images.ts';
import type { Container, DataStore, Image, ImageReference } from '../model.ts';
import type { Scope } from './scope.ts';

interface Parts {
  readonly host: string;
  readonly repository: string;
}

function partsOf(nameWithoutTag: string): Parts {
  const slash = nameWithoutTag.indexOf('/');
  const head = slash < 0 ? '' : nameWithoutTag.slice(0, slash);
  const isHost = head === 'localhost' || /[.:]/.test(head);
  const repository = isHost ? nameWithoutTag.slice(slash + 1) : nameWithoutTag;
  return { host: isHost ? head : '', repository: repository.replace(/^library\//, '') };
}

/** Splits an image reference as the container runtime does (a colon before a slash belongs to the host). */
export function imageReferenceOf(text: string): ImageReference {
  const [named = '', digest] = text.split('@');
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  return {
    text,
    repository: partsOf(hasTag ? named.slice(0, colon) : named).repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The reference without tag and digest, as Kustomize's `images` transformer names it. */
function nameOf(reference: ImageReference): string {
  const { text, tag, digest } = reference;
  const end =
    (digest === undefined ? 0 : digest.length + 1) + (tag === undefined ? 0 : tag.length + 1);
  return text.slice(0, text.length - end);
}

/** True for images of the catalog: nobody builds them in an application's repository. */
export function isThirdParty(reference: ImageReference): boolean {
  const { host } = partsOf(nameOf(reference));
  const { repository } = reference;
  const segments = repository.split('/');
  const [vendor = ''] = segments;
  return (
    VENDOR_HOSTS.has(host) ||
    VENDOR_HOSTS.has(`${host}/${vendor}`) ||
    REPOSITORIES.has(repository) ||
    (segments.length > 1 && VENDORS.has(vendor)) ||
    NAMES.has(segments.at(-1) ?? '')
  );
}

/**
 * Arguments and variables that make an optional store persist: `--appendonly yes`, `--save 60 1`, `-js`, `-sd /data`,
 * `REDIS_AOF_ENABLED=yes` of the bitnami images.
 */
const PERSISTS =
  /--appendonly[ =]["']?yes|--save[ =]["']?\d|\B-js\b|--jetstream|\B-sd\b|--store_dir|\b(?:REDIS|VALKEY)_AOF_ENABLED=yes\b/;

/** Arguments and variables that say where a store keeps its data. */
const MOVED = /(?:^|\s)(?:PGDATA=|--(?:datadir|dbpath|data-dir)[= ])["']?(\/[\w./-]+)/;

/**
 * Variables that make a store one member of several, of which there is one: the other members are workloads of their own
 * (`MONGODB_REPLICA_SET_MODE=arbiter`, `REDIS_REPLICATION_MODE=master` of the bitnami images).
 */
const ONE_MEMBER =
  /\b[A-Z]+_(?:REPLICA_SET_MODE|REPLICATION_MODE)=(?:primary|master|arbiter)(?:\s|$)/;

/** Directories of one image of a store, the main one first; undefined when nobody knows which of the store's they are. */
function dataPathsOf(
  entry: DataStoreEntry,
  segments: readonly string[],
): readonly string[] | undefined {
  const isBitnami = BITNAMI.has(segments.at(-2) ?? '');
  const last = segments.at(-1) ?? '';
  const own = isBitnami ? undefined : entry.ownPaths?.[last];
  if (own !== undefined) return own.length > 0 ? own : undefined;
  const all = entry.dataPaths.filter((path) => path.startsWith('/bitnami/') === isBitnami);
  const named = isBitnami ? all.filter((path) => path.includes(last.split('-')[0] ?? '')) : all;
  const paths = named.length > 0 ? named : all;
  const [first = ''] = paths;
  // A directory and the one that holds it are one place.
  const isOne = paths.every(
    (path) => `${path}/`.startsWith(`${first}/`) || `${first}/`.startsWith(`${path}/`),
  );
  return first !== '' && (isOne || segments.length === 1) ? paths : undefined;
}

/**
 * The data store that an image is. A store that persists only when told to (redis, NATS) has data paths only
 * when `words`, its command, arguments and variables, say so; what a mounted configuration file says is not known, so it counts as a
 * cache there.
 */
export function dataStoreOf(
  reference: ImageReference,
  words: readonly string[],
): DataStore | undefined {
  const segments = reference.repository.split('/');
  const last = segments.at(-1) ?? '';
  const whole = DATA_STORE_REPOSITORIES.get(last);
  if (whole !== undefined && whole !== reference.repository) return undefined;
  const entry = DATA_STORES.find((store) => store.images.includes(last));
  if (entry === undefined) return undefined;
  const persists =
    entry.persists === 'always' ||
    (entry.persists === 'optional' && PERSISTS.test(words.join(' ')));
  const { name, clusters } = entry;
  const isOneMember = ONE_MEMBER.test(words.join(' ')) ? ({ isOneMember: true } as const) : {};
  const known = { name, clusters, ...isOneMember };
  // An arbiter votes and holds nothing.
  if (!persists || /\barbiter\b/i.test(words.join(' '))) return { ...known, dataPaths: [] };
  const moved = MOVED.exec(words.join(' '))?.[1];
  if (moved !== undefined) return { ...known, dataPaths: [moved], dataPath: moved };
  const paths = dataPathsOf(entry, segments);
  const [dataPath] = paths ?? [];
  return {
    ...known,
    dataPaths: paths ?? entry.dataPaths,
    ...(dataPath === undefined ? {} : { dataPath }),
  };
}

/** What a container says of itself besides its image. */
export interface Surroundings {
  readonly ports: readonly number[];
  readonly variables: readonly string[];
  readonly mountPaths: readonly string[];
}

/**
 * The data store that a container is by its surroundings: an image of one's own that is built on a store's. The
 * default port must be declared, and the image's name, a variable of the server or its directory must say the same. No
 * data path is claimed: the build may have another.
 */
export function dataStoreIn(
  reference: ImageReference,
  { ports, variables, mountPaths }: Surroundings,
): DataStore | undefined {
  const words = (reference.repository.split('/').at(-1) ?? '').toLowerCase().split(/[-_.]/);
  const evidence = STORE_EVIDENCE.find(
    (store) =>
      store.ports.some((port) => ports.includes(port)) &&
      (words.some((word) => store.word.test(word)) ||
        variables.some((name) => store.variable.test(name)) ||
        mountPaths.some((path) => store.directory.test(path))),
  );
  const entry = DATA_STORES.find((store) => store.name === evidence?.store);
  if (evidence === undefined || entry === undefined) return undefined;
  const dataPath = mountPaths.find((path) => evidence.directory.test(path));
  return {
    name: entry.name,
    clusters: entry.clusters,
    dataPaths: dataPath === undefined || entry.persists !== 'always' ? [] : [dataPath],
    ...(dataPath === undefined || entry.persists !== 'always' ? {} : { dataPath }),
  };
}

/**
 * The images in use in one context, one entry per image name, tag and digest, at the first container that runs it.
 * An annotation silences it only when every container that runs it has the annotation.
 */
export function imagesOf(scope: Scope, containers: readonly Container[]): readonly Image[] {
  const byText = new Map<string, [Container, ...Container[]]>();
  for (const container of containers) {
    if (container.image.state !== 'known') continue;
    const { text } = container.image.value;
    const list = byText.get(text);
    if (list === undefined) byText.set(text, [container]);
    else list.push(container);
  }
  return [...byText.values()].flatMap((users): readonly Image[] => {
    const [user] = users;
    if (user.image.state !== 'known') return [];
    const reference = user.image.value;
    const images = scope.replacedImages;
    const replacedBy =
      images.get(nameOf(reference)) ??
      images.get(reference.repository) ??
      // Automation that names no image means one that is built here.
      (user.firstParty ? images.get('*') : undefined);
    const settings = user.settings.get('image');
    const shared = [...user.annotations].filter(([key]) =>
      users.every((other) => other.annotations.has(key)),
    );
    return [
      {
        context: user.workload.context,
        identity: `image/${reference.text}`,
        label: `image ${reference.text}`,
        at: user.image.at,
        annotations: new Map(shared),
        reference,
        containers: users,
        ...(settings === undefined ? {} : { settings }),
        ...(replacedBy === undefined ? {} : { replacedBy }),
      },
    ];
  });
}
