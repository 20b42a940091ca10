/** Images that scripts and pipelines build: `docker build -t acme/orders -f services/orders/Dockerfile .` */
import type { ImageBuildFacts } from '../../facts.ts';
import { commandsOf, wordsOf } from './commands.ts';

const BUILD =
  /\b(?:docker|podman|nerdctl|buildah)[ \t]+(?:buildx[ \t]+|image[ \t]+)?(?:build|bud)\b/g;
/** Flags of docker build with a value of their own; others stand alone or are written with `=`. */
const WITH_VALUE =
  /^(?:-t|--tag|-f|--file|--target|--build-arg|--platform|--cache-from|--cache-to|--label|--network|--secret|--ssh|--output|-o|--progress|--builder|--add-host|--iidfile|--metadata-file|-m|--memory|--shm-size|--ulimit|--build-context)$/;

/** All builds that a text of commands names, with what they say of the image. */
export function imageBuildsOf(text: string): readonly ImageBuildFacts[] {
  const found = [...commandBuilds(text), ...actionBuilds(text), ...tiltBuilds(text)];
  return found.map((build) => ({
    ...build,
    image: resolved(build.image, text),
    ...(build.context === undefined ? {} : { context: resolved(build.context, text) }),
    ...(build.dockerfile === undefined ? {} : { dockerfile: resolved(build.dockerfile, text) }),
  }));
}

function unquoted(word: string): string {
  const bare = word.replace(/^["']+|["',;]+$/g, '');
  return bare.includes('(') ? bare : bare.replace(/\)+$/, '');
}

function commandBuilds(text: string): ImageBuildFacts[] {
  if (!/\bbu(?:il)?d\b/.test(text)) return [];
  const found: ImageBuildFacts[] = [];
  for (const command of commandsOf(text, BUILD)) {
    const from = /\b(?:build|bud)\b/.exec(
      command.text.replace(/^\S+[ \t]+buildx/, (head) => '.'.repeat(head.length)),
    );
    const words = wordsOf(command, (from?.index ?? 0) + 'build'.length);
    const images: string[] = [];
    let dockerfile: string | undefined;
    let target: string | undefined;
    let context: string | undefined;
    for (let at = 0; at < words.length; at++) {
      const word = unquoted(words[at]?.word ?? '');
      const [, flag, value] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
      const isFlag = word.startsWith('-') && word !== '-';
      const name = flag ?? word;
      const given = unquoted(value ?? (WITH_VALUE.test(word) ? (words[at + 1]?.word ?? '') : ''));
      if (name === '-t' || name === '--tag') images.push(given);
      else if (name === '-f' || name === '--file') dockerfile = given;
      else if (name === '--target') target = given;
      if (isFlag && value === undefined && WITH_VALUE.test(word)) at++;
      else if (!isFlag && context === undefined && word !== '\\' && word !== '') context = word;
    }
    const folder = folderBefore(text, command.start);
    const range = [command.start, command.start + command.text.trimEnd().length] as const;
    for (const image of images)
      found.push({
        image,
        by: 'docker build',
        range,
        ...(context === undefined ? {} : { context }),
        ...(dockerfile === undefined ? {} : { dockerfile }),
        ...(target === undefined ? {} : { target }),
        ...(folder === undefined ? {} : { folder }),
      });
  }
  return found;
}

/** The folder that the command runs in, where the line before it or the step of the pipeline says so. */
function folderBefore(text: string, start: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const moved = /\bcd[ \t]+["']?([^\s"'&;]+)["']?[ \t]*&&[^\n]*$/.exec(line)?.[1];
  if (moved !== undefined) return moved;
  const before = text.slice(Math.max(0, start - 2000), start);
  const step = before.slice(
    Math.max(
      0,
      before.search(
        /\n[ \t]*- (?:name|run|uses|script)\b(?![\s\S]*\n[ \t]*- (?:name|run|uses|script)\b)/,
      ),
    ),
  );
  return /\bworking-directory:[ \t]*["']?([^\s"'#]+)/.exec(step)?.[1];
}

const ACTION = /^([ \t]*)(-?[ \t]*)uses:[ \t]*["']?docker\/build-push-action\b[^\n]*$/gm;

/** Steps of GitHub workflows that use docker/build-push-action. */
function actionBuilds(text: string): ImageBuildFacts[] {
  const found: ImageBuildFacts[] = [];
  for (const match of text.matchAll(ACTION)) {
    const indent = (match[1]?.length ?? 0) + (match[2]?.length ?? 0);
    const rest = text.slice(match.index + match[0].length + 1);
    const lines: string[] = [];
    for (const line of rest.split('\n')) {
      if (line.trim() !== '' && line.length - line.trimStart().length < indent) break;
      lines.push(line);
    }
    const step = lines.join('\n');
    const field = (name: string) =>
      new RegExp(`^[ \\t]*${name}:[ \\t]*["']?([^\\n"'#|>]+)`, 'm').exec(step)?.[1]?.trim();
    const block = /^([ \t]*)tags:[ \t]*[|>]?-?[ \t]*(.*)$/m.exec(step);
    const tags = block === null ? [] : [block[2] ?? ''];
    if (block !== null)
      for (const line of step.slice(block.index + block[0].length + 1).split('\n')) {
        if (line.length - line.trimStart().length <= (block[1]?.length ?? 0)) break;
        tags.push(line.trim());
      }
    const [context, dockerfile, target] = [field('context'), field('file'), field('target')];
    for (const image of tags
      .flatMap((tag) => tag.split(','))
      .map((tag) => unquoted(tag.trim()).replace(/^- /, '')))
      if (image !== '')
        found.push({
          image,
          by: 'docker/build-push-action',
          range: [match.index, match.index + match[0].length],
          ...(context === undefined ? {} : { context }),
          ...(dockerfile === undefined ? {} : { dockerfile }),
          ...(target === undefined ? {} : { target }),
        });
  }
  return found;
}

const TILT = /^[^#\n]*?\b(?:docker_build|docker_build_with_restart)\(([^)]{1,2000})\)/gm;

/** `docker_build('acme/orders', 'services/orders', dockerfile='...')` of a Tiltfile. */
function tiltBuilds(text: string): ImageBuildFacts[] {
  return [...text.matchAll(TILT)].flatMap((match): ImageBuildFacts[] => {
    const inside = match[1] ?? '';
    const [image, context] = [...inside.matchAll(/(?:^|,)\s*(["'])([^"'\n]+)\1/g)].map(
      (one) => one[2],
    );
    const named = (name: string) =>
      new RegExp(`\\b${name}\\s*=\\s*["']([^"']+)["']`).exec(inside)?.[1];
    const reference = image ?? named('ref');
    const place = context ?? named('context');
    const dockerfile = named('dockerfile');
    if (reference === undefined) return [];
    return [
      {
        image: reference,
        by: 'Tilt',
        range: [match.index, match.index + match[0].length],
        ...(place === undefined ? {} : { context: place }),
        ...(dockerfile === undefined ? {} : { dockerfile }),
      },
    ];
  });
}

const MAX_DEPTH = 4;

/** Variables that the same text sets once, and to a text, are filled in; others stay as they are. */
function resolved(value: string, text: string, depth = 0): string {
  if (depth > MAX_DEPTH || value.length > 500) return value;
  return value.replace(
    /\$\{\{[ \t]*env\.(\w+)[ \t]*\}\}|\$\{(\w+)\}|\$\((\w+)\)|\$(\w+)/g,
    (whole, ...names: (string | undefined)[]) => {
      const name = names.slice(0, 4).find((one) => one !== undefined);
      if (name === undefined) return whole;
      const written = [
        ...text.matchAll(
          new RegExp(
            `^[ \\t]*(?:export[ \\t]+|readonly[ \\t]+|-[ \\t]+)?${name}[ \\t]*(?::=|\\?=|=|:)[ \\t]*["']?([^"'\\n#]*)`,
            'gm',
          ),
        ),
      ].map((one) => (one[1] ?? '').trim());
      const [first] = written;
      return first !== undefined &&
        /^[\w./:@${}-]+$/.test(first) &&
        written.every((one) => one === first)
        ? resolved(first, text, depth + 1)
        : whole;
    },
  );
}
