/** The surface of the libraries: which import, global or member is which shape of which description. */
import type {
  Callable,
  Library,
  Parameter,
  Shape,
  ShapeName,
  Signature,
} from '../../../library.ts';
import type { Abstract, LibraryInUse } from './abstract.ts';
import type { Package, Packages } from './packages.ts';
import { ANY_VERSION, holds, type Versions } from './versions.ts';

export interface Exported {
  readonly library: LibraryInUse;
  readonly shape: Shape;
}

export interface Surface {
  /** Some description is about this module. */
  describes(specifier: string): boolean;
  /** What a name of a described module is; undefined when the description does not say. */
  exported(
    specifier: string,
    packageName: string,
    name: string,
    importer: Package,
  ): Exported | undefined;
  global(name: string, importer: Package): Exported | undefined;
  /** The described module that a specifier of generated code stands for, with the package that generates it. */
  generated(specifier: string): { readonly module: string; readonly package: string } | undefined;
  /** A shape of this library, or `library:Shape` of another, used by the same package. */
  shapeOf(of: LibraryInUse, named: Shape | ShapeName): Exported | undefined;
  library(name: string): Library | undefined;
  /** The description `name` as the same importer gets it. */
  other(of: LibraryInUse, name: string): LibraryInUse | undefined;
}

export function surfaceOf(libraries: readonly Library[], packages: Packages): Surface {
  const byName = new Map(libraries.map((library) => [library.name, library]));
  const inUse = new Map<string, LibraryInUse>();
  const importerOf = new Map<LibraryInUse, Package>();

  function use(description: Library, packageName: string, importer: Package): LibraryInUse {
    const key = `${description.name}\0${packageName}\0${importer.folder}`;
    const known = inUse.get(key);
    if (known !== undefined) return known;
    const made: LibraryInUse = {
      description,
      package: packageName,
      versions: versionsOf(description, packageName, importer),
    };
    inUse.set(key, made);
    importerOf.set(made, importer);
    return made;
  }

  function versionsOf(description: Library, packageName: string, importer: Package): Versions {
    if (packageName === 'node') return { intervals: [{ from: '18.0.0' }] };
    // Versions in a description are those of its first package, unless it names another.
    const first = description.packages[0]?.name ?? packageName;
    const decides = description.decidedBy ?? (first.includes('*') ? packageName : first);
    const found =
      decides === packageName
        ? packages.versionOf(importer, packageName)
        : (packages.versionBelow(importer, packageName, decides) ??
          packages.versionOf(importer, decides));
    return found ?? ANY_VERSION;
  }

  /** Descriptions that name this module, exact names before patterns. */
  function modulesOf(specifier: string) {
    const exact = libraries.flatMap((library) => {
      const exports = library.modules[specifier];
      return exports === undefined || !Object.hasOwn(library.modules, specifier)
        ? []
        : [{ library, exports }];
    });
    if (exact.length > 0) return exact;
    return libraries.flatMap((library) =>
      Object.entries(library.modules).flatMap(([pattern, exports]) =>
        pattern.includes('*') && fits(pattern, specifier) ? [{ library, exports }] : [],
      ),
    );
  }
  const modules = new Map<string, ReturnType<typeof modulesOf>>();
  const cachedModules = (specifier: string) => {
    const known = modules.get(specifier) ?? modulesOf(specifier);
    modules.set(specifier, known);
    return known;
  };

  function shapeOf(of: LibraryInUse, named: Shape | ShapeName): Exported | undefined {
    if (typeof named !== 'string') return { library: of, shape: named };
    const colon = named.indexOf(':');
    const target = colon < 0 ? of : other(of, named.slice(0, colon));
    if (target === undefined) return undefined;
    const name = named.slice(colon + 1);
    const shape = Object.hasOwn(target.description.shapes, name)
      ? target.description.shapes[name]
      : undefined;
    return shape === undefined ? undefined : { library: target, shape };
  }

  function other(of: LibraryInUse, name: string): LibraryInUse | undefined {
    if (name === of.description.name) return of;
    const description = byName.get(name);
    const importer = importerOf.get(of);
    if (description === undefined || importer === undefined) return undefined;
    const main = description.packages[0]?.name ?? 'node';
    const made = use(description, main, importer);
    // A library that brings the other one decides its version.
    if (main !== 'node' && !packages.depends(importer, main)) {
      const below = packages.versionBelow(importer, of.package, main);
      const key = `${description.name}\0${main}\0${importer.folder}\0${of.package}`;
      const known = inUse.get(key);
      if (known !== undefined) return known;
      const through: LibraryInUse = {
        description,
        package: main,
        versions: below ?? made.versions,
      };
      inUse.set(key, through);
      importerOf.set(through, importer);
      return through;
    }
    return made;
  }

  return {
    describes: (specifier) => cachedModules(specifier).length > 0,
    exported(specifier, packageName, name, importer) {
      for (const { library, exports } of cachedModules(specifier)) {
        const used = use(library, packageName, importer);
        const found = exportOf(exports, name);
        if (found !== undefined) {
          const shape = shapeOf(used, found);
          if (shape !== undefined) return shape;
        }
        // CommonJS: the names of a module are the members of what it exports.
        const whole = exports['='] ?? exports.default;
        if (name === '*' || name === '=' || whole === undefined) continue;
        const container = shapeOf(used, whole);
        const member = container && memberOf(container.shape, name);
        const shape =
          member === undefined || container === undefined
            ? undefined
            : shapeOf(container.library, member);
        if (shape !== undefined) return shape;
      }
      for (const { library, exports } of cachedModules(specifier)) {
        if (name === '*' || name === '=' || name === 'default') continue;
        const used = use(library, packageName, importer);
        const pattern = Object.keys(exports)
          .filter((key) => key.includes('*') && fits(key, name))
          .sort((a, b) => b.length - a.length)[0];
        const found = pattern === undefined ? undefined : exports[pattern];
        const shape = found === undefined ? undefined : shapeOf(used, found);
        if (shape !== undefined) return shape;
      }
      return undefined;
    },
    global(name, importer) {
      for (const library of libraries) {
        const found = library.globals === undefined ? undefined : memberIn(library.globals, name);
        if (found === undefined) continue;
        return shapeOf(use(library, library.packages[0]?.name ?? 'node', importer), found);
      }
      return undefined;
    },
    generated(specifier) {
      for (const { generated, packages: names } of libraries)
        for (const one of generated ?? [])
          if (holdsInOrder(specifier, one.specifier.split('*')))
            return { module: one.module, package: names[0]?.name ?? one.module };
      return undefined;
    },
    shapeOf,
    library: (name) => byName.get(name),
    other,
  };
}

/** The parts of a pattern stand in a text, one behind the other; the first at its start, the last at its end. */
function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const at = text.indexOf(part, from);
    if (at < 0 || (index === 0 && at > 0)) return false;
    from = at + part.length;
  }
  return parts.at(-1) === '' || text.endsWith(parts.at(-1) ?? '');
}

/** The export of exactly this name. */
function exportOf(
  exports: Readonly<Record<string, Shape | ShapeName>>,
  name: string,
): Shape | ShapeName | undefined {
  if (name === 'default') return memberIn(exports, 'default') ?? memberIn(exports, '=');
  if (name === '*')
    return memberIn(exports, '=') === undefined
      ? undefined
      : (memberIn(exports, '*') ?? memberIn(exports, '='));
  if (name === '=') return memberIn(exports, '=');
  return memberIn(exports, name);
}

/** The member of a shape; `others` when it has no such name. */
export function memberOf(shape: Shape, name: string): Shape | ShapeName | undefined {
  return ownMember(shape, name) ?? shape.others;
}

export function ownMember(shape: Shape, name: string): Shape | ShapeName | undefined {
  return shape.members === undefined ? undefined : memberIn(shape.members, name);
}

/** A key may be alternatives: `get|head`. */
function memberIn(
  record: Readonly<Record<string, Shape | ShapeName>>,
  name: string,
): Shape | ShapeName | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  for (const [key, shape] of Object.entries(record))
    if (key.includes('|') && key.split('|').includes(name)) return shape;
  return undefined;
}

/** A pattern with one star. */
function fits(pattern: string, text: string): boolean {
  return pattern.split('|').some((alternative) => {
    const star = alternative.indexOf('*');
    if (star < 0) return alternative === text;
    const [before, after] = [alternative.slice(0, star), alternative.slice(star + 1)];
    return (
      text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
    );
  });
}

/**
 * The overload that the arguments fit. `unsure`: it cannot be told which, or whether one is. `none`: the call does nothing
 * that is described.
 */
export function signatureOf(
  callable: Callable,
  args: readonly Abstract[] | 'unknown',
): Signature | 'none' | 'unsure' {
  const { takes } = callable;
  if (takes === undefined) return [];
  if (args === 'unknown') return 'unsure';
  const room = takes.filter(
    (signature) => signature.length >= args.length || signature.at(-1)?.rest === true,
  );
  const overloads = room.length > 0 ? room : takes;
  for (const signature of overloads) {
    const answer = fitsSignature(signature, args);
    if (answer === true) return signature;
    // The only overload that the arguments can fit is meant, even when they are not known.
    if (answer === undefined) {
      const rest = overloads.slice(overloads.indexOf(signature) + 1);
      return rest.every((other) => fitsSignature(other, args) === false) ? signature : 'unsure';
    }
  }
  return 'none';
}

function fitsSignature(signature: Signature, args: readonly Abstract[]): boolean | undefined {
  let sure = true;
  for (const [index, parameter] of signature.entries()) {
    const given = parameter.rest ? args.slice(index) : args.slice(index, index + 1);
    if (given.length === 0) {
      if (parameter.optional || parameter.rest) continue;
      // Leaving out what a call needs is an error elsewhere; without a wanted kind nothing is decided by it.
      if (parameter.is === undefined) continue;
      return false;
    }
    for (const value of given) {
      const answer = fitsParameter(parameter, value);
      if (answer === false) return false;
      if (answer === undefined) sure = false;
    }
  }
  return sure ? true : undefined;
}

function fitsParameter(parameter: Parameter, value: Abstract): boolean | undefined {
  if (parameter.is === undefined) return true;
  if (value.is === 'alternatives') {
    const answers = new Set(value.of.map((one) => fitsParameter(parameter, one)));
    const [only] = answers;
    return answers.size === 1 ? only : undefined;
  }
  if (value.is === 'literal' && value.value === undefined) return parameter.optional === true;
  const kind = kindOf(value);
  if (kind === undefined) return undefined;
  return kind.some((each) => parameter.is?.includes(each) === true);
}

type Kind = NonNullable<Parameter['is']>[number];

/** What a value can be used as; undefined when it cannot be told. */
function kindOf(value: Abstract): readonly Kind[] | undefined {
  switch (value.is) {
    case 'literal': {
      const type = typeof value.value;
      if (type === 'string' || type === 'number' || type === 'boolean') return [type];
      return [];
    }
    case 'text':
      return ['string'];
    case 'environment':
      return [value.parse === 'text' ? 'string' : value.parse];
    case 'object':
      return ['object'];
    case 'array':
      return ['array'];
    case 'function':
    case 'method':
      return ['function'];
    case 'class':
      return ['class', 'function'];
    case 'instance':
    case 'controller':
    case 'signal':
      return ['instance', 'object'];
    case 'library': {
      const kinds: Kind[] = ['instance'];
      if (value.shape.call !== undefined || value.shape.decorate !== undefined)
        kinds.push('function');
      if (value.shape.construct !== undefined) kinds.push('class');
      return kinds;
    }
    case 'global':
      return undefined;
    case 'parameter':
      return value.type === undefined ? undefined : kindOfType(value.type.ref);
    case 'unknown':
      return value.type === undefined ? undefined : kindOfType(value.type.ref);
    default:
      return undefined;
  }
}

function kindOfType(
  ref: NonNullable<Extract<Abstract, { is: 'parameter' }>['type']>['ref'],
): readonly Kind[] | undefined {
  if ('members' in ref.root) return ['object'];
  if (!('global' in ref.root) || ref.query) return undefined;
  switch (ref.root.global) {
    case 'string':
    case 'number':
    case 'boolean':
      return ref.nullish ? undefined : [ref.root.global];
    case 'Array':
    case 'ReadonlyArray':
      return ['array'];
    case 'Record':
    case 'Partial':
    case 'RequestInit':
      return ['object'];
    case 'URL':
      return ['url-object'];
    case 'Function':
      return ['function'];
    default:
      return undefined;
  }
}

/** Whether a callable or shape exists in the installed version. */
export function exists(of: { readonly versions?: string }, versions: Versions): boolean {
  return holds(versions, of.versions) !== false;
}
