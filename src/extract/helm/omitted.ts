/** What a branch would have written, as far as its literal text says it. */
import type { Node } from './ast.ts';
import type { Omitted } from './value.ts';

const NOTHING: Omitted = { keys: [], kinds: [] };

/** Branches are asked again for each element of a loop around them. */
const known = new WeakMap<readonly Node[], Omitted>();

/** The keys that a body begins at its own depth, and the kinds of the objects in it. */
export function omittedBy(body: readonly Node[] | undefined): Omitted {
  if (body === undefined) return NOTHING;
  let found = known.get(body);
  if (found === undefined) {
    found = read(textOf(body));
    known.set(body, found);
  }
  return found;
}

/** What actions write is left open: `\u0000` stands for it. */
function textOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return node.text.value;
        case 'branch':
          return [...node.branches.map(({ body }) => body), node.otherwise ?? []]
            .map(textOf)
            .join('\n');
        case 'range':
          return textOf(node.body);
        default:
          return '\u0000';
      }
    })
    .join('');
}

const KEY = /^([ ]*)([A-Za-z_][\w./-]*):(?=[\s\u0000]|$)/gm;

function read(text: string): Omitted {
  const keys = [...text.matchAll(KEY)].map(([, indent = '', key = '']) => ({
    depth: indent.length,
    key,
  }));
  const depth = Math.min(...keys.map((one) => one.depth));
  const kinds = [...text.matchAll(/^kind:[ \t]*["']?([A-Za-z]+)/gm)].map(([, kind = '']) => kind);
  // Items of a list that begin before its keys: what they hold belongs to something else.
  const first = /^([ ]*)(?:- |\S)/m.exec(text.replaceAll('\u0000', ''));
  const isList = /^[ ]*- /.test(first?.[0] ?? '');
  const own = isList ? [] : keys.filter((one) => one.depth === depth);
  return { keys: [...new Set(own.map(({ key }) => key))], kinds: [...new Set(kinds)] };
}
