/**
 * How Helm joins the values of a chart with those that somebody gives: what is given wins, maps are joined, null takes a default
 * away, globals go down to the subcharts. The steps and their order are those of Helm 3's pkg/chartutil/coalesce.go.
 */
import type { Dict, Operand } from './value.ts';
import { copyDict, copyOf } from './values-file.ts';

/** A chart while its values are joined: subcharts may be left out, have another name or be there twice. */
export interface LiveChart {
  readonly name: string;
  values: Dict;
  subcharts: readonly LiveChart[];
}

const GLOBAL = 'global';

const isNull = (operand: Operand | undefined) => operand !== undefined && operand.value === null;

export function tableOf(operand: Operand | undefined): Dict | undefined {
  return operand?.value instanceof Map ? operand.value : undefined;
}

/**
 * The values of a chart and its subcharts with `given` on top.
 * @param merge null is kept as a value, and takes nothing away
 */
export function coalesced(chart: LiveChart, given: Dict, merge: boolean): Dict {
  const values = copyDict(given);
  coalesce(chart, values, merge);
  return values;
}

function coalesce(chart: LiveChart, values: Dict, merge: boolean): void {
  coalesceOwn(chart, values, merge);
  for (const subchart of chart.subcharts) {
    const present = values.get(subchart.name);
    // Helm stops here with an error, the other values of the chart stay as they are.
    if (present !== undefined && tableOf(present) === undefined) return;
    const own = tableOf(present) ?? new Map();
    if (present === undefined) values.set(subchart.name, { value: own, from: [] });
    coalesceGlobals(own, values);
    coalesce(subchart, own, merge);
  }
}

function coalesceGlobals(values: Dict, parent: Dict): void {
  const present = values.get(GLOBAL);
  const globals = tableOf(present) ?? new Map<string, Operand>();
  if (present !== undefined && tableOf(present) === undefined) return;
  const outer = parent.get(GLOBAL);
  if (outer !== undefined && tableOf(outer) === undefined) return;
  for (const [key, operand] of tableOf(outer) ?? []) {
    const table = tableOf(operand);
    const own = globals.get(key);
    if (table !== undefined) {
      const copy = new Map(table);
      const ownTable = tableOf(own);
      if (own !== undefined && ownTable === undefined) continue;
      if (ownTable !== undefined) joinTables(copy, ownTable, true);
      globals.set(key, { value: copy, from: operand.from });
    } else if (tableOf(own) === undefined) globals.set(key, operand);
  }
  values.set(GLOBAL, { value: globals, from: present?.from ?? [] });
}

function coalesceOwn(chart: LiveChart, values: Dict, merge: boolean): void {
  for (const [key, operand] of chart.values) {
    const given = values.get(key);
    if (given === undefined) values.set(key, copyOf(operand));
    else if (given.value === null && !merge) values.delete(key);
    else {
      const into = tableOf(given);
      const defaults = tableOf(operand);
      if (into === undefined || defaults === undefined) continue;
      const isSubchart = chart.subcharts.some(({ name }) => name === key);
      joinTables(into, copyDict(defaults), merge || isSubchart);
    }
  }
}

/** Puts into `into` what only `defaults` has; `defaults` is spent. */
export function joinTables(into: Dict, defaults: Dict, merge: boolean): Dict {
  const hadValue = new Set([...defaults].flatMap(([key, one]) => (isNull(one) ? [] : [key])));
  for (const [key, operand] of into) if (isNull(operand)) defaults.set(key, operand);
  for (const [key, operand] of defaults) {
    const present = into.get(key);
    if (present === undefined) into.set(key, operand);
    else if (isNull(present) && !merge && hadValue.has(key)) into.delete(key);
    else {
      const table = tableOf(operand);
      const own = tableOf(present);
      if (table !== undefined && own !== undefined) joinTables(own, table, merge);
    }
  }
  return into;
}
