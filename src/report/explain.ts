/** The rules for a person at a terminal: a table of all, and the text of one. */
import pc from 'picocolors';
import type { RuleDescription } from '../finding.ts';

type Colours = ReturnType<typeof pc.createColors>;

const FENCE = /^```/;

/** `code` and **strong** of one line of Markdown. */
function inline(line: string, c: Colours): string {
  return line
    .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => c.bold(text))
    .replace(/`([^`]+)`/g, (_, text: string) => c.cyan(text));
}

/** The text of a rule.md for a terminal: headings stand out, examples are indented, marks are gone. */
export function explained(markdown: string, colour: boolean): string {
  const c = pc.createColors(colour);
  const lines: string[] = [];
  let example = false;
  for (const line of markdown.trimEnd().split('\n')) {
    if (FENCE.test(line)) example = !example;
    else if (example) lines.push(`    ${c.dim(line)}`.trimEnd());
    else if (line.startsWith('# ')) lines.push(c.bold(c.underline(line.slice(2))));
    else if (line.startsWith('## ')) lines.push(c.bold(line.slice(3)));
    else lines.push(inline(line, c));
  }
  return `${lines.join('\n')}\n`;
}

/** One line a rule: its level and what is wrong; "off" when the preset leaves it out. */
export function rulesTable(rules: readonly RuleDescription[], colour: boolean): string {
  const c = pc.createColors(colour);
  const paint = { error: c.red, warning: c.yellow, note: c.blue, off: c.dim };
  const widest = Math.max(...rules.map((rule) => rule.id.length));
  const rows = rules.map((rule) => {
    const level = paint[rule.level](rule.level.padEnd('warning'.length));
    return `${c.bold(rule.id.padEnd(widest))}  ${level}  ${rule.title}`;
  });
  const running = rules.filter((rule) => rule.level !== 'off').length;
  const off = rules.length - running;
  const last =
    `${rules.length} rules; the level is the highest that a finding can have.` +
    `${off === 0 ? '' : ` ${off} are advice: --preset strict switches them on.`}` +
    ' chaoslint explain RULE says more.';
  return `${rows.join('\n')}\n\n${last}\n`;
}
