/** What a Dockerfile says of its image: what runs in it, where files of the image come from, which folder's program it holds. */

import { folderOf, joinPath } from '../../../paths.ts';
import type { Command, DockerfileFacts, Stage, Step } from '../../../project-facts.ts';
import { baseName, normalized } from './names.ts';
import { isBelow, isForDockerfiles, type Place, type Places } from './places.ts';

/** The stages that an image is made of, the first one first, each built on the one before. */
export function stagesOf(facts: DockerfileFacts, target: string | undefined): readonly Stage[] {
  const { stages } = facts;
  let at =
    target === undefined
      ? stages.length - 1
      : stages.findIndex(({ name }) => name?.value === target.toLowerCase());
  const chain: Stage[] = [];
  while (at >= 0 && chain.length <= stages.length) {
    const stage = stages[at];
    if (stage === undefined) break;
    chain.unshift(stage);
    at = indexOfStage(facts, stage.image.value, at);
  }
  return chain;
}

function indexOfStage(facts: DockerfileFacts, name: string, before: number): number {
  const wanted = name.toLowerCase();
  const found = facts.stages.findIndex(
    (stage, index) => index < before && stage.name?.value === wanted,
  );
  if (found >= 0) return found;
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : -1;
}

/** The command of an image as its stages leave it. */
export interface ImageCommand {
  readonly entrypoint?: Command;
  readonly command?: Command;
  /** Absolute. */
  readonly workingFolder: string;
  /** Of `SHELL`, when it is set. */
  readonly shell?: readonly string[];
}

export function imageCommandOf(stages: readonly Stage[]): ImageCommand {
  let entrypoint: Command | undefined;
  let command: Command | undefined;
  let shell: readonly string[] | undefined;
  let folder = '/';
  for (const { steps } of stages) {
    let own = false;
    for (const step of steps)
      if (step.is === 'workdir') folder = absolute(folder, step.value);
      else if (step.is === 'shell' && step.command.form === 'exec') shell = step.command.words;
      else if (step.is === 'cmd') {
        command = step.command;
        own = true;
      } else if (step.is === 'entrypoint') {
        entrypoint = step.command;
        // What the image below said of CMD does not hold any more.
        if (!own) command = undefined;
      }
  }
  return {
    workingFolder: folder,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    ...(shell === undefined ? {} : { shell }),
  };
}

/** A path of an image: `..` and `.` resolved. */
export function absolute(folder: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The image that a chain of stages begins with; undefined when a variable without a default hides it. */
export function baseImageOf(facts: DockerfileFacts, stages: readonly Stage[]): string | undefined {
  const [first] = stages;
  if (first === undefined) return undefined;
  return filled(first.image.value, facts.arguments);
}

/** A text with the defaults of arguments filled in; undefined when one has none. */
function filled(
  text: string,
  values: readonly { readonly name: string; readonly value: string }[],
): string | undefined {
  let whole: string | undefined = text;
  whole = text.replace(
    /\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g,
    (_, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? '';
      const known = values.find((one) => one.name === name)?.value;
      return known === undefined || known === '' ? (fallback ?? '\0') : known;
    },
  );
  return whole.includes('\0') ? undefined : whole;
}

const MAX_HOPS = 6;
/** Copies that are followed for one path: a hostile file copies from stage to stage. */
const MAX_COPIES = 500;

/**
 * Paths of the repository that a path of the image may have been copied from, the likeliest first. A path that was built is the
 * path that it would have in the repository: `services/orders/dist/main.js`.
 */
export function originsOf(
  facts: DockerfileFacts,
  stages: readonly Stage[],
  context: string,
  path: string,
  hops = 0,
  budget = { left: MAX_COPIES },
): readonly string[] {
  const found: { readonly length: number; readonly paths: readonly string[] }[] = [];
  const last = stages.at(-1);
  if (last === undefined || hops > MAX_HOPS) return [];
  const before = stages.slice(0, -1);
  let folder = before.length === 0 ? '/' : imageCommandOf(before).workingFolder;
  for (const step of last.steps) {
    if (step.is === 'workdir') folder = absolute(folder, step.value);
    if (step.is !== 'copy') continue;
    const target = absolute(folder, step.target);
    const prefix = target === '/' ? '/' : `${target}/`;
    const rest =
      path === target ? '' : path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
    if (rest === undefined || --budget.left < 0) continue;
    found.push({
      length: target.length,
      paths: step.sources.flatMap((source) =>
        sourcesOf(facts, step, source, rest, context, hops, budget),
      ),
    });
  }
  const below =
    before.length === 0 ? [] : originsOf(facts, before, context, path, hops + 1, budget);
  return [...found.sort((a, b) => b.length - a.length).flatMap(({ paths }) => paths), ...below];
}

function sourcesOf(
  facts: DockerfileFacts,
  step: Extract<Step, { is: 'copy' }>,
  source: string,
  rest: string,
  context: string,
  hops: number,
  budget: { left: number },
): readonly string[] {
  // A folder's content, or the file itself under its own name.
  const inside = [rest === '' ? source : `${source}/${rest}`];
  if (rest === baseName(source)) inside.push(source);
  // `COPY package*.json ./`
  if (source.includes('*') && globOf(baseName(source)).test(rest))
    inside.push(joinPath(folderOf(source), rest) ?? rest);
  if (step.from === undefined)
    return inside.flatMap((one) => joinPath(context, one.replace(/^\/+/, './')) ?? []);
  const at = indexOfStage(facts, step.from, facts.stages.length);
  const from = facts.stages[at];
  if (from === undefined) return [];
  const stages = stagesOf({ ...facts, stages: facts.stages.slice(0, at + 1) }, undefined);
  const { workingFolder } = imageCommandOf(stages);
  return inside.flatMap((one) =>
    originsOf(facts, stages, context, absolute(workingFolder, one), hops + 1, budget),
  );
}

function globOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`);
}

/** All that the instructions of a Dockerfile say in words: commands, folders, sources. */
function textOf(stage: Stage): string {
  return stage.steps
    .map((step) => {
      if (step.is === 'workdir') return step.value;
      if (step.is === 'copy') return `${step.sources.join(' ')} ${step.target}`;
      if ('command' in step && step.command !== undefined)
        return step.command.form === 'exec' ? step.command.words.join(' ') : step.command.text;
      return '';
    })
    .join('\n');
}

/** The place whose program a Dockerfile puts into its image; undefined when it cannot be told. */
export function placeOfDockerfile(
  facts: DockerfileFacts,
  context: string | undefined,
  target: string | undefined,
  places: Places,
): Place | undefined {
  const folder = folderOf(facts.path);
  const beside = places.at(folder);
  if (folder !== '' && beside !== undefined && !isGroupRoot(beside, places)) return beside;
  const name = baseName(facts.path);
  const suffix = /^(?:Dockerfile|Containerfile)[.-](.+)$|^(.+)\.[dD]ockerfile$/.exec(name);
  const said = [
    suffix?.[1] ?? suffix?.[2],
    isForDockerfiles(folder) ? undefined : baseName(folder),
  ];
  for (const one of said) {
    const found = one === undefined ? [] : places.named(normalized(one), false);
    const [only] = found.filter((place) => place.folder !== '');
    if (found.length === 1 && only !== undefined) return only;
  }
  const stages = stagesOf(facts, target);
  const used = target === undefined ? facts.stages : stages;
  const deployable = places.all.filter((place) => place.deployable && place.folder !== '');
  // What runs says more than what is built, and that more than what is copied.
  for (const texts of [stages.slice(-1).map(textOf), used.map(textOf)]) {
    const text = texts.join('\n');
    const mentioned = deployable.filter((place) => mentions(text, place));
    const innermost = mentioned.filter(
      (place) => !mentioned.some((other) => isBelow(other.folder, place.folder)),
    );
    const [only] = innermost;
    if (innermost.length === 1 && only !== undefined) return only;
  }
  const own = context === undefined ? folder : context;
  const around = places.at(own);
  return around !== undefined && !isGroupRoot(around, places) ? around : undefined;
}

/** The root of a monorepo: what is built there is one of the programs within it. */
function isGroupRoot(place: Place, places: Places): boolean {
  if (place.entries.length > 0) return false;
  return places.all.some(
    (other) => other.entries.length > 0 && isBelow(other.folder, place.folder),
  );
}

function mentions(text: string, place: Place): boolean {
  const escaped = place.folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (new RegExp(`(?:^|[\\s/"'=])${escaped}(?=[/\\s"']|$)`, 'm').test(text)) return true;
  const name = place.package?.name?.value;
  const names = [...place.names, ...(name === undefined ? [] : [name])].map((one) =>
    one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(
    `(?:--filter(?:=|\\s+)|-F\\s+|--scope(?:=|\\s+)|--workspace(?:=|\\s+)|-w\\s+|workspace\\s+|\\bnx\\s+(?:run\\s+|build\\s+)|\\bnest\\s+build\\s+|\\bturbo\\s+prune\\s+)["']?(?:${names.join('|')})(?:\\.\\.\\.)?(?=["'\\s:]|$)`,
    'm',
  ).test(text);
}
