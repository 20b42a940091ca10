import type { Cursor } from '../link/cursor.ts';
import type { Rollout, WorkloadKind } from '../model.ts';
import type { IntOrPercent, Value } from '../value.ts';
import { absent, byDefault, known, scaled, unknown } from './values.ts';

const QUARTER: IntOrPercent = { unit: 'percent', amount: 25 };
const ONE: IntOrPercent = { unit: 'pods', amount: 1 };

/** Pods that a field means at `floor`; unknown when the field or, for a percentage, the floor is. */
function podsOf(
  field: Cursor,
  fallback: IntOrPercent,
  floor: Value<number>,
  round: 'up' | 'down',
): Value<number> {
  const written = field.intOrPercent();
  if (written.state === 'unknown') return written;
  const part = written.state === 'known' ? written.value : fallback;
  if (part.unit === 'percent' && floor.state !== 'known')
    return unknown('a percentage of an unknown number of replicas', written.at);
  const pods = scaled(part, floor.state === 'known' ? floor.value : 0, round);
  return written.state === 'known' ? known(pods, written.at) : byDefault(pods, written.at);
}

/** RollingUpdate of Deployment-like kinds: surge up, unavailable down, both 0 means one unavailable. */
function rolling(params: Cursor, type: Value<string>, floor: Value<number>): Rollout {
  const maxSurge = podsOf(params.get('maxSurge'), QUARTER, floor, 'up');
  let maxUnavailable = podsOf(params.get('maxUnavailable'), QUARTER, floor, 'down');
  if (
    maxSurge.state === 'known' &&
    maxUnavailable.state === 'known' &&
    maxSurge.value === 0 &&
    maxUnavailable.value === 0
  )
    maxUnavailable = { ...maxUnavailable, value: 1 };
  return { type, maxUnavailable, maxSurge, readyFloor: readyFloorOf(floor, maxUnavailable) };
}

function readyFloorOf(floor: Value<number>, maxUnavailable: Value<number>): Value<number> {
  if (maxUnavailable.state !== 'known') return maxUnavailable;
  const { at } = maxUnavailable;
  if (floor.state !== 'known') return unknown('the number of replicas is not known', at);
  return known(Math.max(0, floor.value - maxUnavailable.value), at);
}

/** All pods stop before a new one starts, or nothing is known but the type. */
function only(type: Value<string>, readyFloor: Value<number>): Rollout {
  const nothing = absent(type.at);
  return { type, maxUnavailable: nothing, maxSurge: nothing, readyFloor };
}

/**
 * What a rollout does to the ready pods of a workload at its effective floor.
 * Sources: kubernetes pkg/controller/deployment/util ResolveFenceposts (rounding, both 0 means 1); the API
 * reference of Deployment, StatefulSet, DaemonSet (defaults); Argo Rollouts "Specification"; OpenShift "DeploymentConfig".
 * @param spec the workload's `spec`
 */
export function rolloutOf(kind: WorkloadKind, spec: Cursor, floor: Value<number>): Rollout {
  switch (kind) {
    case 'Deployment': {
      const strategy = spec.get('strategy');
      const written = strategy.get('type').string();
      const type = written.state === 'absent' ? byDefault('RollingUpdate', written.at) : written;
      if (type.state === 'known' && type.value === 'Recreate') return only(type, known(0, type.at));
      if (type.state === 'known' && type.value === 'RollingUpdate')
        return rolling(strategy.get('rollingUpdate'), type, floor);
      return only(type, unknown('an unknown strategy', type.at));
    }
    case 'DeploymentConfig': {
      const strategy = spec.get('strategy');
      const written = strategy.get('type').string();
      if (
        written.state === 'absent' ||
        (written.state === 'known' && written.value === 'Rolling')
      ) {
        const type =
          written.state === 'absent'
            ? byDefault('RollingUpdate', written.at)
            : known('RollingUpdate', written.at);
        return rolling(strategy.get('rollingParams'), type, floor);
      }
      if (written.state === 'known' && written.value === 'Recreate')
        return only(written, known(0, written.at));
      return only(written, unknown('a custom strategy', written.at));
    }
    case 'Rollout': {
      const strategy = spec.get('strategy');
      const canary = strategy.get('canary');
      const blueGreen = strategy.get('blueGreen');
      if (strategy.isUnknown || strategy.isAbsent || canary.isUnknown) {
        const type = unknown('the strategy is not here', strategy.at);
        return only(type, type);
      }
      if (!blueGreen.isAbsent) return only(known('blueGreen', blueGreen.keyAt), floor);
      if (canary.isAbsent) {
        const type = unknown('a strategy that is neither canary nor blueGreen', strategy.at);
        return only(type, type);
      }
      const type = known('canary', canary.keyAt);
      const rollout = rolling(canary, type, floor);
      if (canary.get('trafficRouting').isAbsent) return rollout;
      // With a traffic router the stable pods stay until the canary has taken over.
      return canary.get('dynamicStableScale').isAbsent
        ? { ...rollout, readyFloor: floor }
        : { ...rollout, readyFloor: unknown('dynamicStableScale moves the pods', type.at) };
    }
    case 'StatefulSet':
    case 'DaemonSet': {
      const strategy = spec.get('updateStrategy');
      const written = strategy.get('type').string();
      const type = written.state === 'absent' ? byDefault('RollingUpdate', written.at) : written;
      const nothing = absent(type.at);
      if (type.state !== 'known' || type.value !== 'RollingUpdate') return only(type, nothing);
      const count = kind === 'StatefulSet' ? floor : unknown('one pod per node', type.at);
      const field = strategy.get('rollingUpdate', 'maxUnavailable');
      return {
        type,
        maxUnavailable: podsOf(field, ONE, count, 'up'),
        maxSurge: nothing,
        readyFloor: nothing,
      };
    }
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Pod':
    case 'Job':
    case 'CronJob': {
      const nothing = absent(spec.keyAt);
      return { type: nothing, maxUnavailable: nothing, maxSurge: nothing, readyFloor: nothing };
    }
  }
}
