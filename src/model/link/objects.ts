/** Objects in their contexts: what the joins of the model start from. */
import type { FileFacts, ResourceFacts } from '../../facts.ts';
import type { Location } from '../../location.ts';
import type { Context } from '../model.ts';
import type { Cursor } from './cursor.ts';

/** One Kubernetes object as it is in one context. The same object of a base is there once per overlay. */
export interface KubernetesObject {
  readonly context: Context;
  readonly file: FileFacts;
  readonly facts: ResourceFacts;
  readonly group: string;
  /** API version without the group: `v1`. */
  readonly version: string;
  readonly kind: string;
  /** '' when the manifest has none (generateName) or a placeholder. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** `apps/Deployment/shop/orders`; '_' for an absent namespace. */
  readonly identity: string;
  /** The whole object; fields that an overlay of this context patches are unknown. */
  readonly body: Cursor;
  readonly kindAt: Location;
  readonly nameAt: Location;
}

/** Objects of one context, by kind, and what could not be read there. */
export interface ContextObjects {
  readonly context: Context;
  readonly objects: readonly KubernetesObject[];
  /**
   * The context of objects that are only seen here and are reported in another context. They take part in every
   * join and are no subjects.
   */
  readonly elsewhere?: Context;
  /** Kinds that occur in templates or broken documents of this context: absence of these proves nothing. */
  readonly unreadKinds: ReadonlySet<string>;
  /** Image names (without tag) whose tag is replaced in this context, and by what. */
  readonly replacedImages: ReadonlyMap<string, string>;
}

/** What link must know besides the facts: from the policy file and the command line. */
export interface LinkSettings {
  /** Policy key `environments`: names (of contexts, directories, overlays) that are, or are not, production. */
  readonly environments: {
    readonly production: readonly string[];
    readonly nonProduction: readonly string[];
  };
  /** Policy key `assume`: cluster facts that live elsewhere. */
  readonly assume: Assumptions;
}

export interface Assumptions {
  /** A LimitRange gives every container these. */
  readonly limitRange: readonly ('cpuRequest' | 'memoryRequest' | 'cpuLimit' | 'memoryLimit')[];
  /** Every pod has an Istio sidecar. */
  readonly mesh: boolean;
  /** The scheduler or a mutating webhook spreads the pods of every workload. */
  readonly spread: boolean;
  /** A controller makes a PodDisruptionBudget for every workload. */
  readonly podDisruptionBudgets: boolean;
}
