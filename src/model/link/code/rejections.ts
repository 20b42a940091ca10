/** Asynchronous handlers whose errors nobody catches. */
import type { CallFact, CodeFacts, FunctionIndex, RegionIndex } from '../../../code-facts.ts';
import { locate } from '../../../location.ts';
import type { Server } from '../../code.ts';
import type { Program } from './program.ts';
import type { Runtimes } from './runtimes.ts';
import { applicationOf } from './servers.ts';
import { keepsHandlers, type Uses } from './uses.ts';

/** Handlers by the library that gets them and the application that they are in. */
export function unguardedHandlers(
  program: Program,
  uses: Uses,
  runtimes: Runtimes,
): (server: Omit<Server, 'unguarded'>) => Server['unguarded'] {
  const found = new Map<string, Server['unguarded'][number][]>();
  for (const use of uses.all) {
    if (!keepsHandlers(use) || use.signature === 'unsure' || use.args === 'unknown') continue;
    const { args, site } = use;
    if (!runtimes.judged(site.file.path)) continue;
    const key = keyOf(use.value.library.description.name, applicationOf(site.file.path, runtimes));
    for (const [index, parameter] of use.signature.entries()) {
      if (parameter.role !== 'handler') continue;
      for (const value of parameter.rest ? args.slice(index) : args.slice(index, index + 1)) {
        // What a function makes of a handler may catch.
        if (value.is !== 'function') continue;
        const at = failsAt(value.file, value.fn);
        const range = value.file.functions[value.fn]?.range;
        if (at === undefined || range === undefined) continue;
        const known = found.get(key) ?? [];
        found.set(key, [
          ...known,
          { handler: locate(value.file, range), at: locate(value.file, at.nameRange) },
        ]);
      }
    }
  }
  const imported = new Map<string, ReadonlySet<string>>();
  const importsOf = (application: string) => {
    const known = imported.get(application);
    if (known !== undefined) return known;
    const names = new Set(
      [...program.files.values()].flatMap(({ facts }) =>
        runtimes.judged(facts.path) && applicationOf(facts.path, runtimes) === application
          ? facts.imports.map(({ from }) => from)
          : [],
      ),
    );
    imported.set(application, names);
    return names;
  };
  return ({ facts, library, application }) => {
    if (facts?.catchesAsyncErrors !== false) return [];
    const catching = facts.asyncErrorsCaughtBy ?? [];
    if (catching.some((name) => importsOf(application).has(name))) return [];
    return found.get(keyOf(library.name, application)) ?? [];
  };
}

function keyOf(library: string, application: string): string {
  return `${library} ${application}`;
}

/** The first awaited call outside of every `try` with a `catch`; undefined when all errors stay inside. */
function failsAt(file: CodeFacts, fn: FunctionIndex): CallFact | undefined {
  if (file.functions[fn]?.async !== true) return undefined;
  return file.calls.find((call) => {
    const callee = file.expressions[call.callee];
    const caught = callee?.is === 'member' && callee.name === 'catch';
    return (
      call.function === fn && call.use === 'awaited' && !caught && !isCaught(file, fn, call.region)
    );
  });
}

/** It stands in a `try`. That one has only a `finally` cannot be told, as parts in which nothing happens are left out. */
function isCaught(file: CodeFacts, fn: FunctionIndex, region: RegionIndex): boolean {
  const regions = file.functions[fn]?.regions ?? [];
  for (let at: RegionIndex | undefined = region; at !== undefined; at = regions[at]?.parent)
    if (regions[at]?.kind === 'try') return true;
  return false;
}
