import { readFileSync } from 'node:fs';

const template = readFileSync('templates/invoice.txt', 'utf8');

export async function invoiceOf(id: string): Promise<string> {
  return template.replace('ID', id);
}
