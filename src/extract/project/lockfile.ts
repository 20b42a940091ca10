/** A lockfile to the facts about the packages that somebody wants to know about. */
import type { LockfileFacts } from '../../project-facts.ts';
import { readBunLock } from './bun-lock.ts';
import { MAX_LOCKFILE_BYTES } from './candidates.ts';
import { LockDraft } from './lock-draft.ts';
import { readNpmLock } from './npm-lock.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { isBerry, readYarnLock } from './yarn-lock.ts';

/**
 * Which versions of the wanted packages are locked, which of them each workspace package gets, and which of them
 * depend on each other. Undefined when the name of the file is that of no lockfile. Pure, linear, never throws.
 */
export function lockfileFacts(
  path: string,
  text: string,
  wanted: ReadonlySet<string>,
): LockfileFacts | undefined {
  const format = formatOf(path, text);
  if (format === undefined) return undefined;
  const draft = new LockDraft(text, wanted);
  if (text.length > MAX_LOCKFILE_BYTES) draft.incomplete = 'too-large';
  else if (format === 'npm') readNpmLock(text, draft);
  else if (format === 'pnpm') readPnpmLock(text, draft);
  else if (format === 'bun') readBunLock(text, draft);
  else readYarnLock(text, draft, format === 'yarn-berry');
  return draft.facts(path, format);
}

function formatOf(path: string, text: string): LockfileFacts['format'] | undefined {
  switch (path.slice(path.lastIndexOf('/') + 1)) {
    case 'package-lock.json':
    case 'npm-shrinkwrap.json':
      return 'npm';
    case 'pnpm-lock.yaml':
      return 'pnpm';
    case 'bun.lock':
      return 'bun';
    case 'yarn.lock':
      return isBerry(text) ? 'yarn-berry' : 'yarn-classic';
    default:
      return undefined;
  }
}
