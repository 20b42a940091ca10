/** What a program that embeds chaoslint may use. */
export { rules } from '../rules/index.ts';
export { UsageError } from './config/errors.ts';
export { defaultPolicy, type Policy } from './config/policy.ts';
export type { SourceFile } from './facts.ts';
export type { Finding, Level, Report } from './finding.ts';
export type { Location } from './location.ts';
export { jsonReport } from './report/json.ts';
export { sarifReport } from './report/sarif.ts';
export { textReport } from './report/text.ts';
export { analyse, type Outcome, type RunOptions, run } from './run.ts';
