/** What `.helmignore` leaves out of a chart; its rules are Helm's, which are not git's. */
import { globOf } from './glob.ts';

interface Rule {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  readonly matches: (path: string) => boolean;
}

const DIALECT = { doubleStar: false, alternatives: false };

function ruleOf(line: string): Rule | undefined {
  let text = line.trim();
  if (text === '' || text.startsWith('#') || text.includes('**')) return undefined;
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const folderOnly = text.endsWith('/');
  if (folderOnly) text = text.slice(0, -1);
  const isPath = text.includes('/');
  const matches = globOf(text.startsWith('/') ? text.slice(1) : text, DIALECT);
  if (matches === undefined) return undefined;
  return {
    negated,
    folderOnly,
    matches: isPath ? matches : (path) => matches(path.slice(path.lastIndexOf('/') + 1)),
  };
}

/**
 * Says which files of a chart Helm does not load. Paths are relative to the chart; what lies in a folder that is left out is
 * left out as well.
 * @param text the text of `.helmignore`; '' when there is none
 */
export function ignoredBy(text: string): (path: string) => boolean {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  // Helm's own rule comes last: files in templates/ whose names begin with a dot.
  const rules = [...lines, 'templates/.?*'].flatMap((line) => ruleOf(line) ?? []);
  const isIgnored = (path: string, isFolder: boolean) => {
    for (const { negated, folderOnly, matches } of rules) {
      if (negated) {
        // A negated rule ignores what it does not name.
        if ((folderOnly && !isFolder) || !matches(path)) return true;
        continue;
      }
      if (folderOnly && !isFolder) continue;
      if (matches(path)) return true;
    }
    return false;
  };
  const folders = new Map<string, boolean>();
  const isFolderIgnored = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const slash = folder.lastIndexOf('/');
    const ignored =
      (slash > 0 && isFolderIgnored(folder.slice(0, slash))) || isIgnored(folder, true);
    folders.set(folder, ignored);
    return ignored;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    return (slash > 0 && isFolderIgnored(path.slice(0, slash))) || isIgnored(path, false);
  };
}
