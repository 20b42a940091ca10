/** Entries that decorators declare: methods of controllers, resolvers and consumers, and hooks that containers call by their names. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import { locate } from '../../../location.ts';
import type { CodeValue, EntryKind } from '../../code.ts';
import { type Abstract, each, placeOf } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Graph } from './graph.ts';
import { joined, type RouteDraft } from './mounts.ts';
import type { Program } from './program.ts';
import { given, type Use, type Uses } from './uses.ts';

/** Methods that containers and frameworks call by their names, on classes with decorators. */
const HOOKS: ReadonlyMap<string, EntryKind> = new Map<string, EntryKind>([
  ['onModuleInit', 'startup'],
  ['onApplicationBootstrap', 'startup'],
  ['onModuleDestroy', 'shutdown'],
  ['beforeApplicationShutdown', 'shutdown'],
  ['onApplicationShutdown', 'shutdown'],
  ['canActivate', 'handler'],
  ['intercept', 'handler'],
  ['use', 'handler'],
  ['catch', 'handler'],
  ['transform', 'handler'],
]);
/** These are called only where the class is something of a package: a strategy, a handler of commands. */
const HOOKS_OF_PACKAGES: ReadonlyMap<string, EntryKind> = new Map<string, EntryKind>([
  ['validate', 'handler'],
  ['handle', 'message'],
  ['execute', 'handler'],
]);
/** Decorators that call a method at times. */
const SCHEDULES = /^(?:Cron|Interval|Timeout|Every|Schedule)$/;
const MAX_BASES = 8;

export interface Declared {
  route(draft: RouteDraft, kind: EntryKind, label: string | undefined, fn: FunctionIndex): void;
  put(kind: EntryKind, label: string, file: CodeFacts, fn: FunctionIndex): void;
}

/** Tells what the decorators of all classes of the program declare. */
export function byDecorators(
  program: Program,
  evaluator: Evaluator,
  uses: Uses,
  graph: Graph,
  pathsOf: (value: Abstract) => readonly CodeValue<string>[],
  declared: Declared,
): void {
  for (const { facts: file } of program.files.values())
    for (const index of file.classes.keys()) classOf(file, index);

  function classOf(file: CodeFacts, index: number): void {
    const cls = file.classes[index];
    if (cls === undefined || cls.decorators.length === 0) return;
    const classUses = cls.decorators.flatMap((call) => uses.at(file, call));
    const controllers = classUses.filter(({ effects }) =>
      effects.some(({ is }) => is === 'prefix'),
    );
    const prefixes = controllers.flatMap((use) => {
      const value = given(use, 'path') ?? entryOf(use, 'path');
      return value === undefined ? [] : pathsOf(value);
    });
    const version = controllers.map((use) => entryOf(use, 'version')).find((one) => one);
    const consumes = classUses.some(({ effects }) => effects.some(({ is }) => is === 'consume'));
    const isOfPackage = isSomethingOfPackage(file, index);

    for (const { file: at, cls: owner, inherited } of withBases(file, index))
      for (const method of at.classes[owner]?.methods ?? []) {
        const fn = method.function;
        if (fn === undefined || inherited.has(method.name)) continue;
        const name = `${cls.name ?? 'class'}.${method.name}`;
        const isOwn = at === file && owner === index;
        // The container makes it.
        if (method.kind === 'constructor') {
          if (isOwn) declared.put('startup', `${cls.name ?? 'class'} is made`, at, fn);
          continue;
        }
        let isKnown = false;
        for (const use of method.decorators.flatMap((call) => uses.at(at, call)))
          for (const effect of use.effects) {
            if (effect.is === 'route') {
              isKnown = true;
              const verb = typeof effect.verb === 'string' ? effect.verb : effect.verb.otherwise;
              routes(
                use,
                verb,
                at,
                fn,
                name,
                prefixes,
                versionOf(at, method.decorators) ?? version,
              );
            }
            if (effect.is === 'consume') {
              isKnown = true;
              declared.put('message', `message of ${name}`, at, fn);
            }
          }
        if (isKnown || !isOwn) continue;
        const hook =
          HOOKS.get(method.name) ?? (isOfPackage ? HOOKS_OF_PACKAGES.get(method.name) : undefined);
        const schedule = method.decorators.some((call) =>
          SCHEDULES.test(externalAt(at, call) ?? ''),
        );
        if (consumes && method.kind === 'method' && !method.static)
          declared.put('job', `job of ${name}`, at, fn);
        // What the program calls by itself is no hook.
        else if (hook !== undefined && !isCalled(at, fn)) declared.put(hook, name, at, fn);
        else if (schedule) declared.put('schedule', name, at, fn);
        // A decorator of a package without a description registers it somewhere.
        else if (method.decorators.some((call) => externalAt(at, call) !== undefined))
          declared.put('handler', name, at, fn);
      }
  }

  function routes(
    use: Use,
    verb: string,
    file: CodeFacts,
    fn: FunctionIndex,
    name: string,
    prefixes: readonly CodeValue<string>[],
    version: Abstract | undefined,
  ): void {
    const value = given(use, 'path');
    const own = value === undefined ? [] : pathsOf(value);
    const at = placeOf(use.at);
    const isGraph = verb === 'GRAPHQL';
    const versions = version && versionsOf(version);
    for (const prefix of prefixes.length > 0 ? prefixes : [undefined])
      for (const path of own.length > 0 ? own : [undefined])
        declared.route(
          {
            verb,
            path: joined(prefix, path, at),
            at,
            handler: locate(file, file.functions[fn]?.range ?? [0, 0]),
            decorated: versions === undefined ? {} : { version: versions },
            file,
          },
          isGraph ? 'resolver' : 'route',
          isGraph ? name : undefined,
          fn,
        );
  }

  /** `@Version('2')` on a method. */
  function versionOf(file: CodeFacts, decorators: readonly number[]): Abstract | undefined {
    for (const call of decorators) {
      if (externalAt(file, call) !== 'Version') continue;
      const args = evaluator.argumentValues({ file, call });
      return args === 'unknown' ? undefined : args[0];
    }
    return undefined;
  }

  /** The class and those that it extends, nearest first, with the names that are replaced below. */
  function withBases(file: CodeFacts, index: number) {
    const found: { file: CodeFacts; cls: number; inherited: ReadonlySet<string> }[] = [];
    const names = new Set<string>();
    let here: { file: CodeFacts; cls: number } | undefined = { file, cls: index };
    while (here !== undefined && found.length < MAX_BASES) {
      const cls: CodeFacts['classes'][number] | undefined = here.file.classes[here.cls];
      found.push({ ...here, inherited: new Set(names) });
      for (const { name } of cls?.methods ?? []) names.add(name);
      const base: Abstract | undefined =
        cls?.extends === undefined
          ? undefined
          : each(evaluator.value(here.file, cls.extends)).find(({ is }) => is === 'class');
      here = base?.is === 'class' ? { file: base.file, cls: base.cls } : undefined;
      if (found.some((one) => one.file === here?.file && one.cls === here?.cls)) break;
    }
    return found;
  }

  /** The name of a decorator that comes from a package without a description: `Cron`, `OnEvent`. */
  function externalAt(file: CodeFacts, call: number): string | undefined {
    const found = each(evaluator.callee({ file, call })).find(({ is }) => is === 'external');
    return found?.is === 'external' ? (found.path.at(-1) ?? '') : undefined;
  }

  /** A package says what its methods are for: by a decorator, or by what it extends. */
  function isSomethingOfPackage(file: CodeFacts, index: number): boolean {
    const cls = file.classes[index];
    if (cls?.decorators.some((call) => externalAt(file, call) !== undefined)) return true;
    return withBases(file, index).some(({ file: at, cls: one }) => {
      const base = at.classes[one]?.extends;
      return (
        base !== undefined &&
        each(evaluator.value(at, base)).some(
          (value) =>
            value.is === 'external' ||
            value.is === 'library' ||
            (value.is === 'unknown' && value.package !== undefined),
        )
      );
    });
  }

  function isCalled(file: CodeFacts, fn: FunctionIndex): boolean {
    return graph.into(file, fn).length > 0;
  }
}

function entryOf({ args }: Use, name: string): Abstract | undefined {
  return args !== 'unknown' && args[0]?.is === 'object'
    ? args[0].entries.get(name)?.value
    : undefined;
}

/** Texts of versions; `null` for VERSION_NEUTRAL. Undefined when they cannot be told. */
function versionsOf(value: Abstract): readonly string[] | null | undefined {
  const all = value.is === 'array' ? value.items : [value];
  const texts = all.flatMap((one) =>
    one.is === 'literal' && typeof one.value === 'string' ? [one.value] : [],
  );
  if (texts.length === all.length) return texts;
  return all.some((one) => one.is === 'external') ? null : undefined;
}
