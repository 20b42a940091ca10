/** The licences of what is bundled. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * The folders of the packages that a bundle is made of, each once, sorted.
 * @param inputs paths of esbuild's metafile, relative to the root of the repository
 */
export function packageFolders(inputs: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const input of inputs) {
    const found = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found?.[1] !== undefined) folders.add(found[1]);
  }
  return [...folders].sort();
}

/** The text of THIRD-PARTY-NOTICES.txt. Throws when a package has no licence text. */
export function notices(root: string, folders: readonly string[]): string {
  const sections = folders.map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const texts = readdirSync(join(root, folder))
      .filter((file) => LICENCE_FILE.test(file))
      .sort()
      .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    if (texts.length === 0)
      throw new Error(`${name} ${version} is bundled and has no licence text`);
    return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
  });
  const line = `\n${'-'.repeat(78)}\n\n`;
  return `chaoslint contains the following packages.\n${line}${sections.join(line)}`;
}
