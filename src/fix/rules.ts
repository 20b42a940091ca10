/** Rules whose findings a program can fix. */
import type { Finding } from '../finding.ts';

const IN_CODE: readonly string[] = [
  'exit-without-drain',
  'http-call-without-timeout',
  'missing-graceful-shutdown',
  'query-without-timeout',
  'retry-without-backoff',
];

const IN_MANIFESTS = [
  'autoscaler-floor-too-low',
  'missing-cpu-limit',
  'missing-memory-limit',
  'missing-pod-disruption-budget',
  'missing-pre-stop-delay',
  'missing-readiness-probe',
  'missing-resource-requests',
  'pods-on-one-node',
  'too-few-replicas',
  'zero-grace-period',
] as const;

/** A rule whose fix changes manifests. */
export type ManifestRule = (typeof IN_MANIFESTS)[number];

export const FIXABLE: ReadonlySet<string> = new Set([...IN_CODE, ...IN_MANIFESTS]);

/** Whether program text is what its fix changes. */
export function hasCodeFix({ rule }: Finding): boolean {
  return IN_CODE.includes(rule);
}

/** Whether manifests are. */
export function hasManifestFix({ rule }: Finding): boolean {
  return IN_MANIFESTS.some((id) => id === rule);
}
