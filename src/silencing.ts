/** What silences findings (comments, annotations, the policy), and what is wrong with it: that is reported as findings too. */
import { createHash } from 'node:crypto';
import type { CodeFacts } from './code-facts.ts';
import type { Policy, PolicySuppression } from './config/policy.ts';
import type { Directive, FileFacts } from './facts.ts';
import { fileMatcher } from './files/ignore.ts';
import type { Finding, Level, Suppression } from './finding.ts';
import { type Location, locate } from './location.ts';
import { nearest } from './nearest.ts';
import { type SilencingRule, silencingRules } from './silencing-rules.ts';

/** The annotation that silences a rule on an object: `chaoslint.dev/ignore.too-few-replicas: "reason"`. */
const ANNOTATION = 'chaoslint.dev/ignore.';

export type Annotations = ReadonlyMap<string, { readonly value: string; readonly at: Location }>;

/** What may be silenced. */
export interface Silenceable {
  readonly rule: string;
  /** Where the finding stands, and where the values are written that decide it. */
  readonly places: readonly Location[];
  readonly identity: string;
  readonly annotations: Annotations;
}

/** What a run knows of what fired, which decides whether a comment is of use. */
export interface Fired {
  /** Rules that saw all that they look at: a comment for another rule may be needed all the same. */
  readonly ran: ReadonlySet<string>;
  /** Whether all that could fire in this file was seen. */
  readonly isWhole: (path: string) => boolean;
  /** Whether everything that the policy is about was seen. */
  readonly isEverything: boolean;
}

const placeOf = ({ path, start, end }: Location) => `${path}\n${start}\n${end}`;

/** A comment or an annotation in place. */
interface Placed {
  readonly at: Location;
  /** As it is written: `chaoslint-disable-line too-few-replicas`. */
  readonly written: string;
  readonly rules: readonly string[];
  readonly reason: string;
}

interface PlacedDirective extends Placed {
  readonly directive: Directive;
}

const WORDS: Readonly<Record<Directive['form'], string>> = {
  'next-line': 'chaoslint-disable-next-line',
  line: 'chaoslint-disable-line',
  disable: 'chaoslint-disable',
  enable: 'chaoslint-enable',
};

/** All that silences, by where it works; remembers what was of use. */
export class Silencing {
  readonly #known: ReadonlySet<string>;
  readonly #directives = new Map<string, PlacedDirective[]>();
  readonly #annotations = new Map<string, Placed>();
  readonly #suppressions: readonly (PolicySuppression & {
    readonly matches: (path: string) => boolean;
  })[];
  /** Places of comments and annotations with a rule, and entries of the policy, that silenced something. */
  readonly #used = new Set<string>();

  /** @param files the facts that the models were made of */
  constructor(
    files: readonly (FileFacts | CodeFacts)[],
    known: ReadonlySet<string>,
    policy: Policy,
  ) {
    this.#known = known;
    for (const file of files) {
      for (const directive of file.directives) {
        const { rules, reason, form } = directive;
        const at = locate(file, directive.range);
        const written = [WORDS[form], rules.join(', ')].join(' ').trim();
        const list = this.#directives.get(file.path) ?? [];
        list.push({ directive, at, written, rules, reason });
        this.#directives.set(file.path, list);
      }
    }
    this.#suppressions = policy.suppress.map((entry) => ({
      ...entry,
      matches: entry.paths.length === 0 ? () => true : fileMatcher(entry.paths),
    }));
  }

  /** Annotations of an object count as told once they were shown. */
  show(annotations: Annotations): void {
    for (const [key, { value, at }] of annotations) {
      if (!key.startsWith(ANNOTATION)) continue;
      const rules = [key.slice(ANNOTATION.length)];
      this.#annotations.set(placeOf(at), { at, written: key, rules, reason: value.trim() });
    }
  }

  /** Why something is not reported; undefined when it is. */
  suppressionOf(about: Silenceable): Suppression | undefined {
    const { rule, places, annotations } = about;
    const found: Suppression[] = [];
    const annotation = annotations.get(ANNOTATION + rule);
    if (annotation !== undefined && annotation.value.trim() !== '') {
      const { value, at } = annotation;
      this.#used.add(`${placeOf(at)}\n${rule}`);
      found.push({ kind: 'annotation', reason: value.trim(), at });
    }
    for (const { path, line } of places) {
      for (const { directive, at } of this.#directives.get(path) ?? []) {
        const { form, rules, reason, line: first, lastLine = first } = directive;
        if (form === 'enable' || reason === '' || !rules.includes(rule)) continue;
        if (line < first || line > lastLine) continue;
        this.#used.add(`${placeOf(at)}\n${rule}`);
        found.push({ kind: 'comment', reason, at });
      }
    }
    for (const entry of this.#suppressions) {
      if (entry.isExpired || !entry.rules.includes(rule)) continue;
      if (entry.about !== undefined && entry.about !== about.identity) continue;
      if (!places.some(({ path }) => entry.matches(path))) continue;
      this.#used.add(entry.reason + placeOf(entry.at));
      found.push({ kind: 'policy', reason: entry.reason, at: entry.at });
    }
    return found[0];
  }

  /** What is wrong with what silences, as findings; what is of no use any more too. */
  complaints(policy: Policy, fired: Fired): readonly Finding[] {
    const complaints = new Map<string, Finding>();
    const about = (rule: SilencingRule, message: string, { at, written }: Placed) => {
      const level = silencingLevel(rule, policy);
      if (level === 'off') return;
      const identity = `${at.path}#${written}`;
      const finding: Finding = {
        rule: rule.id,
        level,
        message,
        at,
        related: [],
        fix: rule.fix,
        cause: rule.cause,
        identity,
        fingerprint: createHash('sha256')
          .update(`${rule.id}\n${identity}\n${message}`)
          .digest('hex')
          .slice(0, 32),
        contexts: [],
      };
      complaints.set(`${rule.id}\n${message}\n${placeOf(at)}`, finding);
    };
    const names = (placed: Placed) => {
      for (const rule of placed.rules) {
        if (this.#known.has(rule)) continue;
        const near = nearest(rule, this.#known);
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        about(silencingRules.unknownRule, `There is no rule ${rule}${hint}`, placed);
      }
    };
    const idle = (placed: Placed) => {
      for (const rule of placed.rules)
        if (fired.ran.has(rule) && !this.#used.has(`${placeOf(placed.at)}\n${rule}`))
          about(
            silencingRules.unusedDirective,
            `${rule} has nothing to say here, so nothing is silenced`,
            placed,
          );
    };
    for (const [path, list] of this.#directives) {
      for (const placed of list) {
        const { form } = placed.directive;
        names(placed);
        if (form === 'enable')
          about(
            silencingRules.unusedDirective,
            `No chaoslint-disable of ${placed.rules.length === 0 ? 'any rule' : placed.rules.join(', ')} is open here`,
            placed,
          );
        else if (placed.rules.length === 0 || placed.reason === '')
          about(
            silencingRules.incompleteDirective,
            `The comment silences nothing: write ${WORDS[form]} RULE -- reason`,
            placed,
          );
        else if (fired.isWhole(path)) idle(placed);
      }
    }
    for (const placed of this.#annotations.values()) {
      names(placed);
      if (placed.reason === '' && placed.rules.every((rule) => this.#known.has(rule)))
        about(
          silencingRules.incompleteDirective,
          'The annotation silences nothing: give it a reason',
          placed,
        );
      else if (fired.isWhole(placed.at.path)) idle(placed);
    }
    for (const { at, rules, reason, until, isExpired } of this.#suppressions) {
      const placed = { at, rules, reason, written: `suppress ${rules.join(', ')}` };
      if (isExpired)
        about(
          silencingRules.expiredSuppression,
          `What silences ${rules.join(', ')} ended on ${until} (${reason})`,
          placed,
        );
      else if (
        fired.isEverything &&
        rules.every((rule) => fired.ran.has(rule)) &&
        !this.#used.has(reason + placeOf(at))
      )
        about(
          silencingRules.unusedDirective,
          `${rules.join(', ')} has nothing to say there, so nothing is silenced`,
          placed,
        );
    }
    return [...complaints.values()];
  }
}

/** The level of what is wrong with silencing; `off` when the policy does not want it. */
export function silencingLevel({ id, level }: SilencingRule, policy: Policy): Level | 'off' {
  return policy.rules.get(id)?.level ?? level;
}
