/** The variables of a container: `env`, and `envFrom` with the ConfigMaps that are here. */
import { unknown } from '../derive/values.ts';
import type { ContainerEnvironment, Variable } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { isNamed, meet, type Scope } from './scope.ts';

/** A value that Kubernetes puts together from other variables: `$(HOST):$(PORT)`. */
const REFERS = /\$\([\w.-]+\)/;

function configMapData(
  scope: Scope,
  namespace: string | undefined,
  name: string,
): Cursor | undefined {
  const found = scope
    .ofKind('ConfigMap')
    .filter((object) => isNamed(object, name) && meet(object.namespace, namespace));
  const [only] = found;
  // Two of one name: which of them is deployed cannot be told.
  return found.length === 1 ? only?.body.get('data') : undefined;
}

function variableValue(scope: Scope, namespace: string | undefined, item: Cursor): Value<string> {
  const from = item.get('valueFrom');
  if (from.isAbsent) {
    const value = item.get('value').text();
    if (value.state === 'absent') return item.get('value').isAbsent ? item.known('') : value;
    return value.state === 'known' && REFERS.test(value.value)
      ? unknown('it is made of other variables', value.at)
      : value;
  }
  const reference = from.get('configMapKeyRef');
  const name = reference.get('name').text();
  const key = reference.get('key').text();
  if (name.state !== 'known' || key.state !== 'known')
    return unknown(
      from.get('secretKeyRef').isAbsent ? 'it comes from the cluster' : 'it comes from a Secret',
      from.at,
    );
  const data = configMapData(scope, namespace, name.value);
  const value = data?.get(key.value).text();
  return value?.state === 'known' ? value : unknown(`ConfigMap ${name.value} is not here`, from.at);
}

export function environmentOf(
  scope: Scope,
  namespace: string | undefined,
  container: Cursor,
): ContainerEnvironment {
  const variables = new Map<string, Variable>();
  const sources = container.get('envFrom');
  const list = container.get('env');
  let complete = sources.isComplete && list.isComplete;
  for (const source of sources.items) {
    const name = source.get('configMapRef', 'name').text();
    const prefix = source.get('prefix').text();
    const data = name.state === 'known' ? configMapData(scope, namespace, name.value) : undefined;
    if (data?.node?.kind !== 'map' || prefix.state === 'unknown') {
      complete = false;
      continue;
    }
    const before = prefix.state === 'known' ? prefix.value : '';
    for (const { key, value } of data.entries)
      variables.set(before + key, { name: before + key, value: value.text(), at: value.at });
  }
  for (const item of list.items) {
    const name = item.get('name').text();
    if (name.state !== 'known') {
      complete = false;
      continue;
    }
    const value = variableValue(scope, namespace, item);
    const at = value.state === 'known' ? value.at : item.get('name').at;
    variables.set(name.value, { name: name.value, value, at });
  }
  return { variables, complete };
}
