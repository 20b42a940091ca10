/** Silencing comments, whatever marks a comment: `chaoslint-disable-next-line rule-a, rule-b -- reason`. */
import type { Directive } from '../facts.ts';
import type { Range } from '../location.ts';

/** What every one of them holds. */
export const DIRECTIVE_WORD = /chaoslint-(?:disable|enable)/;

const DIRECTIVE =
  /^\s*chaoslint-(disable-next-line|disable-line|disable|enable)(?![\w-])([\s\S]*)$/;
const REASON = /(?:^|\s)--(?=\s|$)/;

/** What a comment says. */
export interface Said {
  readonly form: 'next-line' | 'line' | 'disable' | 'enable';
  readonly rules: readonly string[];
  readonly reason: string;
}

/** What a comment says, given without its marks; undefined when it is no directive. */
export function saidIn(comment: string): Said | undefined {
  const found = DIRECTIVE.exec(comment);
  if (found === null) return undefined;
  const [, word = '', words = ''] = found;
  const dashes = REASON.exec(words);
  const named = dashes === null ? words : words.slice(0, dashes.index);
  return {
    form: word.replace(/^disable-(?=.)/, '') as Said['form'],
    rules: named.split(/[\s,]+/).filter((rule) => rule !== ''),
    reason: dashes === null ? '' : words.slice(dashes.index + dashes[0].length).trim(),
  };
}

/** A comment of a file that says something. */
export interface Written extends Said {
  readonly range: Range;
  /** 1-based line that the comment begins on, and the first one after it with more than comments. */
  readonly own: number;
  readonly next: number;
}

/** A block that no comment has ended yet. */
interface Open {
  readonly written: Written;
  readonly rules: Set<string>;
}

/**
 * The directives of a file, from its comments in order. `chaoslint-disable` holds until a `chaoslint-enable` that names the rule, or
 * names none, else to the end of the file.
 * @param lines how many lines the file has
 */
export function directivesIn(written: readonly Written[], lines: number): readonly Directive[] {
  const directives: Directive[] = [];
  let open: Open[] = [];
  const close = ({ written: { form, reason, range, own } }: Open, rules: string[], last: number) =>
    directives.push({ form, rules, reason, range, line: own, lastLine: last });
  for (const comment of written) {
    const { form, rules, reason, range, own, next } = comment;
    if (form === 'next-line' || form === 'line')
      directives.push({ form, rules, reason, range, line: form === 'line' ? own : next });
    else if (form === 'disable') {
      if (rules.length === 0) close({ written: comment, rules: new Set() }, [], own);
      else open.push({ written: comment, rules: new Set(rules) });
    } else {
      let ended = 0;
      for (const block of open) {
        const named = [...block.rules].filter((rule) => rules.length === 0 || rules.includes(rule));
        if (named.length === 0) continue;
        ended++;
        for (const rule of named) block.rules.delete(rule);
        close(block, named, own);
      }
      open = open.filter((block) => block.rules.size > 0);
      // One that ends nothing is kept: somebody must be told.
      if (ended === 0) directives.push({ form, rules, reason, range, line: own });
    }
  }
  for (const block of open) close(block, [...block.rules], lines);
  return directives.sort((a, b) => a.range[0] - b.range[0]);
}
