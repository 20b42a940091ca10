/** Files of variables and processes: .env and Procfile. */
import type { SourceFile } from '../../facts.ts';
import type { EnvironmentFacts, NamedText, ProcfileFacts } from '../../project-facts.ts';
import { projectFile } from './file.ts';

const EXAMPLE = /(?:^|[.-])(?:example|sample|template|tmpl|dist|defaults?)(?:\.|$)/i;

/** Follows dotenv: three kinds of quotes, values over several lines, `export`, comments. */
export function environmentFacts(file: SourceFile): EnvironmentFacts {
  const { path, text } = file;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const variables = new Map<string, NamedText>();
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const variable = variableAt(text, at);
    if (variable !== undefined) {
      variables.delete(variable.name);
      variables.set(variable.name, variable);
      at = variable.range[1];
    }
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  }
  return {
    kind: 'environment',
    ...projectFile(file, undefined),
    example: EXAMPLE.test(name),
    variables: [...variables.values()],
  };
}

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*/y;
const PLAIN = /[^#\r\n]*/y;

function variableAt(text: string, at: number): NamedText | undefined {
  ASSIGNMENT.lastIndex = at;
  const match = ASSIGNMENT.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  const nameStart = at + match[0].indexOf(name, /^[ \t]*export[ \t]+/.exec(match[0])?.[0].length);
  const nameRange = [nameStart, nameStart + name.length] as const;
  const start = ASSIGNMENT.lastIndex;
  const quote = text.charAt(start);
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = closing(text, start);
    if (end !== undefined) {
      const inner = text.slice(start + 1, end);
      const value =
        quote === '"' ? inner.replace(/\\([nr"])/g, (_, c) => ESCAPES.get(c) ?? c) : inner;
      return { name, nameRange, value, range: [start, end + 1] };
    }
  }
  PLAIN.lastIndex = start;
  const value = (PLAIN.exec(text)?.[0] ?? '').trimEnd();
  return { name, nameRange, value, range: [start, start + value.length] };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['"', '"'],
]);

/** Offset of the quote that closes the one at `start`. */
function closing(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  let end = start;
  do {
    end = text.indexOf(quote, end + 1);
    if (end < 0) return undefined;
  } while (text.charAt(end - 1) === '\\' && end - 1 > start);
  return end;
}

const PROCESS = /^\uFEFF?([A-Za-z0-9_-]+):[ \t]*([^\r\n]*)/gm;

export function procfileFacts(file: SourceFile): ProcfileFacts {
  const processes: NamedText[] = [];
  for (const match of file.text.matchAll(PROCESS)) {
    const [whole, name = '', rest = ''] = match;
    const value = rest.trimEnd();
    const nameStart = match.index + whole.indexOf(name);
    const start = match.index + whole.length - rest.length;
    processes.push({
      name,
      nameRange: [nameStart, nameStart + name.length],
      value,
      range: [start, start + value.length],
    });
  }
  return { kind: 'procfile', ...projectFile(file, undefined), processes };
}
