/** Which files a command line starts: those of scripts, images, Compose files and Procfiles. */
import { joinPath } from '../../../paths.ts';
import type { Command } from '../../../project-facts.ts';
import { tokensOf } from '../together/shell-words.ts';
import type { Package, Packages } from './packages.ts';
import type { Specifiers } from './specifiers.ts';

const RUNNER =
  /^(?:node|nodejs|ts-node|ts-node-dev|ts-node-esm|tsx|tsnd|nodemon|bun|pm2|pm2-runtime|babel-node|esr|swc-node|dotenvx|node-dev|doppler|dumb-init|tini|deno)$/;
const PACKAGE_MANAGER = /^(?:npm|yarn|pnpm)$/;
/** Flags of node and its kin that take the next word. */
const WITH_VALUE =
  /^(?:-r|--require|--import|--loader|-P|--project|--env-file|-e|--exec|--ext|-w|--watch-path|--tsconfig|--experimental-loader|--ignore)$/;
const MAX_DEPTH = 6;

/** A file that a command line runs. */
export interface Run {
  readonly path: string;
  /** A class of commands by files: its method `run` is what runs. */
  readonly isCommand?: true;
  /** It stands before a single `&`: no signal of the container comes to it. */
  readonly isAside?: true;
}

export interface Commands {
  /** Paths are relative to `folder`. */
  of(command: string, folder: string): readonly Run[];
  /** Of an image or a container; paths are those of some folder above or beside `folder`. */
  inImage(command: Command, folder: string): readonly Run[];
}

export function commandsOf(packages: Packages, specifiers: Specifiers): Commands {
  /** Packages whose commands are files of a folder (oclif). */
  const byFiles = packages.all.filter(({ facts }) => facts?.commandsFolder !== undefined);

  function of(command: string, folder: string, depth = 0): Run[] {
    if (depth > MAX_DEPTH) return [];
    const result: Run[] = [];
    let here = folder;
    for (const { words, isAside } of partsOf(command)) {
      if (words[0] === 'cd' && words[1] !== undefined) {
        here = joinPath(here, words[1]) ?? here;
        continue;
      }
      for (const run of ofWords(words, here, depth))
        result.push(isAside ? { ...run, isAside } : run);
    }
    return result;
  }

  function ofWords(words: readonly string[], folder: string, depth: number): Run[] {
    const result: Run[] = [];
    // `concurrently "npm:api" "node worker.js"`, `sh -c "node main.js"`, `nodemon --exec "ts-node main.ts"`.
    for (const word of words) {
      if (/\s/.test(word)) result.push(...of(word, folder, depth + 1));
      else if (word.startsWith('npm:'))
        result.push(...ofScript(word.slice(4), folder, undefined, depth));
    }
    const own = ofFileCommand(words, folder);
    if (own !== undefined) return [...result, own];
    const start = words.findIndex(
      (word) => RUNNER.test(word) || PACKAGE_MANAGER.test(word) || word === 'nest',
    );
    const runner = words[start];
    if (runner === undefined) return result;
    const rest = words.slice(start + 1);
    if (runner === 'nest') return [...result, ...ofNest(rest, folder)];
    if (PACKAGE_MANAGER.test(runner)) return [...result, ...ofPackageManager(rest, folder, depth)];
    return [...result, ...ofRunner(rest, folder)];
  }

  function ofNest(rest: readonly string[], folder: string): Run[] {
    if (rest[0] !== 'start') return [];
    const project = rest[1]?.startsWith('-') === false ? rest[1] : undefined;
    const path =
      (project && specifiers.source(folder, `apps/${project}/src/main`)) ??
      specifiers.source(folder, 'src/main');
    return path === undefined ? [] : [{ path }];
  }

  function ofRunner(rest: readonly string[], folder: string): Run[] {
    for (let at = 0; at < rest.length; at++) {
      const word = rest[at] ?? '';
      if (WITH_VALUE.test(word)) {
        // `nodemon --exec ts-node src/index.ts` goes on behind it.
        if (!/^(?:-e|--exec)$/.test(word)) at++;
        continue;
      }
      if (word.startsWith('-') || RUNNER.test(word) || /^(?:watch|start|run)$/.test(word)) continue;
      const path = specifiers.source(folder, word);
      if (path !== undefined) return [{ path }];
      if (!/^[\w.-]+$/.test(word) || /\.[cm]?[jt]s$/.test(word)) break;
    }
    return [];
  }

  function ofPackageManager(rest: readonly string[], folder: string, depth: number): Run[] {
    let where = folder;
    let named: string | undefined;
    const words: string[] = [];
    for (let at = 0; at < rest.length; at++) {
      const word = rest[at] ?? '';
      const [, flag = word, value] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
      const next = () => value ?? rest[++at] ?? '';
      if (/^(?:--prefix|--cwd|-C|--dir)$/.test(flag)) where = joinPath(where, next()) ?? where;
      else if (/^(?:--workspace|--filter|-F)$/.test(flag) || word === 'workspace') named = next();
      else if (word === '--') break;
      else if (!word.startsWith('-')) words.push(word);
    }
    const script = words.find((word) => word !== 'run' && word !== 'exec');
    return script === undefined ? [] : ofScript(script, where, named, depth);
  }

  /** A script of the package that a folder belongs to, or of the one with a name or folder. */
  function ofScript(
    script: string,
    folder: string,
    named: string | undefined,
    depth: number,
  ): Run[] {
    const owner =
      named === undefined
        ? packages.ownerOf(folder === '' ? 'package.json' : `${folder}/package.json`)
        : (packages.named(named) ??
          packages.all.find((one) => one.folder === joinPath(folder, named)));
    const found = owner?.facts?.scripts.find(({ name }) => name === script);
    return owner === undefined || found === undefined
      ? []
      : of(found.value, owner.folder, depth + 1);
  }

  /** `bin/run start`, `shop start`: a command of a package whose commands are files. */
  function ofFileCommand(words: readonly string[], folder: string): Run | undefined {
    for (const owner of byFiles) {
      const at = words.findIndex((word) => isProgramOf(owner, word, folder));
      const id = at < 0 ? [] : words.slice(at + 1).filter((word) => /^[\w:-]+$/.test(word));
      for (let length = id.length; length > 0; length--) {
        const way = id.slice(0, length).join('/').replaceAll(':', '/');
        const path = specifiers.source(
          owner.folder,
          `${owner.facts?.commandsFolder?.value ?? ''}/${way}`,
        );
        if (path !== undefined) return { path, isCommand: true };
      }
    }
    return undefined;
  }

  function isProgramOf({ facts, folder: home }: Package, word: string, folder: string): boolean {
    const bare = (path: string | undefined) => path?.replace(/\.(?:[cm]?js|cmd)$/, '');
    const path = /[/\\]/.test(word) ? bare(joinPath(folder, word)) : undefined;
    return (
      facts?.bin.some(
        ({ name, value }) => name === word || (path && bare(joinPath(home, value)) === path),
      ) === true
    );
  }

  return {
    of,
    inImage(command, folder) {
      const text =
        command.form === 'exec'
          ? command.words.map((word) => (/\s/.test(word) ? quoted(word) : word)).join(' ')
          : command.text;
      const plain = text.replace(
        /(^|[\s"'])\/(?:usr\/src\/app|usr\/src|app|srv|home\/node\/app|home\/node|opt\/app|workspace|code)\//g,
        '$1',
      );
      const direct = of(plain, folder);
      if (direct.length > 0) return direct;
      // The context may be a folder above: `node apps/orders/dist/main.js`.
      return of(plain, '').filter(
        ({ path }) => folder === '' || path.startsWith(`${folder}/`) || /\//.test(plain),
      );
    },
  };
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', "'")}"`;
}

/** Simple commands of a line, with the words of each; what stands in quotes is one word. */
function partsOf(
  command: string,
): readonly { readonly words: readonly string[]; readonly isAside: boolean }[] {
  const parts: { words: string[]; isAside: boolean }[] = [];
  let words: string[] = [];
  const end = (isAside: boolean) => {
    if (words.length > 0) parts.push({ words, isAside });
    words = [];
  };
  for (const { value, operator } of tokensOf(command))
    if (operator) end(value === '&');
    else words.push(value);
  end(false);
  return parts;
}
