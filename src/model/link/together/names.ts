/** When two names mean the same program: `orders-depl`, `acme/shop-orders` and `services/orders`. */

/** Endings that say what kind of thing a name is of, and not which. */
const ENDINGS =
  /-(?:depl|deployment|deploy|statefulset|sts|srv|svc|service|server|microservice|ms|api|app|pod|container|image|k8s|prod|production|main)$/;

/** `Orders_Service` is `orders-service`. */
export function normalized(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** A name without the endings that say what kind of thing it is: `orders-svc-depl` is `orders`. */
export function bare(name: string): string {
  let text = name;
  for (let next = text.replace(ENDINGS, ''); next !== text; next = text.replace(ENDINGS, ''))
    text = next;
  return text;
}

/** How well two names agree: the same, the same but for what kind of thing they are of, or the second one has a prefix more. */
export type Agreement = 'same' | 'alike' | 'part';

/** Both names are normalised. Undefined: they do not agree. */
export function agreement(a: string, b: string): Agreement | undefined {
  if (a === '' || b === '') return undefined;
  if (a === b) return 'same';
  const [left, right] = [bare(a), bare(b)];
  if (left === right) return 'alike';
  if (left.replaceAll('-', '') === right.replaceAll('-', '')) return 'alike';
  // `teei-q2q-ai` is the q2q-ai of a project.
  return left.length > 2 && right.endsWith(`-${left}`) ? 'part' : undefined;
}

/** The last part of the name of an image or a package: `ghcr.io/acme/orders` and `@acme/orders` are `orders`. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
