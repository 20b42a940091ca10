/** Istio: timeouts and retries of VirtualServices, outlier detection of DestinationRules. */
import { millisecondsOf } from '../derive/duration.ts';
import { absent, byDefault, known, orDefault, unknown } from '../derive/values.ts';
import type { DestinationRule, MeshRoute } from '../model.ts';
import type { Joined, Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { resourceOf } from './resources.ts';
import type { Scope } from './scope.ts';

function durationOf(cursor: Cursor): Value<number> {
  const text = cursor.text();
  if (text.state !== 'known') return text;
  const milliseconds = millisecondsOf(text.value);
  return milliseconds === undefined
    ? unknown('not a duration', text.at)
    : known(milliseconds, text.at);
}

/** Istio retries twice unless it is told otherwise; a policy without attempts switches retries off. */
function retriesOf(cursor: Cursor): Value<number> {
  if (cursor.isAbsent) return byDefault(2, cursor.keyAt);
  return orDefault(cursor.get('attempts').number(), 0);
}

function textsOf(list: Cursor): Joined<string> {
  const texts = list.items.map((item) => item.text());
  return {
    items: texts.flatMap((text) => (text.state === 'known' ? [text.value] : [])),
    complete: list.isComplete && texts.every(({ state }) => state === 'known'),
  };
}

/** The HTTP routes of the VirtualServices; what is missing in a route is reported at its name or first line. */
export function meshRoutesOf(scope: Scope): readonly MeshRoute[] {
  return scope.ofKind('VirtualService').flatMap((object): readonly MeshRoute[] => {
    const virtualService = resourceOf(object);
    const http = object.body.get('spec', 'http');
    const hosts = textsOf(object.body.get('spec', 'hosts'));
    const gateways = textsOf(object.body.get('spec', 'gateways'));
    return http.items.flatMap((item, index): readonly MeshRoute[] => {
      const { node } = item;
      if (node?.kind !== 'map') return [];
      const name = item.get('name').text();
      const destination = item.get('route').items[0]?.get('destination', 'host');
      const [firstKey] = node.entries;
      const anchor = firstKey?.keyRange ?? node.range;
      const cursor = item.anchoredAt(anchor);
      const retries = cursor.get('retries');
      const text = name.state === 'known' ? name.value : `${index}`;
      return [
        {
          context: virtualService.context,
          identity: `${object.identity}#${text}`,
          label: `route ${name.state === 'known' ? text : index + 1} of ${virtualService.label}`,
          at:
            name.state === 'known'
              ? name.at
              : destination === undefined || destination.isAbsent
                ? cursor.place(anchor)
                : destination.at,
          annotations: virtualService.annotations,
          virtualService,
          hosts,
          gateways:
            gateways.complete && gateways.items.length === 0
              ? { items: ['mesh'], complete: true }
              : gateways,
          destinations: item
            .get('route')
            .items.map((target) => target.get('destination', 'host').text())
            .flatMap((host) => (host.state === 'known' ? [host.value] : [])),
          timeout: durationOf(cursor.get('timeout')),
          retries: retriesOf(retries),
          perTryTimeout: durationOf(retries.get('perTryTimeout')),
          callsService:
            cursor.get('redirect').isAbsent &&
            cursor.get('directResponse').isAbsent &&
            !cursor.get('route').isAbsent,
        },
      ];
    });
  });
}

function there(cursor: Cursor): Value<boolean> {
  if (cursor.isAbsent) return cursor.absent();
  return cursor.isUnknown ? cursor.unknown('it cannot be read') : known(true, cursor.keyAt);
}

/** True when the policies say something, and only how connections are encrypted. */
function saysOnlyTls(policies: readonly Cursor[]): boolean {
  const settings = policies.flatMap((policy) => [policy, ...policy.get('portLevelSettings').items]);
  const keys = settings.flatMap((setting) => setting.entries.map(({ key }) => key));
  const about = keys.filter((key) => key !== 'port' && key !== 'portLevelSettings');
  return about.length > 0 && about.every((key) => key === 'tls');
}

/** DestinationRules; outlier detection counts wherever it stands: for all, for a port, for a subset. */
export function destinationRulesOf(scope: Scope): readonly DestinationRule[] {
  return scope.ofKind('DestinationRule').map((object): DestinationRule => {
    const spec = object.body.get('spec');
    const policy = spec.get('trafficPolicy');
    const subsets = spec.get('subsets').items.map((subset) => subset.get('trafficPolicy'));
    const policies = [policy, ...subsets];
    const detections = policies.flatMap((cursor) => [
      there(cursor.get('outlierDetection')),
      ...cursor.get('portLevelSettings').items.map((port) => there(port.get('outlierDetection'))),
    ]);
    const policiesThere = policies.map(there);
    const strongest = (values: readonly Value<boolean>[]) =>
      values.find((value) => value.state === 'known') ??
      values.find((value) => value.state === 'unknown') ??
      values[0] ??
      absent(object.kindAt);
    return {
      ...resourceOf(object),
      trafficPolicy: strongest(policiesThere),
      tlsOnly: saysOnlyTls(policies),
      outlierDetection: strongest(detections),
    };
  });
}
