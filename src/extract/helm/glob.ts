/** Patterns of file names: those of `.helmignore` (Go's filepath.Match) and those of `.Files.Glob`. */

/** Alternatives (`{a,b}`) that one pattern may stand for. */
const MAX_ALTERNATIVES = 100;
/** Characters of a pattern; the work is their number times that of the name. */
const MAX_LENGTH = 500;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star'; readonly slashes: boolean }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly string[] };

/** How patterns of a tool differ. */
export interface Dialect {
  /** `**` matches slashes as well. */
  readonly doubleStar: boolean;
  /** `{a,b}` are alternatives. */
  readonly alternatives: boolean;
}

/** Says whether a name matches; undefined for a pattern that is none. */
export function globOf(pattern: string, dialect: Dialect): ((name: string) => boolean) | undefined {
  if (pattern.length > MAX_LENGTH) return undefined;
  const spelled = dialect.alternatives ? alternativesOf(pattern) : [pattern];
  if (spelled === undefined) return undefined;
  const all: (readonly Token[])[] = [];
  for (const one of spelled) {
    const tokens = tokensOf(one, dialect.doubleStar);
    if (tokens === undefined) return undefined;
    all.push(tokens);
  }
  return (name) => all.some((tokens) => matches(tokens, name));
}

/** The patterns that one with braces stands for; undefined when there are too many or a brace is not closed. */
function alternativesOf(pattern: string): readonly string[] | undefined {
  const open = pattern.indexOf('{');
  if (open === -1) return [pattern];
  let depth = 0;
  let start = open + 1;
  const parts: string[] = [];
  for (let at = open; at < pattern.length; at++) {
    const sign = pattern[at];
    if (sign === '{') depth++;
    if (sign === '}') depth--;
    if ((sign === ',' && depth === 1) || depth === 0) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
    if (depth > 0) continue;
    const found: string[] = [];
    for (const part of parts) {
      const more = alternativesOf(pattern.slice(0, open) + part + pattern.slice(at + 1));
      if (more === undefined || found.length + more.length > MAX_ALTERNATIVES) return undefined;
      found.push(...more);
    }
    return found;
  }
  return undefined;
}

function tokensOf(pattern: string, doubleStar: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    if (sign === '*') {
      const isDouble = doubleStar && pattern[at + 1] === '*';
      if (isDouble) at++;
      tokens.push({ kind: 'star', slashes: isDouble });
    } else if (sign === '?') tokens.push({ kind: 'any' });
    else if (sign === '[') {
      const close = pattern.indexOf(']', at + 2);
      if (close === -1) return undefined;
      const inside = pattern.slice(at + 1, close);
      const negated = /^[!^]/.test(inside);
      const ranges = (negated ? inside.slice(1) : inside).match(/\\?.-\\?.|\\?./gsu) ?? [];
      tokens.push({
        kind: 'class',
        negated,
        ranges: ranges.map((range) => range.replaceAll('\\', '')),
      });
      at = close;
    } else if (sign === '\\') {
      at++;
      if (at === pattern.length) return undefined;
      tokens.push({ kind: 'text', text: pattern.charAt(at) });
    } else tokens.push({ kind: 'text', text: sign });
  }
  return tokens;
}

function takes(token: Token, sign: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.text === sign;
    case 'any':
      return sign !== '/';
    case 'star':
      return token.slashes || sign !== '/';
    case 'class': {
      const isIn = token.ranges.some((range) =>
        range.length === 3 ? range.charAt(0) <= sign && sign <= range.charAt(2) : range === sign,
      );
      return sign !== '/' && isIn !== token.negated;
    }
  }
}

/** Walks the name once with the set of all places in the pattern: no pattern makes it slow. */
function matches(tokens: readonly Token[], name: string): boolean {
  const closed = (places: ReadonlySet<number>) => {
    const all = new Set(places);
    // A star may also stand for nothing; a set is walked in the order in which it grows.
    for (const place of all) if (tokens[place]?.kind === 'star') all.add(place + 1);
    return all;
  };
  let places = closed(new Set([0]));
  for (const sign of name) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token !== undefined && takes(token, sign))
        next.add(token.kind === 'star' ? place : place + 1);
    }
    if (next.size === 0) return false;
    places = closed(next);
  }
  return places.has(tokens.length);
}
