/** Charts that Argo CD and Flux install: their resources in the repository name a chart of the repository and its values. */
import type { ChartSetting, FileFacts, MapNode, Node, ResourceFacts } from '../../facts.ts';
import type { PlacedInstallation } from './installations.ts';

/** The charts that the Applications and HelmReleases of a file install. */
export function gitOpsInstallationsOf(file: FileFacts): readonly PlacedInstallation[] {
  return file.resources.flatMap((resource) => {
    const { apiVersion, resourceKind, body } = resource;
    if (body === undefined) return [];
    if (resourceKind === 'Application' && apiVersion.startsWith('argoproj.io/'))
      return fromApplication(file, resource, body);
    if (resourceKind === 'HelmRelease' && apiVersion.startsWith('helm.toolkit.fluxcd.io/'))
      return fromHelmRelease(file, resource, body);
    return [];
  });
}

function child(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let found = node;
  for (const key of keys)
    found =
      found?.kind === 'map' ? found.entries.findLast((one) => one.key === key)?.value : undefined;
  return found;
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'sequence' ? node.items : [];
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A path that cannot be told stays in the list, so that the whole set counts as unknown. */
function pathsIn(node: Node | undefined): readonly string[] {
  return itemsOf(node).map((item) => textOf(item) ?? '{{ unknown }}');
}

function named(release: string | undefined, namespace: string | undefined) {
  return {
    ...(release === undefined ? {} : { release }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function fromApplication(
  file: FileFacts,
  resource: ResourceFacts,
  body: MapNode,
): readonly PlacedInstallation[] {
  const spec = child(body, 'spec');
  const sources = [child(spec, 'source'), ...itemsOf(child(spec, 'sources'))];
  return sources.flatMap((source) => {
    const chart = textOf(child(source, 'path'));
    if (source === undefined || chart === undefined) return [];
    const helm = child(source, 'helm');
    const inPlace = child(helm, 'valuesObject');
    const valuesText = textOf(child(helm, 'values'));
    const settings = itemsOf(child(helm, 'parameters')).flatMap((one): ChartSetting[] => {
      const key = textOf(child(one, 'name'));
      if (key === undefined) return [];
      const value = textOf(child(one, 'value'));
      const isText = textOf(child(one, 'forceString')) === 'true';
      return [{ key, isText, range: one.range, ...(value === undefined ? {} : { value }) }];
    });
    const release = textOf(child(helm, 'releaseName')) ?? resource.name;
    const namespace = textOf(child(spec, 'destination', 'namespace'));
    return [
      {
        // The path is that of the repository, which may be written without a slash.
        chart: `./${chart}`,
        ...named(release, namespace),
        valuesFiles: pathsIn(child(helm, 'valueFiles')),
        ...(inPlace?.kind === 'map' ? { values: inPlace } : {}),
        ...(valuesText === undefined ? {} : { valuesText }),
        settings,
        by: file.path,
        path: file.path,
        range: source.range,
        isDeployed: true,
      },
    ];
  });
}

function fromHelmRelease(
  file: FileFacts,
  resource: ResourceFacts,
  body: MapNode,
): readonly PlacedInstallation[] {
  const spec = child(body, 'spec');
  const source = child(spec, 'chart', 'spec');
  const chart = textOf(child(source, 'chart'));
  if (source === undefined || chart === undefined) return [];
  if (textOf(child(source, 'sourceRef', 'kind')) !== 'GitRepository') return [];
  const values = child(spec, 'values');
  const files = pathsIn(child(source, 'valuesFiles'));
  const isElsewhere = itemsOf(child(spec, 'valuesFrom')).length > 0;
  const namespace = textOf(child(spec, 'targetNamespace')) ?? resource.namespace;
  return [
    {
      chart: chart.startsWith('.') ? chart : `./${chart}`,
      ...named(textOf(child(spec, 'releaseName')) ?? resource.name, namespace),
      valuesFiles: isElsewhere ? ['{{ unknown }}'] : files,
      ...(values?.kind === 'map' ? { values } : {}),
      settings: [],
      by: file.path,
      path: file.path,
      range: source.range,
      isDeployed: true,
    },
  ];
}
