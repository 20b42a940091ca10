/** What a library's description says will happen: computed from the description alone, as the linker does. */

import { libraries } from '../../src/libraries/index.ts';
import { inRange, type Library, type Phase, type When } from '../../src/library.ts';
import type { CallProof, Fault, Measurement, ShutdownProof } from './proof.ts';

/** The phase that a fault is about; undefined for faults that are about attempts. */
export function phaseOf(fault: Fault, peer: CallProof['peer'] = 'http'): Phase | undefined {
  switch (fault) {
    case 'blackhole':
      return 'connect';
    case 'mute':
      return peer === 'http' ? 'headers' : 'connect';
    case 'frozen':
      return 'headers';
    case 'busy':
      return 'acquire';
    case 'stall':
      return 'idle';
    case 'drip':
      return 'total';
    case 'unavailable':
    case 'reset':
      return undefined;
  }
}

export interface EndClaim {
  /** Milliseconds; Infinity: for ever. */
  readonly ms: number;
  readonly lateByMs: number;
  readonly by: string;
  /** The time is counted anew for each try. */
  readonly perAttempt: boolean;
}

/** After how long a fault of `phase` ends, by the options that the form uses or by default. */
export function claimedEnd(proof: CallProof, phase: Phase): EndClaim {
  const library = libraryNamed(proof.library);
  let best: EndClaim | undefined;
  for (const used of proof.uses) {
    const { option, owner } = optionOf(library, used.set, used.path, proof);
    if (option === undefined) {
      if (ineffective(library, used.set, used.path, proof.version)) continue;
      throw new Error(
        `${proof.name}: ${library.name} does not describe ${used.set} ${used.path} in ${proof.version}`,
      );
    }
    if (!('bounds' in option.meaning)) continue;
    const { bounds, chained = [] } = option.meaning;
    if (!bounds.includes(phase) && !(proof.chained === true && chained.includes(phase))) continue;
    // A frozen peer keeps no time.
    if (option.meaning.enforcedBy === 'server') continue;
    const ms = proof.ms ?? 500;
    best = {
      ms,
      lateByMs: option.meaning.lateByMs ?? 0,
      by: `${owner.name} ${used.path === '' ? used.set : used.path}`,
      perAttempt: option.meaning.per === 'attempt',
    };
  }
  return (
    best ?? { ...defaultEnd(library, proof.profile ?? 'default', phase, proof), perAttempt: false }
  );
}

function defaultEnd(
  library: Library,
  name: string,
  phase: Phase,
  proof: CallProof,
): Omit<EndClaim, 'perAttempt'> {
  const profile = profileOf(library, name, proof);
  const value = profile.phases[phase];
  if ('notApplicable' in value)
    throw new Error(`${proof.name}: ${library.name} says ${phase} is not applicable`);
  if ('as' in value) {
    const [other, otherProfile] = value.as.split(':');
    const owner = libraryNamed(other ?? '');
    const version = proof.brings?.[owner.name] ?? proof.packages[owner.packages[0]?.name ?? ''];
    if (version === undefined) throw new Error(`${proof.name}: which version of ${owner.name}?`);
    return defaultEnd(owner, otherProfile ?? 'default', phase, { ...proof, version });
  }
  return { ms: value.ms, lateByMs: 1_000, by: `${library.name}'s default` };
}

/** Tries that the peer must see for a failure that the library may retry. */
export function claimedAttempts(proof: CallProof, fault: Fault, verb: string): number {
  const { attempts } = profileOf(libraryNamed(proof.library), proof.profile ?? 'default', proof);
  const on = fault === 'unavailable' ? '5xx' : 'reset';
  const retries =
    (attempts.on ?? []).includes(on) &&
    (attempts.methods ?? []).some((method) => method === '*' || method === verb);
  return retries ? attempts.max : 1;
}

function profileOf(library: Library, name: string, proof: CallProof) {
  const found = library.profiles.filter(
    (profile) =>
      profile.name === name &&
      inRange(proof.version, profile.versions) &&
      isVariant(profile.when, proof.variant),
  );
  const [profile] = found;
  if (profile === undefined || found.length > 1)
    throw new Error(
      `${proof.name}: ${found.length} profiles ${name} of ${library.name} hold for ${proof.version}`,
    );
  return profile;
}

/** Whether the form is the variant that the condition asks for. */
function isVariant(when: When | undefined, variant: CallProof['variant']): boolean {
  return (when?.options ?? []).every(({ path, value }) => {
    const own = variant?.[path];
    if ('equals' in value) return own === value.equals;
    return 'is' in value && (value.is === 'undefined' ? own === undefined : own !== undefined);
  });
}

function optionOf(library: Library, set: string, path: string, { version, variant }: CallProof) {
  const [first, second] = set.split(':');
  const owner = second === undefined ? library : libraryNamed(first ?? '');
  const setName = second ?? set;
  const option = owner.options.find(
    (candidate) =>
      candidate.path === path &&
      candidate.in.includes(setName) &&
      isVariant(candidate.when, variant) &&
      (owner !== library || holds(candidate.versions, candidate.when, version)),
  );
  return { option, owner };
}

function ineffective(library: Library, set: string, path: string, version: string): boolean {
  return (library.ineffective ?? []).some(
    (candidate) =>
      candidate.path === path &&
      candidate.in.includes(set) &&
      holds(candidate.versions, candidate.when, version),
  );
}

/** Conditions on other options are the form's own business: forms of variants name their profile. */
function holds(versions: string | undefined, when: When | undefined, version: string): boolean {
  return (
    (versions === undefined || inRange(version, versions)) &&
    (when?.versions === undefined || inRange(version, when.versions))
  );
}

export function libraryNamed(name: string): Library {
  const library = libraries.find((candidate) => candidate.name === name);
  if (library === undefined) throw new Error(`no library is called ${name}`);
  return library;
}

/** Timers may fire late on a busy machine; none fires early by more than its resolution. */
const EARLY_MS = 60;
const LATE_MS = 1_500;

/** Whether the measurement is what was claimed. A default beyond the cap is only shown not to end before it. */
export function agrees(claim: EndClaim, measured: Measurement): boolean {
  if (measured.is === 'waiting') return claim.ms + LATE_MS > measured.cap || claim.ms === Infinity;
  if (measured.is !== 'ended' || measured.how.startsWith('crashed')) return false;
  if (claim.ms === Infinity) return false;
  return measured.ms >= claim.ms - EARLY_MS && measured.ms <= claim.ms + claim.lateByMs + LATE_MS;
}

export interface ShutdownClaim {
  readonly answered: boolean;
  /** The process ends within these milliseconds after the answer. */
  readonly lingersMs: number;
  readonly text: string;
}

export function claimedShutdown(proof: ShutdownProof): ShutdownClaim {
  const library = libraryNamed(proof.library);
  const found = (library.servers ?? []).filter(
    ({ name, versions }) => name === proof.server && inRange(proof.version, versions),
  );
  const [server] = found;
  if (server === undefined || found.length > 1)
    throw new Error(
      `${proof.name}: ${found.length} servers ${proof.server} of ${library.name} hold for ${proof.version}`,
    );
  if (proof.form === 'unhandled') {
    const { byDefault } = server.sigterm;
    return {
      answered: byDefault === 'drains',
      lingersMs: byDefault === 'drains' ? server.close.keepAliveMs : 0,
      text: byDefault === 'drains' ? 'the answer comes' : 'the answer is lost',
    };
  }
  if (proof.form === 'exit-at-once')
    return { answered: false, lingersMs: 0, text: 'the answer is lost' };
  const lingersMs = proof.keepAliveMs ?? server.close.keepAliveMs;
  return {
    answered: server.close.drains,
    lingersMs,
    text: `the answer ${server.close.drains ? 'comes' : 'is lost'}, a kept connection holds the process for ${lingersMs} ms`,
  };
}

export function agreesShutdown(claim: ShutdownClaim, measured: Measurement, cap: number): boolean {
  if (measured.is !== 'shutdown' || measured.answered !== claim.answered) return false;
  if (measured.exitMs === 'running') return claim.lingersMs + LATE_MS > cap - 800;
  // Signalled 300 ms into a request of 800 ms.
  const least = claim.answered ? 500 + claim.lingersMs - 300 : 0;
  return measured.exitMs >= least && measured.exitMs <= 500 + claim.lingersMs + 2 * LATE_MS;
}
