/** What depends on a node of a file alone is computed once, not once in each context that sees the node. */
import type { Cursor } from './cursor.ts';

/**
 * `compute`, remembered by the node of the cursor and by `variant`, which must name all else that the result depends on.
 * Nodes never change, so the answer for one is always the same.
 */
export function oncePerNode<A extends readonly unknown[], T>(
  compute: (cursor: Cursor, ...more: A) => T,
  variant: (...more: A) => string,
): (cursor: Cursor, ...more: A) => T {
  const known = new WeakMap<object, Map<string, T>>();
  return (cursor, ...more) => {
    const { node } = cursor;
    if (node === undefined) return compute(cursor, ...more);
    let results = known.get(node);
    if (results === undefined) {
      results = new Map();
      known.set(node, results);
    }
    const name = variant(...more);
    let result = results.get(name);
    if (result === undefined) {
      result = compute(cursor, ...more);
      results.set(name, result);
    }
    return result;
  };
}
