/**
 * What rendering the charts below a folder costs, from files in memory to facts, and beside it what `helm template` costs on the same charts, in
 * turns. Ours is measured in one process, as in a run over many charts, and helm's in a process for each chart, as people run it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadChart } from '../src/extract/helm/chart.ts';
import { factsOf } from '../src/extract/helm/facts.ts';
import { renderChart } from '../src/extract/helm/render.ts';
import { optimizeLate } from '../src/tiering.ts';
import { chartsBelow, helm, KUBE_VERSION } from './oracle/helm.ts';

const ROUNDS = 5;

/** Milliseconds of CPU, all threads. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds of CPU of `helm template`; undefined when it cannot render the chart. */
function helmCost(program: string, chart: string): number | undefined {
  const script = `"$0" template release-name "$1" --kube-version ${KUBE_VERSION} >/dev/null 2>&1 || exit 1; times`;
  const { status, stdout } = spawnSync('sh', ['-c', script, program, chart], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  return (
    times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) *
    1000
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/** Prints what the charts below a folder cost; nothing when there is none. */
export function benchCharts(folder: string): void {
  const { files, folders } = chartsBelow(folder);
  if (folders.length === 0) return;
  const program = helm.find();
  if (program === undefined) {
    console.log('helm template skipped: helm is not on the path, and CHAOSLINT_HELM names none');
    return;
  }
  const render = (chart: string) => {
    const rendered = renderChart(loadChart(chart, files), new Map(), { name: 'release-name' });
    const { name } = rendered.chart.metadata;
    const release = { release: name, isNameGuessed: true, chartName: name };
    factsOf(rendered, files, { chart, context: chart, environment: chart, ...release });
  };
  optimizeLate();
  const ratios: { readonly chart: string; readonly ours: number; readonly theirs: number }[] = [];
  for (const chart of folders) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const cost = helmCost(program, join(folder, chart));
      if (cost === undefined) break;
      theirs.push(cost);
      ours.push(cpuOf(() => render(chart)));
    }
    if (theirs.length === ROUNDS)
      ratios.push({ chart, ours: median(ours), theirs: median(theirs) });
  }
  const total = (field: 'ours' | 'theirs') => ratios.reduce((sum, one) => sum + one[field], 0);
  const ratio = ({ ours, theirs }: { ours: number; theirs: number }) => ours / Math.max(theirs, 1);
  const worst = [...ratios].sort((a, b) => ratio(b) - ratio(a)).slice(0, 3);
  const above = ratios.filter((one) => ratio(one) > 2).length;
  console.log(
    `${ratios.length} of ${folders.length} charts that helm renders: ${total('ours').toFixed(0)} ms CPU, helm template ${total('theirs').toFixed(0)} ms, ratio ${(total('ours') / Math.max(total('theirs'), 1)).toFixed(2)}; ${above} above 2; most: ${worst.map((one) => `${one.chart} ${ratio(one).toFixed(2)} (${one.ours.toFixed(0)} ms)`).join(', ')}`,
  );
}
