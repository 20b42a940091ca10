/** What a kustomization gathers on the way to what it prints. */

import { EMPTY, mergedConfiguration } from './configuration.ts';
import type { Configuration } from './defaults.ts';
import type { Resource } from './resource.ts';
import type { Variable } from './variables.ts';

/** One build: an overlay, or a base on the way to it. */
export interface Build {
  readonly resources: readonly Resource[];
  /** Why it may hold objects that nobody sees; undefined when everything was found. */
  readonly openBecause: string | undefined;
  readonly unreadKinds: ReadonlySet<string>;
  /** Names of images that it replaces by something that cannot be read, and where. */
  readonly replacedImages: ReadonlyMap<string, string>;
  /** New names of images to their old ones. */
  readonly renamedImages: ReadonlyMap<string, string>;
  readonly configuration: Configuration;
  readonly variables: readonly Variable[];
}

/** A build of nothing. */
export const NOTHING: Build = {
  resources: [],
  openBecause: undefined,
  unreadKinds: new Set(),
  replacedImages: new Map(),
  renamedImages: new Map(),
  configuration: EMPTY,
  variables: [],
};

/** The same build. Others may build on it too, so each gets records of its own. */
export function copied(build: Build): Build {
  return { ...build, resources: build.resources.map((resource) => ({ ...resource })) };
}

/** The build, and why it may hold objects that nobody sees; the first reason is told. */
export function opened(build: Build, why: string): Build {
  return { ...build, openBecause: build.openBecause ?? why };
}

/** Several builds as one. Kustomize refuses one object twice, so a base that is reached on two ways counts once; under two names it is two. */
export function merged(parts: readonly Build[]): Build {
  const resources = new Map<string, Resource>();
  for (const resource of parts.flatMap((part) => part.resources)) {
    const { file, facts, id } = resource;
    const key = JSON.stringify([file.path, facts.range[0], id.name, id.namespace]);
    if (!resources.has(key)) resources.set(key, resource);
  }
  return {
    resources: [...resources.values()],
    openBecause: parts.find((part) => part.openBecause !== undefined)?.openBecause,
    unreadKinds: new Set(parts.flatMap((part) => [...part.unreadKinds])),
    replacedImages: new Map(parts.flatMap((part) => [...part.replacedImages])),
    renamedImages: new Map(parts.flatMap((part) => [...part.renamedImages])),
    configuration: parts.reduce(
      (all, { configuration }) => mergedConfiguration(all, configuration),
      EMPTY,
    ),
    variables: parts.flatMap((part) => part.variables),
  };
}
