/** What speaks for a folder as the source of a container's image. */
import type { Container, ImageReference } from '../../model.ts';
import type { Evidence, EvidenceKind } from '../../together.ts';
import type { Built, ComposedService, ImageBuild } from './builds.ts';
import { agreement, baseName, normalized } from './names.ts';
import type { Place, Places } from './places.ts';

/** What one kind of evidence says: the folders that it may mean. */
export interface Opinion {
  readonly kind: EvidenceKind;
  /** One suffices; several are ambiguous. */
  readonly choices: readonly Choice[];
  /** It names a build of this very image. */
  readonly explicit: boolean;
  /** It matches but for a prefix or suffix: it agrees with others and contradicts none. */
  readonly fuzzy: boolean;
}

export interface Choice extends Evidence {
  readonly place: Place;
  readonly built?: Built;
}

export interface Sources {
  readonly places: Places;
  readonly builds: readonly ImageBuild[];
  readonly services: readonly ComposedService[];
  /** The only folder of the repository that an image is built from, and the only own image of the manifests. */
  readonly only?: { readonly built: Built; readonly image: string };
  /** Ports that the Dockerfiles of a place expose, or set as PORT. */
  portsOf(place: Place): ReadonlySet<number>;
  /** `bindings` of the policy: an image without tag, and its folder. */
  readonly bindings: ReadonlyMap<string, string>;
}

/** All that is said of one container, each kind once. */
export function opinionsOf(container: Container, sources: Sources): readonly Opinion[] {
  const { image } = container;
  const opinions: Opinion[] = [];
  if (image.state === 'known') {
    const byPolicy = policyOpinion(image.value, container, sources);
    if (byPolicy !== undefined) return [byPolicy];
    opinions.push(...buildOpinions(image.value, sources));
    opinions.push(...imageOpinion(image.value, container, sources));
  }
  opinions.push(...workloadOpinion(container, sources));
  opinions.push(...composeOpinion(container, sources));
  opinions.push(...locationOpinion(container, sources));
  const { only } = sources;
  if (only !== undefined && image.state === 'known' && image.value.repository === only.image) {
    const { place } = only.built;
    const says = `${image.value.repository} is the only image built here, and ${shown(place)} the only program with a Dockerfile`;
    opinions.push(
      opinion('only image', false, [
        { kind: 'only image', says, folder: place.folder, at: image.at, place, built: only.built },
      ]),
    );
  }
  return opinions;
}

/** How a folder is called in messages. */
export function shown(place: { readonly folder: string }): string {
  return place.folder === '' ? 'the root' : place.folder;
}

function opinion(
  kind: EvidenceKind,
  explicit: boolean,
  choices: readonly Choice[],
  fuzzy = false,
): Opinion {
  return { kind, explicit, choices, fuzzy };
}

function policyOpinion(
  image: ImageReference,
  container: Container,
  { bindings, places }: Sources,
): Opinion | undefined {
  const { text, tag, digest, repository } = image;
  const cut =
    (tag === undefined ? 0 : tag.length + 1) + (digest === undefined ? 0 : digest.length + 1);
  const folder = bindings.get(text.slice(0, text.length - cut)) ?? bindings.get(repository);
  const place = folder === undefined ? undefined : places.at(folder.replace(/^\.?\/|\/+$/g, ''));
  if (place === undefined) return undefined;
  const says = `the policy says that image ${repository} is built from ${shown(place)}`;
  return opinion('policy', true, [
    { kind: 'policy', says, folder: place.folder, at: container.image.at, place },
  ]);
}

function buildOpinions(image: ImageReference, { builds }: Sources): Opinion[] {
  const byKind = new Map<EvidenceKind, Map<string, Choice>>();
  for (const build of builds) {
    const built = build.for(image);
    if (built === undefined) continue;
    const { kind, by, at } = build;
    const { place } = built;
    const known = byKind.get(kind) ?? new Map<string, Choice>();
    byKind.set(kind, known);
    const before = known.get(place.folder);
    // Two files that build one folder with different Dockerfiles leave open which one it is.
    if (before !== undefined) {
      if (before.built?.dockerfile !== built.dockerfile)
        known.set(place.folder, { ...before, built: { place } });
      continue;
    }
    const says = `${by} builds image ${image.repository} from ${shown(place)}`;
    known.set(place.folder, { kind, says, folder: place.folder, at, place, built });
  }
  return [...byKind].map(([kind, choices]) => opinion(kind, true, [...choices.values()]));
}

function imageOpinion(image: ImageReference, container: Container, { places }: Sources): Opinion[] {
  const name = baseName(image.repository);
  const exact = places.named(name, false);
  const found = exact.length > 0 ? exact : places.named(name, true);
  if (found.length === 0) return [];
  const choices = found.map(
    (place): Choice => ({
      kind: 'image name',
      says: `image ${image.repository} has the name of ${shown(place)}`,
      folder: place.folder,
      at: container.image.at,
      place,
    }),
  );
  return [opinion('image name', false, choices, exact.length === 0)];
}

const NAMING_LABELS = [
  'app.kubernetes.io/component',
  'app.kubernetes.io/name',
  'app',
  'component',
  'service',
  'io.kompose.service',
  'k8s-app',
  'name',
];

/** Names that a workload goes by, each with what it is. */
function namesOf(container: Container): readonly (readonly [what: string, name: string])[] {
  const { workload } = container;
  const { podLabels, name } = workload;
  const labels = podLabels.state === 'known' ? podLabels.value : new Map<string, string>();
  const several = workload.containers.filter((other) => other.firstParty).length > 1;
  return [
    ...(several ? [] : [[`${workload.kind} ${name}`, name] as const]),
    [`container ${container.name}`, container.name],
    ...(several
      ? []
      : NAMING_LABELS.flatMap((label) => {
          const value = labels.get(label);
          return value === undefined ? [] : [[`label ${label}=${value}`, value] as const];
        })),
  ];
}

function workloadOpinion(container: Container, { places }: Sources): Opinion[] {
  for (const fuzzily of [false, true])
    for (const [what, name] of namesOf(container)) {
      const found = places.named(name, fuzzily);
      if (found.length === 0) continue;
      const choices = found.map(
        (place): Choice => ({
          kind: 'workload name',
          says: `${what} has the name of ${shown(place)}`,
          folder: place.folder,
          at: container.workload.nameAt,
          place,
        }),
      );
      return [opinion('workload name', false, choices, fuzzily)];
    }
  return [];
}

function composeOpinion(container: Container, { services }: Sources): Opinion[] {
  const { image } = container;
  const names = [
    ...(image.state === 'known' ? [baseName(image.value.repository)] : []),
    ...namesOf(container).map(([, name]) => name),
  ].map(normalized);
  for (const wanted of ['same', 'alike'] as const) {
    const found = new Map<string, Choice>();
    for (const { name, at, built } of services)
      if (names.some((one) => agreement(one, normalized(name)) === wanted)) {
        const { place } = built;
        const says = `the compose service ${name} of that name is built from ${shown(place)}`;
        const before = found.get(place.folder);
        const differs = before !== undefined && before.built?.dockerfile !== built.dockerfile;
        if (before === undefined || differs)
          found.set(place.folder, {
            kind: 'compose service',
            says,
            folder: place.folder,
            at,
            place,
            ...(differs ? {} : { built }),
          });
      }
    if (found.size > 0) return [opinion('compose service', false, [...found.values()])];
  }
  return [];
}

function locationOpinion(container: Container, { places }: Sources): Opinion[] {
  const { path } = container.workload.at;
  const place = places.holding(path);
  // What lies in a package with only manifests, or in the root, says nothing.
  if (place === undefined || place.folder === '' || !place.deployable) return [];
  const says = `the manifest lies in ${place.folder}`;
  return [
    opinion('location', false, [
      { kind: 'location', says, folder: place.folder, at: container.workload.at, place },
    ]),
  ];
}
