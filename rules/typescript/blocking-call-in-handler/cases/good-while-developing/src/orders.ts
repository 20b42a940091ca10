import fs from 'node:fs';

const isProduction = process.env.NODE_ENV === 'production';
const page = fs.readFileSync('index.html', 'utf8');

export async function pageOf(id: string): Promise<string> {
  if (!isProduction) return fs.readFileSync('index.html', 'utf8') + id;
  return page + id;
}
