/** `configurations:` of a kustomization: field specifications beyond Kustomize's own. */
import type { Node } from '../../../facts.ts';
import { type Configuration, DEFAULTS, type NameReference } from './defaults.ts';
import { type FieldSpec, fieldSpecFrom, isAbout, selectorFrom } from './field-spec.ts';
import { itemsOf } from './tree.ts';

/** Field specifications of one kind that one file may add. */
const MAX_SPECS = 1000;

const KEYS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'volumeClaimTemplateLabels',
  'commonAnnotations',
  'images',
  'replicas',
  'varReference',
] as const;

export function fieldSpecsIn(node: Node, key: string): readonly FieldSpec[] {
  if (node.kind !== 'map') return [];
  return itemsOf(node, key)
    .slice(0, MAX_SPECS)
    .flatMap((item) => fieldSpecFrom(item) ?? []);
}

/** A specification that one there already covers adds nothing. */
export function withSpecs(
  own: readonly FieldSpec[],
  more: readonly FieldSpec[],
): readonly FieldSpec[] {
  const result = [...own];
  for (const one of more) {
    const path = one.path.join('\n');
    const isThere = result.some(
      (other) => other.path.join('\n') === path && isNarrowed(other, one),
    );
    if (!isThere) result.push(one);
  }
  return result.length === own.length ? own : result;
}

/** Kustomize takes a specification for the same as one that is there and is about a part of its kinds. */
function isNarrowed({ group = '', version = '', kind = '' }: FieldSpec, wider: FieldSpec): boolean {
  return isAbout(wider, { group, version, kind });
}

function sameTarget(a: NameReference, b: NameReference): boolean {
  const { group, version, kind } = b.target;
  return a.target.group === group && a.target.version === version && a.target.kind === kind;
}

function withReferences(
  own: readonly NameReference[],
  more: readonly NameReference[],
): readonly NameReference[] {
  const result = [...own];
  for (const one of more) {
    const index = result.findIndex((other) => sameTarget(other, one));
    const other = result[index];
    if (other === undefined) result.push(one);
    else if (other !== one)
      result[index] = { ...other, referrers: withSpecs(other.referrers, one.referrers) };
  }
  return result;
}

/** A configuration that says nothing. */
export const EMPTY: Configuration = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  volumeClaimTemplateLabels: [],
  commonAnnotations: [],
  images: [],
  replicas: [],
  varReference: [],
  nameReference: [],
};

/** Kustomize's order of specifications: those of a kind first, since they hide the ones of every kind that come later. */
function sorted(specs: readonly FieldSpec[]): readonly FieldSpec[] {
  const word = ({ group = '~G', version = '~V', kind = '~K' }: FieldSpec) =>
    `${group}_${version}_${kind}`;
  return [...specs].sort((a, b) => {
    const [x, y] = [word(a), word(b)];
    return x === y ? 0 : x < y ? -1 : 1;
  });
}

/** Both configurations as one. */
export function mergedConfiguration(own: Configuration, more: Configuration): Configuration {
  if (own === more || more === EMPTY) return own;
  if (own === EMPTY && more === DEFAULTS) return more;
  const specs = Object.fromEntries(
    KEYS.map((key) => [key, sorted(withSpecs(own[key], more[key]))]),
  );
  return { ...own, ...specs, nameReference: withReferences(own.nameReference, more.nameReference) };
}

/** What the text of a file configures. */
export function configurationFrom(node: Node): Configuration {
  if (node.kind !== 'map') return EMPTY;
  const specs = Object.fromEntries(KEYS.map((key) => [key, sorted(fieldSpecsIn(node, key))]));
  const nameReference = itemsOf(node, 'nameReference')
    .slice(0, MAX_SPECS)
    .map((item) => ({ target: selectorFrom(item), referrers: fieldSpecsIn(item, 'fieldSpecs') }));
  return { ...EMPTY, ...specs, nameReference };
}
