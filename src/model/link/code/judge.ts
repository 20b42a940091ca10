/** What the options of a call and its client do: which phases are bounded, by whom, for how long. */
import {
  type IneffectiveOption,
  type LibraryOption,
  type OptionValue,
  PHASES,
  type Phase,
  type PhaseDefault,
  type Profile,
} from '../../../library.ts';
import type { Location } from '../../../location.ts';
import type {
  Attempts,
  Bound,
  Bounds,
  BrokenValue,
  IneffectiveUse,
  SettingValue,
  Why,
} from '../../code.ts';
import { type Abstract, type LibraryInUse, placeOf, type Site } from './abstract.ts';
import type { Layer, Options } from './options.ts';
import { attemptsOf, settingOf, spell } from './settings.ts';
import { type Deadline, deadlineOf } from './signals.ts';
import { holds } from './versions.ts';

/** What one option does to a phase. */
interface Candidate {
  readonly path: string;
  readonly bound: Bound;
  /** It replaces the default of the library; a signal only adds to it. */
  readonly replaces: boolean;
}

/** What was found out about one call or client. */
export interface Judged {
  readonly bounds: Bounds;
  readonly attempts: Attempts;
  readonly settings: readonly SettingValue[];
  readonly ineffective: readonly IneffectiveUse[];
  readonly broken: readonly BrokenValue[];
  readonly deadlines: readonly Extract<Deadline, { is: 'deadline' }>[];
  readonly cancelOnly?: Location;
}

/** The listeners that a call's result has: `timeout` of a request. Undefined when they are not all known. */
export type Listeners = (event: string) => boolean | undefined;

/**
 * What holds for calls with these layers of options, the weakest first.
 * @param at where the call or client stands: the place of what is not written
 */
export function judge(
  options: Options,
  library: LibraryInUse,
  profileName: string,
  given: readonly Layer[],
  at: Site,
  context: { readonly chained?: boolean; readonly listeners?: Listeners } = {},
): Judged {
  const layers = options.expand(given);
  const place = placeOf(at);
  const profile = profileOf(options, library, profileName, layers);
  const candidates = new Map<Phase, Map<string, Candidate>>(
    PHASES.map((phase) => [phase, new Map()]),
  );
  const settings: SettingValue[] = [];
  const ineffective: IneffectiveUse[] = [];
  const broken: BrokenValue[] = [];
  const deadlines: Extract<Deadline, { is: 'deadline' }>[] = [];
  let cancelOnly: Location | undefined;

  for (const layer of layers) {
    const { description } = layer.library;
    for (const option of description.options) {
      if (!option.in.includes(layer.set)) continue;
      const applies = options.when(layer, option.when, option.versions);
      if (applies === false) continue;
      const { meaning } = option;
      const phases =
        'bounds' in meaning
          ? context.chained
            ? [...meaning.bounds, ...(meaning.chained ?? [])]
            : meaning.bounds
          : [];
      const words =
        'bounds' in meaning ? wordsFor(description, meaning.bounds, layer.set) : [option.path];
      const found = options.find(layer, option.path, words);
      if (found.state === 'absent') continue;
      if (!('bounds' in meaning)) {
        settings.push(settingOf(options, option, meaning, found, layer));
        continue;
      }
      const put = (bound: Bound, replaces: boolean) => {
        for (const phase of phases)
          candidates.get(phase)?.set(keyOf(layer, option), { path: option.path, bound, replaces });
      };
      const drop = () => {
        for (const phase of phases) candidates.get(phase)?.delete(keyOf(layer, option));
      };
      const common = {
        by: layer.by,
        option: option.path,
        per: meaning.per,
        ...(meaning.enforcedBy === undefined ? {} : { enforcedBy: meaning.enforcedBy }),
        source: option.source,
        proof: option.proof,
      } as const;
      const lost = (why: Why, where: Site, atMost?: number) =>
        put(
          {
            ...common,
            ms: { state: 'unknown', why, at: placeOf(where) },
            ...(atMost === undefined ? {} : { atMost }),
          },
          false,
        );
      if (found.state === 'unknown') {
        lost(found.why, found.at);
        continue;
      }
      if (applies === undefined) {
        lost('version-unknown', found.key);
        continue;
      }
      const { value } = found;
      if (option.undefinedIs === 'inherit' && options.matches(value, { is: 'undefined' }) === true)
        continue;
      const off = option.disabledBy.map((one) => options.matches(value, one));
      const undefinedOff =
        option.undefinedIs === 'disabled' && options.matches(value, { is: 'undefined' }) === true;
      if (off.includes(true) || undefinedOff) {
        // Without a value it is as if nobody had written it.
        if (options.matches(value, { is: 'undefined' }) === true) drop();
        else
          put(
            {
              ...common,
              disabled: true,
              ms: { state: 'known', value: Number.POSITIVE_INFINITY, at: placeOf(value.at) },
            },
            true,
          );
        continue;
      }
      for (const one of option.brokenBy ?? [])
        if (brokenValue(options, value, one.value, meaning.unit))
          broken.push({
            option: option.path,
            at: placeOf(found.key),
            value: spell(value),
            result: one.result,
          });
      const needed = options.needs(layer, meaning.needs);
      if (needed === false) continue;
      if (needed === undefined) {
        lost('alternatives', found.key);
        continue;
      }
      if (meaning.needsListener !== undefined) {
        const heard = context.listeners?.(meaning.needsListener);
        if (heard === false) continue;
        if (heard === undefined) {
          lost('listener', found.key);
          continue;
        }
      }
      if (meaning.unit === 'signal') {
        const deadline = deadlineOf(value, options.evaluator);
        if (deadline.is === 'none') drop();
        else if (deadline.is === 'cancel') cancelOnly = placeOf(found.key);
        else if (deadline.is === 'unknown') lost(deadline.why, deadline.at);
        else {
          deadlines.push(deadline);
          const amount = options.numberOf(deadline.ms, 'ms');
          put({ ...common, ...amount }, false);
        }
        continue;
      }
      if (meaning.unit === 'epoch-ms') {
        lost('computed', found.key);
        continue;
      }
      put({ ...common, ...options.numberOf(value, meaning.unit) }, true);
    }
    for (const one of description.ineffective ?? []) {
      const isHeard =
        one.unlessListener !== undefined && context.listeners?.(one.unlessListener) !== false;
      const use =
        one.in.includes(layer.set) && !isHeard ? ineffectiveUse(options, layer, one) : undefined;
      if (
        use !== undefined &&
        !ineffective.some(
          (other) => other.at.start === use.at.start && other.at.path === use.at.path,
        )
      )
        ineffective.push(use);
    }
  }

  const bounds = Object.fromEntries(
    PHASES.map((phase) => [
      phase,
      boundOf(
        options,
        library,
        profile,
        phase,
        [...(candidates.get(phase)?.values() ?? [])],
        place,
        layers,
      ),
    ]),
  ) as unknown as Bounds;
  return {
    bounds,
    attempts: attemptsOf(profile, settings, place),
    settings,
    ineffective,
    broken,
    deadlines,
    ...(cancelOnly === undefined ? {} : { cancelOnly }),
  };
}

function keyOf(layer: Layer, option: LibraryOption): string {
  return `${layer.library.description.name}:${option.path}`;
}

/** Words that would have to occur somewhere if one of the phases was bounded. */
function wordsFor(
  description: {
    readonly options: readonly LibraryOption[];
    readonly censusWords?: readonly string[];
  },
  phases: readonly Phase[],
  set: string,
): string[] {
  const words = description.options.flatMap(({ path, meaning, in: sets }) =>
    sets.includes(set) &&
    'bounds' in meaning &&
    meaning.bounds.some((phase) => phases.includes(phase))
      ? [path]
      : [],
  );
  return [...words, ...(description.censusWords ?? [])];
}

function brokenValue(
  options: Options,
  value: Abstract,
  wanted: OptionValue,
  unit: string,
): boolean {
  if (unit !== 'signal') return options.matches(value, wanted) === true;
  const deadline = deadlineOf(value, options.evaluator);
  return deadline.is === 'deadline' && options.matches(deadline.ms, wanted) === true;
}

function ineffectiveUse(
  options: Options,
  layer: Layer,
  one: IneffectiveOption,
): IneffectiveUse | undefined {
  const found = options.find(layer, one.path);
  if (found.state !== 'present') return undefined;
  if (options.matches(found.value, { is: 'undefined' }) === true) return undefined;
  if (options.when(layer, one.when, one.versions) !== true) return undefined;
  if (one.unless !== undefined && options.needs(layer, one.unless) !== false) return undefined;
  return { option: one.path, at: placeOf(found.key), why: one.why, instead: one.instead };
}

function profileOf(
  options: Options,
  library: LibraryInUse,
  name: string,
  layers: readonly Layer[],
): { readonly profile: Profile; readonly sure: boolean } | undefined {
  const own = layers.filter(({ library: other }) => other.description === library.description);
  const fitting = library.description.profiles.flatMap((profile) => {
    if (profile.name !== name) return [];
    const byVersion = holds(library.versions, profile.versions);
    if (byVersion === false) return [];
    // `when` speaks about options of the client; without any layer the defaults are meant.
    const answers = own.map((layer) => options.when(layer, profile.when));
    if (profile.when !== undefined && answers.length === 0) return [];
    if (profile.when !== undefined && answers.every((answer) => answer === false)) return [];
    const sure = byVersion === true && (profile.when === undefined || answers.includes(true));
    return [{ profile, sure }];
  });
  return (
    fitting.find(({ profile, sure }) => sure && profile.when !== undefined) ??
    fitting.find(({ sure }) => sure) ??
    fitting[0]
  );
}

function boundOf(
  options: Options,
  library: LibraryInUse,
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  phase: Phase,
  candidates: readonly Candidate[],
  at: Location,
  layers: readonly Layer[],
): Bound | { readonly notApplicable: string } {
  const fallback = defaultOf(options, library, found, phase, at, layers);
  if ('notApplicable' in fallback && candidates.length === 0) return fallback;
  const lost = candidates.filter(({ bound }) => bound.ms.state !== 'known');
  const finite = candidates.flatMap(({ bound, replaces }) =>
    bound.ms.state === 'known' && Number.isFinite(bound.ms.value)
      ? [{ bound, replaces, ms: bound.ms.value }]
      : [],
  );
  finite.sort((a, b) => a.ms - b.ms);
  const best = finite[0];
  const replaced =
    finite.some(({ replaces }) => replaces) ||
    candidates.some(({ bound }) => bound.disabled === true);
  const own =
    !replaced &&
    !('notApplicable' in fallback) &&
    fallback.ms.state === 'known' &&
    Number.isFinite(fallback.ms.value)
      ? fallback
      : undefined;
  if (lost[0] !== undefined) {
    const limits = [
      ...finite.map(({ ms }) => ms),
      ...(own?.ms.state === 'known' ? [own.ms.value] : []),
      ...lost.flatMap(({ bound }) => bound.atMost ?? []),
    ];
    const { atMost: _, ...bound } = lost[0].bound;
    return limits.length === 0 ? bound : { ...bound, atMost: Math.min(...limits) };
  }
  if (best !== undefined) {
    if (own?.ms.state === 'known' && own.ms.value <= best.ms) return own;
    return best.bound;
  }
  const disabled = candidates.find(({ bound }) => bound.disabled);
  if (disabled !== undefined) return disabled.bound;
  return fallback;
}

function defaultOf(
  options: Options,
  library: LibraryInUse,
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  phase: Phase,
  at: Location,
  layers: readonly Layer[],
  depth = 0,
): Bound | { readonly notApplicable: string } {
  const byLibrary = { by: 'library', per: 'attempt' } as const;
  const lost = (why: Why): Bound => ({
    ...byLibrary,
    ms: { state: 'unknown', why, at },
    source:
      found?.profile.phases.connect === undefined ? '' : sourceOf(found.profile.phases[phase]),
    proof: 'source-only',
  });
  if (found === undefined) {
    const open = layers.find(({ bag }) => bag.is === 'unknown')?.bag;
    const decides = library.description.profiles.some(({ when }) => when !== undefined);
    return lost(
      decides ? (open?.is === 'unknown' ? open.why : 'not-described') : 'version-unknown',
    );
  }
  const known: PhaseDefault = found.profile.phases[phase];
  if ('notApplicable' in known) return known;
  if (!found.sure) return lost('version-unknown');
  if ('as' in known) {
    const other = options.evaluator.surface.other(library, known.as);
    if (other === undefined || depth > 4) return lost('not-described');
    const profile =
      profileOf(options, other, found.profile.name, layers) ??
      profileOf(options, other, 'default', layers);
    return defaultOf(options, other, profile, phase, at, layers, depth + 1);
  }
  return {
    ...byLibrary,
    ms: { state: 'known', value: known.ms, at, byDefault: true },
    source: known.source,
    proof: known.proof,
  };
}

function sourceOf(phase: PhaseDefault): string {
  return 'source' in phase ? phase.source : '';
}
