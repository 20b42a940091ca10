/** The header of a document without parsing the rest of it: large objects of kinds that nobody reads are cheap. */

/** One top-level key with all that belongs to it; offsets in the file. */
interface Section {
  readonly start: number;
  readonly end: number;
}

/** The header of an object that is written as a block, as far as lines tell. */
export interface LineHeader {
  readonly apiVersion: string;
  readonly kind: string;
  readonly kindRange: readonly [number, number];
  readonly metadata: Section | undefined;
}

/** Name and namespace of an object, and whether the namespace is a placeholder. */
export interface LineNames {
  readonly name?: string;
  readonly namespace?: string;
}

const CHILD = /^( +)([A-Za-z][\w-]*):(.*)$/;
const PLAIN_NAME = /^[ \t]+([a-z][a-z0-9.-]*)[ \t]*$/;
/** Plain scalars that YAML reads as something else than text. */
const NO_TEXT = /^(?:y|n|yes|no|on|off|true|false|null)$/;

/**
 * Name and namespace in the lines of a metadata section, when they are plain and nothing else can change them; undefined
 * when a parser must look.
 */
export function lineNamesOf(text: string): LineNames | undefined {
  const [first = '', ...lines] = text.split('\n');
  if (!/^(["']?)metadata\1[ \t]*:[ \t]*(?:#.*)?\r?$/.test(first)) return undefined;
  let indent: string | undefined;
  const names: { name?: string; namespace?: string } = {};
  for (const raw of lines) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const depth = line.length - line.trimStart().length;
    if (depth === 0) return undefined;
    if (indent !== undefined && depth > indent.length) continue;
    const [, spaces, key, value = ''] = CHILD.exec(line) ?? [];
    if (spaces === undefined || (indent !== undefined && spaces !== indent)) return undefined;
    indent = spaces;
    if (key !== 'name' && key !== 'namespace') continue;
    const plain = PLAIN_NAME.exec(value)?.[1];
    if (plain === undefined || NO_TEXT.test(plain) || names[key] !== undefined) return undefined;
    names[key] = plain;
  }
  return names;
}

const LINE = /^(["']?)(apiVersion|kind|metadata)\1[ \t]*:(?:[ \t]+(.*))?$/;
const SIMPLE = /^(["']?)([A-Za-z][\w./-]*)\1[ \t]*(?:[ \t]#.*)?$/;

/**
 * The header of the document from `start` to `end`. Undefined when its lines do not tell it for certain: flow
 * style, indented roots, keys that stand twice, several documents. 'none' when it is no object for certain.
 */
export function lineHeaderOf(
  text: string,
  start: number,
  end: number,
): LineHeader | 'none' | undefined {
  const found = new Map<string, Section & { readonly value: string; readonly valueAt: number }>();
  let open: { key: string; start: number; value: string; valueAt: number } | undefined;
  const close = (at: number) => {
    if (open !== undefined) found.set(open.key, { ...open, end: at });
    open = undefined;
  };
  let hasKeys = false;
  for (let line = start; line < end; ) {
    const lineFeed = text.indexOf('\n', line);
    const next = lineFeed === -1 || lineFeed >= end ? end : lineFeed + 1;
    const first = text.charAt(line);
    if (/[{["'A-Za-z.?&*!|>%<$_0-9]/.test(first)) {
      if (!/["'A-Za-z_0-9]/.test(first)) return undefined;
      close(line);
      hasKeys = true;
      const match = LINE.exec(text.slice(line, next).trimEnd());
      const [whole, , key = '', value = ''] = match ?? [];
      if (whole !== undefined) {
        if (found.has(key)) return undefined;
        open = { key, start: line, value, valueAt: line + whole.length - value.length };
      }
    }
    line = next;
  }
  close(end);
  if (hasKeys && !found.has('kind') && !found.has('apiVersion')) return 'none';
  const apiVersion = SIMPLE.exec(found.get('apiVersion')?.value ?? '');
  const kindLine = found.get('kind');
  const kind = SIMPLE.exec(kindLine?.value ?? '');
  if (apiVersion === null || kind === null || kindLine === undefined) return undefined;
  const [, quote = '', name = ''] = kind;
  const { valueAt } = kindLine;
  return {
    apiVersion: apiVersion[2] ?? '',
    kind: name,
    kindRange: [valueAt, valueAt + name.length + 2 * quote.length],
    metadata: found.get('metadata'),
  };
}
