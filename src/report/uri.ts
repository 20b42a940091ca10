/** Paths as URI references. */
import type { Location } from '../location.ts';
import { fileOf, isRenderedOnly } from './place.ts';

/** What standard input is called where only files have names. */
const STDIN_URI = 'stdin';

/** A relative path as a relative URI reference: every segment percent-encoded, lone surrogates replaced. */
function encodePath(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}

/**
 * The file of a place, relative to the root of the sources. Text of standard input belongs to the template that it
 * names, as long as this is a path inside the root; else to a file `stdin`.
 */
export function uriOf(at: Location): string {
  if (isRenderedOnly(at)) {
    const template = fileOf(at);
    const segments = template.split('/');
    return segments.some((segment) => segment === '' || segment === '.' || segment === '..')
      ? STDIN_URI
      : encodePath(template);
  }
  return at.path === '<stdin>' ? STDIN_URI : encodePath(at.path);
}
