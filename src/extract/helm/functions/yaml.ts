/** `toYaml`, `fromYaml` and their relatives. */
import type { Node, ScalarNode } from '../../../facts.ts';
import { compose, MAX_TOKENS } from '../../kubernetes/compose.ts';
import { nodeOf } from '../../kubernetes/nodes.ts';
import { NilElement } from '../fields.ts';
import { union } from '../text.ts';
import { type GoValue, type Operand, type Piece, Text, Unknown } from '../value.ts';
import { errorText } from './json.ts';
import {
  type Call,
  Chosen,
  type Functions,
  fixed,
  isDict,
  isList,
  spendText,
} from './signature.ts';
import type { Dialect } from './yaml-resolve.ts';
import { toYaml } from './yaml-write.ts';

/** Stands for a piece that nobody can tell: a character that no chart has. */
const HOLE = '\u{f1e10}';

/** Text with a mark in every hole, and where each of its pieces stands. */
class Source {
  readonly text: string;
  private readonly pieces: readonly Piece[];
  private readonly starts: readonly number[];

  constructor({ pieces }: Text) {
    const starts: number[] = [];
    let text = '';
    for (const piece of pieces) {
      starts.push(text.length);
      text += piece.unknown === undefined ? piece.text : HOLE;
    }
    this.text = text;
    this.pieces = pieces;
    this.starts = starts;
  }

  /** The pieces from `start` to `end`. */
  between(start: number, end: number): readonly Piece[] {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const found: Piece[] = [];
    for (let i = low; i < this.pieces.length; i++) {
      const piece = this.pieces[i];
      if (piece === undefined || (i > low && (this.starts[i] ?? 0) >= end)) break;
      found.push(piece);
    }
    return found;
  }
}

/** A text of which go-yaml makes an error, or another value. */
class Refused extends Error {}

/** Tags that change what a scalar is. */
const TAGS = /!!(?:binary|null|bool|float|int)\b/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NULLS: ReadonlySet<string> = new Set(['~', 'null', 'Null', 'NULL']);

/** What JSON does not have: infinity, keys that are nil; and an escape that go-yaml does not know. */
function refuse(node: Node, source: Source): void {
  if (node.kind === 'map') {
    for (const { keyRange } of node.entries)
      if (keyRange !== undefined && NULLS.has(source.text.slice(...keyRange)))
        throw new Refused('a key that is nil');
  } else if (node.kind === 'scalar') {
    if (NO_NUMBER.test(node.text)) throw new Refused('a number that JSON does not have');
    if (node.text.startsWith('"') && /(?<!\\)(?:\\\\)*\\\//.test(node.text))
      throw new Refused('an escape that go-yaml does not know');
  }
}

/** The value of a node, with the origins of the text that it was read from. */
function operandOf(node: Node, source: Source): Operand {
  refuse(node, source);
  const pieces = source.between(node.range[0], node.range[1]);
  let from: Operand['from'] = [];
  for (const piece of pieces) from = union(from, piece.from);
  switch (node.kind) {
    case 'map': {
      const hole = node.entries.find(({ key }) => key.includes(HOLE));
      if (hole !== undefined) return { value: new Unknown(whyOf(pieces)), from };
      return {
        value: new Map(node.entries.map(({ key, value }) => [key, operandOf(value, source)])),
        from: node.entries.length === 0 ? from : [],
      };
    }
    case 'sequence':
      return {
        value: node.items.map((item) => operandOf(item, source)),
        from: node.items.length === 0 ? from : [],
      };
    case 'unknown':
      return { value: new Unknown(node.why), from };
    case 'scalar': {
      const value = withoutBreak(node, source);
      if (value === null) return new NilElement(from);
      if (typeof value !== 'string') return { value, from };
      if (value.includes(HOLE)) return { value: new Unknown(whyOf(pieces)), from };
      const at = pieces[0]?.at;
      const piece = at === undefined ? { text: value, from } : { text: value, from, at };
      return { value: new Text([piece]), from };
    }
  }
}

/** The value of a scalar: a block at the end of a text without a line break there has none either in go-yaml. */
function withoutBreak({ value, text, range }: ScalarNode, source: Source): ScalarNode['value'] {
  const endsOpen = range[1] === source.text.length && /^[|>]/.test(text) && !text.endsWith('\n');
  return endsOpen && typeof value === 'string' ? value.replace(/\n$/, '') : value;
}

function whyOf(pieces: readonly Piece[]): string {
  return pieces.find(({ unknown }) => unknown !== undefined)?.unknown ?? 'text that is not known';
}

/** The first document of a YAML text as a tree. */
type Read = { readonly node: Node; readonly source: Source } | null | Unknown;

/** Templates read one text again and again: `(index ($crd | fromYaml) "metadata")`, then `$crd | fromYaml`. */
const READ = new WeakMap<Text, Read>();

function read(text: Text): Read {
  const source = new Source(text);
  if (OLD_BREAKS.test(source.text)) return new Unknown('line breaks of YAML 1.1');
  const [document] = compose(source.text, { tokens: MAX_TOKENS });
  if (document === undefined) return null;
  if (document.state !== 'read') return new Unknown(text.unknown ?? 'a text that is no YAML');
  if (document.contents === null) return null;
  let sure = true;
  const remarks = {
    duplicateKey() {},
    unresolvedAlias() {
      sure = false;
    },
  };
  const node = nodeOf(document.contents, { text: source.text, base: 0, literal: true }, remarks);
  if (!sure) return new Unknown('an alias without an anchor');
  if (TAGS.test(source.text)) return new Unknown('tags of YAML');
  return { node, source };
}

/** The first document of a YAML text, a new value each time, since templates change it; `Unknown` where go-yaml may see something else. */
function parse(text: Text, call: Call): GoValue {
  spendText(call.calling, text.length * 4);
  const known = READ.get(text);
  const found = known === undefined ? read(text) : known;
  if (known === undefined) READ.set(text, found);
  if (found === null || found instanceof Unknown) return found;
  try {
    return operandOf(found.node, found.source).value;
  } catch (error) {
    if (error instanceof Refused) return new Unknown(error.message);
    throw error;
  }
}

/** Line breaks to go-yaml, characters like others since YAML 1.2. */
const OLD_BREAKS = /[\u0085\u2028\u2029]/;

const DECODING = 'error unmarshaling JSON: while decoding JSON: ';

function writing(dialect: Dialect) {
  return fixed(['any'], (_, call) => {
    const [operand] = call.operands;
    if (operand === undefined) return null;
    const text = toYaml(operand, dialect, call.calling);
    spendText(call.calling, text.length);
    return new Chosen({ value: text, from: call.from });
  });
}

export const yaml: Functions = {
  toYaml: writing('v2'),
  toYamlPretty: writing('v3'),
  fromYaml: fixed(['text'], ([text], call) => {
    const value = parse(text, call);
    if (value === null) return new Map();
    if (value instanceof Unknown || isDict(value))
      return new Chosen({ value, from: value instanceof Unknown ? call.from : [] });
    return new Map([['Error', errorText(value, 'map[string]interface {}', call, DECODING)]]);
  }),
  fromYamlArray: fixed(['text'], ([text], call) => {
    const value = parse(text, call);
    if (value === null) return [];
    if (value instanceof Unknown || isList(value))
      return new Chosen({ value, from: value instanceof Unknown ? call.from : [] });
    return [errorText(value, '[]interface {}', call, DECODING)];
  }),
};
