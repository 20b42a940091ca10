/** The program that a bound container runs: its command, its file, and the servers that this file starts. */
import type { Location } from '../../../location.ts';
import { folderOf } from '../../../paths.ts';
import type { PackageFacts } from '../../../project-facts.ts';
import type { Application } from '../../code.ts';
import type { Container } from '../../model.ts';
import type { DeployedProgram, Start, StartCommand, WantedPort } from '../../together.ts';
import type { Joined, Value } from '../../value.ts';
import type { Package } from '../code/packages.ts';
import type { Bound } from './bind.ts';
import { absolute, originsOf } from './dockerfiles.ts';
import type { Deployed } from './graph.ts';
import { heapLimitOf } from './heap.ts';
import { effectiveCommand, type Image, imageOf } from './image.ts';
import type { CodeIndex } from './index.ts';
import { memoryStatesOf } from './memory.ts';
import { isBelow, type Place } from './places.ts';
import { portsOf } from './ports.ts';
import { probedPathsOf } from './served.ts';
import { shutdownPartsOf } from './shutdown-time.ts';
import { deliveryOf } from './sigterm.ts';
import { type Started, type Surroundings, startedBy } from './start.ts';
import { badTimeoutsOf } from './timeouts.ts';
import { type Setters, variableOf } from './variables.ts';

/** What a bound container runs; undefined when no server or worker of the code that was read is known to run in it. */
export function programOf(
  container: Container,
  bound: Bound,
  index: CodeIndex,
): Deployed | undefined {
  const { place, binding } = bound;
  if (place === undefined) return undefined;
  const image = imageOf(bound, index);
  const effective = effectiveCommand(container, image);
  const around = surroundingsOf(image, place, index);
  const workingFolder = image?.command.workingFolder ?? '/';
  const started: Started =
    effective === undefined
      ? { steps: [], complete: false }
      : startedBy(effective.words, workingFolder, around);
  const named = entryOf(started, image, place, index);
  // A file that the manifest names and nobody finds is not the one that the image starts by itself.
  const mayBeOnly = started.file === undefined || effective?.setBy === 'Dockerfile';
  const entry = named ?? (mayBeOnly ? onlyEntryOf(started, place, index) : undefined);
  const application = applicationOf(entry, place, index);
  if (application === undefined) return undefined;
  const reached = entry === undefined ? undefined : index.reached(entry);
  const joined = <T extends { readonly at: Location }>(all: readonly T[]): Joined<T> =>
    reached === undefined
      ? { items: all, complete: false, why: 'it is not known which file runs' }
      : { items: all.filter(({ at }) => reached.has(at.path)), complete: true };
  const servers = joined(application.servers.filter(({ ephemeral }) => !ephemeral));
  const consumers = joined(application.consumers);
  if (servers.items.length + consumers.items.length === 0) return undefined;
  const command: StartCommand | undefined =
    effective === undefined
      ? undefined
      : { text: spelled(effective.words), at: effective.at, setBy: effective.setBy };
  const start: Start = {
    ...(command === undefined ? {} : { command }),
    ...(image === undefined ? {} : { baseImage: image.base }),
    steps: started.steps,
    ...(started.file === undefined ? {} : { file: started.file.path }),
    complete: effective !== undefined && started.complete,
  };
  const { context, identity, label, at, annotations } = container;
  const files = [...(reached ?? [])].flatMap((path) => index.program.files.get(path)?.facts ?? []);
  const fileOf = (path: string) => index.program.files.get(path)?.facts;
  const folder = nearestPackage(place.folder, index)?.folder ?? place.folder;
  const setters: Setters = {
    container,
    ...(image === undefined ? {} : { image }),
    steps: started.steps,
    loaded: index.project.files.flatMap((facts) =>
      facts.kind === 'environment' &&
      !facts.example &&
      [place.folder, folder].includes(folderOf(facts.path))
        ? [facts]
        : [],
    ),
  };
  const variable = (name: string) => variableOf(name, setters);
  const heapLimit = heapLimitOf(start, variable('NODE_OPTIONS'), container.at);
  const ports = portsOf(servers, files, fileOf, variable);
  const program: DeployedProgram = {
    context,
    identity,
    label,
    at,
    annotations,
    container,
    confident: binding.confident,
    evidence: binding.evidence,
    application,
    ...(entry === undefined ? {} : { entry }),
    start,
    servers,
    consumers,
    probes: probedPathsOf(container, {
      servers,
      files,
      variable,
      isOfAnother: (path) =>
        index.code.entryPoints.some(
          (one) =>
            one.runtime === 'node' && one.path !== entry && index.reached(one.path).has(path),
        ),
      prefixedElsewhere: index.prefixing.some((path) => reached?.has(path) !== true),
      foreign(file, importIndex) {
        const resolution = index.program.resolve(file, importIndex);
        return resolution.is === 'package' ? resolution.name : undefined;
      },
    }),
    ports,
    wantedPorts: wantedPortsOf(container),
    sigterm: deliveryOf(start, container.at),
    badTimeouts:
      reached === undefined
        ? []
        : badTimeoutsOf(
            {
              application,
              libraries: index.libraries,
              isOwn: (path) => reached.has(path),
              fileOf,
              variable,
            },
            container.at,
          ),
    memoryStates: memoryStatesOf(files),
    ...(heapLimit === undefined ? {} : { heapLimit }),
    shutdownParts: servers.complete ? shutdownPartsOf(container, servers.items, files) : [],
  };
  return { program, files, variable, fileOf };
}

/** Ports that somebody asks this container for. Containers of a pod share its ports. */
function wantedPortsOf(container: Container): readonly WantedPort[] {
  const { workload, ports, servicePorts } = container;
  if (workload.containers.length > 1 || !workload.containersComplete) return [];
  const wanted: WantedPort[] = [];
  const put = (port: Value<number | string>, by: string) => {
    if (port.state !== 'known') return;
    const named = ports.find(({ name }) => name !== undefined && name === port.value);
    const number = named === undefined ? port.value : told(named.number);
    if (typeof number === 'number') wanted.push({ number, by, at: port.at });
  };
  for (const which of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
    const probe = container[which];
    if (probe.state !== 'known' || probe.value.host.state !== 'absent') continue;
    if (probe.value.handler !== 'exec') put(probe.value.port, which);
  }
  for (const { targetPort, scraped, service } of servicePorts.items)
    if (!scraped) put(targetPort, service.label);
  return wanted;
}

const told = <T>(value: Value<T>) => (value.state === 'known' ? value.value : undefined);

/** Words as a person would type them. */
function spelled(words: readonly string[]): string {
  return words.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ');
}

function surroundingsOf(image: Image | undefined, place: Place, index: CodeIndex): Surroundings {
  const packages = new Map(
    index.packages.all.flatMap((one) =>
      one.facts === undefined ? [] : [[one.facts.path, one.facts] as const],
    ),
  );
  const own = nearestPackage(place.folder, index)?.facts;
  const packageIn = (folder: string): PackageFacts | undefined => {
    if (image !== undefined)
      for (const path of originsOf(
        image.facts,
        image.stages,
        image.context,
        absolute(folder, 'package.json'),
      )) {
        const found = packages.get(path);
        if (found !== undefined) return found;
      }
    const isHome = image === undefined || absolute(folder, '.') === image.command.workingFolder;
    return isHome ? own : undefined;
  };
  return {
    // A lockfile or package.json of a later yarn says that the image's own yarn 1 only starts that one.
    isLaterYarn:
      index.project.lockfiles.some(({ format }) => format === 'yarn-berry') ||
      [...packages.values()].some((facts) => /^yarn@[2-9]/.test(facts.packageManager?.value ?? '')),
    packageIn,
    packageNamed(name, folder) {
      const clean = name.replace(/\.{3}$/, '').replace(/^\.?\//, '');
      const found = index.packages.all.find(
        (one) =>
          one.facts !== undefined &&
          (one.name === clean || one.folder === clean || one.folder.endsWith(`/${clean}`)),
      );
      return found?.facts === undefined
        ? undefined
        : { facts: found.facts, folder: absolute(folder, found.folder) };
    },
  };
}

function nearestPackage(folder: string, index: CodeIndex): Package | undefined {
  return index.packages.ownerOf(folder === '' ? 'package.json' : `${folder}/package.json`);
}

/** The source file that a command runs. */
function entryOf(
  started: Started,
  image: Image | undefined,
  place: Place,
  index: CodeIndex,
): string | undefined {
  const owner = nearestPackage(place.folder, index)?.folder ?? place.folder;
  const sourceOf = (path: string): string | undefined => {
    const { folder } = index.packages.ownerOf(path);
    const inner = folder === '' ? path : path.slice(folder.length + 1);
    return (
      index.specifiers.source(folder, inner) ??
      (inner === '' || inner === '.' ? mainOf(folder, index) : undefined)
    );
  };
  const { file, project } = started;
  if (file === undefined) {
    if (!started.steps.some((step) => step.is === 'other' && step.name === 'nest start'))
      return undefined;
    return (
      (project === undefined
        ? undefined
        : index.specifiers.source(owner, `apps/${project}/src/main`)) ??
      index.specifiers.source(place.folder, 'src/main')
    );
  }
  if (image !== undefined)
    for (const path of originsOf(
      image.facts,
      image.stages,
      image.context,
      absolute(file.folder, file.path),
    )) {
      const found = sourceOf(path);
      if (found !== undefined) return found;
    }
  const isMain = file.path === '.' || file.path === './';
  if (isMain) return mainOf(owner, index);
  // Nothing says how files come into the image: the same path below the package, or below the working folder.
  const inner = file.path.replace(
    /^\/(?:usr\/src\/app|usr\/src|app|srv|home\/node\/app|home\/node|opt\/app|workspace|code)\//,
    '',
  );
  if (inner.startsWith('/')) return undefined;
  return (
    index.specifiers.source(place.folder, inner) ??
    index.specifiers.source(owner, inner) ??
    (owner === '' ? undefined : index.specifiers.source('', inner))
  );
}

function mainOf(folder: string, index: CodeIndex): string | undefined {
  const target = index.packages.all.find((one) => one.folder === folder);
  const main = target?.facts?.main?.value;
  return main === undefined
    ? index.specifiers.source(folder, 'index')
    : index.specifiers.source(folder, main);
}

/** The only file of a place that starts to serve, when the command could not be followed to a file. */
function onlyEntryOf(started: Started, place: Place, index: CodeIndex): string | undefined {
  // It runs something that is no file of the repository.
  if (started.complete && started.file === undefined) return undefined;
  const serving = [
    ...index.code.servers,
    ...index.code.applications.flatMap((one) => one.consumers),
  ];
  const candidates = [...new Set(place.entries.map(({ path }) => path))].filter((path) => {
    const reached = index.reached(path);
    return serving.some(({ at }) => reached.has(at.path));
  });
  return candidates.length === 1 ? candidates[0] : undefined;
}

function applicationOf(
  entry: string | undefined,
  place: Place,
  index: CodeIndex,
): Application | undefined {
  const { applications } = index.code;
  if (entry !== undefined) {
    const folder = index.program.files.get(entry)?.package.folder;
    return applications.find(({ root }) => root === folder);
  }
  if (place.entries.length === 0) return undefined;
  const own = applications.filter(
    ({ root }) => root === place.folder || isBelow(place.folder, root),
  );
  return own.sort((a, b) => b.root.length - a.root.length)[0];
}
