/** The program that a bound container runs: its command, its file, and the servers that this file starts. */
import { type Location, locate } from '../../../location.ts';
import type { Command, DockerfileFacts, PackageFacts, Stage } from '../../../project-facts.ts';
import type { Application, CodeModel } from '../../code.ts';
import { known, unknown } from '../../derive/values.ts';
import type { Container } from '../../model.ts';
import type { DeployedProgram, Start, StartCommand } from '../../together.ts';
import type { Joined, Value } from '../../value.ts';
import { folderOf, joinPath, type Package, type Packages } from '../code/packages.ts';
import type { Program } from '../code/program.ts';
import type { Specifiers } from '../code/specifiers.ts';
import type { Bound } from './bind.ts';
import {
  absolute,
  baseImageOf,
  type ImageCommand,
  imageCommandOf,
  originsOf,
  placeOfDockerfile,
  stagesOf,
} from './dockerfiles.ts';
import { isBelow, type Place, type Places } from './places.ts';
import { type Started, type Surroundings, startedBy } from './start.ts';

/** What programs are looked up in. */
export interface CodeIndex {
  readonly code: CodeModel;
  readonly program: Program;
  readonly packages: Packages;
  readonly specifiers: Specifiers;
  readonly places: Places;
  readonly dockerfiles: ReadonlyMap<string, DockerfileFacts>;
  /** The files that a file imports, itself included. */
  reached(entry: string): ReadonlySet<string>;
}

/** The image of a container, as its Dockerfile describes it. */
interface Image {
  readonly facts: DockerfileFacts;
  readonly stages: readonly Stage[];
  readonly context: string;
  readonly command: ImageCommand;
  readonly base: Value<string>;
}

/** Dockerfiles that are not for the cluster. */
const FOR_DEVELOPERS =
  /(?:^|[/.-])(?:dev|develop|development|local|test|tests|e2e|ci|debug|devcontainer)(?:[/.-]|$)/i;

/** The Dockerfile that an image is built with: that of its build, else the only one of its place. */
export function dockerfileOf(
  { place, built }: Bound,
  index: CodeIndex,
): DockerfileFacts | undefined {
  if (built?.dockerfile !== undefined) return index.dockerfiles.get(built.dockerfile);
  if (place === undefined) return undefined;
  const own = [...index.dockerfiles.values()].filter(
    (facts) =>
      placeOfDockerfile(facts, undefined, undefined, index.places)?.folder === place.folder,
  );
  const deployed = own.filter(
    ({ path }) => !FOR_DEVELOPERS.test(path.slice(folderOf(path).length)),
  );
  const plain = deployed.filter(({ path }) => /(?:^|\/)(?:Dockerfile|Containerfile)$/.test(path));
  const production = deployed.filter(({ path }) => /prod/i.test(path));
  for (const some of [deployed, production, plain]) if (some.length === 1) return some[0];
  return undefined;
}

function imageOf(bound: Bound, index: CodeIndex): Image | undefined {
  const facts = dockerfileOf(bound, index);
  if (facts === undefined || facts.incomplete !== undefined) return undefined;
  const stages = stagesOf(facts, bound.built?.target);
  const [first] = stages;
  if (first === undefined) return undefined;
  const at = locate(facts, first.image.range);
  const base = baseImageOf(facts, stages);
  return {
    facts,
    stages,
    context: bound.built?.context ?? contextOf(facts, stages, bound.place, index),
    command: imageCommandOf(stages),
    base: base === undefined ? unknown('an argument without a default', at) : known(base, at),
  };
}

/** The folder that a Dockerfile is built in: the nearest one that holds most of what it copies. */
function contextOf(
  facts: DockerfileFacts,
  stages: readonly Stage[],
  place: Place | undefined,
  index: CodeIndex,
): string {
  const sources = facts.stages.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.is === 'copy' && step.from === undefined ? step.sources : [])),
  );
  const own = folderOf(facts.path);
  const from = place?.folder === '' ? [own, ''] : [own, place?.folder ?? own, ''];
  const holds = (folder: string) =>
    sources.filter((source) => {
      const path = joinPath(folder, source.replace(/^\/+/, './'));
      return (
        path !== undefined &&
        path !== folder &&
        (index.places.at(path) !== undefined || isFolderOfCode(path, index))
      );
    }).length;
  void stages;
  let best = own;
  let most = -1;
  for (const folder of new Set(from)) {
    const count = holds(folder);
    if (count > most) {
      best = folder;
      most = count;
    }
  }
  return best;
}

function isFolderOfCode(path: string, index: CodeIndex): boolean {
  const folder = `${path}/`;
  for (const file of index.program.files.keys()) if (file.startsWith(folder)) return true;
  return index.packages.all.some((one) => one.facts?.path === path);
}

interface Effective {
  readonly words: readonly string[];
  readonly at: Location;
  readonly setBy: 'manifest' | 'Dockerfile';
}

/** The words of process 1: the manifest's command and args over ENTRYPOINT and CMD. */
function effectiveCommand(container: Container, image: Image | undefined): Effective | undefined {
  const { command, args } = container;
  if (command.state === 'unknown' || args.state === 'unknown') return undefined;
  const own = args.state === 'known' ? args.value : [];
  if (command.state === 'known' && command.value.length > 0)
    return { words: [...command.value, ...own], at: command.at, setBy: 'manifest' };
  if (image === undefined)
    return own.length > 0 && args.state === 'known'
      ? { words: own, at: args.at, setBy: 'manifest' }
      : undefined;
  const { entrypoint, command: cmd, shell } = image.command;
  const wordsOf = (one: Command | undefined): readonly string[] =>
    one === undefined
      ? []
      : one.form === 'exec'
        ? one.words
        : [...(shell ?? ['/bin/sh', '-c']), one.text];
  const first = wordsOf(entrypoint);
  const implied =
    entrypoint === undefined &&
    image.base.state === 'known' &&
    /(?:^|\/)distroless\/nodejs/.test(image.base.value)
      ? ['/nodejs/bin/node']
      : first;
  if (args.state === 'known' && own.length > 0)
    return { words: [...implied, ...own], at: args.at, setBy: 'manifest' };
  // An ENTRYPOINT in shell form takes no words from CMD.
  const rest = entrypoint?.form === 'shell' ? [] : wordsOf(cmd);
  const written = cmd !== undefined && rest.length > 0 ? cmd : entrypoint;
  if (written === undefined) return undefined;
  return {
    words: [...implied, ...rest],
    at: locate(image.facts, written.range),
    setBy: 'Dockerfile',
  };
}

/** What a bound container runs; undefined when no server or worker of the code that was read is known to run in it. */
export function programOf(
  container: Container,
  bound: Bound,
  index: CodeIndex,
): DeployedProgram | undefined {
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
  const entry = entryOf(started, image, place, index) ?? onlyEntryOf(started, place, index);
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
    complete: effective !== undefined && started.complete,
  };
  const { context, identity, label, at, annotations } = container;
  return {
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
  };
}

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
