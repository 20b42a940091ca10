/** What is known of a client beside its options: its pool, its scope, its class. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { ClientConstruct } from '../../../library.ts';
import type { CodeValue, Pool, Scope, SettingValue } from '../../code.ts';
import { type ClientOrigin, type LibraryInUse, placeOf, type Site } from './abstract.ts';
import type { Layer } from './options.ts';
import { classOf } from './program.ts';
import type { Use } from './uses.ts';

/** A client while its calls are gathered. */
export interface ClientDraft {
  readonly origin: ClientOrigin;
  readonly key: string;
  readonly library: LibraryInUse;
  readonly use?: Use;
  readonly construct: ClientConstruct;
  readonly layers: readonly Layer[];
  readonly at: Site;
  readonly label: string;
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
}

export function constructOf(library: LibraryInUse): ClientConstruct | undefined {
  const shapes = Object.values(library.description.modules).flatMap((exports) =>
    Object.values(exports),
  );
  for (const shape of shapes)
    if (typeof shape !== 'string') {
      const found = shape.construct?.does?.find((effect) => effect.is === 'client');
      if (found !== undefined) return found;
    }
  return { is: 'client', profile: 'default', connections: 'stateless' };
}

export function signatureFor(
  callable: NonNullable<Use['callable']>,
  args: Use['args'],
): Use['signature'] {
  const takes = callable.takes ?? [];
  const withOptions = takes.find((signature) => signature.some(({ role }) => role === 'options'));
  return args === 'unknown' ? 'unsure' : (withOptions ?? []);
}

export function baseName(file: CodeFacts, extended: number | undefined): string | undefined {
  const fact = extended === undefined ? undefined : file.expressions[extended];
  if (fact?.is === 'binding') return file.bindings[fact.binding]?.name;
  return fact?.is === 'member' ? fact.name : undefined;
}

export function poolOf(draft: ClientDraft, settings: readonly SettingValue[]): Pool | undefined {
  const facts = draft.library.description.profiles.find(
    ({ name, pool }) => name === draft.construct.profile && pool !== undefined,
  )?.pool;
  if (facts === undefined) return undefined;
  const at = placeOf(draft.at);
  const number = (sets: 'pool-size' | 'queue-limit', fallback: number): CodeValue<number> => {
    const value = settings.findLast((one) => one.sets === sets)?.value;
    if (value?.state === 'known') {
      const { value: plain } = value;
      return typeof plain === 'number'
        ? { ...value, value: plain }
        : { state: 'unknown', why: 'computed', at };
    }
    if (value?.state === 'unknown') return value;
    return { state: 'known', value: fallback, at, byDefault: true };
  };
  return {
    size: number('pool-size', facts.size),
    queue: number('queue-limit', facts.queue),
    per: facts.per,
  };
}

export function scopeOf({ file, fn, origin, use }: ClientDraft): Scope {
  if (origin.is !== 'construct') return 'singleton';
  if (fn === 0) return 'module';
  const fact = file.functions[fn];
  const owner = classOf(file, fn);
  if (owner !== undefined && (fact?.form === 'field' || fact?.of?.kind === 'constructor'))
    return owner.static ? 'module' : 'singleton';
  if (use === undefined) return 'unknown';
  const { call } = use.site;
  // Kept in a variable of the module or in a field: made once, or when it is missing.
  for (const write of file.writes) {
    const { value } = write;
    if (value === undefined) continue;
    if (callAt(file, value) !== call && awaitedCallAt(file, value) !== call) continue;
    const target = file.expressions[write.target];
    if (target?.is === 'binding' && file.bindings[target.binding]?.function === 0) return 'module';
    if (target?.is === 'member') return 'singleton';
  }
  return staysHere(file, call) ? 'per-call' : 'unknown';
}

/** Nothing but calls on it happens to what a call gives: it ends with its function. */
function staysHere(file: CodeFacts, call: number): boolean {
  const fate = file.calls[call]?.use;
  if (fate === 'chained' || fate === 'dropped' || fate === 'voided') return true;
  const binding = file.bindings.findIndex(
    ({ value, path }) =>
      value !== undefined &&
      path === undefined &&
      (callAt(file, value) === call || awaitedCallAt(file, value) === call),
  );
  if (binding < 0) return false;
  const names = new Set<number>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'binding' && fact.binding === binding) names.add(index);
  for (const fact of file.expressions) if (fact.is === 'member') names.delete(fact.of);
  return names.size === 0;
}

function awaitedCallAt(file: CodeFacts, expression: number): number | undefined {
  const fact = file.expressions[expression];
  return fact?.is === 'await' ? callAt(file, fact.of) : undefined;
}

function callAt(file: CodeFacts, expression: number): number | undefined {
  const fact = file.expressions[expression];
  return fact?.is === 'call' ? fact.call : undefined;
}
