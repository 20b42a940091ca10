/**
 * Which objects land together in one cluster (rules.md "Contexts"). The repository falls into units: every Kustomize
 * overlay, every branch of plain manifests that are copies of each other, every chart, and all other plain manifests. Each unit is
 * one context. It reports its own objects, and sees those of all units that can be in the cluster with it: an Ingress finds the
 * Service of another overlay, a PodDisruptionBudget in `policies/` counts everywhere. Two units exclude each other when they hold the
 * same object, or objects built from the same document.
 */
import type { FileFacts } from '../../facts.ts';
import { folderOf } from '../../paths.ts';
import type { Context } from '../model.ts';
import { type BuiltObject, builtFrom, placedIn } from './built.ts';
import { nonProductionPartOf } from './environments.ts';
import { imageReferenceOf } from './images.ts';
import { kustomizationsOf, type Surroundings } from './kustomize/kustomize.ts';
import type { ContextObjects, KubernetesObject, LinkSettings } from './objects.ts';
import { branchesOf, nameOf } from './plain.ts';
import { WordIndex } from './relevance.ts';
import { isJoined } from './scope.ts';
import { isFragment, openedBy, renderedUnits, type Unit } from './units.ts';

/**
 * Objects that all contexts of a run see of each other. Only related ones are looked at, but their number may still grow
 * with contexts times objects; beyond this a context leaves the rest alone, and counts it as unread.
 */
const MAX_SIGHTINGS = 50_000;
/** While all contexts together see no more than this, they look at unrelated objects as well: typos are found there. */
const MAX_UNRELATED = 10_000;
/**
 * Units times what they are compared with, about a second of work. With more, each unit is compared with the plain
 * manifests only, or with nothing, and all that it does not look at counts as unread.
 */
const MAX_COMPARISONS = 5_000_000;

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The nearest folder above a file that has a Chart.yaml. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  if (charts.size === 0) return undefined;
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (charts.has(folder)) return folder;
    if (folder === '') return undefined;
  }
}

function chartName(folder: string): string {
  return `the chart ${folder === '' ? '.' : folder} is not rendered`;
}

/** All units. `files` are sorted by path. */
function unitsOf(
  files: readonly FileFacts[],
  settings: LinkSettings,
  surroundings: Surroundings,
): readonly Unit[] {
  const isProduction = (path: string) => nonProductionPartOf(path, settings) === undefined;
  const nothing = {
    choices: new Map<string, string>(),
    unreadKinds: new Set<string>(),
    replacedImages: new Map<string, string>(),
    renamedImages: new Map<string, string>(),
  };
  const { overlays, claimed } = kustomizationsOf(files, surroundings);
  const units = overlays.map((overlay): Unit => {
    const { directory, objects, openBecause, unreadKinds, replacedImages, renamedImages } = overlay;
    const choices = new Map<string, string>();
    for (const { file, facts } of objects) choices.set(`${file.path}#${facts.range[0]}`, directory);
    return {
      kind: 'overlay',
      name: directory === '' ? '.' : directory,
      objects,
      choices,
      openBecause: openBecause ?? openedBy(objects),
      unreadKinds,
      replacedImages,
      renamedImages,
      production: isProduction(directory),
    };
  });
  const charts = new Set(
    files
      .filter(({ path }) => /(?:^|\/)Chart\.ya?ml$/.test(path))
      .map(({ path }) => folderOf(path)),
  );
  const byChart = new Map<string, FileFacts[]>();
  const plain: FileFacts[] = [];
  for (const file of files) {
    if (claimed.has(file.path) || file.kustomization !== undefined) continue;
    if (file.rendered !== undefined) continue;
    const chart = chartOf(file.path, charts);
    const list = chart === undefined ? plain : byChart.get(chart);
    if (list !== undefined) list.push(file);
    else if (chart !== undefined) byChart.set(chart, [file]);
  }
  units.push(...renderedUnits(files, isProduction));
  const objectsOf = (some: readonly FileFacts[]) =>
    some
      .flatMap((file) => file.resources.map((facts) => builtFrom(file, facts)))
      .filter((object) => !isFragment(object));
  const unreadOf = (some: readonly FileFacts[]) =>
    new Set(some.flatMap((file) => file.unread.flatMap(({ kinds }) => kinds)));
  for (const [chart, own] of byChart) {
    const objects = objectsOf(own);
    if (objects.length > 0)
      units.push({
        ...nothing,
        kind: 'chart',
        name: chart === '' ? '.' : chart,
        objects,
        openBecause: chartName(chart),
        unreadKinds: unreadOf(own),
        production: isProduction(chart),
      });
  }
  const [firstChart] = [...charts].sort();
  for (const { name, objects, choices } of branchesOf(objectsOf(plain))) {
    const isRest = name === '';
    const chart = isRest && firstChart !== undefined ? chartName(firstChart) : undefined;
    units.push({
      ...nothing,
      kind: isRest ? 'rest' : 'branch',
      name,
      objects,
      choices,
      openBecause: openedBy(objects) ?? chart,
      // Where a broken document would belong is not known, so it counts with all.
      unreadKinds: isRest ? unreadOf(plain) : nothing.unreadKinds,
      production: isProduction(name),
    });
  }
  return units.sort((a, b) => compareText(a.name, b.name) || compareText(a.kind, b.kind));
}

/** The objects that a context holds so far, by kind and name. */
class Taken {
  private readonly namespaces = new Map<string, Set<string | undefined>>();

  holds(object: BuiltObject): boolean {
    const name = nameOf(object);
    const namespaces = name === undefined ? undefined : this.namespaces.get(name);
    if (namespaces === undefined) return false;
    if (object.namespace === undefined) return true;
    return namespaces.has(undefined) || namespaces.has(object.namespace);
  }

  add(object: BuiltObject): void {
    const name = nameOf(object);
    if (name === undefined) return;
    const namespaces = this.namespaces.get(name);
    if (namespaces === undefined) this.namespaces.set(name, new Set([object.namespace]));
    else namespaces.add(object.namespace);
  }
}

/** Order in which a unit looks at the others: what goes by its own name elsewhere, then its kind of environment. */
function rankedFor(unit: Unit, units: readonly Unit[]): readonly Unit[] {
  const last = unit.name.slice(unit.name.lastIndexOf('/') + 1);
  const rank = (other: Unit) => {
    if (other.kind === 'rest') return 0;
    if (other.name === last || other.name.endsWith(`/${last}`)) return 1;
    return other.production === unit.production ? 2 : 3;
  };
  const ranks = new Map(units.map((other) => [other, rank(other)]));
  return units
    .filter((other) => other !== unit)
    .sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || compareText(a.name, b.name));
}

interface Sight {
  readonly objects: readonly BuiltObject[];
  readonly openBecause: string | undefined;
  readonly unreadKinds: ReadonlySet<string>;
}

/** Kinds to which others refer by name or label. */
const REFERENCES_GO_TO =
  /^(?:Service|Deployment|StatefulSet|DaemonSet|Rollout|DeploymentConfig|ReplicaSet)$/;

/** What a unit sees of the others, without its own objects. */
function sightOf(
  unit: Unit,
  ranked: readonly Unit[],
  index: WordIndex,
  bounds: { readonly related: number; readonly unrelated: number },
): Sight {
  const taken = new Taken();
  for (const object of unit.objects) taken.add(object);
  const choices = new Map(unit.choices);
  const candidates = new Set<BuiltObject>();
  const unreadKinds = new Set<string>();
  let { openBecause } = unit;
  const excluded: Unit[] = [];
  const takeIn = (object: BuiltObject) => {
    if (isJoined(object.group, object.kind) && !taken.holds(object)) candidates.add(object);
  };
  for (const other of ranked) {
    const clashes =
      [...other.choices].some(([what, choice]) => (choices.get(what) ?? choice) !== choice) ||
      (other.kind !== 'rest' && other.objects.some((object) => taken.holds(object)));
    if (clashes) {
      excluded.push(other);
      continue;
    }
    for (const object of other.objects) takeIn(object);
    for (const object of other.objects) taken.add(object);
    for (const [what, choice] of other.choices) choices.set(what, choice);
    openBecause ??= other.openBecause ?? other.opensOthers;
    if (other.kind !== 'chart') for (const kind of other.unreadKinds) unreadKinds.add(kind);
  }
  // What is in no branch is deployed with any of them: what it refers to may be in one only.
  if (unit.kind === 'rest')
    for (const object of excluded.flatMap((other) => other.objects)) {
      if (!REFERENCES_GO_TO.test(object.kind)) continue;
      takeIn(object);
      taken.add(object);
    }
  const related =
    candidates.size <= bounds.unrelated
      ? [...candidates]
      : index.relatedTo(unit.objects, candidates);
  if (related.length > bounds.related) {
    openBecause ??= 'these files have too many objects of other contexts to look at them all';
    for (const { kind } of related.slice(bounds.related)) unreadKinds.add(kind);
  }
  return { objects: related.slice(0, bounds.related), openBecause, unreadKinds };
}

/** What `kustomize edit set image` changes is a kustomization: plain manifests keep their tag. */
const EDITS_KUSTOMIZATION = /^kustomize edit/;

/** Replacements that automation makes in a kind of unit: image name to who does it. */
function automatedImagesOf(
  files: readonly FileFacts[],
  kind: Unit['kind'],
): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const { automation } of files)
    for (const { image, by } of automation?.imageReplacements ?? []) {
      if (kind !== 'overlay' && EDITS_KUSTOMIZATION.test(by)) continue;
      for (const name of image === '*' ? [image] : [image, imageReferenceOf(image).repository])
        if (!images.has(name)) images.set(name, by);
    }
  return images;
}

/** Replacements in one unit: its own, those of automation, and these under the names that the unit gives the images. */
function replacedIn(
  unit: Unit,
  automated: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const replaced = new Map([...automated, ...unit.replacedImages]);
  for (const [newName, name] of unit.renamedImages) {
    const by = replaced.get(name);
    if (by !== undefined) replaced.set(newName, by);
  }
  return replaced;
}

/** The contexts of all files, sorted by name. Pure; the order of `files` does not matter. */
export function contextsOf(
  files: readonly FileFacts[],
  settings: LinkSettings,
  surroundings: Surroundings = {},
): readonly ContextObjects[] {
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  const units = unitsOf(sorted, settings, surroundings);
  const automated = {
    overlay: automatedImagesOf(sorted, 'overlay'),
    plain: automatedImagesOf(sorted, 'rest'),
  };
  const rest = units.filter((unit) => unit.kind === 'rest');
  const sizeOf = (some: readonly Unit[]) =>
    some.reduce((sum, unit) => sum + 1 + unit.objects.length, 0);
  const fits = (some: readonly Unit[]) => units.length * sizeOf(some) <= MAX_COMPARISONS;
  const seesAll = fits(units);
  const lookedAt = seesAll ? units : fits(rest) ? rest : [];
  const unrelated = Math.floor(MAX_UNRELATED / units.length);
  let sightingsLeft = MAX_SIGHTINGS;
  // What a context does not look at counts as unread there.
  const tooMany = seesAll ? undefined : 'these files have too many alternatives';
  const unseenKinds = seesAll
    ? []
    : [...new Set(units.flatMap((unit) => unit.objects.map(({ kind }) => kind)))];
  const index = new WordIndex(units.flatMap((unit) => unit.objects));
  const shown = units.filter((unit) => unit.objects.length > 0);
  return (shown.length > 0 ? shown : rest).map((unit) => {
    const sight = sightOf(unit, rankedFor(unit, lookedAt), index, {
      related: sightingsLeft,
      unrelated,
    });
    sightingsLeft -= sight.objects.length;
    const openBecause = sight.openBecause ?? tooMany;
    const contextNamed = (name: string, production: boolean): Context => ({
      name,
      production,
      ...(openBecause === undefined ? {} : { openBecause }),
    });
    const context = contextNamed(unit.name, unit.production);
    const elsewhere = contextNamed(unit.name, unit.production);
    // Plain manifests of an environment have a context of their own, although they see all others.
    const environments = new Map<string, Context>();
    const contextOf = ({ file }: BuiltObject): Context => {
      const isWhole = unit.kind === 'overlay' || file.rendered !== undefined;
      if (isWhole || !unit.production) return context;
      const part = nonProductionPartOf(folderOf(file.path), settings);
      if (part === undefined) return context;
      const known = environments.get(part) ?? contextNamed(part, false);
      environments.set(part, known);
      return known;
    };
    const own = unit.objects.map((object): KubernetesObject => placedIn(contextOf(object), object));
    const others = sight.objects.map((object) => placedIn(elsewhere, object));
    return {
      context,
      objects: [...own, ...others],
      elsewhere,
      unreadKinds: new Set([...unit.unreadKinds, ...sight.unreadKinds, ...unseenKinds]),
      replacedImages: replacedIn(
        unit,
        unit.kind === 'overlay' ? automated.overlay : automated.plain,
      ),
    };
  });
}
