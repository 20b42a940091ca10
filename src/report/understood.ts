/** What was understood of the program text, for people who wonder why something was, or was not, looked at. */
import type { Resolved, UnderstoodCode, UnderstoodFile } from '../finding.ts';
import { printable } from './escape.ts';

function share({ of, resolved }: Resolved): string {
  return of === 0 ? 'none' : `${((100 * resolved) / of).toFixed(1)} % of ${of}`;
}

/** Why a file is or is not judged, in words. */
function reason({ why, runtimes }: UnderstoodFile): string {
  const where = runtimes.length === 0 ? '' : ` in ${runtimes.join(', ')}`;
  const words: Record<string, string> = {
    reached: `runs${where}`,
    package: `part of a package that runs${where}`,
    'other-runtime': `runs${where} only`,
    unreached: 'nothing that runs leads there',
    test: 'a test',
    'not-read': 'not read',
  };
  return words[why] ?? why;
}

/** Packages with what starts them and where their files run, and the three numbers of quality; one line each. */
export function understood({ entryPoints, files, quality }: UnderstoodCode): readonly string[] {
  const packages = [...new Set([...entryPoints, ...files].map((one) => one.package))].sort();
  const lines: string[] = [];
  for (const name of packages) {
    lines.push(`package ${name === '' ? '.' : printable(name)}`);
    for (const { path, runtime, because } of entryPoints.filter((one) => one.package === name))
      lines.push(`  entry ${printable(path)} -> ${runtime} (${printable(because)})`);
    for (const file of files.filter((one) => one.package === name))
      lines.push(`  ${file.judged ? 'judged' : 'left  '} ${printable(file.path)}: ${reason(file)}`);
  }
  const { imports, callEdges, decidedCalls } = quality;
  lines.push(
    `resolved imports ${share(imports)}, resolved call edges ${share(callEdges)}, decided calls ${share(decidedCalls)}`,
  );
  return lines;
}
