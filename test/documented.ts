/** What every rule.md has. */
import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { extractCode } from '../src/extract/typescript/extract.ts';
import type { AnyRule } from '../src/rule.ts';

const HEADINGS = [
  'What it looks for',
  'Why it fails under chaos',
  'Bad',
  'Good',
  'Fix',
  'When to ignore it',
];

/** The language of examples and fixes. */
export type Language = 'yaml' | 'ts';

/** The blocks under a heading of rule.md. */
export function examples(markdown: string, heading: string, language: Language = 'yaml'): string[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...section.matchAll(blocks)].map(([, block]) => block ?? '');
}

/** A text is what it is shown as. */
export function assertSyntax(text: string, language: Language): void {
  if (language === 'ts') {
    const { notifications } = extractCode({ path: 'example.ts', text });
    assert.deepEqual(notifications, [], text);
    return;
  }
  for (const document of parseAllDocuments(text)) {
    if ('errors' in document) assert.deepEqual(document.errors, [], text);
  }
}

/** Title, headings in their order, and examples that can be read and are not the same. */
export function assertDocumented(
  rule: AnyRule,
  markdown: string,
  language: Language = 'yaml',
): void {
  const [title, , sentence] = markdown.split('\n');
  assert.equal(title, `# ${rule.id}`);
  assert.equal(sentence, rule.title);
  const headings = [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, HEADINGS);
  const bad = examples(markdown, 'Bad', language);
  const good = examples(markdown, 'Good', language);
  assert.ok(bad.length > 0 && good.length > 0, 'Bad and Good each show an example');
  assert.notDeepEqual(bad, good);
  for (const example of [...bad, ...good]) assertSyntax(example, language);
}
