/** Rules whose findings are fixed in program text. */
import type { Finding } from '../../finding.ts';

const RULES: ReadonlySet<string> = new Set([
  'exit-without-drain',
  'http-call-without-timeout',
  'missing-graceful-shutdown',
  'query-without-timeout',
  'retry-without-backoff',
]);

export function hasCodeFix({ rule }: Finding): boolean {
  return RULES.has(rule);
}
