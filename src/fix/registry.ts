/** Which rules have a fix, and who computes it. */
import type { Finding } from '../finding.ts';
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
import { Unfit } from './yaml/tree.ts';

const FIXERS: ReadonlyMap<string, Fixer> = new Map([
  ['autoscaler-floor-too-low', autoscalerFloor],
  ['missing-cpu-limit', cpuLimit],
  ['missing-memory-limit', memoryLimit],
  ['missing-pod-disruption-budget', disruptionBudget],
  ['missing-pre-stop-delay', preStopDelay],
  ['missing-readiness-probe', readinessProbe],
  ['missing-resource-requests', resourceRequests],
  ['pods-on-one-node', podSpread],
  ['too-few-replicas', replicas],
  ['zero-grace-period', gracePeriod],
]);

/** Whether manifests are what its fix changes. */
export function hasManifestFix(finding: Finding): boolean {
  return FIXERS.has(finding.rule);
}

/** The fix of a finding in manifests, or why there is none. Pure; throws nothing that a text can cause. */
export function manifestFix(request: FixRequest): Fix | Refusal {
  const { rule, byHand } = request.finding;
  if (byHand !== undefined) return { refused: byHand };
  const fixer = FIXERS.get(rule);
  if (fixer === undefined) return { refused: 'the rule has no fix' };
  try {
    const fix = fixer(request);
    if (isRefusal(fix)) return fix;
    const files = fix.files.filter(({ before, after }) => before !== after);
    return files.length === 0 ? { refused: 'it is written there already' } : { ...fix, files };
  } catch (error) {
    if (error instanceof Unfit) return { refused: error.message };
    throw error;
  }
}
