/** The files of charts, as the files layer hands them over. */
import type { ChartFile } from '../../facts.ts';

/** The text of a file; undefined when it is none. */
export function textIn({ data }: ChartFile): string | undefined {
  if (typeof data === 'string') return data;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return undefined;
  }
}

/** The bytes of a file. */
export function dataIn({ data }: ChartFile): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

/** All files that charts may be made of, by path. */
export class ChartFiles {
  private readonly sorted: readonly ChartFile[];
  private readonly byPath: ReadonlyMap<string, ChartFile>;

  constructor(files: readonly ChartFile[]) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
    this.sorted = [...this.byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  get(path: string): ChartFile | undefined {
    return this.byPath.get(path);
  }

  /** Folders that hold a Chart.yaml, sorted. */
  get folders(): readonly string[] {
    return this.sorted
      .filter(({ path }) => path === 'Chart.yaml' || path.endsWith('/Chart.yaml'))
      .map(({ path }) => path.slice(0, Math.max(0, path.length - '/Chart.yaml'.length)));
  }

  /** The files below a folder, by their paths relative to it. */
  *below(folder: string): Generator<readonly [string, ChartFile]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle]?.path ?? '') < prefix) low = middle + 1;
      else high = middle;
    }
    for (let file = this.sorted[low]; file?.path.startsWith(prefix); file = this.sorted[++low])
      yield [file.path.slice(prefix.length), file];
  }
}
