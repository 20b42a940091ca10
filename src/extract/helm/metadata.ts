/** Chart.yaml, and requirements.yaml of charts of the first API version. */
import type { ChartFile, MapNode, Node } from '../../facts.ts';
import { textIn } from './files.ts';
import { textOf } from './text.ts';
import type { Dict, GoValue, Operand } from './value.ts';
import { dictOf, readYaml } from './values-file.ts';

/** A chart that another one is made of. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** '' when none is given. */
  readonly repository: string;
  /** Paths of values, separated by commas: the first that is true or false decides. */
  readonly condition: string;
  readonly tags: readonly string[];
  /** '' when it goes by its own name. */
  readonly alias: string;
  readonly imports: readonly ImportValues[];
}

/** Values of a dependency that its parent takes over. */
export interface ImportValues {
  readonly child: string;
  readonly parent: string;
}

export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  /** Whether Chart.yaml names dependencies at all. */
  readonly dependencies: readonly Dependency[];
  /** What templates see as `.Chart`, without `IsRoot`. */
  readonly fields: Dict;
}

function entry(map: MapNode, key: string): Node | undefined {
  return map.entries.find((one) => one.key === key)?.value;
}

function textAt(map: MapNode, key: string): string {
  const node = entry(map, key);
  // As Go reads a scalar into a text: `1.10` is a number first, and then "1.1".
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : '';
}

function itemsAt(map: MapNode, key: string): readonly Node[] {
  const node = entry(map, key);
  return node?.kind === 'sequence' ? node.items : [];
}

function importOf(node: Node): ImportValues | undefined {
  if (node.kind === 'map') return { child: textAt(node, 'child'), parent: textAt(node, 'parent') };
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  return { child: `exports.${node.value}`, parent: '.' };
}

function dependencyOf(node: Node): readonly Dependency[] {
  if (node.kind !== 'map') return [];
  const name = textAt(node, 'name');
  if (name === '') return [];
  return [
    {
      name,
      version: textAt(node, 'version'),
      repository: textAt(node, 'repository'),
      condition: textAt(node, 'condition').trim(),
      tags: itemsAt(node, 'tags').flatMap((tag) =>
        tag.kind === 'scalar' && typeof tag.value === 'string' ? [tag.value] : [],
      ),
      alias: textAt(node, 'alias'),
      imports: itemsAt(node, 'import-values').flatMap((one) => importOf(one) ?? []),
    },
  ];
}

/** Fields of Go's struct and what they are called in Chart.yaml. */
const FIELDS: readonly (readonly [field: string, key: string])[] = [
  ['Name', 'name'],
  ['Home', 'home'],
  ['Sources', 'sources'],
  ['Version', 'version'],
  ['Description', 'description'],
  ['Keywords', 'keywords'],
  ['Maintainers', 'maintainers'],
  ['Icon', 'icon'],
  ['APIVersion', 'apiVersion'],
  ['Condition', 'condition'],
  ['Tags', 'tags'],
  ['AppVersion', 'appVersion'],
  ['Annotations', 'annotations'],
  ['KubeVersion', 'kubeVersion'],
  ['Dependencies', 'dependencies'],
  ['Type', 'type'],
];
const LISTS: ReadonlySet<string> = new Set(['Sources', 'Keywords', 'Maintainers', 'Dependencies']);

/** Text fields are texts whatever they look like. */
function fieldsOf(map: MapNode, path: string): Dict {
  const read = dictOf(map, path);
  const fields: Dict = new Map();
  for (const [field, key] of FIELDS) {
    const operand = read.get(key);
    const node = entry(map, key);
    const isScalar = node?.kind === 'scalar' && node.value !== null;
    if (operand !== undefined && isScalar)
      fields.set(field, { value: textOf(textAt(map, key), operand.from), from: operand.from });
    else if (operand !== undefined && node?.kind !== 'scalar') fields.set(field, operand);
    else fields.set(field, { value: emptyField(field), from: [] });
  }
  const deprecated = read.get('deprecated');
  const isDeprecated: Operand = { value: deprecated?.value === true, from: [] };
  return fields.set('Deprecated', isDeprecated);
}

function emptyField(field: string): GoValue {
  if (LISTS.has(field)) return [];
  return field === 'Annotations' ? new Map() : textOf('');
}

/** The metadata of a chart, or why there is none. `path` is that of Chart.yaml. */
export function metadataOf(
  path: string,
  file: ChartFile | undefined,
  requirements: ChartFile | undefined,
): ChartMetadata | string {
  const text = file === undefined ? undefined : textIn(file);
  if (text === undefined) return `${path} is missing`;
  const map = readYaml(text);
  if (map === undefined) return `${path} is empty`;
  if (typeof map === 'string') return `${path} cannot be read: ${map}`;
  const name = textAt(map, 'name');
  if (name === '') return `${path} gives the chart no name`;
  const older = requirements === undefined ? undefined : readYaml(textIn(requirements) ?? '');
  // As Go unmarshals one document over the other, requirements.yaml has the last word.
  const source =
    typeof older === 'object' && itemsAt(older, 'dependencies').length > 0 ? older : map;
  return {
    name,
    version: textAt(map, 'version'),
    type: textAt(map, 'type').toLowerCase(),
    dependencies: itemsAt(source, 'dependencies').flatMap(dependencyOf),
    fields: fieldsOf(map, path),
  };
}
