/** The files of Helm charts that are no manifests themselves: what rendering a chart needs besides them. */
import { join } from 'node:path';
import { MAX_PACKED_BYTES } from '../extract/helm/archive.ts';
import type { ChartFile } from '../facts.ts';
import { decode, readData } from './read.ts';

/** Files and bytes of one chart; more is no chart that anybody installs. */
const MOST_FILES = 5000;
const MOST_BYTES = 48 * 1024 * 1024;

/** What to read of the charts of one root. */
export interface ChartSearch {
  /** Absolute. */
  readonly root: string;
  /** Folders of charts that are reported, relative to the root. */
  readonly charts: Iterable<string>;
  /** All candidates of the root, relative to it. */
  readonly paths: ReadonlySet<string>;
  /** False for files that were read already, and for those that must not be. */
  readonly isWanted: (path: string) => boolean;
  readonly maxFileBytes: number;
}

/** Folders of a chart whose files Helm reads whatever its templates say. */
const ALWAYS = /^(?:templates|charts|crds)\//;
/** Files that a chart is made of. */
const OWN = /^(?:\.helmignore|[^/]+\.ya?ml)$/;

/** Reads the files of all charts; paths of the answer are relative to the root. */
export function chartFilesIn(search: ChartSearch): readonly ChartFile[] {
  const { charts, paths } = search;
  const found = new Map<string, ChartFile>();
  const sorted = [...paths].sort();
  for (const folder of charts) {
    const prefix = folder === '' ? '' : `${folder}/`;
    const below = sorted.filter((path) => path.startsWith(prefix));
    const always = below.filter((path) => {
      const name = path.slice(prefix.length);
      return ALWAYS.test(name) || OWN.test(name);
    });
    const reader = new Reader(search, found);
    for (const path of always) reader.read(path);
    // Only then may its templates ask for other files.
    if (reader.asksForFiles) for (const path of below) reader.read(path);
  }
  return [...found.values()];
}

class Reader {
  asksForFiles = false;
  private readonly search: ChartSearch;
  private readonly found: Map<string, ChartFile>;
  private files = 0;
  private bytes = 0;

  constructor(search: ChartSearch, found: Map<string, ChartFile>) {
    this.search = search;
    this.found = found;
  }

  read(path: string): void {
    const { root, isWanted, maxFileBytes } = this.search;
    if (this.found.has(path) || this.files >= MOST_FILES || this.bytes >= MOST_BYTES) return;
    const isTemplate = /(?:^|\/)templates\//.test(path);
    const isPacked = path.endsWith('.tgz');
    // A packed chart may ask for the files in it only.
    if (!isWanted(path) && !isTemplate) return;
    const bytes = readData(join(root, path), isPacked ? MAX_PACKED_BYTES : maxFileBytes);
    if (bytes === undefined) return;
    this.files++;
    this.bytes += bytes.length;
    const decoded = isPacked ? undefined : decode(Buffer.from(bytes));
    const text = decoded !== undefined && 'text' in decoded ? decoded.text : undefined;
    if (isTemplate && text?.includes('.Files') === true) this.asksForFiles = true;
    if (isWanted(path)) this.found.set(path, { path, data: text ?? bytes });
  }
}
