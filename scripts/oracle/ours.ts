/** What our linker says: the declarations that it finds, read off its own way to a value. */
import type { ClassIndex, CodeFacts, ExpressionIndex } from '../../src/code-facts.ts';
import { extractProject } from '../../src/extract/project/extract.ts';
import { extractCode } from '../../src/extract/typescript/extract.ts';
import { libraries } from '../../src/libraries/index.ts';
import type { Range } from '../../src/location.ts';
import { type Abstract, each, type Frame, type Site } from '../../src/model/link/code/abstract.ts';
import { Containers } from '../../src/model/link/code/containers.ts';
import { Evaluator } from '../../src/model/link/code/evaluate.ts';
import { packagesOf } from '../../src/model/link/code/packages.ts';
import { type Program, programOf } from '../../src/model/link/code/program.ts';
import { specifiersOf } from '../../src/model/link/code/specifiers.ts';
import { surfaceOf } from '../../src/model/link/code/surface.ts';
import type { Answer, Place, Question } from './answer.ts';
import type { Folder } from './folder.ts';

export interface Asked extends Question {
  readonly answer: Answer;
}

export interface Ours {
  readonly program: Program;
  readonly questions: readonly Asked[];
}

/** Extracts and links a folder, and answers every question that its code poses. */
export function oursOf(folder: Folder): Ours {
  const code = folder.code.map((file) => extractCode(file));
  const files = folder.project.flatMap((file) => extractProject(file) ?? []);
  const project = { files, lockfiles: [] };
  const packages = packagesOf(project);
  const paths = new Set(code.map(({ path }) => path));
  const program = programOf(code, packages, specifiersOf(paths, packages, project));
  const surface = surfaceOf(libraries, packages);
  const evaluator = new Evaluator(program, surface);
  evaluator.injections = new Containers(
    program,
    libraries.flatMap(({ name, injects }) =>
      (injects ?? []).map((injection) => ({ library: name, injection })),
    ),
  );
  const tracer = new Tracer(program, surface);
  const questions = code.flatMap((file) => questionsOf(file, program, evaluator, tracer));
  return { program, questions };
}

function questionsOf(
  file: CodeFacts,
  program: Program,
  evaluator: Evaluator,
  tracer: Tracer,
): Asked[] {
  const result: Asked[] = [];
  for (const binding of loadedIn(file)) {
    const { range, name } = file.bindings[binding] ?? { range: [0, 0] as const, name: '' };
    const answer = tracer.declarationsOf(file, binding);
    result.push({ kind: 'import', path: file.path, start: range[0], name, answer });
  }
  for (const [index, fact] of file.expressions.entries()) {
    if (fact.is !== 'member' || file.expressions[fact.of]?.is !== 'this') continue;
    const start = fact.range[1] - fact.name.length;
    const answer = fieldAnswer(file, index, fact.of, fact.name, program, evaluator);
    result.push({ kind: 'field', path: file.path, start, name: fact.name, answer });
  }
  for (const { callee } of file.calls) {
    const root = rootOf(file, callee);
    const fact = file.expressions[root];
    const head = { path: file.path, start: fact?.range[0] ?? 0 };
    if (fact?.is === 'binding') {
      const answer = tracer.declarationsOf(file, fact.binding);
      const name = file.bindings[fact.binding]?.name ?? '';
      result.push({ kind: 'root', ...head, name, answer });
    } else if (fact?.is === 'global')
      // In CommonJS `exports` is the module.
      result.push({
        kind: 'root',
        ...head,
        name: fact.name,
        answer: { none: 'global', way: [{ path: file.path, start: 0 }] },
      });
    const called = file.expressions[callee];
    if (called?.is !== 'member' || file.expressions[called.of]?.is === 'this') continue;
    const start = called.range[1] - called.name.length;
    const answer = targetAnswer(evaluator.value(file, callee));
    result.push({ kind: 'target', path: file.path, start, name: called.name, answer });
  }
  return result;
}

/**
 * Names that stand for something of another module: those of `import`, `require('./x').y` and `await import()` that are not
 * written again.
 */
function loadedIn(file: CodeFacts): ReadonlySet<number> {
  const names = file.imports.flatMap((fact) => fact.names.map(({ binding }) => binding));
  const loaded = new Set(names.filter((binding) => file.bindings[binding]?.writes === 0));
  for (const [index, { value, path, writes, rest }] of file.bindings.entries())
    if (value !== undefined && path === undefined && writes === 0 && rest === undefined)
      if (file.expressions[rootOf(file, value)]?.is === 'module') loaded.add(index);
  return loaded;
}

/** Where a chain of members and calls begins. A call within it is asked about by itself. */
function rootOf(file: CodeFacts, expression: ExpressionIndex): ExpressionIndex {
  for (let at = expression; ; ) {
    const fact = file.expressions[at];
    if (fact?.is === 'member' || fact?.is === 'index') at = fact.of;
    else if (fact?.is === 'cast' || fact?.is === 'await') at = fact.of;
    else return at;
  }
}

function placeAt(file: CodeFacts, range: Range): Place {
  return { path: file.path, start: range[0] };
}

/**
 * Follows a name as the linker does and stops at the first declaration that is not an import: everything that is visited is
 * visited by the linker's own code.
 */
class Tracer extends Evaluator {
  #found: Place[] | undefined;
  #way: Place[] = [];
  readonly #loaded = new Map<CodeFacts, ReadonlySet<number>>();

  declarationsOf(file: CodeFacts, binding: number): Answer {
    // What was followed before would be remembered, and not followed again.
    this.forget();
    const found: Place[] = [];
    const way: Place[] = [];
    [this.#found, this.#way] = [found, way];
    const range = file.bindings[binding]?.range ?? [0, 0];
    const value = this.binding(file, binding, { file, range });
    this.#found = undefined;
    if (found.length > 0) return { way, places: found };
    if (value.is === 'namespace') return { way, places: [{ path: value.file.path, start: 0 }] };
    return { way, none: reasonOf(value) };
  }

  override binding(file: CodeFacts, index: number, at: Site, frame?: Frame): Abstract {
    const fact = file.bindings[index];
    if (this.#found === undefined || fact === undefined)
      return super.binding(file, index, at, frame);
    if (this.#isLoaded(file, index)) {
      this.#way.push(placeAt(file, fact.range));
      return super.binding(file, index, at, frame);
    }
    this.#found.push(placeAt(file, fact.range));
    return arrived(at);
  }

  #isLoaded(file: CodeFacts, index: number): boolean {
    let loaded = this.#loaded.get(file);
    if (loaded === undefined) {
      loaded = loadedIn(file);
      this.#loaded.set(file, loaded);
    }
    return loaded.has(index);
  }

  override value(file: CodeFacts, expression: ExpressionIndex, frame?: Frame): Abstract {
    const found = this.#found;
    const fact = file.expressions[expression];
    if (found === undefined || fact === undefined) return super.value(file, expression, frame);
    const place = { ...placeAt(file, fact.range), end: fact.range[1] };
    const root = file.expressions[rootOf(file, expression)]?.is;
    if (fact.is === 'binding' || root === 'module') {
      this.#way.push(place);
      return super.value(file, expression, frame);
    }
    const at: Site = { file, range: fact.range };
    found.push(place);
    if (fact.is !== 'object') return arrived(at);
    // A name may be asked of it: `module.exports = { createOrder }`.
    this.#found = undefined;
    const value = super.value(file, expression, frame);
    this.#found = found;
    // Its entries were followed and are remembered.
    this.forget();
    return value;
  }

  override exported(file: CodeFacts, name: string, at: Site): Abstract {
    if (name === '=' || name === '*') this.#way.push({ path: file.path, start: 0 });
    return super.exported(file, name, at);
  }

  override member(value: Abstract, name: string, at: Site): Abstract {
    const found = this.#found;
    if (found === undefined || (value.is !== 'object' && value.is !== 'literal'))
      return super.member(value, name, at);
    found.length = 0;
    const key = value.is === 'object' ? value.entries.get(name)?.key : undefined;
    if (key === undefined) return super.member(value, name, at);
    const place = placeAt(key.file, key.range);
    const held = entryAt(key);
    const is = held === undefined ? undefined : key.file.expressions[held]?.is;
    if (held === undefined || (is !== 'binding' && is !== 'module')) {
      found.push(place);
      return arrived(at);
    }
    this.#way.push(place);
    return this.value(key.file, held);
  }
}

/** The expression that an object holds under the key at a place. */
function entryAt({ file, range }: Site): ExpressionIndex | undefined {
  for (const fact of file.expressions) {
    if (fact.is !== 'object' || fact.range[0] > range[0] || fact.range[1] < range[1]) continue;
    for (const entry of fact.entries)
      if ('key' in entry && entry.keyRange[0] === range[0]) return entry.value;
  }
  return undefined;
}

/** Stands for whatever the declaration holds. */
function arrived(at: Site): Abstract {
  return { is: 'literal', value: true, at };
}

function reasonOf(value: Abstract): string {
  switch (value.is) {
    case 'unknown':
      return value.why;
    case 'external':
    case 'library':
    case 'library-module':
      return 'package';
    default:
      return value.is;
  }
}

function fieldAnswer(
  file: CodeFacts,
  expression: ExpressionIndex,
  of: ExpressionIndex,
  name: string,
  program: Program,
  evaluator: Evaluator,
): Answer {
  const self = evaluator.value(file, of);
  if (self.is !== 'instance' && self.is !== 'class') return { none: `this is ${reasonOf(self)}` };
  const isStatic = self.is === 'class';
  const places = memberPlaces(self.file, self.cls, name, isStatic, program, evaluator, 0);
  if ('none' in places) return places;
  // Of a method it is what the linker gives for the expression itself; a field may hold the method of another class.
  const value = evaluator.value(file, expression);
  const method = value.is === 'function' ? methodPlace(value.file, value.fn) : undefined;
  const isWritten = program.indexOf(self.file).fieldWrites.has(`${self.cls}#${name}`);
  const isField = isWritten || self.file.classes[self.cls]?.fields.some((one) => one.name === name);
  return method?.name === name && !isField ? { places: [method.place] } : places;
}

function methodPlace(
  file: CodeFacts,
  fn: number,
): { readonly name: string; readonly place: Place } | undefined {
  const of = file.functions[fn]?.of;
  const cls = of === undefined ? undefined : file.classes[of.class];
  const method = cls?.methods.find((one) => one.function === fn);
  return method && { name: method.name, place: placeAt(file, method.range) };
}

/** The first class on the way up that has the member. A write counts, too: JavaScript declares fields that way. */
function memberPlaces(
  file: CodeFacts,
  cls: ClassIndex,
  name: string,
  isStatic: boolean,
  program: Program,
  evaluator: Evaluator,
  depth: number,
): Answer {
  const fact = file.classes[cls];
  if (fact === undefined || depth > 16) return { none: 'field' };
  const declared = [...fact.fields, ...fact.methods].filter(
    (member) => member.name === name && (member.static === true) === isStatic,
  );
  const index = program.indexOf(file);
  const outside =
    isStatic && fact.binding !== undefined ? index.memberWrites.get(fact.binding) : [];
  const writes = [...(index.fieldWrites.get(`${cls}#${name}`) ?? []), ...(outside ?? [])];
  const written = writes.flatMap(({ target }) => {
    const expression = file.expressions[target];
    return expression?.is === 'member' && expression.name === name
      ? [{ path: file.path, start: expression.range[1] - name.length }]
      : [];
  });
  if (declared.length > 0)
    return { places: [...declared.map(({ range }) => placeAt(file, range)), ...written] };
  const base =
    fact.extends === undefined ? undefined : each(evaluator.value(file, fact.extends))[0];
  if (base?.is === 'class') {
    const found = memberPlaces(base.file, base.cls, name, isStatic, program, evaluator, depth + 1);
    if ('places' in found) return found;
  }
  if (written.length > 0) return { places: written };
  if (base === undefined || base.is === 'class') return { none: 'field' };
  return { none: `base class: ${reasonOf(base)}` };
}

function targetAnswer(value: Abstract): Answer {
  const places = each(value).flatMap((one): Place[] => {
    if (one.is === 'class') {
      const fact = one.file.classes[one.cls];
      const name = fact?.binding === undefined ? undefined : one.file.bindings[fact.binding];
      return fact === undefined
        ? []
        : [{ ...placeAt(one.file, name?.range ?? fact.range), end: fact.range[1] }];
    }
    if (one.is !== 'function') return [];
    const range = one.file.functions[one.fn]?.range ?? [0, 0];
    const method = methodPlace(one.file, one.fn)?.place ?? placeAt(one.file, range);
    return [{ ...method, end: range[1] }];
  });
  const [first] = each(value);
  return places.length > 0 ? { places } : { none: first === undefined ? 'none' : reasonOf(first) };
}
