/** Packages of which no image is built while one is built of those beside them: they run on the machines of developers. */
import { folderOf, joinPath } from '../../../paths.ts';
import type { DockerfileFacts, ProjectFacts } from '../../../project-facts.ts';
import type { Package } from './packages.ts';

/** So many packages beside one must have an image of their own before its lack says something. */
const SIBLINGS = 2;

export function imageless(
  packages: readonly Package[],
  files: readonly ProjectFacts[],
): (owner: Package) => boolean {
  const dockerfiles = files.filter((facts) => facts.kind === 'dockerfile');
  const folders = dockerfiles.map(({ path }) => folderOf(path));
  const isInside = (folder: string, outer: string) =>
    outer === '' || folder === outer || folder.startsWith(`${outer}/`);
  const hasOwn = (folder: string) => folders.some((one) => isInside(one, folder));
  /** What is deployed in another way. */
  const elsewhere = new Set(
    files.flatMap((facts) =>
      facts.kind === 'procfile' || facts.kind === 'serverless' || facts.kind === 'wrangler'
        ? [folderOf(facts.path)]
        : [],
    ),
  );
  const contexts = files.flatMap((facts) => {
    const builds =
      facts.kind === 'compose'
        ? facts.services.flatMap(({ build }) => build ?? [])
        : facts.kind === 'skaffold'
          ? facts.artifacts.map(({ build }) => build)
          : [];
    return builds.flatMap(({ context }) => joinPath(folderOf(facts.path), context) ?? []);
  });
  const known = new Map<string, boolean>();

  function isImageless(folder: string): boolean {
    if (folder === '' || hasOwn(folder) || elsewhere.has(folder)) return false;
    // An image of a folder above may hold it.
    if (folders.some((one) => isInside(folder, one))) return false;
    if (contexts.some((one) => one !== '' && isInside(folder, one))) return false;
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    if (dockerfiles.some((one) => speaksOf(one, name))) return false;
    const beside = packages.filter(
      (one) =>
        one.folder !== folder && folderOf(one.folder) === folderOf(folder) && hasOwn(one.folder),
    );
    return beside.length >= SIBLINGS;
  }

  return ({ folder }) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const found = isImageless(folder);
    known.set(folder, found);
    return found;
  };
}

/** An image elsewhere may be built of a folder of this name. */
function speaksOf({ path, stages }: DockerfileFacts, name: string): boolean {
  return (
    path.includes(name) ||
    stages.some(({ steps }) =>
      steps.some((step) => {
        if (step.is === 'copy') return step.sources.some((source) => source.includes(name));
        if (!('command' in step) || step.command === undefined) return false;
        const { command } = step;
        return (command.form === 'exec' ? command.words.join(' ') : command.text).includes(name);
      }),
    )
  );
}
