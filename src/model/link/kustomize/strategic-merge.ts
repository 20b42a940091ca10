/**
 * Strategic merge patches as Kustomize applies them (kyaml merge2): new and patched items of a list stand in front, a null or
 * `$patch: delete` removes, lists without merge keys are replaced. What comes from the patch keeps its own file and place.
 */
import type { FileFacts, MapEntry, MapNode, Node, SequenceNode } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { type Shape, shapeOf } from './schema.ts';
import { entryOf, isNull, isSameScalar, textAt, withItems, writtenText } from './tree.ts';

const DIRECTIVE = '$patch';

type Directive = 'merge' | 'replace' | 'delete';

function directiveOf(node: Node | undefined): Directive {
  const text =
    node?.kind === 'sequence'
      ? textAt(node.items.find(isListDirective), DIRECTIVE)
      : textAt(node, DIRECTIVE);
  return text === 'delete' || text === 'replace' ? text : 'merge';
}

/** An item that is nothing but `$patch: replace` is meant for its list. */
function isListDirective(item: Node): boolean {
  return item.kind === 'map' && item.entries.length === 1 && item.entries[0]?.key === DIRECTIVE;
}

/** A null that stands there as a word. Kustomize keeps it in what no patch touches, and drops the ones that are left out. */
function isWrittenNull(node: Node): boolean {
  return isNull(node) && node.kind === 'scalar' && node.text !== '';
}

/** The shape of a nested object that says its own kind. */
function shapeFor(node: Node | undefined, shape: Shape | undefined): Shape | undefined {
  if (shape !== undefined || node?.kind !== 'map') return shape;
  const apiVersion = textAt(node, 'apiVersion');
  const kind = textAt(node, 'kind');
  return apiVersion === undefined || kind === undefined ? undefined : shapeOf(apiVersion, kind);
}

/**
 * The base with the patch merged in; undefined when the patch deletes it. `hasOwnSchema`: nobody knows how lists merge, so
 * those that both have become unknown.
 */
export function strategicMerge(
  base: MapNode,
  patch: MapNode,
  file: FileFacts,
  hasOwnSchema = false,
): MapNode | undefined {
  const merged = new Merge(file, hasOwnSchema).maps(base, patch, shapeFor(base, undefined));
  return merged === undefined || merged.entries.length === 0 ? undefined : merged;
}

class Merge {
  private readonly file: FileFacts;
  private readonly hasOwnSchema: boolean;

  constructor(file: FileFacts, hasOwnSchema: boolean) {
    this.file = file;
    this.hasOwnSchema = hasOwnSchema;
  }

  maps(base: MapNode, patch: MapNode, given: Shape | undefined): MapNode | undefined {
    const shape = shapeFor(base, given);
    const directive = directiveOf(patch);
    if (directive === 'delete') return undefined;
    if (directive === 'replace') {
      const entries = this.patchOnly(patch, shape)?.entries ?? [];
      return {
        kind: 'map',
        entries: entries.map((e) => standingIn(this.file, e)),
        range: base.range,
      };
    }
    const patches = new Map(patch.entries.map((entry) => [entry.key, entry]));
    patches.delete(DIRECTIVE);
    const entries: MapEntry[] = [];
    let isChanged = false;
    for (const entry of base.entries) {
      const other = patches.get(entry.key);
      patches.delete(entry.key);
      const result = this.entries(entry, other, shape?.fields?.[entry.key]);
      if (result !== entry) isChanged = true;
      if (result !== undefined) entries.push(result);
    }
    for (const entry of patches.values()) {
      const result = this.entries(undefined, entry, shape?.fields?.[entry.key]);
      if (result === undefined) continue;
      isChanged = true;
      entries.push(result);
    }
    return isChanged ? inPlaceOf(base, { kind: 'map', entries, range: base.range }) : base;
  }

  private entries(
    base: MapEntry | undefined,
    patch: MapEntry | undefined,
    shape: Shape | undefined,
  ): MapEntry | undefined {
    if (patch === undefined) {
      if (base === undefined) return undefined;
      const value = this.baseOnly(base.value, shape);
      if (value === undefined) return undefined;
      return value === base.value ? base : inPlaceOf(base, { ...base, value });
    }
    if (base === undefined || isNull(base.value)) {
      const value = this.patchOnlyNode(patch.value, shape);
      return value === undefined ? undefined : standingIn(this.file, { ...patch, value });
    }
    if (isNull(patch.value)) return undefined;
    if (isSameScalar(base.value, patch.value)) return base;
    if (base.value.kind === 'map' && patch.value.kind === 'map') {
      const value = this.maps(base.value, patch.value, shape);
      if (value === undefined) return undefined;
      return value === base.value ? base : inPlaceOf(base, { ...base, value });
    }
    const areLists = base.value.kind === 'sequence' && patch.value.kind === 'sequence';
    if (areLists && this.hasOwnSchema) {
      const why = 'a list that merges as an openapi file says';
      const value: Node = { kind: 'unknown', why, range: patch.value.range };
      return standingIn(this.file, { ...patch, value });
    }
    if (
      shape?.keys !== undefined &&
      base.value.kind === 'sequence' &&
      patch.value.kind === 'sequence'
    ) {
      const value = this.lists(base.value, patch.value, shape, shape.keys);
      return value === undefined ? undefined : inPlaceOf(base, { ...base, value });
    }
    return standingIn(this.file, patch);
  }

  /** What Kustomize makes of something that the patch does not name: nulls that are only left out go. */
  private baseOnly(node: Node, given: Shape | undefined): Node | undefined {
    if (isNull(node)) return isWrittenNull(node) ? node : undefined;
    if (node.kind === 'map') {
      const shape = shapeFor(node, given);
      const entries = node.entries.flatMap((entry): readonly MapEntry[] => {
        const result = this.entries(entry, undefined, shape?.fields?.[entry.key]);
        return result === undefined ? [] : [result];
      });
      const isSame =
        entries.length === node.entries.length &&
        entries.every((entry, index) => entry === node.entries[index]);
      return isSame ? node : inPlaceOf(node, { ...node, entries });
    }
    if (node.kind === 'sequence' && given?.keys !== undefined)
      return withItems(
        node,
        node.items.flatMap((item) => this.baseOnly(item, given.items) ?? []),
      );
    return node;
  }

  private patchOnlyNode(node: Node, shape: Shape | undefined): Node | undefined {
    if (isNull(node)) return undefined;
    if (node.kind === 'map') return this.patchOnly(node, shape);
    if (node.kind === 'sequence' && shape?.keys !== undefined) {
      if (directiveOf(node) === 'delete') return undefined;
      const items = node.items
        .filter((item) => !isListDirective(item))
        .flatMap((item) => this.patchOnlyNode(item, shape.items) ?? []);
      return { ...node, items };
    }
    return node;
  }

  /** What a patch adds, without its directives and nulls. */
  private patchOnly(patch: MapNode, given: Shape | undefined): MapNode | undefined {
    if (directiveOf(patch) === 'delete') return undefined;
    const shape = shapeFor(patch, given);
    const entries = patch.entries.flatMap((entry): readonly MapEntry[] => {
      if (entry.key === DIRECTIVE) return [];
      const value = this.patchOnlyNode(entry.value, shape?.fields?.[entry.key]);
      return value === undefined ? [] : [value === entry.value ? entry : { ...entry, value }];
    });
    return { ...patch, entries };
  }

  private lists(
    base: SequenceNode,
    patch: SequenceNode,
    shape: Shape,
    keys: readonly string[],
  ): SequenceNode | undefined {
    const directive = directiveOf(patch);
    if (directive === 'delete') return undefined;
    const added = patch.items.filter((item) => !isListDirective(item));
    if (directive === 'replace') {
      const items = added.flatMap((item) => this.patchOnlyNode(item, shape.items) ?? []);
      return { ...base, items: items.map((item) => standingIn(this.file, item)) };
    }
    const merged = keys[0] === '' ? this.texts(base, added) : this.keyed(base, added, shape, keys);
    return { kind: 'sequence', items: merged, range: base.range };
  }

  private texts(base: SequenceNode, added: readonly Node[]): readonly Node[] {
    const seen = new Set<string | undefined>();
    const isNew = (item: Node) => {
      const text = writtenText(item);
      if (text !== undefined && seen.has(text)) return false;
      seen.add(text);
      return true;
    };
    return [
      ...added.filter(isNew).map((item) => standingIn(this.file, item)),
      ...base.items.filter(isNew),
    ];
  }

  /** Items with keys. The steps are Kustomize's own, because its order of items depends on them. */
  private keyed(
    base: SequenceNode,
    added: readonly Node[],
    shape: Shape,
    keys: readonly string[],
  ): readonly Node[] {
    let rest: readonly Cell[] = base.items.map((node) => ({ node }));
    const patches: readonly Cell[] = added.map((node) => ({ node }));
    const lists = mergedValues(distinct([...patches, ...rest].map((cell) => valuesOf(cell, keys))));
    let result: readonly Cell[] = [];
    let used = keys;
    for (const values of lists) {
      const valid = validKeys(lists, values, keys);
      used = valid.keys;
      const own = validKeys([valid.values], valid.values, valid.keys);
      const cell = rest.find((one) => matches(one, own.keys, own.values));
      const patch = patches.find((one) => matches(one, own.keys, own.values));
      const merged = this.cell(cell, patch, shape.items);
      if (merged === undefined) rest = without(rest, valid.keys, valid.values);
      else result = placed(result, merged, valid.keys, valid.values);
    }
    for (const cell of rest) {
      const values = used.map((key) => fieldText(cell.node, key));
      const known = values.filter((value) => value !== undefined);
      if (known.length < values.length) result = [...result, cell];
      if (known.length === 0) continue;
      if (used.length > 1) result = without(result, used, known);
      result = placed(result, cell, used, known);
    }
    return result.map(({ node }) => node);
  }

  private cell(
    base: Cell | undefined,
    patch: Cell | undefined,
    shape: Shape | undefined,
  ): Cell | undefined {
    if (patch === undefined) {
      if (base !== undefined) base.node = this.baseOnly(base.node, shape) ?? base.node;
      return base;
    }
    if (base === undefined || base.node.kind !== 'map' || patch.node.kind !== 'map') {
      const node = this.patchOnlyNode(patch.node, shape);
      return node === undefined ? undefined : { node: standingIn(this.file, node) };
    }
    if (directiveOf(patch.node) === 'replace') {
      const node = this.patchOnly(patch.node, shape);
      return node === undefined ? undefined : { node: standingIn(this.file, node) };
    }
    const node = this.maps(base.node, patch.node, shape);
    if (node === undefined || node.entries.length === 0) return undefined;
    base.node = inPlaceOf(base.node, node);
    return base;
  }
}

/** An item of a list that several lists may hold at once. */
interface Cell {
  node: Node;
}

function fieldText(node: Node, key: string): string | undefined {
  if (node.kind !== 'map') return undefined;
  const value = entryOf(node, key)?.value;
  return value === undefined || isNull(value) ? undefined : writtenText(value);
}

function valuesOf({ node }: Cell, keys: readonly string[]): readonly string[] {
  return keys.map((key) => fieldText(node, key) ?? '');
}

function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lists.map((values) => [JSON.stringify(values), values])).values()];
}

/** Values that agree in all that both of them say are those of one item. */
function mergedValues(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const result = [...lists];
  if ((lists[0]?.length ?? 0) < 2) return result;
  for (const i of result.keys())
    for (const j of result.keys()) {
      const both = agreed(result[i] ?? [], result[j] ?? []);
      if (both === undefined) continue;
      result[i] = both;
      result[j] = both;
    }
  return result;
}

function agreed(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  if (!a.some((value, index) => value === b[index])) return undefined;
  if (a.some((value, index) => value !== b[index] && value !== '' && b[index] !== ''))
    return undefined;
  return a.map((value, index) => (value === '' ? (b[index] ?? '') : value));
}

/** The keys that any of the lists has a value for, with the values; all keys when none has. */
function validKeys(
  lists: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): { readonly keys: readonly string[]; readonly values: readonly string[] } {
  const used = keys.map((_, index) => lists.some((list) => (list[index] ?? '') !== ''));
  if (!used.includes(true)) return { keys, values };
  return {
    keys: keys.filter((_, index) => used[index]),
    values: values.filter((_, index) => used[index]),
  };
}

/** A field that has the value, or any value when '' is wanted. */
function matches({ node }: Cell, keys: readonly string[], values: readonly string[]): boolean {
  return keys.every((key, index) => {
    const text = fieldText(node, key);
    return text !== undefined && (values[index] === '' || text === values[index]);
  });
}

/** Fewer values than keys: the first ones alone decide. */
function isPlacedAt({ node }: Cell, keys: readonly string[], values: readonly string[]): boolean {
  return values.length > 0 && matches({ node }, keys.slice(0, values.length), values);
}

function without(
  cells: readonly Cell[],
  keys: readonly string[],
  values: readonly string[],
): readonly Cell[] {
  return cells.filter((cell) => !isPlacedAt(cell, keys, values));
}

/** The list with an item in the place of the ones that match, or at its end. */
function placed(
  cells: readonly Cell[],
  cell: Cell,
  keys: readonly string[],
  values: readonly string[],
): readonly Cell[] {
  return cells.some((one) => isPlacedAt(one, keys, values))
    ? cells.map((one) => (isPlacedAt(one, keys, values) ? cell : one))
    : [...cells, cell];
}

/** A patch of which only the shape is certain: every value that it sets becomes unknown. */
export function blurred(patch: Node, why: string): Node {
  if (patch.kind === 'map') {
    const entries = patch.entries
      .filter((entry) => !entry.key.startsWith('$'))
      .map((entry) =>
        IDENTIFYING.has(entry.key) && entry.value.kind === 'scalar'
          ? entry
          : { ...entry, value: blurred(entry.value, why) },
      );
    return { ...patch, entries };
  }
  if (patch.kind === 'sequence' && patch.items.length > 0 && patch.items.every(isNamed))
    return { ...patch, items: patch.items.map((item) => blurred(item, why)) };
  return { kind: 'unknown', why, range: patch.range };
}

const IDENTIFYING: ReadonlySet<string> = new Set([
  'name',
  'mountPath',
  'devicePath',
  'containerPort',
  'port',
  'topologyKey',
  'ip',
]);

function isNamed(item: Node): boolean {
  return item.kind === 'map' && item.entries.some((entry) => IDENTIFYING.has(entry.key));
}
