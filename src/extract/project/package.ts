/** package.json: what a package is called, exports, runs and depends on. */
import type { Node, SourceFile } from '../../facts.ts';
import type {
  Catalog,
  ConditionalTarget,
  Dependency,
  DependencyKind,
  NamedText,
  PackageFacts,
  WorkspacePatterns,
} from '../../project-facts.ts';
import { projectFile } from './file.ts';
import { parseJson } from './json.ts';
import { entriesOf, field, itemsOf, namedTexts, present, textOf } from './nodes.ts';
import { requestedOf } from './versions.ts';

const DEPENDENCY_KINDS: readonly DependencyKind[] = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
];

/**
 * Longest selector of an override, and longest way to a target of exports. Nested names stand in every leaf below them,
 * so that a small hostile file would give very large facts.
 */
const LONGEST_WAY = 512;

export function packageFacts(file: SourceFile): PackageFacts {
  const { node, incomplete } = parseJson(file.text);
  let isCut = false;
  const cut = () => {
    isCut = true;
  };
  const text = (name: string) => textOf(field(node, name));
  const name = text('name');
  const exported = field(node, 'exports');
  const exports = exported === undefined ? undefined : targetsOf(exported, '.', cut);
  const imports = targetsOf(field(node, 'imports'), '', cut);
  const overrides = [
    ...overridesOf(field(node, 'overrides'), cut),
    ...overridesOf(field(node, 'resolutions'), cut),
    ...overridesOf(field(node, 'pnpm', 'overrides'), cut),
  ];
  return {
    kind: 'package',
    ...projectFile(file, incomplete ?? (isCut ? 'too-large' : undefined)),
    ...present({
      name,
      version: text('version'),
      private: isTrue(field(node, 'private')) || undefined,
      type: text('type'),
      main: text('main'),
      module: text('module'),
      source: text('source'),
      types: text('types') ?? text('typings'),
      browser: text('browser'),
      packageManager: text('packageManager'),
      exports,
      workspaces: workspacesOf(field(node, 'workspaces')),
      commandsFolder:
        textOf(field(node, 'oclif', 'commands')) ??
        textOf(field(node, 'oclif', 'commands', 'target')),
    }),
    bin: binOf(field(node, 'bin'), name?.value),
    scripts: namedTexts(field(node, 'scripts')),
    engines: namedTexts(field(node, 'engines')),
    dependencies: DEPENDENCY_KINDS.flatMap((kind) => dependenciesOf(node, kind)),
    overrides,
    imports,
    catalogs: [...catalogsOf(field(node, 'workspaces')), ...catalogsOf(node)],
  };
}

function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}

function dependenciesOf(node: Node | undefined, kind: DependencyKind): Dependency[] {
  return namedTexts(field(node, kind)).map((text) => ({
    ...text,
    kind,
    requested: requestedOf(text.value),
  }));
}

/** npm nests: what is below a package holds for its dependencies only, and `.` for the package itself. */
function overridesOf(root: Node | undefined, cut: () => void): NamedText[] {
  const result: NamedText[] = [];
  const visit = (node: Node | undefined, above: string): void => {
    for (const { key, keyRange, value } of entriesOf(node)) {
      const name = key === '.' && above !== '' ? above : above === '' ? key : `${above}>${key}`;
      const text = textOf(value);
      if (name.length > LONGEST_WAY) cut();
      else if (text !== undefined) result.push({ name, nameRange: keyRange, ...text });
      else visit(value, name);
    }
  };
  visit(root, '');
  return result;
}

function binOf(node: Node | undefined, name: string | undefined): readonly NamedText[] {
  const text = textOf(node);
  if (text === undefined) return namedTexts(node);
  return [{ name: name?.replace(/^@[^/]*\//, '') ?? '', nameRange: text.range, ...text }];
}

function workspacesOf(node: Node | undefined): WorkspacePatterns | undefined {
  const list = node?.kind === 'sequence' ? node : field(node, 'packages');
  if (list?.kind !== 'sequence') return undefined;
  return { tool: 'package.json', patterns: itemsOf(list).flatMap((item) => textOf(item) ?? []) };
}

/** `catalog` and `catalogs` of bun and pnpm. */
export function catalogsOf(node: Node | undefined): readonly Catalog[] {
  const catalogs: Catalog[] = [];
  const add = (name: string, entries: Node | undefined) => {
    if (entries?.kind !== 'map') return;
    catalogs.push({
      name,
      entries: namedTexts(entries).map((text) => ({ ...text, requested: requestedOf(text.value) })),
    });
  };
  add('default', field(node, 'catalog'));
  for (const { key, value } of entriesOf(field(node, 'catalogs'))) add(key, value);
  return catalogs;
}

/** Leaves of `exports` (`whole` is `.`) and `imports` (no subpath of its own: ''). */
function targetsOf(
  root: Node | undefined,
  whole: string,
  cut: () => void,
): readonly ConditionalTarget[] {
  const targets: ConditionalTarget[] = [];
  const leaf = (node: Node, subpath: string, conditions: readonly string[]): void => {
    const length = conditions.reduce((sum, { length }) => sum + length + 1, subpath.length);
    if (length > LONGEST_WAY) cut();
    else if (node.kind === 'scalar') {
      const { value, range } = node;
      if (typeof value === 'string' || value === null)
        targets.push({ subpath, conditions, target: value, range });
    } else if (node.kind === 'sequence')
      for (const item of node.items) leaf(item, subpath, conditions);
    else for (const { key, value } of entriesOf(node)) leaf(value, subpath, [...conditions, key]);
  };
  if (root === undefined) return targets;
  const entries = entriesOf(root);
  const hasSubpaths = entries.some(({ key }) => key.startsWith('.') || key.startsWith('#'));
  if (hasSubpaths) for (const { key, value } of entries) leaf(value, key, []);
  else if (whole !== '') leaf(root, whole, []);
  return targets;
}
