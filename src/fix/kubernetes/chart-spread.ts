/** A spread over the nodes in a template of a chart, with the labels as the template writes them. */
import { applyEdits } from '../diff.ts';
import type { ChangedFile, FixRequest } from '../fix.ts';
import { eolOf } from '../yaml/style.ts';
import { Unfit } from '../yaml/tree.ts';
import { sectionAt, selectorLines } from './chart-budgets.ts';

export function chartSpread(request: FixRequest, text: string): ChangedFile {
  const { path, start } = request.finding.at;
  const section = sectionAt(text, start);
  const places = [...section.matchAll(/^([ ]*)containers:[ \t]*\r?$/gm)];
  const [place, ...others] = places;
  if (place === undefined || others.length > 0 || section.includes('topologySpreadConstraints'))
    throw new Unfit('where the constraints belong in its template is not clear');
  const [, pad = ''] = place;
  const labels = selectorLines(section.replaceAll('\r\n', '\n'), pad.length + 8);
  if (labels.length === 0) throw new Unfit('the selector is not written in its template');
  const lines = [
    'topologySpreadConstraints:',
    '  - maxSkew: 1',
    '    topologyKey: kubernetes.io/hostname',
    '    whenUnsatisfiable: ScheduleAnyway',
    '    labelSelector:',
    '      matchLabels:',
  ].map((line) => pad + line);
  const eol = eolOf(text);
  const at = text.indexOf(section) + place.index;
  const fresh = [...lines, ...labels].join(eol) + eol;
  return { path, before: text, after: applyEdits(text, [{ range: [at, at], text: fresh }]) };
}
