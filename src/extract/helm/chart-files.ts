/** `.Files`: the files of a chart that are no templates, for the templates of this chart only. */
import type { ChartFile } from '../../facts.ts';
import { operand } from './capabilities.ts';
import { dataIn, textIn } from './files.ts';
import { globOf } from './glob.ts';
import { textOf, unknownText } from './text.ts';
import {
  type Dict,
  type GoValue,
  type Native,
  type Operand,
  TemplateError,
  Text,
} from './value.ts';

const DIALECT = { doubleStar: true, alternatives: true };

/** Writes a map as YAML, as the function `toYaml` does. */
export type WriteYaml = (dict: Dict) => Operand;

const EMPTY: Operand = operand(textOf(''));

function contentOf(file: ChartFile): Text {
  const text = textIn(file);
  if (text === undefined) return unknownText(`the content of ${file.path} is no text`);
  return textOf(text, [], { path: file.path, range: [0, text.length] });
}

function base64Of(file: ChartFile): Text {
  return textOf(Buffer.from(dataIn(file)).toString('base64'));
}

function nameIn(args: readonly Operand[]): string | undefined {
  const value = args[0]?.value;
  return value instanceof Text && value.unknown === undefined ? value.value : undefined;
}

/** The files of a chart, or those of them that a pattern matches. Names are relative to the chart: none leads out of it. */
export function chartFiles(files: ReadonlyMap<string, ChartFile>, writeYaml: WriteYaml): Native {
  const dictOf = (content: (file: ChartFile) => Text, key: (name: string) => string): Dict =>
    new Map([...files].map(([name, file]) => [key(name), operand(content(file))]));
  const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  const get = (args: readonly Operand[]): Operand => {
    const name = nameIn(args);
    if (name === undefined) return operand(unknownText('the name of the file is unknown'));
    const file = files.get(name);
    return file === undefined ? EMPTY : operand(contentOf(file));
  };
  const lines = (args: readonly Operand[]): GoValue => {
    const { value } = get(args);
    if (!(value instanceof Text) || value.value === '') return [];
    return value.value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => operand(textOf(line)));
  };
  const glob = (args: readonly Operand[]): GoValue => {
    const pattern = nameIn(args);
    if (pattern === undefined) throw new TemplateError('the pattern of .Files.Glob is unknown');
    const matches = globOf(pattern, DIALECT) ?? (() => true);
    return chartFiles(new Map([...files].filter(([name]) => matches(name))), writeYaml);
  };
  return {
    native: 'files',
    contents: () => dictOf(contentOf, (name) => name),
    member: (name, args) => {
      switch (name) {
        case 'Get':
        case 'GetBytes':
          return get(args);
        case 'Glob':
          return operand(glob(args));
        case 'Lines':
          return operand(lines(args));
        case 'AsConfig':
          return writeYaml(dictOf(contentOf, baseName));
        case 'AsSecrets':
          return writeYaml(dictOf(base64Of, baseName));
        default: {
          const file = files.get(name);
          return file === undefined ? undefined : operand(contentOf(file));
        }
      }
    },
  };
}
