/** Which names say that nobody depends on what runs there (rules.md "Environments"). */
import type { LinkSettings } from './objects.ts';

/** Words that may stand anywhere in a name: `orders-dev`, `qa2`, `eu.staging`. */
const WORD = /^(?:dev|development|local|qa|staging|preview|review|sandbox|minikube)\d*$/;
/** Words that mean something else inside longer names (`test-report`, `kind-mapper`): only as a whole segment. */
const SEGMENT = /^(?:kind|test)\d*$/;

function isNonProductionSegment(segment: string): boolean {
  const lower = segment.toLowerCase();
  return SEGMENT.test(lower) || lower.split(/[-._]/).some((word) => WORD.test(word));
}

/** True when the policy names the path, or one of its segments. */
function isNamedBy(names: readonly string[], path: string): boolean {
  const segments = path.split('/');
  return names.some((name) => name === path || segments.includes(name));
}

/**
 * The shortest leading part of `path` that names an environment which is not production; undefined for production.
 * The policy's word comes first: a name that it calls production settles the whole path.
 */
export function nonProductionPartOf(path: string, settings: LinkSettings): string | undefined {
  const { production, nonProduction } = settings.environments;
  if (path === '' || isNamedBy(production, path)) return undefined;
  const segments = path.split('/');
  for (let length = 1; length <= segments.length; length++) {
    const part = segments.slice(0, length).join('/');
    if (isNonProductionSegment(segments[length - 1] ?? '') || isNamedBy(nonProduction, part))
      return part;
  }
  return undefined;
}
