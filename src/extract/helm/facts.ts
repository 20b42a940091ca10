/** What the templates of a rendered chart say: facts with places in the templates and in the values that made them. */
import type { FileFacts, Rendering } from '../../facts.ts';
import { lineStartsOf, type MappedPlace, type OmittedObject } from '../../location.ts';
import { extractRendered } from '../kubernetes/extract.ts';
import { kindsNamed } from '../kubernetes/templates.ts';
import type { Chart } from './chart.ts';
import type { ChartFiles } from './files.ts';
import { hiddenKinds } from './hidden.ts';
import {
  RELEASE_NAMESPACE,
  type RenderedChart,
  type RenderedTemplate,
  type RenderFailure,
} from './render.ts';
import { toldOf } from './untold.ts';
import type { Origin } from './value.ts';
import { Sources, written } from './written.ts';

/** Facts of all templates of a chart, those that write no object too, by path. */
export function factsOf(
  rendered: RenderedChart,
  files: ChartFiles,
  rendering: Rendering,
): readonly FileFacts[] {
  const vendored = vendoredIn(rendered.chart);
  const isVendored = (path: string) => vendored.some((folder) => path.startsWith(`${folder}/`));
  const fileAt = (path: string) => files.get(path);
  const sources = new Sources(fileAt, isVendored);
  const templates = rendered.templates.map((template) =>
    templateFacts(template, sources, isVendored(template.path), rendering),
  );
  const omittedObjects = templates.flatMap(({ path, map }): OmittedObject[] =>
    (map?.gaps ?? []).flatMap(({ kinds, from }) =>
      kinds.length === 0 ? [] : [{ kinds, from, path }],
    ),
  );
  return [
    ...templates.map((facts) =>
      facts.map === undefined || omittedObjects.length === 0
        ? facts
        : { ...facts, map: { ...facts.map, omittedObjects } },
    ),
    ...rendered.failures.flatMap((failure) => unreadFacts(failure, rendering) ?? []),
  ];
}

/** What a template wrote, as YAML can be read of it: fillers stand for what nobody can tell. */
export function yamlOf(template: RenderedTemplate, files: ChartFiles): string {
  const sources = new Sources(
    (path) => files.get(path),
    () => false,
  );
  return written(template.text, template.path, sources, () => undefined).text;
}

/** What is known of a template that was not rendered: the kinds that its text names. */
function unreadFacts({ template }: RenderFailure, rendering: Rendering): FileFacts | undefined {
  if (template === undefined) return undefined;
  const { path, text } = template;
  return {
    path,
    lineStarts: lineStartsOf(text),
    rendered: rendering,
    resources: [],
    unread: [{ kinds: kindsNamed(text), why: 'template', range: [0, text.length] }],
    directives: [],
    notifications: [],
  };
}

/** Folders of charts that come from a registry. */
function vendoredIn(chart: Chart): readonly string[] {
  if (chart.isVendored) return [chart.folder];
  return chart.subcharts.flatMap(vendoredIn);
}

function guessed({ key }: Origin): string | undefined {
  return key === RELEASE_NAMESPACE ? 'the namespace of the release is not known' : undefined;
}

const CALL = /\{\{-?[ \t]*(?:include|template|tpl)\b[^{}]*\}\}/;

/** Where a template that somebody edits here calls others: the place of what a vendored template writes for it. */
function anchorIn(path: string, sources: Sources, isVendored: boolean): MappedPlace | undefined {
  if (isVendored) return undefined;
  const text = sources.textOf(path);
  const call = CALL.exec(text);
  const start = call?.index ?? 0;
  const end = call === null ? Math.max(0, text.search(/\n|$/)) : start + call[0].length;
  return { source: sources.indexOf(path), range: [start, end] };
}

function templateFacts(
  { path, text }: RenderedTemplate,
  sources: Sources,
  isVendored: boolean,
  rendering: Rendering,
): FileFacts {
  const { text: yaml, segments, untold, gaps } = written(text, path, sources, guessed);
  const read = extractRendered({ path, text: yaml });
  const told = toldOf(read.resources, untold);
  const kinds = hiddenKinds(text);
  const hidden = kinds.length === 0 ? [] : [{ kinds, why: 'template', range: [0, 0] } as const];
  const anchor = anchorIn(path, sources, isVendored);
  return {
    path,
    lineStarts: lineStartsOf(sources.textOf(path)),
    map: { sources: sources.list, segments, gaps, ...(anchor === undefined ? {} : { anchor }) },
    rendered: rendering,
    resources: told.resources,
    unread: [...read.unread, ...told.unread, ...hidden],
    directives: [],
    notifications: read.notifications,
  };
}
