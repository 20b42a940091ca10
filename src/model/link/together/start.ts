/** What really runs in a container: from the words of its command over shells and scripts to the file that node runs. */
import { locate } from '../../../location.ts';
import type { PackageFacts } from '../../../project-facts.ts';
import type { StartStep } from '../../together.ts';
import { baseName } from './names.ts';
import { commandLineOf } from './shell-words.ts';

/** What is found out about a command. */
export interface Started {
  readonly steps: readonly StartStep[];
  /** The file as the command names it, and the folder of the image that this is relative to. */
  readonly file?: { readonly path: string; readonly folder: string };
  /** `nest start orders`: the project that is built and run. */
  readonly project?: string;
  /** False: something was not read that may change what runs. */
  readonly complete: boolean;
}

/** What the command is looked up in. */
export interface Surroundings {
  /** The project has yarn 2 or later. */
  readonly isLaterYarn: boolean;
  /** The package.json that lies in a folder of the image; also by the name of a workspace. */
  packageIn(folder: string): PackageFacts | undefined;
  packageNamed(
    name: string,
    folder: string,
  ): { readonly facts: PackageFacts; readonly folder: string } | undefined;
}

const SHELLS: ReadonlyMap<string, 'sh' | 'bash' | 'ash' | 'dash'> = new Map([
  ['sh', 'sh'],
  ['bash', 'bash'],
  ['ash', 'ash'],
  ['dash', 'dash'],
]);
const INITS = /^(?:tini|tini-static|dumb-init|catatonit|docker-init)$/;
/** Programs that replace themselves by the rest of their words. */
const TRANSPARENT = /^(?:su-exec|gosu|exec|env|nice|stdbuf|setpriv)$/;
/** Programs that run the rest of their words as a child. */
const PARENTS =
  /^(?:cross-env|cross-env-shell|dotenv|dotenvx|env-cmd|doppler|infisical|npx|pnpx|bunx|timeout|time|aws-vault|with-contenv)$/;
const RUNNERS =
  /^(?:ts-node|ts-node-dev|tsnd|ts-node-esm|tsx|nodemon|node-dev|pm2-runtime|pm2|babel-node|swc-node|esno|sucrase-node|bun|deno|cls-runner)$/;
/** Flags of node and its kin that take the next word. */
const WITH_VALUE =
  /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--env-file-if-exists|--stack-trace-limit|--title|--icu-data-dir|--disable-warning|-P|--project|--tsconfig|-O|--ext|-w|--watch-path|--ignore|--delay|-i|--name|--instances|--env|--max[-_]old[-_]space[-_]size)$/;
const MAX_DEPTH = 8;

/** Follows a command in exec form: its words, in this folder of the image. */
export function startedBy(
  words: readonly string[],
  folder: string,
  around: Surroundings,
  depth = 0,
): Started {
  const [first, ...rest] = words;
  if (first === undefined || depth > MAX_DEPTH) return { steps: [], complete: false };
  const name = baseName(first).replace(/\.(?:cmd|exe)$/, '');
  const go = (more: readonly string[], step?: StartStep): Started => {
    const inner = startedBy(more, folder, around, depth + 1);
    return step === undefined ? inner : { ...inner, steps: [step, ...inner.steps] };
  };

  const shell = SHELLS.get(name);
  if (shell !== undefined) {
    const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
    const text = rest[flag + 1];
    if (flag < 0 || text === undefined)
      return { steps: [{ is: 'other', name: rest[0] ?? name }], complete: false };
    return shellLine(text, shell, folder, around, depth);
  }
  if (INITS.test(name)) {
    let at = 0;
    while (rest[at]?.startsWith('-') && rest[at] !== '--') {
      if (/^(?:-p|-e|-r|--rewrite)$/.test(rest[at] ?? '')) at++;
      at++;
    }
    if (rest[at] === '--') at++;
    const flags = rest.slice(0, at);
    const group = name === 'dumb-init' ? !flags.includes('-c') : flags.includes('-g');
    return go(rest.slice(at), { is: 'init', name, group });
  }
  if (TRANSPARENT.test(name)) {
    let at = name === 'su-exec' || name === 'gosu' ? 1 : 0;
    while (/^(?:-|\w+=)/.test(rest[at] ?? '')) at++;
    return go(rest.slice(at));
  }
  if (PARENTS.test(name)) {
    const separator = rest.indexOf('--');
    let at = separator >= 0 ? separator + 1 : 0;
    if (separator < 0) {
      while (/^(?:-|\w+=)/.test(rest[at] ?? ''))
        at += WITH_VALUE_OF_PARENT.test(rest[at] ?? '') ? 2 : 1;
      if ((name === 'doppler' || name === 'infisical' || name === 'dotenvx') && rest[at] === 'run')
        at++;
    }
    return go(rest.slice(at), { is: 'other', name });
  }
  if (name === 'npm' || name === 'yarn' || name === 'pnpm')
    return packageManager(name, words, folder, around, depth);
  if (name === 'node' || name === 'nodejs' || RUNNERS.test(name))
    return runner(name, rest, folder, around, depth);
  if (name === 'nest' && rest[0] === 'start') {
    const project = rest.slice(1).find((word) => !word.startsWith('-'));
    return {
      steps: [{ is: 'other', name: 'nest start' }],
      complete: true,
      ...(project === undefined ? {} : { project }),
    };
  }
  // The entry point of the official node images only hands over.
  if (name === 'docker-entrypoint.sh' && !first.startsWith('.') && rest.length > 0) {
    const known =
      first === 'docker-entrypoint.sh' || first === '/usr/local/bin/docker-entrypoint.sh';
    const inner = go(rest);
    return known
      ? inner
      : { ...inner, steps: [{ is: 'other', name: first }, ...inner.steps], complete: false };
  }
  if (/\.sh$|entrypoint/.test(name)) {
    const inner = rest.length === 0 ? { steps: [] } : go(rest);
    return { ...inner, steps: [{ is: 'other', name: first }, ...inner.steps], complete: false };
  }
  // An executable file: a script with `#!/usr/bin/env node`.
  if (/\.[cm]?js$/.test(first))
    return {
      steps: [{ is: 'node', by: 'node', flags: [] }],
      file: { path: first, folder },
      complete: true,
    };
  return { steps: [{ is: 'other', name: [name, ...rest.slice(0, 1)].join(' ') }], complete: true };
}

const WITH_VALUE_OF_PARENT = /^(?:-e|-f|-p|--package|--file|--config|-c|--project)$/;

/** Follows a line that a shell runs. */
function shellLine(
  text: string,
  shell: 'sh' | 'bash' | 'ash' | 'dash',
  folder: string,
  around: Surroundings,
  depth = 0,
): Started {
  const { last, compound, simple } = commandLineOf(text);
  const exec = last?.exec === true;
  const step: StartStep = { is: 'shell', name: shell, compound: compound || !simple, exec, text };
  if (last === undefined) return { steps: [step], complete: false };
  // `cd services/orders && node dist/main.js`
  const moved = /(?:^|&&|;)\s*cd\s+([^\s&;|]+)\s*(?:&&|;)/.exec(text)?.[1];
  const inner = startedBy(
    last.words,
    moved === undefined ? folder : moved.startsWith('/') ? moved : `${folder}/${moved}`,
    around,
    depth + 1,
  );
  return { ...inner, steps: [step, ...inner.steps], complete: simple && inner.complete };
}

function runner(
  name: string,
  rest: readonly string[],
  folder: string,
  around: Surroundings,
  depth: number,
): Started {
  const flags: string[] = [];
  const step = (): StartStep => ({ is: 'node', by: name === 'nodejs' ? 'node' : name, flags });
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (/^(?:-e|--eval|-p|--print)$/.test(word) && name !== 'nodemon')
      return { steps: [step()], complete: true };
    if (/^(?:--exec|-x)$/.test(word) && name === 'nodemon') {
      const command = rest[at + 1] ?? '';
      const inner = shellLine(command, 'sh', folder, around, depth + 1);
      return { ...inner, steps: [step(), ...inner.steps.slice(1)] };
    }
    if (word.startsWith('-')) {
      flags.push(word);
      if (WITH_VALUE.test(word)) {
        at++;
        flags.push(rest[at] ?? '');
      }
      continue;
    }
    if (/^(?:watch|start|run|serve)$/.test(word) && name !== 'node') continue;
    // `node --require x node_modules/.bin/next start`, `node ./node_modules/typeorm/cli.js`.
    const own = /(?:^|\/)node_modules\/(?:\.bin\/([^/]+)|((?:@[^/]+\/)?[^/]+)\/)/.exec(word);
    if (own !== null)
      return { steps: [step(), { is: 'other', name: own[1] ?? own[2] ?? word }], complete: true };
    return { steps: [step()], file: { path: word, folder }, complete: true };
  }
  return { steps: [step()], file: { path: '.', folder }, complete: name !== 'pm2' };
}

/** Words of package managers that are no scripts. */
const COMMANDS = /^(?:run|run-script|exec|dlx|x|node)$/;

function packageManager(
  name: 'npm' | 'yarn' | 'pnpm',
  words: readonly string[],
  folder: string,
  around: Surroundings,
  depth: number,
): Started {
  let at = 1;
  let where = folder;
  let workspace: string | undefined;
  const rest: string[] = [];
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, flag, value] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
    const given = value ?? words[at + 1] ?? '';
    const key = flag ?? word;
    if (/^(?:--prefix|--cwd|-C|--dir)$/.test(key)) {
      where = given.startsWith('/') ? given : `${folder}/${given}`;
      if (value === undefined) at++;
    } else if (/^(?:-w|--workspace|--filter|-F)$/.test(key) && (name !== 'pnpm' || key !== '-w')) {
      workspace = given;
      if (value === undefined) at++;
    } else if (word === 'workspace' && name === 'yarn' && rest.length === 0) {
      workspace = words[at + 1] ?? '';
      at++;
    } else if (word === '--') break;
    else if (!word.startsWith('-')) rest.push(word);
  }
  const [command = '', ...more] = rest;
  const unread: Started = {
    steps: [{ is: 'other', name: words.slice(0, 3).join(' ') }],
    complete: false,
  };
  if (/^(?:exec|dlx|x|node)$/.test(command)) {
    const from = words.indexOf(command);
    const tail = words.slice(command === 'node' ? from : from + 1).filter((word) => word !== '--');
    const inner = startedBy(tail, where, around, depth + 1);
    return { ...inner, steps: [{ is: 'other', name: `${name} ${command}` }, ...inner.steps] };
  }
  const script = COMMANDS.test(command) ? more[0] : command;
  if (script === undefined || script === '') return unread;
  const found =
    workspace === undefined
      ? { facts: around.packageIn(where), folder: where }
      : around.packageNamed(workspace, where);
  const facts = found?.facts;
  if (facts === undefined || found === undefined) return unread;
  const written = facts.scripts.find((one) => one.name === script);
  if (written === undefined) {
    // `npm start` without a script runs server.js; yarn runs what a package brings.
    if (name === 'yarn' && command !== 'run')
      return { steps: [{ is: 'other', name: `yarn ${script}` }], complete: false };
    return unread;
  }
  const inner = shellLine(written.value, 'sh', found.folder, around, depth + 1);
  const major = majorOf(name, facts) ?? (name === 'yarn' && around.isLaterYarn ? 2 : undefined);
  const step: StartStep = {
    is: 'package-manager',
    name,
    script,
    at: locate(facts, written.range),
    ...(major === undefined ? {} : { major }),
  };
  return { ...inner, steps: [step, ...inner.steps] };
}

/** The major version that `packageManager` of package.json pins. */
function majorOf(name: string, facts: PackageFacts): number | undefined {
  const match = new RegExp(`^${name}@(\\d+)`).exec(facts.packageManager?.value ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
