/** Answers that stay open: server-sent events and WebSockets. */
import { type Location, locate } from '../../../location.ts';
import { each } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Program } from './program.ts';

/** Packages whose `Server` keeps a connection for each peer. */
const SOCKETS =
  /^(?:ws|socket\.io|@nestjs\/platform-(?:ws|socket\.io)|@fastify\/websocket|express-ws|koa-websocket)$/;

/** The places in one file, in order. */
export function longLivedIn(program: Program, evaluator: Evaluator, path: string): Location[] {
  const file = program.files.get(path)?.facts;
  if (file === undefined) return [];
  const streams = file.expressions.flatMap((fact) =>
    fact.is === 'value' &&
    typeof fact.value === 'string' &&
    /^text\/event-stream\b/.test(fact.value)
      ? [locate(file, fact.range)]
      : [],
  );
  if (!file.imports.some(({ from }) => SOCKETS.test(from))) return streams;
  const sockets = [...file.calls.entries()].flatMap(([call, fact]) => {
    if (fact.form !== 'new') return [];
    const makes = each(evaluator.callee({ file, call })).some(
      (one) =>
        (one.is === 'external' &&
          SOCKETS.test(one.package) &&
          /Server$/.test(one.path.at(-1) ?? '')) ||
        (one.is === 'library' && SOCKETS.test(one.library.package) && /Server$/.test(one.name)),
    );
    return makes ? [locate(file, fact.nameRange)] : [];
  });
  return [...streams, ...sockets];
}
