/** The values that the templates of a chart and of its subcharts see: files and settings, conditions, tags, import-values. */
import type { Chart } from './chart.ts';
import { coalesced, joinTables, type LiveChart, tableOf } from './coalesce.ts';
import type { Dependency } from './metadata.ts';
import type { Dict, Operand } from './value.ts';
import { copyDict, dictOf } from './values-file.ts';

/** A chart that will be rendered under a name; disabled subcharts are gone, aliases applied. */
export interface EnabledChart extends LiveChart {
  readonly chart: Chart;
  name: string;
  subcharts: readonly EnabledChart[];
  /** Under the names that they go by here. */
  dependencies: readonly Dependency[];
}

/** A chart and the values that its templates see. */
export interface Composed {
  readonly root: EnabledChart;
  /** What the templates of the chart itself see; those of a subchart see the table of its name. */
  readonly values: Dict;
  /** Names of enabled dependencies, its own and those of its subcharts, that are not among these files. */
  readonly missing: readonly string[];
}

/** Joins maps of values from left to right: the last one wins. */
export function joinedValues(layers: readonly Dict[]): Dict {
  const joined: Dict = new Map();
  for (const layer of layers) overlay(joined, layer);
  return joined;
}

function overlay(into: Dict, layer: Dict): void {
  for (const [key, operand] of layer) {
    const table = tableOf(operand);
    const present = tableOf(into.get(key));
    if (table !== undefined && present !== undefined) overlay(present, table);
    else into.set(key, table === undefined ? operand : { ...operand, value: copyDict(table) });
  }
}

/** The chart as Helm renders it when somebody gives these values. */
export function compose(chart: Chart, given: Dict): Composed {
  const root = enabledFrom(chart, chart.metadata.name);
  const missing = new Set(enable(root, given, ''));
  importValues(root);
  return { root, values: coalesced(root, given, false), missing: [...missing] };
}

function enabledFrom(chart: Chart, name: string): EnabledChart {
  return {
    chart,
    name,
    values: chart.values === undefined ? new Map() : dictOf(chart.values, chart.valuesPath),
    subcharts: chart.subcharts.map((subchart) => enabledFrom(subchart, subchart.metadata.name)),
    dependencies: chart.metadata.dependencies,
  };
}

function isWanted({ name }: Dependency, chart: EnabledChart): boolean {
  return name === chart.name;
}

/** Leaves out what is disabled; gives the names of what is not and is not there either. */
function enable(chart: EnabledChart, given: Dict, path: string): readonly string[] {
  const { dependencies } = chart;
  if (dependencies.length === 0) return [];
  const absent: Dependency[] = [];
  const subcharts = chart.subcharts.filter(
    (subchart) => !dependencies.some((dependency) => isWanted(dependency, subchart)),
  );
  for (const dependency of dependencies) {
    const found = chart.subcharts.find((subchart) => isWanted(dependency, subchart));
    if (found === undefined) {
      absent.push(dependency);
      continue;
    }
    // A chart may be there twice under two names: each has subcharts and values of its own.
    subcharts.push(enabledFrom(found.chart, dependency.alias || found.name));
  }
  chart.subcharts = subcharts;
  chart.dependencies = dependencies.map((one) => ({ ...one, name: one.alias || one.name }));
  const values = coalesced(chart, given, false);
  const disabled = new Set(
    chart.dependencies.filter((one) => !isEnabled(one, values, path)).map(({ name }) => name),
  );
  chart.subcharts = chart.subcharts.filter(({ name }) => !disabled.has(name));
  chart.dependencies = chart.dependencies.filter(({ name }) => !disabled.has(name));
  return [
    ...absent.filter((one) => !disabled.has(one.alias || one.name)).map(({ name }) => name),
    ...chart.subcharts.flatMap((one) => enable(one, values, `${path}${one.name}.`)),
  ];
}

function isEnabled({ tags, condition }: Dependency, values: Dict, path: string): boolean {
  const table = tableOf(values.get('tags'));
  const said = tags.flatMap((tag) => {
    const value = table?.get(tag)?.value;
    return typeof value === 'boolean' ? [value] : [];
  });
  const byTags = said.length === 0 || said.includes(true);
  for (const one of condition.split(',')) {
    const value = one === '' ? undefined : valueAt(values, path + one)?.value;
    if (typeof value === 'boolean') return value;
  }
  return byTags;
}

function valueAt(values: Dict, path: string): Operand | undefined {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const table = tableAt(values, keys);
  return table?.get(last);
}

function tableAt(values: Dict, keys: readonly string[]): Dict | undefined {
  let table: Dict | undefined = values;
  for (const key of keys) table = tableOf(table?.get(key));
  return table;
}

function importValues(chart: EnabledChart): void {
  for (const subchart of chart.subcharts) importValues(subchart);
  if (chart.dependencies.length === 0) return;
  const values = coalesced(chart, new Map(), true);
  const imported: Dict = new Map();
  for (const { name, imports } of chart.dependencies) {
    for (const { child, parent } of imports) {
      const table = tableAt(values, [name, ...child.split('.')]);
      if (table === undefined) continue;
      let wrapped = copyDict(table);
      for (const key of parent === '.' ? [] : parent.split('.').reverse())
        wrapped = new Map([[key, { value: wrapped, from: [] }]]);
      joinTables(imported, wrapped, true);
    }
  }
  chart.values = joinTables(values, imported, true);
}
