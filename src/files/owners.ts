/** Who owns a file, by CODEOWNERS. https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
import { join } from 'node:path';
import { fileMatcher } from './ignore.ts';
import { readText } from './read.ts';

/** GitHub and GitLab look in these places, the first one counts. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
/** Bytes; GitHub takes files below 3 MB. */
const MAX_BYTES = 3 * 1024 * 1024;

/**
 * Owners of a path (relative to `top`, forward slashes): those of the last pattern that matches, none when none does. Undefined when
 * the repository names no owners.
 */
export function ownersIn(top: string): ((path: string) => readonly string[]) | undefined {
  for (const place of PLACES) {
    const reading = readText(join(top, place), MAX_BYTES);
    if ('text' in reading) return ownersOf(reading.text);
  }
  return undefined;
}

export function ownersOf(text: string): (path: string) => readonly string[] {
  const rules = text.split('\n').flatMap((line) => {
    // A section of GitLab, a comment, a pattern that is taken back: none of them names owners of files.
    const [pattern = '', ...owners] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (pattern === '' || /^[\^[!]/.test(pattern)) return [];
    return [{ matches: fileMatcher([pattern]), owners }];
  });
  return (path) => rules.findLast(({ matches }) => matches(path))?.owners ?? [];
}
