/** Builds that name their image: which image, from which folder, by which Dockerfile. */
import type { FileFacts } from '../../../facts.ts';
import { type Location, locate } from '../../../location.ts';
import { folderOf, joinPath } from '../../../paths.ts';
import type { Build, DockerfileFacts } from '../../../project-facts.ts';
import type { ImageReference } from '../../model.ts';
import type { EvidenceKind } from '../../together.ts';
import type { Project } from '../code/packages.ts';
import { placeOfDockerfile } from './dockerfiles.ts';
import type { Place, Places } from './places.ts';

/** A build of one image, or of those of a pattern. */
export interface ImageBuild {
  readonly kind: Extract<EvidenceKind, 'skaffold' | 'compose image' | 'build command'>;
  /** Who says so. */
  readonly by: string;
  /** As written. */
  readonly image: string;
  readonly at: Location;
  /** The place for an image; undefined when it is another image, or when the place cannot be told. */
  for(reference: ImageReference): Built | undefined;
}

export interface Built {
  readonly place: Place;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly context?: string;
}

/** A service of a compose file that is built here. */
export interface ComposedService {
  readonly name: string;
  readonly at: Location;
  readonly built: Built;
}

/** What stands for a part that is computed: a variable. */
const HOLE = '\0';

/** The name of an image without tag and digest, with holes for variables. */
function patternOf(text: string): readonly string[] {
  const holed = text
    .replace(/\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|\$\w+/g, HOLE)
    .replace(/@.*$/, '');
  const slash = holed.lastIndexOf('/');
  const base = holed.slice(slash + 1).replace(/:.*$/, '');
  const before = slash < 0 ? [] : holed.slice(0, slash).split('/');
  const [first = ''] = before;
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return [...(isHost ? before.slice(1) : before), base];
}

/** What the holes of a pattern's last part stand for; undefined when the image is another one. */
function fits(pattern: readonly string[], reference: ImageReference): string | undefined {
  const actual = reference.repository.split('/');
  const base = pattern.at(-1) ?? '';
  const own = actual.at(-1) ?? '';
  if (base === HOLE || base === '') return undefined;
  const before = pattern.slice(0, -1);
  const others = actual.slice(0, -1);
  const differs =
    !before.some((part) => part.includes(HOLE)) &&
    before.length > 0 &&
    others.length > 0 &&
    before.at(-1) !== others.at(-1);
  if (differs) return undefined;
  if (!base.includes(HOLE)) return base === own ? '' : undefined;
  const escaped = base.split(HOLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('(.+)')}$`).exec(own)?.[1];
}

/** All builds of the repository that name their image. */
export function buildsOf(
  files: readonly FileFacts[],
  project: Project,
  places: Places,
  dockerfiles: ReadonlyMap<string, DockerfileFacts>,
): { readonly builds: readonly ImageBuild[]; readonly services: readonly ComposedService[] } {
  const builds: ImageBuild[] = [];
  const services: ComposedService[] = [];

  function builtFrom(
    folder: string,
    context: string,
    dockerfile: string | undefined,
    target: string | undefined,
    dockerfileFrom: 'context' | 'folder',
  ): Built | undefined {
    const around = joinPath(folder, context);
    if (around === undefined) return undefined;
    const candidates =
      dockerfile === undefined
        ? [joinPath(around, 'Dockerfile'), joinPath(around, 'Containerfile')]
        : dockerfileFrom === 'context'
          ? [joinPath(around, dockerfile), joinPath(folder, dockerfile)]
          : [joinPath(folder, dockerfile), joinPath(around, dockerfile)];
    const found = candidates.find((path) => path !== undefined && dockerfiles.has(path));
    const facts = found === undefined ? undefined : dockerfiles.get(found);
    if (facts === undefined) return undefined;
    const place = placeOfDockerfile(facts, around, target, places);
    return place === undefined
      ? undefined
      : {
          place,
          context: around,
          dockerfile: facts.path,
          ...(target === undefined ? {} : { target }),
        };
  }

  const built = (folder: string, build: Build) =>
    builtFrom(folder, build.context, build.dockerfile?.value, build.target?.value, 'context');

  for (const facts of project.files) {
    const folder = folderOf(facts.path);
    if (facts.kind === 'skaffold')
      for (const { image, build } of facts.artifacts) {
        const pattern = patternOf(image.value);
        const from = built(folder, build);
        builds.push({
          kind: 'skaffold',
          by: facts.path,
          image: image.value,
          at: locate(facts, image.range),
          for: (reference) => (fits(pattern, reference) === undefined ? undefined : from),
        });
      }
    if (facts.kind === 'compose')
      for (const { name, nameRange, image, build } of facts.services) {
        const from = build === undefined ? undefined : built(folder, build);
        if (from === undefined) continue;
        services.push({ name, at: locate(facts, nameRange), built: from });
        if (image === undefined) continue;
        const pattern = patternOf(image.value);
        builds.push({
          kind: 'compose image',
          by: facts.path,
          image: image.value,
          at: locate(facts, image.range),
          for: (reference) => (fits(pattern, reference) === undefined ? undefined : from),
        });
      }
  }
  for (const file of files)
    for (const build of file.automation?.imageBuilds ?? []) {
      const pattern = patternOf(build.image);
      const { context = '.', dockerfile, target } = build;
      const fill = (text: string, hole: string) =>
        text
          .replace(/\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+/g, HOLE)
          // A variable in front is the root, whatever it is called.
          .replace(new RegExp(`^${HOLE}/`), '')
          .replaceAll(HOLE, hole);
      builds.push({
        kind: 'build command',
        by: file.path,
        image: build.image,
        at: locate(file, build.range),
        for(reference) {
          const hole = fits(pattern, reference);
          if (hole === undefined) return undefined;
          const around = fill(context, hole);
          const named = dockerfile === undefined ? undefined : fill(dockerfile, hole);
          // Commands run at the root or beside their file.
          for (const start of ['', folderOf(file.path)]) {
            const from =
              build.folder === undefined ? start : joinPath(start, fill(build.folder, hole));
            const found =
              from === undefined ? undefined : builtFrom(from, around, named, target, 'folder');
            if (found !== undefined) return found;
          }
          return undefined;
        },
      });
    }
  return { builds, services };
}
