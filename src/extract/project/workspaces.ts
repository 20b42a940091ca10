/** Which folders are packages of one workspace: pnpm-workspace.yaml, lerna.json, rush.json, project.json of Nx. */
import type { Node, SourceFile } from '../../facts.ts';
import type {
  NxProjectFacts,
  NxTarget,
  WorkspaceFacts,
  WorkspacePatterns,
  WorkspaceTool,
} from '../../project-facts.ts';
import { projectFile } from './file.ts';
import { parseJson } from './json.ts';
import { entriesOf, field, itemsOf, namedTexts, present, textOf } from './nodes.ts';
import { catalogsOf } from './package.ts';
import { yamlDocuments } from './yaml.ts';

export function pnpmWorkspaceFacts(file: SourceFile): WorkspaceFacts {
  const { documents, incomplete } = yamlDocuments(file.text);
  const node = documents[0];
  return {
    kind: 'workspace',
    ...projectFile(file, incomplete),
    ...present({ workspaces: patternsOf('pnpm', field(node, 'packages')) }),
    catalogs: catalogsOf(node),
    overrides: namedTexts(field(node, 'overrides')),
  };
}

export function lernaFacts(file: SourceFile): WorkspaceFacts {
  const { node, incomplete } = parseJson(file.text);
  return {
    kind: 'workspace',
    ...projectFile(file, incomplete),
    ...present({ workspaces: patternsOf('lerna', field(node, 'packages')) }),
    catalogs: [],
    overrides: [],
  };
}

export function rushFacts(file: SourceFile): WorkspaceFacts {
  const { node, incomplete } = parseJson(file.text);
  const projects = field(node, 'projects');
  const patterns = itemsOf(projects).flatMap((item) => textOf(field(item, 'projectFolder')) ?? []);
  return {
    kind: 'workspace',
    ...projectFile(file, incomplete),
    ...(projects === undefined ? {} : { workspaces: { tool: 'rush', patterns } }),
    catalogs: [],
    overrides: [],
  };
}

function patternsOf(tool: WorkspaceTool, node: Node | undefined): WorkspacePatterns | undefined {
  if (node?.kind !== 'sequence') return undefined;
  return { tool, patterns: node.items.flatMap((item) => textOf(item) ?? []) };
}

export function nxProjectFacts(file: SourceFile): NxProjectFacts {
  const { node, incomplete } = parseJson(file.text);
  const text = (name: string) => textOf(field(node, name));
  const targets = field(node, 'targets') ?? field(node, 'architect');
  return {
    kind: 'nx-project',
    ...projectFile(file, incomplete),
    ...present({
      name: text('name'),
      root: text('root'),
      sourceRoot: text('sourceRoot'),
      projectType: text('projectType'),
    }),
    targets: entriesOf(targets).map(
      ({ key, keyRange, value }): NxTarget => ({
        name: key,
        nameRange: keyRange,
        ...present({
          executor: textOf(field(value, 'executor')) ?? textOf(field(value, 'builder')),
          command: textOf(field(value, 'command')),
        }),
        options: namedTexts(field(value, 'options')),
      }),
    ),
  };
}
