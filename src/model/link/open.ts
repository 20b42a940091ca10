/**
 * Custom resources whose controllers make pods, Services or whole applications that no manifest shows
 * (rules.md "Unseen makers"). Nobody can list all controllers, so the list is the other way round: API groups that
 * are known to make nothing of that kind. Every other group is taken for a maker.
 */

/** Groups of which no kind makes pods that matter to these manifests. */
const HARMLESS_GROUPS: ReadonlySet<string> = new Set([
  '',
  'acme.cert-manager.io',
  'apps',
  'apps.openshift.io',
  'authorization.openshift.io',
  'autoscaling',
  'aws.amazon.com',
  'backstage.io',
  'batch',
  'bitnami.com',
  'build.openshift.io',
  'cert-manager.io',
  'chaos-mesh.org',
  'cilium.io',
  'cloud.google.com',
  'config.openshift.io',
  'configuration.konghq.com',
  'crd.projectcalico.org',
  'eksctl.io',
  'elbv2.k8s.aws',
  'extensions',
  'extensions.istio.io',
  'external-secrets.io',
  'generators.external-secrets.io',
  'getambassador.io',
  'image.openshift.io',
  'image.toolkit.fluxcd.io',
  'isindir.github.com',
  'k3d.io',
  'karpenter.k8s.aws',
  'karpenter.sh',
  'keda.k8s.io',
  'kind.x-k8s.io',
  'kubernetes-client.io',
  'kyverno.io',
  'linkerd.io',
  'litmuschaos.io',
  'longhorn.io',
  'machineconfiguration.openshift.io',
  'metallb.io',
  'mutations.gatekeeper.sh',
  'networking.gke.io',
  'networking.istio.io',
  'notification.toolkit.fluxcd.io',
  'oauth.openshift.io',
  'openslo',
  'policies.kyverno.io',
  'policy',
  'policy.linkerd.io',
  'project.openshift.io',
  'projectcalico.org',
  'projectcontour.io',
  'pyrra.dev',
  'quota.openshift.io',
  'route.openshift.io',
  'secrets-store.csi.x-k8s.io',
  'secrets.hashicorp.com',
  'security.istio.io',
  'security.openshift.io',
  'skaffold',
  'sloth.slok.dev',
  'source.toolkit.fluxcd.io',
  'telemetry.istio.io',
  'templates.gatekeeper.sh',
  'constraints.gatekeeper.sh',
  'traefik.containo.us',
  'traefik.io',
  'trust.cert-manager.io',
  'user.openshift.io',
  'wgpolicyk8s.io',
]);

/** Kinds that make nothing, of groups whose other kinds do. */
const HARMLESS_KINDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'monitoring.coreos.com',
    new Set([
      'AlertmanagerConfig',
      'PodMonitor',
      'Probe',
      'PrometheusRule',
      'ScrapeConfig',
      'ServiceMonitor',
    ]),
  ],
  ['keda.sh', new Set(['ClusterTriggerAuthentication', 'ScaledObject', 'TriggerAuthentication'])],
  [
    'argoproj.io',
    new Set(['AnalysisTemplate', 'AppProject', 'ClusterAnalysisTemplate', 'Rollout']),
  ],
  [
    'dapr.io',
    new Set(['Component', 'Configuration', 'HTTPEndpoint', 'Resiliency', 'Subscription']),
  ],
  [
    'grafana.integreatly.org',
    new Set(['GrafanaAlertRuleGroup', 'GrafanaDashboard', 'GrafanaDatasource', 'GrafanaFolder']),
  ],
]);

/** Kubernetes' own groups (`rbac.authorization.k8s.io`, `gateway.networking.k8s.io`), not its experiments. */
function isKubernetesGroup(group: string): boolean {
  return group.endsWith('.k8s.io') && !group.endsWith('.x-k8s.io');
}

/** Why objects of this kind mean that pods or objects exist which nobody here sees; undefined when they do not. */
export function whyOpen(group: string, kind: string): string | undefined {
  if (HARMLESS_GROUPS.has(group) || isKubernetesGroup(group)) return undefined;
  if (HARMLESS_KINDS.get(group)?.has(kind) === true) return undefined;
  return `a ${kind} (${group}) makes pods or objects that are not in these files`;
}
