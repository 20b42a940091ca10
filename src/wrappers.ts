/** What a policy says of functions of packages that nobody describes, as descriptions of libraries. */
import { UsageError } from './config/errors.ts';
import type { Policy, Wrapper } from './config/policy.ts';
import {
  defineLibrary,
  type Library,
  type Parameter,
  type Profile,
  type Shape,
  zero,
} from './library.ts';

/** Where these descriptions come from, as facts name it. */
const SOURCE = { source: 'policy file: wrappers', proof: 'source-only' } as const;
const VERSIONS = '*';
const MILLISECONDS = { ms: 1, s: 1000 } as const;

function argumentsOf({ timeout }: Wrapper): readonly Parameter[] {
  if (timeout === undefined) return [{ role: 'other', rest: true }];
  const { argument, option } = timeout;
  const before = Array.from({ length: argument - 1 }, (): Parameter => ({ role: 'other' }));
  const own: Parameter =
    option === undefined
      ? { role: 'option', set: 'call', path: 'timeout', optional: true }
      : { role: 'options', set: 'call', optional: true };
  return [...before, own, { role: 'other', rest: true }];
}

/** The shape of an export with these functions on it: `` for itself, `get` for a member. */
function shapeWith(paths: readonly (readonly string[])[], leaf: Shape): Shape {
  const isCalled = paths.some((path) => path.length === 0);
  const names = [...new Set(paths.flatMap(([name]) => (name === undefined ? [] : [name])))];
  const members = Object.fromEntries(
    names.map((name) => [
      name,
      shapeWith(
        paths.flatMap(([first, ...rest]) => (first === name ? [rest] : [])),
        leaf,
      ),
    ]),
  );
  return { ...(isCalled ? leaf : {}), ...(names.length === 0 ? {} : { members }) };
}

function libraryOf(wrapper: Wrapper, id: string): Library {
  const { module, functions, calls, timeout, unit } = wrapper;
  const isHttp = calls === 'http';
  const ms =
    wrapper.default === undefined ? Number.POSITIVE_INFINITY : wrapper.default * MILLISECONDS[unit];
  const phase = { ms, ...SOURCE };
  const phases: Profile['phases'] = {
    connect: phase,
    acquire: isHttp ? { notApplicable: 'the policy file knows no pool' } : phase,
    headers: phase,
    idle: phase,
    total: phase,
    release: { notApplicable: 'the promise is the call' },
  };
  const leaf: Shape = {
    call: {
      takes: [argumentsOf(wrapper)],
      promised: true,
      does: [{ is: 'call', profile: 'default', body: 'read', rejectsOn: ['network', '5xx'] }],
    },
  };
  const paths = functions.map((name) => name.split('.'));
  const names = [...new Set(paths.map(([first = 'default']) => first))];
  // What a CommonJS package exports is its default.
  const exported = names.includes('default') ? [...names, '='] : names;
  const name = module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
  return defineLibrary({
    name: id,
    packages: [{ name, versions: VERSIONS }],
    roles: [isHttp ? 'http' : 'data'],
    modules: {
      [module]: Object.fromEntries(
        exported.map((each) => [
          each,
          shapeWith(
            paths.flatMap(([first, ...rest]) =>
              first === (each === '=' ? 'default' : each) ? [rest] : [],
            ),
            leaf,
          ),
        ]),
      ),
    },
    shapes: {},
    profiles: [{ name: 'default', versions: VERSIONS, phases, attempts: { max: 1, ...SOURCE } }],
    options:
      timeout === undefined
        ? []
        : [
            {
              in: ['call'],
              path: timeout.option ?? 'timeout',
              meaning: {
                bounds: isHttp
                  ? ['connect', 'headers', 'idle', 'total']
                  : ['connect', 'acquire', 'headers', 'idle', 'total'],
                unit,
                per: 'call',
              },
              disabledBy: [zero],
              ...SOURCE,
            },
          ],
    fix: fixOf(wrapper),
  });
}

/** How a caller says it. */
function fixOf({ module, functions: [first = 'default'], timeout, unit }: Wrapper): string {
  const value = unit === 's' ? '5' : '5_000';
  const name = first === 'default' ? (module.split('/').at(-1) ?? module) : first;
  if (timeout === undefined)
    return `Give ${module} a timeout: the policy file says that callers of ${name} cannot`;
  const others = Array.from({ length: timeout.argument - 1 }, () => '...');
  const own = timeout.option === undefined ? value : `{ ${timeout.option}: ${value} }`;
  return `await ${name}(${[...others, own].join(', ')})`;
}

/**
 * The descriptions of libraries of a run: those of chaoslint, and those that the policy adds.
 * @throws UsageError when the policy describes a module that chaoslint knows
 */
export function librariesOf(
  { wrappers }: Pick<Policy, 'wrappers'>,
  known: readonly Library[],
): readonly Library[] {
  if (wrappers.length === 0) return known;
  const added = wrappers.map((wrapper, index) => {
    const { module, functions } = wrapper;
    if (known.some(({ modules }) => Object.hasOwn(modules, module)))
      throw new UsageError(
        `The policy file describes ${module} under wrappers: chaoslint knows that package already`,
      );
    const isSecond = wrappers.findIndex((other) => other.module === module) < index;
    return libraryOf(wrapper, isSecond ? `${module}.${functions.join('.')}` : module);
  });
  return [...known, ...added];
}
