/** What one kustomization does to the objects that it gathered, in Kustomize's order; also `transformers:` of the built-in kinds. */
import type { MapNode, Node } from '../../../facts.ts';
import { fieldSpecsIn, withSpecs } from './configuration.ts';
import type { Configuration } from './defaults.ts';
import type { FieldSpec } from './field-spec.ts';
import { imageChangeFrom, imageChangesOf, withImages } from './images.ts';
import { labelled } from './labels.ts';
import { renamed } from './names.ts';
import { moved, type SubjectMode } from './namespace.ts';
import {
  jsonSteps,
  type Place,
  patchSteps,
  type Step,
  strategicSteps,
  unreadable,
} from './patches.ts';
import { replaced } from './replacements.ts';
import { scaled } from './replicas.ts';
import type { Resource } from './resource.ts';
import { entryOf, isTrueAt, itemsOf, nodeAt, textAt, writtenText } from './tree.ts';

/** A change of every object in place. */
function each(change: (resources: readonly Resource[]) => void): Step {
  return (resources) => {
    change(resources);
    return resources;
  };
}

const METADATA_LABELS: FieldSpec = { path: ['metadata', 'labels'], create: true };

function labelSpecs(item: Node, configuration: Configuration): readonly FieldSpec[] {
  const own = withSpecs(fieldSpecsIn(item, 'fields'), configuration.labels);
  if (isTrueAt(item, 'includeSelectors')) return withSpecs(own, configuration.commonLabels);
  const templates = isTrueAt(item, 'includeTemplates') ? configuration.templateLabels : [];
  const claims = isTrueAt(item, 'includeVolumeClaimTemplates')
    ? configuration.volumeClaimTemplateLabels
    : [];
  return withSpecs(withSpecs(withSpecs(own, templates), claims), [METADATA_LABELS]);
}

function labelSteps(map: MapNode, configuration: Configuration, { file }: Place): readonly Step[] {
  const step = (pairs: Node | undefined, specs: readonly FieldSpec[]): readonly Step[] =>
    pairs?.kind === 'map' ? [each((all) => labelled(all, pairs, specs, file))] : [];
  return [
    ...itemsOf(map, 'labels').flatMap((item) =>
      step(nodeAt(item, 'pairs'), labelSpecs(item, configuration)),
    ),
    ...step(entryOf(map, 'commonLabels')?.value, configuration.commonLabels),
  ];
}

/** Steps of one replacement, which may stand in a file of its own. */
function replacementSteps(item: Node, place: Place): readonly Step[] {
  const { file, fileAt } = place;
  const path = writtenText(nodeAt(item, 'path'));
  if (path === undefined) {
    if (item.kind === 'map' && nodeAt(item, 'targets') !== undefined)
      return [each((all) => replaced(all, item, file))];
    return [unreadable(() => 'perhaps', `replaced by ${file.path}`)];
  }
  const named = fileAt(path);
  const held = named?.kustomizeInput;
  if (named === undefined || held === undefined)
    return [unreadable(() => 'perhaps', `replaced by ${file.path}`)];
  return held
    .flatMap((node) => (node.kind === 'sequence' ? node.items : [node]))
    .flatMap((one) => (one.kind === 'map' ? [each((all) => replaced(all, one, named))] : []));
}

/** The steps of all fields of a kustomization but `transformers`. */
export function stepsOf(map: MapNode, configuration: Configuration, place: Place): readonly Step[] {
  const { file } = place;
  const steps: Step[] = [];
  steps.push(...strategicSteps(itemsOf(map, 'patchesStrategicMerge'), place));
  steps.push(...itemsOf(map, 'patches').flatMap((item) => patchSteps(item, place)));
  const namespace = entryOf(map, 'namespace')?.value;
  if (namespace !== undefined)
    steps.push(
      each((all) => {
        const specs = configuration.namespace;
        moved(all, { file, value: namespace, specs, unsetOnly: false, subjects: 'defaultOnly' });
      }),
    );
  const { namePrefix, nameSuffix, commonAnnotations } = configuration;
  const prefix = textAt(map, 'namePrefix') ?? '';
  const suffix = textAt(map, 'nameSuffix') ?? '';
  steps.push(each((all) => renamed(all, prefix, 'prefix', namePrefix, file)));
  steps.push(each((all) => renamed(all, suffix, 'suffix', nameSuffix, file)));
  steps.push(...labelSteps(map, configuration, place));
  const annotations = entryOf(map, 'commonAnnotations')?.value;
  if (annotations?.kind === 'map')
    steps.push(each((all) => labelled(all, annotations, commonAnnotations, file)));
  steps.push(...itemsOf(map, 'patchesJson6902').flatMap((item) => jsonSteps(item, place)));
  for (const item of itemsOf(map, 'replicas'))
    steps.push(each((all) => scaled(all, item, configuration.replicas, file)));
  const images = imageChangesOf(imagesOf(map));
  steps.push(each((all) => withImages(all, images, configuration.images, file)));
  steps.push(...itemsOf(map, 'replacements').flatMap((item) => replacementSteps(item, place)));
  return steps;
}

/** `images`, and the name that the field had before. */
export function imagesOf(map: MapNode): readonly Node[] {
  return ['images', 'imageTags'].flatMap((key) => itemsOf(map, key));
}

type Made = (body: MapNode, place: Place) => readonly Step[];

function pairsStep(key: string): Made {
  return (body, { file }) => {
    const pairs = entryOf(body, key)?.value;
    const specs = fieldSpecsIn(body, 'fieldSpecs');
    return pairs?.kind === 'map' ? [each((all) => labelled(all, pairs, specs, file))] : [];
  };
}

function nameStep(key: 'prefix' | 'suffix'): Made {
  return (body, { file }) => {
    const text = textAt(body, key) ?? '';
    return [each((all) => renamed(all, text, key, fieldSpecsIn(body, 'fieldSpecs'), file))];
  };
}

function subjectMode(body: MapNode): SubjectMode {
  const mode = textAt(body, 'setRoleBindingSubjects');
  return mode === 'allServiceAccounts' || mode === 'none' ? mode : 'defaultOnly';
}

const BUILT_IN: ReadonlyMap<string, Made> = new Map<string, Made>([
  ['AnnotationsTransformer', pairsStep('annotations')],
  ['LabelTransformer', pairsStep('labels')],
  [
    'PrefixSuffixTransformer',
    (...one) => [...nameStep('prefix')(...one), ...nameStep('suffix')(...one)],
  ],
  ['PrefixTransformer', nameStep('prefix')],
  ['SuffixTransformer', nameStep('suffix')],
  [
    'NamespaceTransformer',
    (body, { file }) => {
      const value = nodeAt(body, 'metadata', 'namespace');
      if (value === undefined) return [];
      const specs = fieldSpecsIn(body, 'fieldSpecs');
      const unsetOnly = isTrueAt(body, 'unsetOnly');
      const subjects = subjectMode(body);
      return [each((all) => moved(all, { file, value, specs, unsetOnly, subjects }))];
    },
  ],
  ['PatchTransformer', patchSteps],
  ['PatchJson6902Transformer', jsonSteps],
  [
    'PatchStrategicMergeTransformer',
    (body, place) =>
      ['paths', 'patches'].flatMap((key) => strategicSteps(itemsOf(body, key), place)),
  ],
  [
    'ImageTagTransformer',
    (body, { file }) => {
      const item = nodeAt(body, 'imageTag');
      const change = item === undefined ? undefined : imageChangeFrom(item);
      const specs = fieldSpecsIn(body, 'fieldSpecs');
      return change === undefined ? [] : [each((all) => withImages(all, [change], specs, file))];
    },
  ],
  [
    'ReplicaCountTransformer',
    (body, { file }) => {
      const item = nodeAt(body, 'replica');
      const specs = fieldSpecsIn(body, 'fieldSpecs');
      return item === undefined ? [] : [each((all) => scaled(all, item, specs, file))];
    },
  ],
  [
    'ReplacementTransformer',
    (body, place) => itemsOf(body, 'replacements').flatMap((item) => replacementSteps(item, place)),
  ],
]);

/** The steps of one entry of `transformers`; undefined when it is no built-in one, and may do anything. */
export function builtInSteps(
  config: Resource,
  place: Omit<Place, 'file'>,
): readonly Step[] | undefined {
  const { id, body, file } = config;
  if (id.group !== '' || id.version !== 'builtin' || body === undefined) return undefined;
  return BUILT_IN.get(id.kind)?.(body, { ...place, file });
}
