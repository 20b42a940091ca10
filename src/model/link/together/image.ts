/** The image of a bound container: its Dockerfile, the folder that it is built in, and the command that process 1 gets. */
import { type Location, locate } from '../../../location.ts';
import { folderOf, joinPath } from '../../../paths.ts';
import type { Command, DockerfileFacts, Stage } from '../../../project-facts.ts';
import { known, unknown } from '../../derive/values.ts';
import type { Container } from '../../model.ts';
import type { Value } from '../../value.ts';
import type { Bound } from './bind.ts';
import { baseImageOf, type ImageCommand, imageCommandOf, stagesOf } from './dockerfiles.ts';
import type { CodeIndex } from './index.ts';
import { baseName } from './names.ts';
import type { Place } from './places.ts';

/** The image of a container, as its Dockerfile describes it. */
export interface Image {
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
  if (place === undefined) return undefined;
  const own = [...index.dockerfiles.values()].filter(
    (facts) => index.placeOf(facts)?.folder === place.folder,
  );
  if (built?.dockerfile !== undefined) {
    // What skaffold builds for a developer is not what a release builds, when there is another one.
    const isForDeveloper = FOR_DEVELOPERS.test(`/${baseName(built.dockerfile)}`);
    if (!isForDeveloper || own.length < 2) return index.dockerfiles.get(built.dockerfile);
    return undefined;
  }
  const deployed = own.filter(
    ({ path }) => !FOR_DEVELOPERS.test(path.slice(folderOf(path).length)),
  );
  const plain = deployed.filter(({ path }) => /(?:^|\/)(?:Dockerfile|Containerfile)$/.test(path));
  const production = deployed.filter(({ path }) => /prod/i.test(path));
  for (const some of [deployed, production, plain]) if (some.length === 1) return some[0];
  return undefined;
}

export function imageOf(bound: Bound, index: CodeIndex): Image | undefined {
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
    context: bound.built?.context ?? contextOf(facts, bound.place, index),
    command: imageCommandOf(stages),
    base: base === undefined ? unknown('an argument without a default', at) : known(base, at),
  };
}

/** The folder that a Dockerfile is built in: the nearest one that holds most of what it copies. */
function contextOf(facts: DockerfileFacts, place: Place | undefined, index: CodeIndex): string {
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
export function effectiveCommand(
  container: Container,
  image: Image | undefined,
): Effective | undefined {
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
