/** Paths of charts and values files as installers write them: relative to a file, to the root, or to where a command runs. */

import { joinPath } from '../../paths.ts';
import type { PlacedInstallation } from './installations.ts';

/** What an installation installs, in paths of the run. */
export interface Settled {
  readonly chart: string;
  readonly valuesFiles: readonly string[];
}

/** `path` as seen from `folder`; undefined when it is absolute, remote or leaves the base of the run. */
function resolve(folder: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z+]+:/i.test(path)) return undefined;
  return joinPath(folder, path);
}

/** The folder of a file and all folders above it, from the inside out. */
function foldersAround(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return Array.from({ length: segments.length + 1 }, (_, cut) =>
    segments.slice(0, segments.length - cut).join('/'),
  );
}

/**
 * Finds the chart and the values files of an installation among these files; undefined when one of them is not there, or is
 * computed: then nobody can tell the values.
 */
export function settledIn(
  { chart, valuesFiles, path }: PlacedInstallation,
  charts: ReadonlySet<string>,
  paths: ReadonlySet<string>,
): Settled | undefined {
  if (/\$\{|\$\(|\{\{/.test(chart)) return undefined;
  const bases = foldersAround(path);
  const isPath = chart.includes('/') || chart.startsWith('.') || chart === '';
  if (!isPath) return undefined;
  const base = bases.find((folder) => {
    const found = resolve(folder, chart);
    return found !== undefined && charts.has(found);
  });
  let place = base === undefined ? undefined : resolve(base, chart);
  // Where a command runs is not known: the end of a path is enough when it names one chart only.
  if (place === undefined) {
    const end = chart.replace(/^(?:\.{1,2}\/)+/, '').replace(/\/$/, '');
    const [one, another] = [...charts].filter(
      (folder) => end !== '' && (folder === end || folder.endsWith(`/${end}`)),
    );
    if (another !== undefined) return undefined;
    place = one;
  }
  if (place === undefined) return undefined;
  const settled: string[] = [];
  for (const written of valuesFiles) {
    // Argo CD names other sources of an Application by a reference: `$values/charts/shop/values.yaml`.
    const bare = written.replace(/^\$[\w-]+\//, '');
    const tried = [...(base === undefined ? [] : [base]), place, ...bases];
    const found = tried
      .map((folder) => resolve(folder, bare))
      .find((one) => one !== undefined && paths.has(one));
    if (found === undefined) return undefined;
    settled.push(found);
  }
  return { chart: place, valuesFiles: settled };
}
