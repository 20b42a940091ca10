/** Renders a chart with one set of values, and reads the objects of what its templates write. */
import type { ParsedTemplate } from './ast.ts';
import { capabilities, operand } from './capabilities.ts';
import type { Chart, TemplateFile } from './chart.ts';
import { chartFiles } from './chart-files.ts';
import { tableOf } from './coalesce.ts';
import { inHelmOrder } from './definitions.ts';
import { Engine } from './engine.ts';
import { functions } from './functions/index.ts';
import { parseTemplate } from './parse.ts';
import { textOf } from './text.ts';
import { BudgetSpent, type Dict, type Origin, TemplateError, type Text } from './value.ts';
import { compose, type EnabledChart } from './values.ts';

/** The release that a chart is rendered for. */
export interface Release {
  /** Undefined when nobody says: then it is the name of the chart. */
  readonly name?: string;
  /** Undefined when nobody says: then what holds it is unknown. */
  readonly namespace?: string;
}

/** One template of a chart and what it wrote. */
export interface RenderedTemplate {
  /** Helm's name of it: `shop/templates/orders.yaml`. */
  readonly name: string;
  /** Relative to the base of the run. */
  readonly path: string;
  readonly text: Text;
}

/** What the templates of a chart wrote, and which of them Helm would not render. */
export interface RenderedChart {
  readonly chart: Chart;
  /** In the order in which Helm runs them. */
  readonly templates: readonly RenderedTemplate[];
  /** Helm would stop at the first one; what the others write is known all the same. */
  readonly failures: readonly RenderFailure[];
  /** Names of enabled dependencies that are not among these files. */
  readonly missing: readonly string[];
}

/** Why a template, or a whole chart, is not rendered. */
export interface RenderFailure {
  /** The template; undefined for the whole chart. */
  readonly template?: { readonly path: string; readonly text: string };
  /** One sentence without a full stop. */
  readonly message: string;
  readonly at?: Origin;
  /** It took as much work as a chart may. */
  readonly isSpent?: true;
}

/** A template that is ready to run. */
interface Ready {
  readonly file: TemplateFile;
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly basePath: string;
  readonly top: Dict;
}

/** Keys of values that stand in no file, because nobody gave them. */
const RELEASE_NAME = 'Release.Name';
export const RELEASE_NAMESPACE = 'Release.Namespace';

/** The release as templates see it. Values that nobody gave say so with their origin. */
function releaseOf(chart: Chart, { name, namespace }: Release): Dict {
  const at = (key: string): readonly Origin[] => [{ path: chart.path, range: [0, 0], key }];
  const guessedName = name === undefined ? at(RELEASE_NAME) : [];
  const guessedNamespace = namespace === undefined ? at(RELEASE_NAMESPACE) : [];
  return new Map([
    ['Name', { value: textOf(name ?? chart.metadata.name, guessedName), from: guessedName }],
    [
      'Namespace',
      { value: textOf(namespace ?? 'default', guessedNamespace), from: guessedNamespace },
    ],
    ['IsUpgrade', operand(false)],
    ['IsInstall', operand(true)],
    ['Revision', operand(1n)],
    ['Service', operand(textOf('Helm'))],
  ]);
}

/** The templates of a chart and its subcharts, each with what it sees. */
function readyIn(
  chart: EnabledChart,
  shared: { readonly release: Dict; readonly capabilities: Dict },
  values: Dict,
  fullName: string,
  isRoot: boolean,
  ready: Ready[],
): Dict {
  const subcharts: Dict = new Map();
  const { metadata, templates, files } = chart.chart;
  const own = new Map(metadata.fields);
  own.set('Name', operand(textOf(chart.name))).set('IsRoot', operand(isRoot));
  const writeYaml = (dict: Dict) => {
    const toYaml = functions.get('toYaml');
    if (toYaml === undefined) throw new TemplateError('function "toYaml" not defined');
    const at = { path: chart.chart.path, range: [0, 0] } as const;
    const none = () => operand(null);
    return toYaml([operand(dict)], { at, include: none, tpl: none, spend: () => {} });
  };
  const top: Dict = new Map([
    ['Chart', operand(own)],
    ['Files', operand(chartFiles(files, writeYaml))],
    ['Release', operand(shared.release)],
    ['Capabilities', operand(shared.capabilities)],
    ['Values', operand(values)],
    ['Subcharts', operand(subcharts)],
  ]);
  for (const subchart of chart.subcharts) {
    const table = tableOf(values.get(subchart.name)) ?? new Map();
    const below = `${fullName}/charts/${subchart.name}`;
    subcharts.set(subchart.name, operand(readyIn(subchart, shared, table, below, false, ready)));
  }
  for (const file of templates) {
    const { name, path, text } = file;
    const baseName = name.slice(name.lastIndexOf('/') + 1);
    if (metadata.type === 'library' && !baseName.startsWith('_')) continue;
    const basePath = `${fullName}/templates`;
    ready.push({ file, name: `${fullName}/${name}`, path, text, basePath, top });
  }
  return top;
}

/** Templates by file and name: a chart is rendered once for each set of values, and may be there under several names. */
const known = new WeakMap<TemplateFile, Map<string, ParsedTemplate>>();

function parsedOnce(template: Ready): ParsedTemplate {
  const byName = known.get(template.file) ?? new Map<string, ParsedTemplate>();
  let parsed = byName.get(template.name);
  if (parsed === undefined) {
    parsed = parseTemplate(template);
    known.set(template.file, byName.set(template.name, parsed));
  }
  return parsed;
}

const isPartial = (name: string) => name.slice(name.lastIndexOf('/') + 1).startsWith('_');
/** Helm prints notes and installs nothing of them. */
const isNotes = (name: string) => name.endsWith('/NOTES.txt');

/** Renders the templates of a chart. Never throws: what stops Helm is a failure in the answer. */
export function renderChart(chart: Chart, given: Dict, release: Release): RenderedChart {
  const templates: RenderedTemplate[] = [];
  const failures: RenderFailure[] = [];
  const ready: Ready[] = [];
  let missing: readonly string[] = [];
  try {
    const composed = compose(chart, given);
    const { root, values } = composed;
    missing = composed.missing;
    const shared = { release: releaseOf(chart, release), capabilities: capabilities() };
    readyIn(root, shared, values, root.name, true, ready);
  } catch (error) {
    return { chart, templates, failures: [failureOf(error)], missing };
  }
  const parsed: ParsedTemplate[] = [];
  for (const template of ready) {
    if (isNotes(template.name)) continue;
    try {
      parsed.push(parsedOnce(template));
    } catch (error) {
      failures.push(failureOf(error, template));
    }
  }
  const names = new Set(parsed.map(({ name }) => name));
  const engine = new Engine({ templates: parsed, functions });
  let spent: BudgetSpent | undefined;
  for (const template of inHelmOrder(ready)) {
    const { name, path, basePath, top } = template;
    if (isPartial(name) || !names.has(name)) continue;
    const own: Dict = new Map([
      ['Name', operand(textOf(name))],
      ['BasePath', operand(textOf(basePath))],
    ]);
    top.set('Template', operand(own));
    try {
      // The budget is one for all templates of a chart.
      if (spent !== undefined) throw spent;
      templates.push({ name, path, text: engine.render(name, operand(top)) });
    } catch (error) {
      if (error instanceof BudgetSpent) spent = error;
      failures.push(failureOf(error, template));
    }
  }
  return { chart, templates, failures, missing };
}

function failureOf(error: unknown, template?: Ready): RenderFailure {
  const where =
    template === undefined ? {} : { template: { path: template.path, text: template.text } };
  if (error instanceof BudgetSpent)
    return {
      ...where,
      message: `it asks for more than a chart may (${error.message})`,
      isSpent: true,
    };
  const message = error instanceof Error ? error.message : String(error);
  const oneLine = message.replace(/\s+/g, ' ').trim();
  if (!(error instanceof TemplateError))
    return { ...where, message: `${oneLine}, a defect of chaoslint` };
  return { ...where, message: oneLine, ...(error.at === undefined ? {} : { at: error.at }) };
}
