import type { Autoscaler, EffectiveReplicas, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import { absent, known, orDefault, unknown } from './values.ts';

/** One answer from several autoscalers: theirs when all agree, else unknown. */
function agreed(values: readonly Value<number>[], what: string): Value<number> {
  const [first, ...others] = values;
  if (first === undefined) throw new Error('no autoscaler');
  const same = others.every(
    (v) => v.state === 'known' && first.state === 'known' && v.value === first.value,
  );
  return same ? first : unknown(`${values.length} autoscalers set different ${what}`, first.at);
}

/**
 * Effective replicas (rules.md): the floor of the autoscalers that target the workload, else spec.replicas,
 * else 1. An unset count of a DeploymentConfig is unknown. spec.replicas 0 switches a HorizontalPodAutoscaler
 * off (kubernetes.io "Horizontal Pod Autoscaling", implicit maintenance-mode deactivation).
 */
export function effectiveReplicas(
  workload: Pick<Workload, 'kind' | 'scalable' | 'specReplicas' | 'at'>,
  autoscalers: readonly Autoscaler[],
): EffectiveReplicas {
  const { specReplicas } = workload;
  if (!workload.scalable)
    return { floor: absent(workload.at), ceiling: absent(workload.at), setBy: 'default' };

  const switchedOff = specReplicas.state === 'known' && specReplicas.value === 0;
  const active = autoscalers.filter((a) => !switchedOff || a.type === 'ScaledObject');
  if (active.length > 0)
    return {
      floor: agreed(
        active.map((a) => a.minReplicas),
        'minimums',
      ),
      ceiling: agreed(
        active.map((a) => a.maxReplicas),
        'maximums',
      ),
      setBy: 'autoscaler',
    };

  if (specReplicas.state === 'absent') {
    const floor =
      workload.kind === 'DeploymentConfig'
        ? unknown('a DeploymentConfig without replicas', specReplicas.at)
        : orDefault(specReplicas, 1);
    return { floor, ceiling: floor, setBy: 'default' };
  }
  return { floor: specReplicas, ceiling: specReplicas, setBy: 'spec' };
}

/** The sum of several counts; unknown as soon as one is. `at` is the place that asks. */
export function sumOf(counts: readonly Value<number>[], at: Value<number>['at']): Value<number> {
  let sum = 0;
  for (const count of counts) {
    if (count.state === 'unknown') return unknown(count.why, at);
    if (count.state === 'absent') return unknown('a selected workload has no replica count', at);
    sum += count.value;
  }
  return known(sum, at);
}
