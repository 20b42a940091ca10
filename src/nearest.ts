/** "Did you mean": the existing name that is nearest to a mistyped one. */

/** Longer words are not compared: the cost grows with the product of both lengths. */
const LONGEST_WORD = 256;

/**
 * Edit distance of two words: insertions, deletions, replacements and swaps of neighbours (optimal string
 * alignment), counted in UTF-16 code units. Gives `limit + 1` as soon as it must be above `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
      smallest = Math.min(smallest, best);
    }
    if (smallest > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/**
 * The candidate that `word` most likely means, or undefined when none is near: at most one edit in three
 * characters, upper and lower case being the same; else the shortest candidate that begins with `word`.
 * The answer does not depend on the order of the candidates.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === '' || word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  const sorted = [...candidates].filter((c) => c.length <= LONGEST_WORD).sort();
  let found: string | undefined;
  let best = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of sorted) {
    const distance = editDistance(wanted, candidate.toLowerCase(), best - 1);
    // A word of one or two letters is no typing slip of another one with no letter in common.
    if (distance >= best || distance >= Math.max(word.length, candidate.length)) continue;
    best = distance;
    found = candidate;
  }
  if (found !== undefined || word.length < 3) return found;
  const longer = sorted.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  return longer.sort((a, b) => a.length - b.length)[0];
}
