/** Which program each container runs, for people. */
import type { Location } from '../location.ts';
import { printable } from './escape.ts';

export interface BindingRow {
  /** `container api of Deployment orders`. */
  readonly container: string;
  readonly context: string;
  readonly at: Location;
  readonly image?: string;
  /** '' for the root; absent: it is not bound. */
  readonly folder?: string;
  readonly confident: boolean;
  readonly why?: string;
  readonly evidence: readonly { readonly says: string; readonly at: Location }[];
  /** The file that runs. */
  readonly entry?: string;
  readonly command?: string;
}

/** The table as text that ends with a line end. */
export function bindingTable(rows: readonly BindingRow[]): string {
  if (rows.length === 0)
    return 'No container runs an image of this repository, or no program text was read.\n';
  const lines = rows.flatMap((row) => [
    printable(`${row.container} (${place(row.at)}${row.context === '' ? '' : `, ${row.context}`})`),
    ...(row.image === undefined ? [] : [printable(`  image    ${row.image}`)]),
    printable(`  program  ${programOf(row)}`),
    ...(row.command === undefined ? [] : [printable(`  command  ${row.command}`)]),
    ...row.evidence.map(({ says, at }) => printable(`  because  ${says} (${place(at)})`)),
    '',
  ]);
  const bound = rows.filter(({ folder }) => folder !== undefined).length;
  const sure = rows.filter(({ folder, confident }) => folder !== undefined && confident).length;
  const containers = rows.length === 1 ? 'container' : 'containers';
  return `${lines.join('\n')}\n${rows.length} ${containers}: ${sure} bound, ${bound - sure} only by one reason, ${rows.length - bound} not bound\n`;
}

function place({ path, line }: Location): string {
  return `${path}:${line}`;
}

function programOf({ folder, entry, confident, why }: BindingRow): string {
  if (folder === undefined) return `unknown: ${why ?? 'nothing says it'}`;
  const what = entry ?? (folder === '' ? 'the root' : folder);
  return confident ? what : `${what}, not certain: ${why ?? ''}`;
}
