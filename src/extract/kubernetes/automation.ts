/** What scripts, pipelines and build files say about images and chaos experiments. Never a notification. */
import type { AutomationFacts, ImageReplacement, Node, SourceFile } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { commandsOf, wordsOf } from './commands.ts';
import { compose, MAX_TOKENS } from './compose.ts';
import { imageBuildsOf } from './image-builds.ts';
import { installationsOf } from './installations.ts';
import { nodeOf } from './nodes.ts';
import { fieldOf } from './resources.ts';

const SCRIPT = /(?:^|\/)(?:Tiltfile|Jenkinsfile|(?:GNUm|M|m)akefile|[^/]*\.sh)$/;
const PIPELINE =
  /(?:^|\/)(?:\.github\/(?:workflows|actions)\/.*|\.circleci\/.*|\.azure-pipelines\/.*|\.gitlab\/.*|[^/]*\.gitlab-ci|azure-pipelines[^/]*|bitbucket-pipelines|cloudbuild[^/]*|buildspec[^/]*|\.drone|\.travis|Taskfile)\.ya?ml$/;
const SKAFFOLD = /(?:^|\/)skaffold[^/]*\.ya?ml$/;
const TILTFILE = /(?:^|\/)Tiltfile$/;

/** Is this a script or build file, which is not YAML? */
export function isScript(path: string): boolean {
  return SCRIPT.test(path);
}

/** Is this the YAML of a pipeline? It is never read as a manifest. */
export function isPipeline(path: string): boolean {
  return PIPELINE.test(path);
}

/** What a file automates; undefined when it is nothing that we know. */
export function automationOf({ path, text }: SourceFile): AutomationFacts | undefined {
  const imageReplacements: ImageReplacement[] = [];
  const experimentRuns: Range[] = [];
  if (SKAFFOLD.test(path)) imageReplacements.push(...skaffoldImages(text));
  if (TILTFILE.test(path)) imageReplacements.push(...tiltImages(text));
  imageReplacements.push(...markedImages(text));
  // Manifests hold commands too (Tekton, Jobs), but nobody edits files from there.
  const isCommands = isScript(path) || isPipeline(path);
  if (isCommands || text.includes('set image'))
    imageReplacements.push(...commandImages(path, text));
  if (isScript(path) || isPipeline(path)) experimentRuns.push(...runsOf(text));
  const installations = installationsOf({ path, text }, isCommands);
  const imageBuilds = isCommands ? imageBuildsOf(text) : [];
  const found = [imageReplacements, experimentRuns, installations, imageBuilds];
  if (found.every((list) => list.length === 0)) return undefined;
  return {
    imageReplacements,
    experimentRuns,
    ...(installations.length === 0 ? {} : { installations }),
    ...(imageBuilds.length === 0 ? {} : { imageBuilds }),
  };
}

/** The image without tag and digest; `*` when variables hide a part of it. */
function imageName(reference: string): string {
  const bare = reference.replace(/^["']+|["']+$/g, '');
  const name = bare.replace(/@.*$/, '').replace(/:[^/:]*(?:\{\{.*|\$.*)?$/, '');
  return /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*$/i.test(name) ? name : '*';
}

function skaffoldImages(text: string): readonly ImageReplacement[] {
  const found: ImageReplacement[] = [];
  for (const composed of compose(text, { tokens: MAX_TOKENS })) {
    if (composed.state !== 'read' || composed.contents === null) continue;
    const silent = { duplicateKey() {}, unresolvedAlias() {} };
    const root = nodeOf(composed.contents, { text, base: 0 }, silent);
    const builds = [root, ...items(child(root, 'profiles'))];
    for (const artifact of builds.flatMap((node) =>
      items(child(child(node, 'build'), 'artifacts')),
    )) {
      const image = child(artifact, 'image');
      if (image === undefined || image.kind === 'map' || image.kind === 'sequence') continue;
      const name =
        image.kind === 'scalar' && typeof image.value === 'string' ? imageName(image.value) : '*';
      found.push({ image: name, by: 'skaffold', range: image.range });
    }
  }
  return found;
}

function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? fieldOf(node, key) : undefined;
}

function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'sequence' ? node.items : [];
}

function tiltImages(text: string): readonly ImageReplacement[] {
  const call =
    /^[^#\n]*?\b(?:docker_build|custom_build|docker_build_with_restart)\(\s*(?:ref\s*=\s*)?(["'])([^"'\n]+)\1/gm;
  return [...text.matchAll(call)].map((match) => {
    const image = match[2] ?? '';
    const end = match.index + match[0].length - 1;
    return { image: imageName(image), by: 'Tilt', range: [end - image.length, end] };
  });
}

/** Images whose tag Flux writes: `image: acme/orders:1.2.0 # {"$imagepolicy": "flux-system:orders"}`. */
function markedImages(text: string): readonly ImageReplacement[] {
  if (!text.includes('$imagepolicy')) return [];
  const marker =
    /\bimage:[ \t]{0,40}["']?([^\s"'#]{1,512})["']?[ \t]{1,40}#[ \t]{0,40}\{[ \t]{0,40}"\$imagepolicy"/g;
  return [...text.matchAll(marker)].map((match) => {
    const image = match[1] ?? '';
    const start = match.index + match[0].indexOf(image, 'image:'.length);
    return {
      image: imageName(image),
      by: 'Flux image automation',
      range: [start, start + image.length],
    };
  });
}

const SET_IMAGE = /\b(?:kubectl|oc)\b[^\n|;&]{0,200}?\bset[ \t]+image\b/g;
const EDIT_SET_IMAGE = /\bkustomize[ \t]+edit[ \t]+set[ \t]+image\b/g;
/** Editors of files that write a readable image: sed on an `image:` line, yq on an `image` field. */
const EDITORS = /\b(?:sed|yq)\b/g;
const EDITED_IMAGE =
  /\bimage["']?[ \t]*(?::|\|?=)(?:[ \t]|\\s\*|["'\\])*([a-z0-9][\w.-]*(?:\/[\w.-]+)*):/gi;

function commandImages(path: string, text: string): readonly ImageReplacement[] {
  const found: ImageReplacement[] = [];
  if (!/\bimage\b/.test(text)) return found;
  const add = (reference: string, by: string, start: number) => {
    const range: Range = [start, start + reference.length];
    found.push({ image: imageName(reference), by: `${by} in ${path}`, range });
  };
  if (text.includes('set')) {
    for (const command of commandsOf(text, SET_IMAGE)) {
      const from = command.text.search(/\bset[ \t]+image\b/);
      for (const { word, at } of wordsOf(command, from)) {
        // The container may be computed: `${svc}=repo/app:${tag}`, `${{ matrix.app }}=...`.
        const [, reference] =
          /^["']?(?:\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|[\w*.$-])+=(.+)$/.exec(word) ?? [];
        if (reference === undefined || word.startsWith('-')) continue;
        add(reference, 'kubectl set image', at + word.length - reference.length);
      }
    }
    for (const command of commandsOf(text, EDIT_SET_IMAGE)) {
      const from = (/set[ \t]+image/.exec(command.text)?.index ?? 0) + 'set image'.length;
      for (const { word, at } of wordsOf(command, from)) {
        if (!/[=:@]/.test(word) || word.startsWith('-')) continue;
        add(word.split('=')[0] ?? word, 'kustomize edit set image', at);
      }
    }
  }
  for (const command of commandsOf(text, EDITORS, /[\r\n]/)) {
    for (const match of command.text.matchAll(EDITED_IMAGE)) {
      const image = match[1] ?? '';
      const at = command.start + match.index + match[0].length - 1 - image.length;
      add(image, command.text.startsWith('sed') ? 'sed' : 'yq', at);
    }
  }
  return found;
}

const APPLY = /\b(?:kubectl|oc)\b[^\n|;&]{0,200}?\b(?:apply|create|replace)\b/g;
const EXPERIMENT_TOOL = /\b(?:litmusctl|chaosctl)\b/g;
const EXPERIMENT_ACTION =
  /\buses:[ \t]*(?:chaos-mesh\/chaos-mesh-action|litmuschaos\/github-chaos-actions)\b/g;
const FROM_FILE = /[ \t](?:-f|-k|--filename|--kustomize)[ \t=]/;
/** Installing the tools is no experiment. */
const INSTALLATION = /https?:|\bcrds?\b|operator|install|namespace|serviceaccount|rbac/i;

function runsOf(text: string): readonly Range[] {
  if (!/chaos|litmus/i.test(text)) return [];
  const applied = commandsOf(text, APPLY).filter(({ text: command }) => {
    if (INSTALLATION.test(command) || !FROM_FILE.test(command)) return false;
    return wordsOf({ start: 0, text: command }, 0).some(
      ({ word }) => /chaos|litmus/i.test(word) && !/^--?n/.test(word),
    );
  });
  const commands = [
    ...applied,
    ...commandsOf(text, EXPERIMENT_TOOL),
    ...commandsOf(text, EXPERIMENT_ACTION),
  ];
  return commands
    .map(({ start, text: command }): Range => [start, start + command.trimEnd().length])
    .sort((a, b) => a[0] - b[0]);
}
