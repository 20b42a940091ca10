/** What every rule.md has. */
import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import type { AnyRule } from '../src/rule.ts';

const HEADINGS = [
  'What it looks for',
  'Why it fails under chaos',
  'Bad',
  'Good',
  'Fix',
  'When to ignore it',
];

/** The YAML blocks under a heading of rule.md. */
export function examples(markdown: string, heading: string): string[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
}

export function assertYaml(text: string): void {
  for (const document of parseAllDocuments(text)) {
    if ('errors' in document) assert.deepEqual(document.errors, [], text);
  }
}

/** Title, headings in their order, and examples that are YAML and not the same. */
export function assertDocumented(rule: AnyRule, markdown: string): void {
  const [title, , sentence] = markdown.split('\n');
  assert.equal(title, `# ${rule.id}`);
  assert.equal(sentence, rule.title);
  const headings = [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, HEADINGS);
  const bad = examples(markdown, 'Bad');
  const good = examples(markdown, 'Good');
  assert.ok(bad.length > 0 && good.length > 0, 'Bad and Good each show YAML');
  assert.notDeepEqual(bad, good);
  for (const example of [...bad, ...good]) assertYaml(example);
}
