/** What an expression stands for, as far as it can be told without running it. */
import type {
  CallIndex,
  ClassIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
  TypeRef,
} from '../../../code-facts.ts';
import type { Library, Shape } from '../../../library.ts';
import { type Location, locate, type Range } from '../../../location.ts';
import type { Why } from '../../code.ts';
import type { Versions } from './versions.ts';

/** A place in a file. */
export interface Site {
  readonly file: CodeFacts;
  readonly range: Range;
}

export function placeOf({ file, range }: Site): Location {
  return locate(file, range);
}

/** A library as one package of the repository gets it. */
export interface LibraryInUse {
  readonly description: Library;
  /** The package that the code imports; `node` for what Node.js brings. */
  readonly package: string;
  /** Of the package that decides. */
  readonly versions: Versions;
}

/** A call in the code, evaluated for one way into its function. */
export interface CallSite {
  readonly file: CodeFacts;
  readonly call: CallIndex;
  readonly frame?: Frame;
}

/** One execution of a function: what its parameters and `this` are. Without a frame they stay symbols. */
export interface Frame {
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  readonly args: readonly Argument[];
  readonly self?: Abstract;
  /** That of the function around it. */
  readonly outer?: Frame;
  readonly depth: number;
}

/** An argument, evaluated when it is asked for. `spread`: this one and all behind it cannot be told. */
export type Argument =
  | { readonly file: CodeFacts; readonly expression: ExpressionIndex; readonly frame?: Frame }
  | { readonly value: Abstract }
  | 'spread';

export type Literal = string | number | boolean | null | undefined;

export interface ObjectValue {
  readonly is: 'object';
  readonly entries: ReadonlyMap<string, Property>;
  /** Why there may be further or other entries. */
  readonly open?: Why;
  /** The part that is not known comes from this package. */
  readonly openFrom?: string;
}

export interface Property {
  readonly value: Abstract;
  readonly key: Site;
  /** A spread of something unknown stands behind it and may replace it. */
  readonly unsure?: true;
}

export interface LibraryValue {
  readonly is: 'library';
  readonly library: LibraryInUse;
  readonly shape: Shape;
  /** How it is spelled: `axios.create`, `Pool`. */
  readonly name: string;
  /** The construct that made the client it belongs to; `unknown` when there is one and it cannot be told. */
  readonly client?: ClientOrigin;
  /** The call that gave it. */
  readonly from?: CallSite;
  /** The plugin that it is the argument of: routes added to it are the plugin's. */
  readonly scope?: string;
  /** Calls on it that gave itself, oldest first. */
  readonly chain?: readonly CallSite[];
}

export type ClientOrigin =
  | { readonly is: 'construct'; readonly site: CallSite }
  /** `class Api extends Client`: the options are those that it passes to `super`. */
  | {
      readonly is: 'class';
      readonly file: CodeFacts;
      readonly cls: ClassIndex;
      readonly instance?: InstanceValue;
    }
  /** A container gives it: index into the injections of the program. */
  | { readonly is: 'injected'; readonly key: string }
  | { readonly is: 'unknown'; readonly why: Why };

export interface InstanceValue {
  readonly is: 'instance';
  readonly file: CodeFacts;
  readonly cls: ClassIndex;
  /** Where it is made. */
  readonly construct?: CallSite;
}

export interface FunctionValue {
  readonly is: 'function';
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  readonly frame?: Frame;
  readonly self?: Abstract;
}

export interface ParameterValue {
  readonly is: 'parameter';
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  readonly index: number;
  readonly path: readonly string[];
  readonly type?: TypeIn;
}

export interface TypeIn {
  readonly file: CodeFacts;
  readonly ref: TypeRef;
}

export interface EnvironmentValue {
  readonly is: 'environment';
  readonly name: string;
  /** What the code uses when the variable is not set. */
  readonly fallback?: Abstract;
  readonly parse: 'text' | 'number' | 'boolean';
}

export interface UnknownValue {
  readonly is: 'unknown';
  readonly why: Why;
  readonly type?: TypeIn;
  /** The package that would have to be described. */
  readonly package?: string;
  /** Functions that were given to the unknown call. */
  readonly functions?: readonly FunctionValue[];
}

export type Abstract = { readonly at: Site } & (
  | { readonly is: 'literal'; readonly value: Literal }
  /** A text with parts that are not known. */
  | {
      readonly is: 'text';
      readonly parts: readonly (string | null)[];
      /** So many characters stand in the code before a variable of the environment decides, whose default follows. */
      readonly written?: number;
      /** The same with the variables of the environment that it is made of. */
      readonly pieces?: readonly (string | null | Abstract)[];
    }
  | ObjectValue
  | { readonly is: 'array'; readonly items: readonly Abstract[]; readonly open?: Why }
  | FunctionValue
  | { readonly is: 'class'; readonly file: CodeFacts; readonly cls: ClassIndex }
  | InstanceValue
  /** `import * as x` of a file of the repository. */
  | { readonly is: 'namespace'; readonly file: CodeFacts }
  | LibraryValue
  /** `import * as x` of a described module. */
  | {
      readonly is: 'library-module';
      readonly specifier: string;
      readonly package: string;
      readonly importer: string;
    }
  /** Something of a package that no description covers. */
  | { readonly is: 'external'; readonly package: string; readonly path: readonly string[] }
  /** Something that the platform brings, dotted: `process.env`, `AbortSignal.timeout`. */
  | { readonly is: 'global'; readonly name: string }
  /** A method of the language on a value: `xs.map`, `text.trim`. */
  | { readonly is: 'method'; readonly of: Abstract; readonly name: string }
  | EnvironmentValue
  | ParameterValue
  /** What `new AbortController()` gives. */
  | { readonly is: 'controller'; readonly site: CallSite }
  | { readonly is: 'signal'; readonly signal: SignalOrigin }
  | { readonly is: 'alternatives'; readonly of: readonly Abstract[] }
  | UnknownValue
);

/** Who aborts an AbortSignal. */
export type SignalOrigin =
  | { readonly is: 'timeout'; readonly ms: Abstract; readonly site: CallSite }
  | { readonly is: 'any'; readonly of: readonly Abstract[]; readonly site: CallSite }
  | { readonly is: 'controller'; readonly site: CallSite };

export function unknown(why: Why, at: Site, more: Omit<UnknownValue, 'is' | 'why'> = {}): Abstract {
  return { is: 'unknown', why, at, ...more };
}

export function literal(value: Literal, at: Site): Abstract {
  return { is: 'literal', value, at };
}

/** More alternatives than this are not told apart. */
const MAX_ALTERNATIVES = 8;

/** One of several values; nested alternatives are flattened and equal ones kept once. */
export function alternatives(values: readonly Abstract[], at: Site): Abstract {
  const flat: Abstract[] = [];
  for (const value of values)
    for (const each of value.is === 'alternatives' ? value.of : [value])
      if (!flat.some((other) => same(other, each))) flat.push(each);
  const [only] = flat;
  if (flat.length === 1 && only !== undefined) return only;
  if (flat.length > MAX_ALTERNATIVES) return unknown('alternatives', at);
  return flat.length === 0 ? unknown('field', at) : { is: 'alternatives', of: flat, at };
}

function same(a: Abstract, b: Abstract): boolean {
  if (a === b) return true;
  if (a.is === 'literal' && b.is === 'literal') return Object.is(a.value, b.value);
  if (a.is === 'function' && b.is === 'function')
    return a.file === b.file && a.fn === b.fn && a.frame === b.frame;
  if (a.is === 'class' && b.is === 'class') return a.file === b.file && a.cls === b.cls;
  if (a.is === 'instance' && b.is === 'instance')
    return a.file === b.file && a.cls === b.cls && a.construct?.call === b.construct?.call;
  if (a.is === 'library' && b.is === 'library')
    return (
      a.library === b.library &&
      a.shape === b.shape &&
      sameOrigin(a.client, b.client) &&
      a.from?.call === b.from?.call &&
      a.from?.file === b.from?.file
    );
  if (a.is === 'unknown' && b.is === 'unknown')
    return a.why === b.why && a.at.file === b.at.file && a.at.range[0] === b.at.range[0];
  return false;
}

export function sameOrigin(a: ClientOrigin | undefined, b: ClientOrigin | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return originKey(a) === originKey(b);
}

/** Names a construct: one client each. */
export function originKey(origin: ClientOrigin): string {
  switch (origin.is) {
    case 'construct':
      return `${origin.site.file.path}#call${origin.site.call}`;
    case 'class':
      return `${origin.file.path}#class${origin.cls}`;
    case 'injected':
      return `injected ${origin.key}`;
    default:
      return `unknown ${origin.why}`;
  }
}

/** The values that something may be. */
export function each(value: Abstract): readonly Abstract[] {
  return value.is === 'alternatives' ? value.of : [value];
}

/** A function itself, those of an object or array, and those behind an unknown wrapper. */
export function functionsIn(value: Abstract, depth = 0): readonly FunctionValue[] {
  if (depth > 3) return [];
  switch (value.is) {
    case 'function':
      return [value];
    case 'alternatives':
      return value.of.flatMap((one) => functionsIn(one, depth + 1));
    case 'object':
      return [...value.entries.values()].flatMap((one) => functionsIn(one.value, depth + 1));
    case 'array':
      return value.items.flatMap((one) => functionsIn(one, depth + 1));
    case 'method':
      return value.of.is === 'function' ? [value.of] : [];
    case 'unknown':
      return value.functions ?? [];
    default:
      return [];
  }
}
