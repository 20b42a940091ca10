/** Joins the two models: containers of manifests with the programs that run in them. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { FileFacts } from '../../../facts.ts';
import type { Library } from '../../../library.ts';
import type { DockerfileFacts } from '../../../project-facts.ts';
import type { CodeModel } from '../../code.ts';
import type { Container, Model } from '../../model.ts';
import type { Binding } from '../../together.ts';
import type { Together } from '../../whole.ts';
import { type Project, packagesOf } from '../code/packages.ts';
import { programOf as indexOf } from '../code/program.ts';
import { importsOf } from '../code/runtimes.ts';
import { specifiersOf } from '../code/specifiers.ts';
import { bind } from './bind.ts';
import { type Built, buildsOf } from './builds.ts';
import { placeOfDockerfile } from './dockerfiles.ts';
import type { Sources } from './evidence.ts';
import { type Deployed, graphOf } from './graph.ts';
import { dockerfileOf } from './image.ts';
import type { CodeIndex } from './index.ts';
import { dockerfilesOf, type Place, placesOf } from './places.ts';
import { programOf } from './program.ts';
import { callsNamed } from './written.ts';

/** Everything that the join looks at. */
export interface Sides {
  readonly model: Model;
  /** Facts of manifests and of what builds and deploys them. */
  readonly files: readonly FileFacts[];
  readonly code: CodeModel;
  readonly codeFacts: readonly CodeFacts[];
  readonly project: Project;
  readonly libraries: readonly Library[];
}

export interface TogetherSettings {
  /** Images without tag, and the folder of the program that runs in them. */
  readonly bindings: ReadonlyMap<string, string>;
  /** `mesh`: every pod has a sidecar. */
  readonly assume: { readonly mesh: boolean };
}

/** What manifests alone say: the graph of the addresses that containers are given. */
export function linkManifestsAlone(model: Model, { assume }: TogetherSettings): Together {
  return { bindings: [], programs: [], graph: graphOf(model, [], assume.mesh) };
}

/** Which program each first-party container runs. Pure; the order of the files does not matter. */
export function linkTogether(sides: Sides, settings: TogetherSettings): Together {
  const { model, files, code, codeFacts, project } = sides;
  const containers = model.workloads.flatMap((workload) =>
    workload.containers.filter((one) => one.firstParty && one.dataStore === undefined),
  );
  if (containers.length === 0) return linkManifestsAlone(model, settings);
  const places = placesOf(project, code);
  const dockerfiles = dockerfilesOf(project);
  const packages = packagesOf(project);
  const specifiers = specifiersOf(new Set(codeFacts.map(({ path }) => path)), packages, project);
  const program = indexOf(codeFacts, packages, specifiers);
  const imports = importsOf(program);
  const placeMemo = new Map<DockerfileFacts, Place | undefined>();
  const memo = new Map<string, ReadonlySet<string>>();
  const index: CodeIndex = {
    code,
    program,
    packages,
    specifiers,
    places,
    dockerfiles,
    project,
    libraries: sides.libraries,
    placeOf(facts) {
      const before = placeMemo.get(facts);
      if (before !== undefined || placeMemo.has(facts)) return before;
      const place = placeOfDockerfile(facts, undefined, undefined, places);
      placeMemo.set(facts, place);
      return place;
    },
    prefixing: [...callsNamed(codeFacts, /^setGlobalPrefix$/)].map(({ file }) => file.path),
    reached(entry) {
      const before = memo.get(entry);
      if (before !== undefined) return before;
      const seen = new Set([entry]);
      for (const path of seen) for (const next of imports.get(path) ?? []) seen.add(next);
      memo.set(entry, seen);
      return seen;
    },
  };
  const sources: Sources = {
    places,
    ...buildsOf(files, project, places, dockerfiles),
    ...onlyOf(containers, index),
    portsOf: exposedPorts(index),
    bindings: settings.bindings,
  };
  const deployed: Deployed[] = [];
  const bindings = containers.map((container): Binding => {
    const bound = bind(container, sources);
    const running = programOf(container, bound, index);
    if (running !== undefined) deployed.push(running);
    const program = running?.program;
    const dockerfile = dockerfileOf(bound, index)?.path;
    return {
      ...bound.binding,
      ...(dockerfile === undefined ? {} : { dockerfile }),
      ...(program === undefined ? {} : { program }),
    };
  });
  return {
    bindings,
    programs: deployed.map(({ program }) => program),
    graph: graphOf(model, deployed, settings.assume.mesh),
  };
}

function exposedPorts({ dockerfiles, placeOf }: CodeIndex): Sources['portsOf'] {
  const found = new Map<string, Set<number>>();
  for (const facts of dockerfiles.values()) {
    const place = placeOf(facts);
    if (place === undefined) continue;
    const ports = found.get(place.folder) ?? new Set<number>();
    found.set(place.folder, ports);
    for (const step of facts.stages.flatMap(({ steps }) => steps)) {
      const texts =
        step.is === 'expose'
          ? step.ports
          : step.is === 'env'
            ? step.variables.filter(({ name }) => /(?:^|_)PORT$/.test(name))
            : [];
      for (const { value } of texts) {
        const number = Number.parseInt(value, 10);
        if (number > 0) ports.add(number);
      }
    }
  }
  return (place) => found.get(place.folder) ?? new Set();
}

/** The only place of the repository that has a Dockerfile, and the only own image of its manifests. */
function onlyOf(
  containers: readonly Container[],
  { dockerfiles, placeOf }: CodeIndex,
): Pick<Sources, 'only'> {
  const images = new Set(
    containers.map(({ image }) => (image.state === 'known' ? image.value.repository : '')),
  );
  const [image] = images;
  if (images.size !== 1 || image === undefined || image === '') return {};
  const found = new Map<string, Built>();
  for (const facts of dockerfiles.values()) {
    const place = placeOf(facts);
    if (place === undefined) return {};
    found.set(place.folder, { place });
  }
  const [built] = found.values();
  return found.size === 1 && built !== undefined ? { only: { built, image } } : {};
}
