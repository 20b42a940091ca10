/** What a person is told of templates that nobody rendered: one notification a chart, one a folder of others. */
import type { FileFacts, Notification } from './facts.ts';

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The chart that a file belongs to: the nearest folder above it with a Chart.yaml. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (charts.has(folder)) return folder;
    if (folder === '') return undefined;
  }
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** Notifications about the templates among `files`, sorted by path. */
export function templatesNotRendered(files: readonly FileFacts[]): readonly Notification[] {
  const charts = new Set(
    files
      .filter(({ path }) => /(?:^|\/)Chart\.ya?ml$/.test(path))
      .map(({ path }) => folderOf(path)),
  );
  const byChart = new Map<string, number>();
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const templated = file.unread.some(({ why, kinds }) => why === 'template' && kinds.length > 0);
    if (!templated) continue;
    const folder = folderOf(file.path);
    const chart = chartOf(file.path, charts);
    const others = byFolder.get(folder);
    if (chart !== undefined) byChart.set(chart, (byChart.get(chart) ?? 0) + 1);
    else if (others === undefined) byFolder.set(folder, [file.path]);
    else others.push(file.path);
  }
  const inCharts = [...byChart].map(([chart, amount]): Notification => {
    const command = `helm template ${chart === '' ? '.' : chart} | chaoslint -`;
    return {
      level: 'note',
      id: 'chart-not-rendered',
      message: `The chart was not rendered, ${count(amount, 'template')} left unread: ${command}`,
      path: chart === '' ? 'Chart.yaml' : `${chart}/Chart.yaml`,
    };
  });
  const elsewhere = [...byFolder.values()].map((paths): Notification => {
    const [path = '', ...more] = paths.sort();
    const others = more.length === 0 ? '' : ` (and ${more.length} more in its folder)`;
    return {
      level: 'note',
      id: 'template-not-rendered',
      message: `It is a template${others} and was left unread: render it and pipe the result to chaoslint -`,
      path,
    };
  });
  return [...inCharts, ...elsewhere].sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));
}
