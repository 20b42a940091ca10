/** Decides which folder a container's image is built from: one explicit build, or two independent reasons, and no contradiction. */
import type { Container } from '../../model.ts';
import type { Binding } from '../../together.ts';
import type { Built } from './builds.ts';
import { type Choice, type Opinion, opinionsOf, type Sources, shown } from './evidence.ts';
import { agreement, baseName, normalized } from './names.ts';
import { areNested, isBelow, type Place } from './places.ts';

/** A binding before it is known what runs. */
export interface Bound {
  readonly binding: Binding;
  readonly place?: Place;
  /** The build that is meant, when one is known. */
  readonly built?: Built;
}

export function bind(container: Container, sources: Sources): Bound {
  const opinions = opinionsOf(container, sources);
  const explicit = opinions.filter((one) => one.explicit);
  const strong = opinions.filter((one) => !one.fuzzy);
  const certain = [...explicit, ...strong.filter((one) => !one.explicit)].filter(
    ({ choices }) => choices.length === 1,
  );
  const [lead] = certain.length > 0 ? certain : opinions.filter((one) => one.choices.length === 1);
  if (lead === undefined) return unbound(container, opinions, whyNothing(opinions));
  const place = within(innermost(certain.length > 0 ? certain : [lead]), opinions);
  const against = strong.find(
    ({ choices }) => !choices.some((choice) => areNested(choice.folder, place.folder)),
  );
  if (against !== undefined) {
    const [first] = against.choices;
    const [other] = lead.choices;
    return unbound(container, opinions, `${other?.says ?? ''}, but ${first?.says ?? ''}`);
  }
  const rival = explicit.length > 0 ? undefined : rivalOf(container, place, sources);
  if (rival !== undefined) return unbound(container, opinions, rival);
  const agreeing = opinions.flatMap(({ choices }) =>
    choices.filter((choice) => areNested(choice.folder, place.folder)).slice(0, 1),
  );
  const confident = explicit.length > 0 || agreeing.length > 1;
  const built = [...agreeing].sort(byExplicit).find((choice) => choice.built !== undefined)?.built;
  return {
    place,
    ...(built === undefined ? {} : { built }),
    binding: {
      container,
      folder: place.folder,
      confident,
      evidence: agreeing.map(evidenceOf),
      ...(confident ? {} : { why: `only one thing says so: ${agreeing[0]?.says ?? ''}` }),
    },
  };
}

/** Names alone do not decide when the ports say that a program with a similar name is meant. */
function rivalOf(
  container: Container,
  place: Place,
  { places, portsOf }: Sources,
): string | undefined {
  const declared = container.ports.flatMap(({ number, scraped }) =>
    number.state === 'known' && !scraped ? [number.value] : [],
  );
  const own = portsOf(place);
  if (declared.length === 0 || own.size === 0 || declared.some((port) => own.has(port)))
    return undefined;
  const { image, workload } = container;
  const names = [
    workload.name,
    ...(image.state === 'known' ? [baseName(image.value.repository)] : []),
  ].map(normalized);
  const rival = places.all.find(
    (other) =>
      !areNested(other.folder, place.folder) &&
      declared.some((port) => portsOf(other).has(port)) &&
      other.names.some((name) => names.some((one) => agreement(name, one) !== undefined)),
  );
  return rival === undefined
    ? undefined
    : `it has the name of ${shown(place)}, but the port ${declared.join(', ')} of ${shown(rival)}`;
}

const RANK = ['policy', 'skaffold', 'compose image', 'build command', 'compose service'];
const rankOf = ({ kind }: Choice) => (RANK.includes(kind) ? RANK.indexOf(kind) : RANK.length);
const byExplicit = (a: Choice, b: Choice) => rankOf(a) - rankOf(b);

function evidenceOf({ kind, says, folder, at }: Choice) {
  return { kind, says, folder, at };
}

/** Of folders that lie in each other, the one that says most. */
function innermost(opinions: readonly Opinion[]): Place {
  const places = opinions.flatMap(({ choices }) => choices.map(({ place }) => place));
  const [first] = places;
  if (first === undefined) throw new Error('no opinion without a choice');
  let found = first;
  for (const place of places)
    if (areNested(place.folder, found.folder) && place.folder.length > found.folder.length)
      found = place;
  return found;
}

/** Of the folders in a place, the only one that somebody means: one of several programs of a package. */
function within(place: Place, opinions: readonly Opinion[]): Place {
  for (const { choices } of opinions) {
    const inner = choices.filter((choice) => isBelow(choice.folder, place.folder));
    const [only] = inner;
    if (inner.length === 1 && only !== undefined) return only.place;
  }
  return place;
}

function unbound(container: Container, opinions: readonly Opinion[], why: string): Bound {
  const evidence = opinions.flatMap(({ choices }) => choices.map(evidenceOf));
  return { binding: { container, confident: false, evidence, why } };
}

function whyNothing(opinions: readonly Opinion[]): string {
  const [ambiguous] = opinions;
  if (ambiguous === undefined)
    return 'no build, folder or package of the repository has to do with its image or its name';
  const folders = ambiguous.choices.map((choice) => shown(choice)).join(', ');
  return `it may be built from ${folders}`;
}
