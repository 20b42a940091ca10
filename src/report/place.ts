/** How a place is named to a person. */
import { type Location, STDIN_PATH } from '../location.ts';
import { printable } from './escape.ts';

/** The file that a place stands under: the template when standard input names one. */
export function fileOf(at: Location): string {
  return isRenderedOnly(at) ? (at.renderedFrom ?? at.path) : at.path;
}

/** True when the place is in a template that only its rendered text on standard input shows. */
export function isRenderedOnly(at: Location): boolean {
  return at.path === STDIN_PATH && Boolean(at.renderedFrom);
}

/** One line: `path:line:column`, and for a rendered template where its text stands. */
export function placeOf(at: Location): string {
  if (isRenderedOnly(at))
    return `${printable(fileOf(at))} (rendered, line ${at.line} of ${STDIN_PATH})`;
  const place = `${printable(at.path)}:${at.line}:${at.column}`;
  return at.renderedFrom === undefined || at.renderedFrom === ''
    ? place
    : `${place} (rendered from ${printable(at.renderedFrom)})`;
}
