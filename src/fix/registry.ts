/** Which rules have a fix, and who computes it. */
import { type Fix, type Fixer, type FixRequest, isRefusal, type Refusal } from './fix.ts';
import { disruptionBudget } from './kubernetes/budgets.ts';
import { autoscalerFloor, gracePeriod, replicas } from './kubernetes/numbers.ts';
import {
  cpuLimit,
  memoryLimit,
  podSpread,
  preStopDelay,
  resourceRequests,
} from './kubernetes/pods.ts';
import { readinessProbe } from './kubernetes/probes.ts';
import type { ManifestRule } from './rules.ts';
import { Unfit } from './yaml/tree.ts';

/** Of each rule that src/fix/rules.ts names. */
const FIXERS: Readonly<Record<ManifestRule, Fixer>> = {
  'autoscaler-floor-too-low': autoscalerFloor,
  'missing-cpu-limit': cpuLimit,
  'missing-memory-limit': memoryLimit,
  'missing-pod-disruption-budget': disruptionBudget,
  'missing-pre-stop-delay': preStopDelay,
  'missing-readiness-probe': readinessProbe,
  'missing-resource-requests': resourceRequests,
  'pods-on-one-node': podSpread,
  'too-few-replicas': replicas,
  'zero-grace-period': gracePeriod,
};
const BY_ID: ReadonlyMap<string, Fixer> = new Map(Object.entries(FIXERS));

/** The fix of a finding in manifests, or why there is none. Pure; throws nothing that a text can cause. */
export function manifestFix(request: FixRequest): Fix | Refusal {
  const { rule, byHand } = request.finding;
  if (byHand !== undefined) return { refused: byHand };
  const fixer = BY_ID.get(rule);
  if (fixer === undefined) return { refused: 'the rule has no fix' };
  try {
    const fix = everywhere(fixer, request);
    if (isRefusal(fix)) return fix;
    const files = fix.files.filter(({ before, after }) => before !== after);
    return files.length === 0 ? { refused: 'it is written there already' } : { ...fix, files };
  } catch (error) {
    if (error instanceof Unfit) return { refused: error.message };
    throw error;
  }
}

/** The copies of an object in other contexts too: the finding ends when all of them are changed. */
function everywhere(fixer: Fixer, request: FixRequest): Fix | Refusal {
  const { finding } = request;
  const first = fixer(request);
  if (isRefusal(first)) return first;
  const files = new Map(first.files.map((file) => [file.path, file]));
  for (const { at } of finding.related.filter(({ is }) => is === 'copy')) {
    // A copy in a file that was changed has moved, or was the same place.
    if (files.has(at.path)) continue;
    const copy = fixer({
      ...request,
      finding: { ...finding, at, related: [] },
      text: (path) => files.get(path)?.after ?? request.text(path),
    });
    if (isRefusal(copy)) return copy;
    for (const file of copy.files)
      files.set(file.path, { ...file, before: files.get(file.path)?.before ?? file.before });
  }
  return { ...first, files: [...files.values()] };
}
