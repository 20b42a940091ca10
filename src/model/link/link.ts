import type { FileFacts } from '../../facts.ts';
import type { Model } from '../model.ts';
import { assemble } from './assemble.ts';
import { contextsOf } from './contexts.ts';
import type { Surroundings } from './kustomize/kustomize.ts';
import type { LinkSettings } from './objects.ts';

/** Facts to the model: contexts first, then the joins of each. Pure; the order of `files` does not matter. */
export function link(
  files: readonly FileFacts[],
  settings: LinkSettings,
  surroundings: Surroundings = {},
): Model {
  const automated = files.some(({ automation }) => (automation?.experimentRuns.length ?? 0) > 0);
  return assemble(contextsOf(files, settings, surroundings), settings, automated);
}
