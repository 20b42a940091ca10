/** Settings of frameworks that are data: nest-cli.json, serverless.yml, wrangler.toml and wrangler.json. */
import type { Node, SourceFile } from '../../facts.ts';
import type {
  NestFacts,
  NestProject,
  PlacedText,
  ServerlessFacts,
  WranglerFacts,
} from '../../project-facts.ts';
import { projectFile } from './file.ts';
import { parseJson } from './json.ts';
import { entriesOf, field, present, textOf } from './nodes.ts';
import { symbolicText, yamlDocuments } from './yaml.ts';

export function nestFacts(file: SourceFile): NestFacts {
  const { node, incomplete } = parseJson(file.text);
  const projects = node === undefined ? [] : [nestProject('', node)];
  for (const { key, value } of entriesOf(field(node, 'projects')))
    projects.push(nestProject(key, value));
  return { kind: 'nest', ...projectFile(file, incomplete), projects };
}

function nestProject(name: string, node: Node): NestProject {
  return {
    name,
    ...present({
      type: textOf(field(node, 'type')),
      root: textOf(field(node, 'root')),
      sourceRoot: textOf(field(node, 'sourceRoot')),
      entryFile: textOf(field(node, 'entryFile')),
      tsConfigPath: textOf(field(node, 'compilerOptions', 'tsConfigPath')),
    }),
  };
}

export function serverlessFacts(file: SourceFile): ServerlessFacts {
  const { documents, incomplete } = yamlDocuments(file.text);
  const node = documents[0];
  const functions = field(node, 'functions');
  const text = (at: Node | undefined) => symbolicText(at, file.text);
  // `functions: ${file(functions.yml)}` and a list of such texts stand for functions that are elsewhere.
  const elsewhere = functions !== undefined && functions.kind !== 'map';
  return {
    kind: 'serverless',
    ...projectFile(file, incomplete ?? (elsewhere ? 'unsupported' : undefined)),
    ...present({ runtime: text(field(node, 'provider', 'runtime')) }),
    functions: entriesOf(functions).map(({ key, keyRange, value }) => ({
      name: key,
      nameRange: keyRange,
      ...present({
        handler: text(field(value, 'handler')),
        runtime: text(field(value, 'runtime')),
        timeout: text(field(value, 'timeout')),
      }),
    })),
  };
}

export function wranglerFacts(file: SourceFile): WranglerFacts {
  if (!file.path.endsWith('.toml')) {
    const { node, incomplete } = parseJson(file.text);
    return {
      kind: 'wrangler',
      ...projectFile(file, incomplete),
      ...present({ name: textOf(field(node, 'name')), main: textOf(field(node, 'main')) }),
    };
  }
  return {
    kind: 'wrangler',
    ...projectFile(file, undefined),
    ...present({ name: tomlText(file.text, 'name'), main: tomlText(file.text, 'main') }),
  };
}

/** A text on the top level of a TOML file: `key = "value"` in front of the first table. */
function tomlText(text: string, key: string): PlacedText | undefined {
  const line =
    /^\uFEFF?[ \t]*(?:(\[)|("?)([\w-]+)\2[ \t]*=[ \t]*(?:"([^"\\\r\n]*)"|'([^'\r\n]*)'))/gm;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    if (match[1] !== undefined) return undefined;
    const value = match[4] ?? match[5];
    if (match[3] !== key || value === undefined) continue;
    const end = match.index + match[0].length;
    return { value, range: [end - value.length - 2, end] };
  }
  return undefined;
}
