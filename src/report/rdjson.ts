/** The report as Reviewdog Diagnostic Format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf */
import type { Level, Report } from '../finding.ts';
import type { Location } from '../location.ts';
import { printable, serialise } from './escape.ts';
import { fileOf } from './place.ts';
import { Sources } from './sources.ts';

const SEVERITIES: Readonly<Record<Level, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  note: 'INFO',
};

/** Related places of one finding that a comment can bear. */
const MOST_RELATED = 10;

/** reviewdog counts columns in bytes of UTF-8, from 1 (reviewdog.proto: "byte count in UTF-8"). */
function column(sources: Sources, path: string, line: number, units: number): number {
  const text = sources.text(path);
  const found = sources.line(path, line);
  if (text === undefined || found === undefined) return units;
  return Buffer.byteLength(text.slice(found.start, found.start + units - 1), 'utf8') + 1;
}

function place(at: Location, sources: Sources) {
  const position = (line: number, units: number) => ({
    line,
    column: column(sources, at.path, line, units),
  });
  return {
    path: fileOf(at),
    range: { start: position(at.line, at.column), end: position(at.endLine, at.endColumn) },
  };
}

export function rdjsonReport({ findings, sources: texts }: Report): string {
  const sources = new Sources(texts);
  return serialise({
    source: { name: 'chaoslint', url: 'https://www.npmjs.com/package/chaoslint' },
    diagnostics: findings.map(({ rule, level, message, at, fix, related }) => ({
      message: `${printable(message)}\nFix: ${fix.split('\n').map(printable).join('\n')}`,
      location: place(at, sources),
      severity: SEVERITIES[level],
      code: { value: rule },
      related_locations: related.slice(0, MOST_RELATED).map((other) => ({
        message: printable(other.message),
        location: place(other.at, sources),
      })),
    })),
  });
}
