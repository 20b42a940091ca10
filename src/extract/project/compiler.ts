/** tsconfig*.json and jsconfig.json. Only what says where sources are and how specifiers lead to them. */
import type { Node, SourceFile } from '../../facts.ts';
import type { CompilerFacts, PathMapping, PlacedText } from '../../project-facts.ts';
import { projectFile } from './file.ts';
import { parseJson } from './json.ts';
import { entriesOf, field, itemsOf, present, textOf, textsOf } from './nodes.ts';

export function compilerFacts(file: SourceFile): CompilerFacts {
  const { node, incomplete } = parseJson(file.text);
  const options = field(node, 'compilerOptions');
  const option = (name: string) => textOf(field(options, name));
  const paths = field(options, 'paths');
  return {
    kind: 'compiler',
    ...projectFile(file, incomplete),
    extends: textsOf(field(node, 'extends')),
    ...present({
      baseUrl: option('baseUrl'),
      paths: paths?.kind === 'map' ? pathsOf(paths) : undefined,
      rootDir: option('rootDir'),
      rootDirs: listOf(field(options, 'rootDirs')),
      outDir: option('outDir'),
      module: option('module'),
      moduleResolution: option('moduleResolution'),
      jsx: option('jsx'),
      customConditions: listOf(field(options, 'customConditions')),
      allowJs: flagOf(field(options, 'allowJs')),
      emitDecoratorMetadata: flagOf(field(options, 'emitDecoratorMetadata')),
    }),
    references: itemsOf(field(node, 'references')).flatMap(
      (reference) => textOf(field(reference, 'path')) ?? [],
    ),
    ...present({
      files: listOf(field(node, 'files')),
      include: listOf(field(node, 'include')),
      exclude: listOf(field(node, 'exclude')),
    }),
  };
}

function pathsOf(paths: Node): readonly PathMapping[] {
  return entriesOf(paths).map(({ key, keyRange, value }) => ({
    pattern: key,
    patternRange: keyRange,
    targets: textsOf(value),
  }));
}

function listOf(node: Node | undefined): readonly PlacedText[] | undefined {
  return node?.kind === 'sequence' ? textsOf(node) : undefined;
}

function flagOf(node: Node | undefined): boolean | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;
}
