/** Go's path package. */
import { type Functions, fixed } from './signature.ts';

/** The shortest path that means the same. */
function clean(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  const cleaned = kept.join('/');
  return rooted ? `/${cleaned}` : cleaned || '.';
}

function base(path: string): string {
  if (path === '') return '.';
  const stripped = path.replace(/\/+$/, '');
  return stripped === '' ? '/' : stripped.slice(stripped.lastIndexOf('/') + 1);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot === -1 ? '' : name.slice(dot);
}

const onString = (change: (path: string) => string) => fixed(['string'], ([path]) => change(path));
const baseOf = onString(base);
const cleaned = onString(clean);
const directory = onString((path) => clean(path.slice(0, path.lastIndexOf('/') + 1)));
const extensionOf = onString(extension);
const isAbsolute = fixed(['string'], ([path]) => path.startsWith('/'));

export const paths: Functions = {
  base: baseOf,
  osBase: baseOf,
  clean: cleaned,
  osClean: cleaned,
  dir: directory,
  osDir: directory,
  ext: extensionOf,
  osExt: extensionOf,
  isAbs: isAbsolute,
  osIsAbs: isAbsolute,
};
