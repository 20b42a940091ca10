import type { Location } from '../../location.ts';
import type { IntOrPercent, Value } from '../value.ts';
import { known, scaled, unknown } from './values.ts';

/**
 * How many pods a PodDisruptionBudget lets go at once when all are healthy, as the disruption controller
 * reckons: percentages of both fields round up, maxUnavailable wins, and neither field means 0.
 * Source: kubernetes pkg/controller/disruption, getExpectedPodCount and updatePdbStatus.
 */
export function allowedDisruptions(
  minAvailable: Value<IntOrPercent>,
  maxUnavailable: Value<IntOrPercent>,
  expectedPods: Value<number>,
  at: Location,
): Value<number> {
  const set = maxUnavailable.state === 'absent' ? minAvailable : maxUnavailable;
  if (set.state === 'absent') return known(0, at);
  if (set.state === 'unknown') return unknown(set.why, at);
  const { amount, unit } = set.value;
  const isMinimum = maxUnavailable.state === 'absent';
  if (!isMinimum && amount === 0) return known(0, at);
  if (isMinimum && unit === 'percent' && amount >= 100) return known(0, at);
  if (expectedPods.state === 'unknown') return unknown(expectedPods.why, at);
  if (expectedPods.state === 'absent') return unknown('the number of pods is not known', at);
  const pods = expectedPods.value;
  const some = scaled(set.value, pods, 'up');
  const desiredHealthy = isMinimum ? some : Math.max(0, pods - some);
  return known(Math.max(0, pods - desiredHealthy), at);
}
