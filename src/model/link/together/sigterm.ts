/**
 * Whether the SIGTERM that Kubernetes sends to process 1 comes to the program. Measured with the shells and package managers of the
 * official images: node runs as process 1 or behind an init, or a shell that replaces itself by the last command; dash, the `sh`
 * of Debian, does not, that of Alpine and bash do for a single command.
 */
import type { Location } from '../../../location.ts';
import type { SigtermDelivery, Start, StartStep } from '../../together.ts';

type Shell = 'dash' | 'ash' | 'bash' | 'none' | undefined;

/** What `sh` is in an image; undefined when its name does not say it. */
function shellOf(baseImage: string | undefined): Shell {
  if (baseImage === undefined) return undefined;
  const name = baseImage.replace(/@.*$/, '');
  if (/distroless|^scratch$/.test(name)) return 'none';
  if (/alpine/.test(name)) return 'ash';
  const repository = name
    .replace(/:.*$/, '')
    .replace(/^(?:docker\.io\/|public\.ecr\.aws\/docker\/)?(?:library\/)?/, '');
  const isDebian =
    /^(?:node|debian|ubuntu)$/.test(repository) ||
    /^mcr\.microsoft\.com\/devcontainers\/|^(?:bitnami\/node|cimg\/node|circleci\/node|timbru31\/node-chrome)$/.test(
      repository,
    );
  return isDebian ? 'dash' : undefined;
}

/** Lines that start servers of a developer: they watch files and restart what they run. */
const WATCHES = /^(?:nodemon|ts-node-dev|tsnd|node-dev|concurrently|cross-env|npx|tsx)$/;

export function deliveryOf(start: Start, nowhere: Location): SigtermDelivery {
  const { steps, baseImage, command, complete } = start;
  const at = command?.at ?? nowhere;
  const base = baseImage?.state === 'known' ? baseImage.value : undefined;
  const shell = shellOf(base);
  const unknown = (why: string): SigtermDelivery => ({ state: 'unknown', at, why });
  if (command === undefined) return unknown('it is not known what runs');
  const lost = (by: StartStep, why: string, place = at): SigtermDelivery => ({
    state: 'not-delivered',
    at: place,
    by,
    why,
    ...(shell === undefined || base === undefined ? {} : { baseImage: base }),
  });
  let init = false;
  for (const [index, step] of steps.entries()) {
    switch (step.is) {
      case 'init':
        // Only the child gets it; what a shell behind it does is not process 1 any more.
        init = true;
        break;
      case 'node':
        return WATCHES.test(step.by) || step.by.startsWith('pm2')
          ? unknown(`${step.by} was not measured`)
          : { state: 'delivered', at };
      case 'shell': {
        // The script of a package manager is looked at with it.
        if (step.exec) break;
        if (init) return unknown('a shell behind an init was not measured');
        const own = step.name === 'sh' ? shell : step.name;
        if (own === 'dash')
          return lost(step, 'sh of Debian stays process 1 and does not pass signals on');
        if (own === 'none') return unknown('the image has no shell');
        if (own === undefined) return unknown('it is not known which shell the image has');
        if (step.compound)
          return unknown('what a shell does with several commands was not measured');
        break;
      }
      case 'package-manager': {
        if (init) return unknown('a package manager behind an init was not measured');
        const script = steps[index + 1];
        const replaces = script?.is === 'shell' && script.exec;
        if (step.name === 'yarn') {
          const major = step.major ?? yarnMajor(base);
          if (major === undefined) return unknown('it is not known which yarn runs');
          if (major > 1) return { state: 'delivered', at };
          return lost(step, 'yarn 1 does not pass signals on to the script that it runs');
        }
        if (step.name === 'pnpm') {
          if (shell !== 'dash' || replaces) return unknown('pnpm with this shell was not measured');
          return lost(step, 'pnpm and the sh of Debian do not pass signals on to the script');
        }
        if (replaces) return unknown('which npm runs is not known');
        if (shell === 'dash')
          return lost(step, 'npm passes it to the sh of Debian, which does not pass it on');
        return unknown('which npm runs is not known');
      }
      case 'other':
        return unknown(`${step.name} was not measured`);
    }
  }
  return complete
    ? unknown('it is not known what runs')
    : unknown('a part of the command was not read');
}

/** Official images bring yarn 1. */
function yarnMajor(base: string | undefined): number | undefined {
  if (base === undefined) return undefined;
  return /^(?:docker\.io\/|public\.ecr\.aws\/docker\/)?(?:library\/)?node(?::|@|$)/.test(base)
    ? 1
    : undefined;
}
