/** A PodDisruptionBudget in a chart: a switch of the chart's values, or a new template with one. */
import type { ChangedFile, FixRequest } from '../fix.ts';
import { eolOf } from '../yaml/style.ts';
import { dataOf, documentsIn, entryOf, sameData, Unfit, walk } from '../yaml/tree.ts';
import { changedFile, siblingOf } from './place.ts';

const BUDGET = /^(?:pdb|pod_?-?disruption_?-?budget)s?$/i;

export function chartBudget(request: FixRequest, template: string): readonly ChangedFile[] {
  const { path } = request.finding.at;
  const folder = path.lastIndexOf('/templates/');
  if (folder < 0 && !path.startsWith('templates/')) throw new Unfit('it stands in a template');
  const chart = folder < 0 ? '' : path.slice(0, folder + 1);
  const values = `${chart}values.yaml`;
  const text = request.text(values);
  if (text === undefined) throw new Unfit('the chart has no values.yaml');
  const switched = switchOn(values, text);
  if (switched !== undefined) return [switched];
  const made = templateOf(request, template);
  const [first, ...others] = documentsIn(text);
  if (first === undefined || others.length > 0) throw new Unfit('values.yaml holds no values');
  const wanted = { enabled: true, maxUnavailable: 1 };
  const entry = entryOf(first.node, 'podDisruptionBudget');
  if (entry !== undefined) {
    if (!sameData(dataOf(entry.value), wanted))
      throw new Unfit('the chart has other values for a podDisruptionBudget');
    return [made];
  }
  const change = { set: ['podDisruptionBudget'], to: wanted };
  return [made, changedFile(values, text, [{ index: 0, change }])];
}

/** The one switch of the values that is off and is named for a budget. */
function switchOn(path: string, text: string): ChangedFile | undefined {
  const switches = documentsIn(text).flatMap(({ node: root }, index) =>
    [...walk(root)].flatMap(({ node, path: way }) => {
      const name = way.at(-2);
      const isSwitch = /^(?:enabled?|create)$/.test(String(way.at(-1)));
      if (!isSwitch || typeof name !== 'string' || !BUDGET.test(name)) return [];
      return node.kind === 'scalar' && node.value === false ? [{ index, way }] : [];
    }),
  );
  const [first, ...others] = switches;
  if (first === undefined) return undefined;
  if (others.length > 0) throw new Unfit('several budgets of the chart are switched off');
  return changedFile(path, text, [{ index: first.index, change: { set: first.way, to: true } }]);
}

/** The section of a template in which an offset lies. */
export function sectionAt(text: string, offset: number): string {
  const marks = [...text.matchAll(/^---.*$/gm)].map(({ index }) => index);
  const start = marks.findLast((at) => at <= offset) ?? 0;
  const end = marks.find((at) => at > offset) ?? text.length;
  return text.slice(start, end);
}

const NAME = /^metadata:[ \t]*\n(?:(?:[ \t]+.*|[ \t]*)\n)*?([ \t]+)name:[ \t]*(\S.*)$/m;
const NAMESPACE = /^metadata:[ \t]*\n(?:(?:[ \t]+.*|[ \t]*)\n)*?[ \t]+namespace:[ \t]*(\S.*)$/m;
const LABELS =
  /^([ \t]+)selector:[ \t]*\n[ \t]+matchLabels:[ \t]*\n((?:[ \t]*(?:\{\{|[ \t]).*\n?)+)/m;

/** A template of its own, with the name and the selector as the template of the workload writes them. */
function templateOf(request: FixRequest, text: string): ChangedFile {
  const { path, start } = request.finding.at;
  const section = sectionAt(text, start).replaceAll('\r\n', '\n');
  const [, , name] = NAME.exec(section) ?? [];
  const labels = selectorLines(section, 6);
  if (name === undefined || labels.length === 0)
    throw new Unfit('name and selector of the workload are not written in its template');
  const namespace = NAMESPACE.exec(section)?.[1];
  const condition = conditionOf(text.replaceAll('\r\n', '\n'));
  const guard = '.Values.podDisruptionBudget.enabled';
  const lines = [
    `{{- if ${condition === undefined ? guard : `and (${condition}) ${guard}`} }}`,
    'apiVersion: policy/v1',
    'kind: PodDisruptionBudget',
    'metadata:',
    `  name: ${name.replace(/\s+#.*$/, '')}`,
    ...(namespace === undefined ? [] : [`  namespace: ${namespace}`]),
    'spec:',
    '  maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}',
    '  selector:',
    '    matchLabels:',
    ...labels,
    '{{- end }}',
  ];
  const eol = eolOf(text);
  return { path: freePath(request, path), before: undefined, after: lines.join(eol) + eol };
}

/** The lines of the selector's labels in a section of a template, moved to `wanted` columns; none when they are not written there. */
export function selectorLines(section: string, wanted: number): readonly string[] {
  const [, outer = '', block = ''] = LABELS.exec(section) ?? [];
  return labelLines(block, outer.length, wanted);
}

/** The lines of labels, moved to `wanted` columns; a template call is given the columns that it indents by. */
function labelLines(block: string, outer: number, wanted: number): readonly string[] {
  const lines: string[] = [];
  const pad = ' '.repeat(wanted);
  let indent: number | undefined;
  for (const line of block.split('\n')) {
    const content = line.trim();
    const columns = line.length - line.trimStart().length;
    const isCall = content.startsWith('{{');
    if (content === '') continue;
    if (!isCall && columns <= outer + 2) break;
    if (isCall && !/\b(?:include|toYaml|template)\b/.test(content)) break;
    if (!isCall) indent ??= columns;
    if (!isCall && columns !== indent) break;
    lines.push(`${pad}${content.replace(/\b(n?indent)[ \t]+\d+/g, `$1 ${wanted}`)}`);
  }
  return lines.map((line) =>
    /\bindent \d/.test(line) && !/\bnindent/.test(line) ? line.trimStart() : line,
  );
}

/** The condition around a whole template, when there is exactly one. */
function conditionOf(text: string): string | undefined {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\{\{-?\s*\/\*/.test(line));
  const [, condition] = /^\{\{-?\s*if\s+(.+?)\s*-?\}\}$/.exec(lines[0]?.trim() ?? '') ?? [];
  const isClosed = /^\{\{-?\s*end\s*-?\}\}$/.test(lines.at(-1)?.trim() ?? '');
  return condition !== undefined && isClosed ? condition : undefined;
}

function freePath(request: FixRequest, path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash).replace(/\.(?:ya?ml|tpl)$/, '');
  const wanted = [siblingOf(path), `${path.slice(0, slash)}${name}-pdb.yaml`];
  for (const candidate of wanted)
    if (candidate !== undefined && request.text(candidate) === undefined) return candidate;
  throw new Unfit('a template of that name is there');
}
