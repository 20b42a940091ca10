/** State that a program keeps in its own memory by the default of a package: sessions, counts of requests. */
import type { CodeFacts, ListItem } from '../../../code-facts.ts';
import { locate } from '../../../location.ts';
import type { MemoryState } from '../../together.ts';

/** Packages with a store in memory unless one is given, by the option that gives another. */
const STORES: ReadonlyMap<
  string,
  { readonly what: MemoryState['what']; readonly option: string; readonly exports: RegExp }
> = new Map([
  [
    'express-session',
    { what: 'sessions', option: 'store', exports: /^(?:default|=|\*)$/ } as const,
  ],
  [
    'express-rate-limit',
    { what: 'rate limits', option: 'store', exports: /^(?:default|=|\*|rateLimit)$/ } as const,
  ],
]);

export function memoryStatesOf(files: readonly CodeFacts[]): readonly MemoryState[] {
  const found: MemoryState[] = [];
  for (const file of files) {
    const stores = file.imports.map(({ from }) => STORES.get(from));
    if (stores.every((store) => store === undefined)) continue;
    for (const call of file.calls) {
      const callee = file.expressions[call.callee];
      if (callee?.is !== 'binding') continue;
      const store = file.imports.flatMap(({ names }, index) =>
        names.some(
          ({ binding, imported }) =>
            binding === callee.binding && stores[index]?.exports.test(imported) === true,
        )
          ? (stores[index] ?? [])
          : [],
      )[0];
      if (store === undefined) continue;
      if (call.form !== 'call' || !isWithout(file, call.arguments[0], store.option)) continue;
      const { what } = store;
      found.push({ what, at: locate(file, [call.range[0], call.nameRange[1]]) });
    }
  }
  return found;
}

/** An option bag that is written in full and lacks an option. */
function isWithout(file: CodeFacts, argument: ListItem | undefined, option: string): boolean {
  let value = typeof argument === 'number' ? file.expressions[argument] : undefined;
  if (value?.is === 'binding') {
    const binding = file.bindings[value.binding];
    if (binding?.kind !== 'const' || binding.value === undefined) return false;
    const isChanged = file.writes.some(({ target }) => {
      const written = file.expressions[target];
      const of = written?.is === 'member' ? file.expressions[written.of] : undefined;
      return of?.is === 'binding' && file.bindings[of.binding] === binding;
    });
    if (isChanged) return false;
    value = file.expressions[binding.value];
  }
  return (
    value?.is === 'object' && value.entries.every((entry) => 'key' in entry && entry.key !== option)
  );
}
