/** `.Capabilities` as `helm template` has it without a cluster. */
import { textOf } from './text.ts';
import type { Dict, Native, Operand } from './value.ts';

/** The Kubernetes that charts are rendered for when nobody says another one. */
const KUBERNETES = { major: '1', minor: '34' };
const HELM_VERSION = 'v3.22.0';

/** What client-go knows: API versions without custom resources. */
const API_VERSIONS: readonly string[] = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.k8s.io/v1beta1',
  'internal.apiserver.k8s.io/v1alpha1',
  'apps/v1',
  'apps/v1beta1',
  'apps/v1beta2',
  'authentication.k8s.io/v1',
  'authentication.k8s.io/v1alpha1',
  'authentication.k8s.io/v1beta1',
  'authorization.k8s.io/v1',
  'authorization.k8s.io/v1beta1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'batch/v1beta1',
  'certificates.k8s.io/v1',
  'certificates.k8s.io/v1beta1',
  'certificates.k8s.io/v1alpha1',
  'coordination.k8s.io/v1alpha2',
  'coordination.k8s.io/v1beta1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'lifecycle.k8s.io/v1alpha1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1',
  'node.k8s.io/v1alpha1',
  'node.k8s.io/v1beta1',
  'policy/v1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1beta1',
  'rbac.authorization.k8s.io/v1alpha1',
  'resource.k8s.io/v1',
  'resource.k8s.io/v1beta2',
  'resource.k8s.io/v1beta1',
  'resource.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1beta1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1beta1',
  'storage.k8s.io/v1',
  'storage.k8s.io/v1alpha1',
  'storagemigration.k8s.io/v1',
  'storagemigration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1',
];

const KNOWN: ReadonlySet<string> = new Set(API_VERSIONS);

export const operand = (value: Operand['value']): Operand => ({ value, from: [] });

/** The Kubernetes version, which prints as itself and has parts. */
function kubeVersion(): Native {
  const { major, minor } = KUBERNETES;
  const version = `v${major}.${minor}.0`;
  const members = new Map([
    ['Version', version],
    ['GitVersion', version],
    ['String', version],
    ['Major', major],
    ['Minor', minor],
  ]);
  return {
    native: 'KubeVersion',
    text: version,
    member: (name) => {
      const text = members.get(name);
      return text === undefined ? undefined : operand(textOf(text));
    },
  };
}

function apiVersions(): Native {
  return {
    native: 'VersionSet',
    text: `[${API_VERSIONS.join(' ')}]`,
    contents: () => API_VERSIONS.map((version) => operand(textOf(version))),
    member: (name, [wanted]) => {
      if (name !== 'Has' || wanted === undefined) return undefined;
      const { value, from } = wanted;
      if (value === null || typeof value !== 'object' || !('pieces' in value)) return undefined;
      return { value: KNOWN.has(value.value), from };
    },
  };
}

/** `.Capabilities`: what the cluster and Helm can do. */
export function capabilities(): Dict {
  return new Map([
    ['KubeVersion', operand(kubeVersion())],
    ['APIVersions', operand(apiVersions())],
    ['HelmVersion', operand(new Map([['Version', operand(textOf(HELM_VERSION))]]))],
  ]);
}
