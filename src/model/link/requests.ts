/** Requests and limits of a container after Kubernetes' defaulting. */

import { absent, byDefault, unknown } from '../derive/values.ts';
import type { Container } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { meet, type Scope } from './scope.ts';

type ResourceName = 'cpu' | 'memory';

type Field = keyof Omit<Container['resources'], 'at'>;

const FIELDS: Readonly<Record<ResourceName, { request: Field; limit: Field }>> = {
  cpu: { request: 'cpuRequest', limit: 'cpuLimit' },
  memory: { request: 'memoryRequest', limit: 'memoryLimit' },
};

/** A quantity of 0 (`0`, `0m`, `0Gi`) reserves and limits nothing, and no default fills it. */
function nothingIfZero(value: Value<string>): Value<string> {
  return value.state === 'known' && /^0+(\.0*)?[A-Za-z]*$/.test(value.value)
    ? absent(value.at)
    : value;
}

/** The first of several places that says something; absent at the first place when none does. */
function first(...values: readonly Value<string>[]): Value<string> {
  const found = values.find((value) => value.state !== 'absent');
  const [own] = values;
  if (found !== undefined) return found;
  if (own === undefined) throw new Error('no place to look at');
  return own;
}

/**
 * What LimitRanges of type Container give a container of this namespace that does not say it itself. Kubernetes
 * fills `default` from `max`, `defaultRequest` from `default` and then from `min`.
 * Source: kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem.
 */
function limitRangeOf(
  scope: Scope,
  namespace: string | undefined,
  resource: ResourceName,
  keys: readonly string[],
): Value<string> | undefined {
  for (const object of scope.ofKind('LimitRange')) {
    if (!meet(object.namespace, namespace)) continue;
    const limits = object.body.get('spec', 'limits');
    for (const item of limits.items) {
      const type = item.get('type').string();
      if (type.state === 'known' && type.value !== 'Container') continue;
      for (const key of keys) {
        const value = item.get(key, resource).text();
        if (value.state === 'known') return byDefault(value.value, value.at);
        if (value.state === 'unknown') return value;
      }
    }
    if (!limits.isComplete) return unknown('a LimitRange that cannot be read', limits.at);
  }
  return undefined;
}

/**
 * Requests and limits as rules.md "Requests" says: what the container writes, else the pod's own
 * `spec.resources`, else (for a request) the limit, else a LimitRange, else what the policy assumes.
 * An unread LimitRange makes an absence unknown.
 */
export function requestsOf(
  scope: Scope,
  namespace: string | undefined,
  container: Cursor,
  podSpec: Cursor,
): Container['resources'] {
  const own = container.get('resources');
  const pod = podSpec.get('resources');
  const unread = scope.unread('LimitRange');

  const written = (part: 'requests' | 'limits', resource: ResourceName) =>
    first(own.get(part, resource).text(), pod.get(part, resource).text());
  const elsewhere = (value: Value<string>, resource: ResourceName, part: 'request' | 'limit') => {
    if (value.state !== 'absent') return value;
    const keys =
      part === 'limit' ? ['default', 'max'] : ['defaultRequest', 'default', 'max', 'min'];
    const given = limitRangeOf(scope, namespace, resource, keys);
    if (given !== undefined) return given;
    if (scope.settings.assume.limitRange.includes(FIELDS[resource][part]))
      return byDefault('set by a LimitRange', value.at);
    return unread === undefined ? absent(value.at) : unknown(unread, value.at);
  };
  const request = (resource: ResourceName) => {
    const value = written('requests', resource);
    if (value.state !== 'absent') return value;
    const limit = written('limits', resource);
    if (limit.state === 'known') return byDefault(limit.value, limit.at);
    return limit.state === 'unknown' ? limit : elsewhere(value, resource, 'request');
  };
  const limit = (resource: ResourceName) =>
    elsewhere(written('limits', resource), resource, 'limit');

  return {
    cpuRequest: nothingIfZero(request('cpu')),
    memoryRequest: nothingIfZero(request('memory')),
    cpuLimit: nothingIfZero(limit('cpu')),
    memoryLimit: nothingIfZero(limit('memory')),
    at: own.keyAt,
  };
}
