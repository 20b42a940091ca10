/** A PodDisruptionBudget beside its workload, in the layout that the repository has. */
import type { ChangedFile, Fixer, FixRequest } from '../fix.ts';
import { blockOf, type Change } from '../yaml/edit.ts';
import { styleOf } from '../yaml/style.ts';
import { type Data, documentsIn, entryOf, nodeAt, Unfit } from '../yaml/tree.ts';
import { chartBudget } from './chart-budgets.ts';
import { changedFile, isTemplateText, objectAt, type Place, siblingOf, textOf } from './place.ts';
import { selectorOf } from './pods.ts';

const DESCRIPTION = 'Add a PodDisruptionBudget';

export const disruptionBudget: Fixer = (request) => {
  const { at } = request.finding;
  const text = textOf(request, at.path);
  const files = isTemplateText(text) ? chartBudget(request, text) : beside(request);
  return { safety: 'safe', description: DESCRIPTION, files };
};

function scalarAt(place: Place, key: string): string | undefined {
  const node = nodeAt(place.node, ['metadata', key]);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function budgetOf(place: Place): Data {
  const name = scalarAt(place, 'name');
  if (name === undefined) throw new Unfit('the name of the workload is not known');
  const namespace = scalarAt(place, 'namespace');
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(place) } },
  };
}

function beside(request: FixRequest): readonly ChangedFile[] {
  const place = objectAt(request, request.finding.at);
  const { path, text, index, way } = place;
  const budget = budgetOf(place);
  if (way.length > 0) {
    const list = way.slice(0, -1);
    const change: Change = { append: list, item: budget };
    return [changedFile(path, text, [{ index, change }])];
  }
  const documents = documentsIn(text);
  const sibling = documents.length === 1 ? siblingOf(path) : undefined;
  if (sibling !== undefined && request.text(sibling) === undefined) {
    const listed = inKustomization(request, path, sibling);
    if (listed !== undefined || !isNamed(request, path)) {
      const style = styleOf(text, documents);
      const after = blockOf(budget, style).join(style.eol) + style.eol;
      return [{ path: sibling, before: undefined, after }, ...(listed ?? [])];
    }
  }
  return [changedFile(path, text, [{ index, change: { document: budget } }])];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The kustomization of the folder with the new file behind the old one; undefined when it does not list the old one. */
function inKustomization(
  request: FixRequest,
  path: string,
  sibling: string,
): readonly ChangedFile[] | undefined {
  const folder = folderOf(path);
  for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization']) {
    const text = request.text(folder + name);
    if (text === undefined) continue;
    for (const [index, { node }] of documentsIn(text).entries()) {
      const list = entryOf(node, 'resources')?.value;
      if (list?.kind !== 'sequence') continue;
      for (const item of list.items) {
        const written = item.kind === 'scalar' ? String(item.value) : '';
        const file = path.slice(folder.length);
        if (written !== file && written !== `./${file}`) continue;
        const fresh = written.slice(0, -file.length) + sibling.slice(folder.length);
        const change: Change = { append: ['resources'], item: fresh };
        return [changedFile(folder + name, text, [{ index, change }])];
      }
    }
  }
  return undefined;
}

/** Something applies or lists the file by its name, and would not find another one. */
function isNamed(request: FixRequest, path: string): boolean {
  const name = path.slice(folderOf(path).length);
  return request.paths.some(
    (other) => other !== path && request.text(other)?.includes(name) === true,
  );
}
