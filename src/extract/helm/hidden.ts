/** Which kinds of objects the branches of conditions name that nobody can tell. */
import { kindsNamed } from '../kubernetes/templates.ts';
import type { Text } from './value.ts';

/** What the reader of YAML takes for a placeholder. */
const PLACEHOLDER = '__UNKNOWN__';

/** The kinds that any branch of an unknown condition names in its lines, so that absence is not claimed of them. */
export function hiddenKinds(text: Text): readonly string[] {
  const kinds = new Set<string>();
  const open = [text];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    let written = '';
    for (const piece of next.pieces) {
      if (piece.hides !== undefined) open.push(...piece.hides);
      written += piece.unknown === undefined ? piece.text : PLACEHOLDER;
    }
    if (next !== text) for (const kind of kindsNamed(written)) kinds.add(kind);
  }
  return [...kinds].sort();
}
