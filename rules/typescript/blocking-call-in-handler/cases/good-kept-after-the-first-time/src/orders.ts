import * as fs from 'node:fs';

let template: string | undefined;
const byName = new Map<string, string>();

function templateOf(): string {
  template ??= fs.readFileSync('templates/invoice.txt', 'utf8');
  return template;
}

function named(name: string): string {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const text = fs.readFileSync(name, 'utf8');
  byName.set(name, text);
  return text;
}

export async function invoiceOf(id: string): Promise<string> {
  return templateOf() + named(`templates/${id.length}.txt`);
}
