/** Timeouts that the code reads from the environment, with the value that the container gives them. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Library, LibraryOption, OptionValue } from '../../../library.ts';
import type { Location } from '../../../location.ts';
import type { Application, Bound, LibraryRef } from '../../code.ts';
import type { GivenTimeout } from '../../together.ts';
import type { Value } from '../../value.ts';
import { calledName } from './written.ts';

export interface Reading {
  readonly application: Application;
  readonly libraries: readonly Library[];
  /** The program consists of this file. */
  isOwn(path: string): boolean;
  fileOf(path: string): CodeFacts | undefined;
  variable(name: string): Value<string>;
}

/** Those that do not bound anything with the given value, each once. */
export function badTimeoutsOf(reading: Reading, nowhere: Location): readonly GivenTimeout[] {
  const { application, libraries, isOwn, fileOf, variable } = reading;
  const found = new Map<string, GivenTimeout>();
  for (const { at, label, library, bounds } of [...application.clients, ...application.calls]) {
    if (!isOwn(at.path)) continue;
    for (const [phase, bound] of Object.entries(bounds)) {
      if (!('ms' in bound) || bound.environment === undefined) continue;
      const { environment, option: name } = bound;
      const option = optionOf(libraries, library, name, phase);
      const parse = parsedAt(fileOf(environment.at.path), environment.at);
      if (option === undefined || name === undefined || parse === undefined) continue;
      const given = variable(environment.name);
      if (given.state === 'unknown') continue;
      if (given.state === 'absent' && environment.default !== undefined) continue;
      // With a default that cannot be told nobody knows what holds.
      if (given.state === 'absent' && !isUnset(bound)) continue;
      const written = given.state === 'known' ? given.value : undefined;
      const number = written === undefined ? Number.NaN : parse(written);
      const result = resultOf(option, number);
      if (result === undefined) continue;
      const key = `${environment.at.path}:${environment.at.start}`;
      if (found.has(key)) continue;
      found.set(key, {
        what: label,
        at,
        option: name,
        variable: environment.name,
        ...(written === undefined ? {} : { written }),
        number,
        result,
        setAt: given.state === 'known' ? given.at : nowhere,
        readAt: environment.at,
      });
    }
  }
  return [...found.values()];
}

/** The model knows nothing but the variable. */
function isUnset({ ms }: Bound): boolean {
  return ms.state === 'unknown' && ms.why === 'environment';
}

function optionOf(
  libraries: readonly Library[],
  { name }: LibraryRef,
  written: string | undefined,
  phase: string,
): LibraryOption | undefined {
  return libraries
    .find((library) => library.name === name)
    ?.options.find(
      ({ path, meaning }) =>
        written !== undefined &&
        (path === written || path.endsWith(`.${written}`) || written.endsWith(`.${path}`)) &&
        'bounds' in meaning &&
        meaning.bounds.some((one) => one === phase),
    );
}

function resultOf(option: LibraryOption, number: number): GivenTimeout['result'] | undefined {
  if (option.disabledBy.some((value) => matches(value, number))) return 'disabled';
  const broken = option.brokenBy?.find(({ value }) => matches(value, number))?.result;
  return broken === 'ignored' ? 'disabled' : broken;
}

function matches(value: OptionValue, number: number): boolean {
  if ('equals' in value) return value.equals === number;
  if ('from' in value) return false;
  if (value.is === 'NaN') return Number.isNaN(number);
  if (value.is === 'Infinity') return number === Number.POSITIVE_INFINITY;
  return value.is === 'negative' && number < 0;
}

/** How the code makes a number of what it reads at a place; undefined when it does not, or it cannot be told. */
export function parsedAt(
  file: CodeFacts | undefined,
  at: Location,
): ((text: string) => number) | undefined {
  if (file === undefined) return undefined;
  const holds = (index: number | undefined, depth = 0): boolean => {
    const expression = index === undefined ? undefined : file.expressions[index];
    if (expression === undefined || depth > 4) return false;
    if (expression.range[0] === at.start && expression.range[1] === at.end) return true;
    if (expression.is === 'choice') return expression.of.some((one) => holds(one, depth + 1));
    return expression.is === 'cast' && holds(expression.of, depth + 1);
  };
  for (const call of file.calls) {
    const [first] = call.arguments;
    if (call.form !== 'call' || typeof first !== 'number' || !holds(first)) continue;
    const name = calledName(file, call);
    if (name === 'Number') return Number;
    if (name === 'parseInt') return (text) => Number.parseInt(text, 10);
    if (name === 'parseFloat') return Number.parseFloat;
  }
  for (const expression of file.expressions)
    if (expression.is === 'operator' && expression.operator === '+' && expression.of.length === 1)
      if (holds(expression.of[0])) return Number;
  return undefined;
}
