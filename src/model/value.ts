/** `Value`: the false-positive policy as a type. Rules are silent on unknown. */
import type { Location } from '../location.ts';

export type Value<T> = Known<T> | Unknown | Absent;

export interface Known<T> {
  readonly state: 'known';
  readonly value: T;
  /** Where it is written; for a default, where it would stand. */
  readonly at: Location;
  /** True when nobody wrote it and Kubernetes fills it in. */
  readonly byDefault?: true;
}

/** Something is there, or may be there, and cannot be told. */
export interface Unknown {
  readonly state: 'unknown';
  readonly why: string;
  readonly at: Location;
}

/** Nothing is there; `at` is the nearest thing that exists. */
export interface Absent {
  readonly state: 'absent';
  readonly at: Location;
}

/**
 * Things joined by selectors, names or references. When `complete` is false, something unseen
 * (an unread template, an unknown selector, an open context) may belong here as well, so an
 * empty list proves nothing.
 */
export interface Joined<T> {
  readonly items: readonly T[];
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly why?: string;
}

/** A number of pods, or a percentage of them, as PodDisruptionBudgets and rollouts write it. */
export type IntOrPercent =
  | { readonly unit: 'pods'; readonly amount: number }
  | { readonly unit: 'percent'; readonly amount: number };
