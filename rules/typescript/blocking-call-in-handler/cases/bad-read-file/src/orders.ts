import { readFileSync, writeFileSync } from 'node:fs';

export async function invoiceOf(id: string): Promise<string> {
  const template = readFileSync('templates/invoice.txt', 'utf8');
  writeFileSync(`/tmp/${id}.txt`, template);
  return template.replace('ID', id);
}
