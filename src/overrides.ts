/** Settings of a policy that hold for some files only. */
import type { Policy, PolicyOverride } from './config/policy.ts';
import { settingOn } from './config/written.ts';
import { fileMatcher } from './files/ignore.ts';

/** What remains of a policy where some files have other settings. */
export type FilePolicy = Pick<Policy, 'preset' | 'rules' | 'only'>;

/** Settings with those of overrides on top: levels and options one by one, the last one wins. */
export function overridden(
  rules: Policy['rules'],
  overrides: readonly PolicyOverride[],
): Policy['rules'] {
  const all = new Map(rules);
  for (const override of overrides)
    for (const [id, setting] of override.rules) all.set(id, settingOn(all.get(id), setting));
  return all;
}

/** The policy of each file. Files with the same overrides have the same policy, also by identity. */
export function policyByPath(policy: Policy): (path: string) => FilePolicy {
  if (policy.overrides.length === 0) return () => policy;
  const matchers = policy.overrides.map((override) => ({
    override,
    matches: fileMatcher(override.files),
  }));
  const byPath = new Map<string, FilePolicy>();
  const byOverrides = new Map<string, FilePolicy>();
  return (path) => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const matching = matchers.filter(({ matches }) => matches(path));
    const key = matching.map(({ override }) => policy.overrides.indexOf(override)).join(' ');
    const made =
      byOverrides.get(key) ??
      (matching.length === 0
        ? policy
        : {
            ...policy,
            rules: overridden(
              policy.rules,
              matching.map(({ override }) => override),
            ),
          });
    byOverrides.set(key, made);
    byPath.set(path, made);
    return made;
  };
}
