/**
 * `npm run oracle:symbols -- DIR...`: do our linker and ts-morph name the same declaration for every import, `this.field`, root
 * and target of a call? Prints counts, every difference with both answers, and the reasons of what one side does not say.
 * `--list` prints every place for these reasons too.
 */
import type { Answer } from './oracle/answer.ts';
import { compare, KINDS, reason, type Verdict } from './oracle/compare.ts';
import { type Folder, readFolder } from './oracle/folder.ts';

const VERDICTS: readonly Verdict[] = [
  'same',
  'further',
  'different',
  'only-ours',
  'only-theirs',
  'neither',
];
const line = (text = '') => process.stdout.write(`${text}\n`);

function spell(folder: Folder, path: string, start: number): string {
  const text = folder.code.find((file) => file.path === path)?.text.slice(0, start) ?? '';
  const lines = text.split('\n');
  return `${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function spellAnswer(folder: Folder, answer: Answer): string {
  if ('none' in answer) return `none (${answer.none})`;
  return answer.places.map(({ path, start }) => spell(folder, path, start)).join(', ');
}

function report(root: string, listed: boolean): boolean {
  const started = performance.now();
  const folder = readFolder(root);
  const { modules, compared } = compare(folder);
  line(`${root}: ${folder.code.length} code files`);
  line(
    `  modules: same ${modules.same}, different ${modules.different.length}, only ours ${modules.onlyOurs}, only theirs ${modules.onlyTheirs.length}`,
  );
  for (const text of modules.different) line(`    different ${text}`);
  for (const text of modules.onlyTheirs) line(`    only theirs ${text}`);
  for (const kind of KINDS) {
    const ofKind = compared.filter((one) => one.kind === kind);
    const counts = VERDICTS.map(
      (verdict) => `${verdict} ${ofKind.filter((one) => one.verdict === verdict).length}`,
    );
    line(`  ${kind}: ${ofKind.length} asked: ${counts.join(', ')}`);
    const reasons = new Map<string, number>();
    for (const one of ofKind) {
      if (one.verdict === 'same') continue;
      const why = one.verdict === 'different' ? '' : `${one.verdict}: ${reason(one)}`;
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
      if (one.verdict === 'different' || listed)
        line(
          `    ${one.verdict} ${spell(folder, one.path, one.start)} ${one.name} | ours ${spellAnswer(folder, one.answer)} | theirs ${spellAnswer(folder, one.theirs)}`,
        );
    }
    for (const [why, count] of [...reasons].sort((a, b) => b[1] - a[1]))
      if (why !== '') line(`    ${count} ${why}`);
  }
  line(`  ${Math.round(performance.now() - started)} ms`);
  return compared.every(({ verdict }) => verdict !== 'different');
}

const words = process.argv.slice(2);
const roots = words.filter((word) => !word.startsWith('--'));
if (roots.length === 0) {
  process.stderr.write('usage: npm run oracle:symbols -- DIR... [--list]\n');
  process.exitCode = 2;
} else {
  const agreed = roots.map((root) => report(root, words.includes('--list')));
  if (agreed.includes(false)) process.exitCode = 1;
}
