/** Rules on what silences other rules. They have no folder: they look at comments, annotations and the policy file. */
import type { Level } from './finding.ts';

export interface SilencingRule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  /** As the rule.md of other rules. */
  readonly documentation: string;
}

function documented(rule: Omit<SilencingRule, 'documentation'>, looksFor: string): SilencingRule {
  const { id, title, fix } = rule;
  const documentation = `# ${id}\n\n${title}\n\n## What it looks for\n\n${looksFor}\n\n## Fix\n\n${fix}\n`;
  return { ...rule, documentation };
}

export const silencingRules = {
  unknownRule: documented(
    {
      id: 'unknown-rule',
      level: 'warning',
      title: 'A comment or an annotation silences a rule that does not exist.',
      cause: 'silences a rule that does not exist',
      fix: 'Correct the name: `chaoslint rules` lists all rules',
    },
    'Names in `chaoslint-disable` comments and `chaoslint.dev/ignore.` annotations that are no rule: a typing error silences nothing.',
  ),
  incompleteDirective: documented(
    {
      id: 'incomplete-directive',
      level: 'warning',
      title: 'A comment or an annotation silences nothing, because it has no reason or no rule.',
      cause: 'silences nothing',
      fix: 'Name the rules and the reason: `chaoslint-disable-next-line RULE -- reason`',
    },
    'Comments without a rule or without ` -- reason`, and annotations with an empty value. Without a reason nobody can tell later whether the exception still holds.',
  ),
  unusedDirective: documented(
    {
      id: 'unused-directive',
      level: 'warning',
      title: 'A comment, an annotation or an entry of the policy silences nothing any more.',
      cause: 'silences nothing any more',
      fix: 'Delete it',
    },
    'What silences a rule that has nothing to say there. Silent where the rule did not run, where something could not be decided, and in files that were not read as a whole.',
  ),
  expiredSuppression: documented(
    {
      id: 'expired-suppression',
      level: 'warning',
      title: 'An entry under `suppress` of the policy file has passed its date.',
      cause: 'exception that has ended',
      fix: 'Fix what it silenced, or agree on a new date',
    },
    'Entries under `suppress` whose `until` is before today: what they silenced is reported again.',
  ),
} as const satisfies Readonly<Record<string, SilencingRule>>;

/** By id. */
export const allSilencingRules: readonly SilencingRule[] = Object.values(silencingRules).sort(
  (a, b) => (a.id < b.id ? -1 : 1),
);
