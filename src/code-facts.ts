/**
 * Facts of one TypeScript or JavaScript file, as plain JSON: names, structure and order, symbolic.
 * No library knowledge, no verdict, no evaluation, nothing of other files.
 *
 * Things refer to each other by index: a binding is an index into `bindings`, an expression into `expressions`,
 * and so on. An optional field that is absent is really absent (never `undefined`), so that facts survive
 * JSON and structured clones unchanged.
 */
import type { Directive, Notification } from './facts.ts';
import type { Range } from './location.ts';

/** All that one code file says. */
export interface CodeFacts {
  readonly kind: 'code';
  readonly path: string;
  readonly lineStarts: readonly number[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly bindings: readonly BindingFact[];
  readonly expressions: readonly Expression[];
  /** In order of evaluation within a function: arguments before the call. */
  readonly calls: readonly CallFact[];
  readonly writes: readonly WriteFact[];
  /** `functions[0]` is the body of the module. Empty when the file was not read. */
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  /** Interfaces and aliases of types. */
  readonly types: readonly TypeFact[];
  /** Names that resolve to nothing in the file (`fetch`, `process`, `require`), in code-unit order. */
  readonly freeNames: readonly string[];
  /** What stands in the file and is not in these facts. Empty: everything is. */
  readonly incomplete: readonly Incomplete[];
  readonly directives: readonly Directive[];
  readonly notifications: readonly Notification[];
}

export type BindingIndex = number;
export type ExpressionIndex = number;
export type CallIndex = number;
export type FunctionIndex = number;
export type ClassIndex = number;
export type ImportIndex = number;
export type RegionIndex = number;

export interface Incomplete {
  readonly range: Range;
  /**
   * `eval`, `with`: names may be bound that nobody can see. All others: nothing of the file is known, because it is broken or
   * reading it was given up.
   */
  readonly why:
    | 'syntax'
    | 'too-deep'
    | 'too-large'
    | 'minified'
    | 'time'
    | 'memory'
    | 'crash'
    | 'eval'
    | 'with';
}

// Modules

export interface ImportFact {
  readonly range: Range;
  /** The specifier as written. */
  readonly from: string;
  readonly fromRange: Range;
  readonly form: 'import' | 'require' | 'dynamic' | 'export-from';
  /** The whole import is erased: `import type`, `export type`. */
  readonly typeOnly?: true;
  /** What is bound to a name right here. Empty for side effects, re-exports and modules used as expressions. */
  readonly names: readonly ImportedName[];
}

export interface ImportedName {
  /** The name in the other module; `default`; `*` for its namespace; `=` for its `module.exports`. */
  readonly imported: string;
  readonly binding: BindingIndex;
  readonly typeOnly?: true;
}

export type ExportFact = {
  readonly range: Range;
  /** `default`; `=` for `module.exports = ` and `export =`; '' for `export *`, which has no name of its own. */
  readonly name: string;
  readonly typeOnly?: true;
} & (
  | { readonly is: 'binding'; readonly binding: BindingIndex }
  | { readonly is: 'expression'; readonly expression: ExpressionIndex }
  /** `export { imported as name } from`, `export * as name from` (imported is `*`). */
  | { readonly is: 'from'; readonly import: ImportIndex; readonly imported: string }
  | { readonly is: 'star'; readonly import: ImportIndex }
);

// Names

export type BindingKind =
  | 'const'
  | 'let'
  | 'var'
  | 'using'
  | 'parameter'
  | 'import'
  | 'function'
  | 'class'
  | 'enum'
  | 'enum-member'
  | 'namespace'
  | 'catch'
  /** Type-only names. */
  | 'interface'
  | 'type'
  | 'type-parameter';

/** One declared name. Several declarations that merge (overloads, a namespace on a class) are one binding. */
export interface BindingFact {
  readonly name: string;
  /** The identifier of the first declaration. */
  readonly range: Range;
  readonly kind: BindingKind;
  /** The function whose execution creates it. */
  readonly function: FunctionIndex;
  /** Where it gets its first value; absent for parameters, imports and declarations without one. */
  readonly region?: RegionIndex;
  readonly order?: number;
  /** The initialiser; what the name holds is at `path` in it. An enum's is an object of its members. */
  readonly value?: ExpressionIndex;
  /** Steps of a destructuring pattern: `const { a: [, b] } = value` gives b `['a', 1]`. */
  readonly path?: readonly PathStep[];
  /** Defaults on that way: when the value after `depth` steps is undefined, `value` stands for it. */
  readonly defaults?: readonly PatternDefault[];
  /** It holds what other parts of the pattern do not take: `...rest`. */
  readonly rest?: true;
  readonly declares?: { readonly function: FunctionIndex } | { readonly class: ClassIndex };
  /** Of kind `import`: what it stands for in the other module (see `ImportedName`). */
  readonly from?: { readonly import: ImportIndex; readonly imported: string };
  /** The parameter `index` of `function`, or a part of it. */
  readonly parameter?: number;
  readonly type?: TypeRef;
  /** `declare`: no value of this file stands behind it. */
  readonly ambient?: true;
  /** Assignments after the initialisation. 0: it always holds its first value. */
  readonly writes: number;
}

/** A name, a position, or a computed key. */
export type PathStep = string | number | { readonly computed: ExpressionIndex };

export interface PatternDefault {
  readonly depth: number;
  readonly value: ExpressionIndex;
}

// Types, as far as annotations name them

export interface TypeRef {
  readonly range: Range;
  /**
   * A name without a declaration here is `global`: `Promise`, `Array` (also for `T[]`), and the keywords `string`, `unknown`...
   * `module` is `import('x')`; `members` are those of a literal type `{ a: A }`.
   */
  readonly root:
    | { readonly binding: BindingIndex }
    | { readonly global: string }
    | { readonly module: string }
    | { readonly members: readonly TypeMember[] };
  /** `ns.Type` has path `['Type']`. */
  readonly path?: readonly string[];
  /** Null where an argument names no type. */
  readonly arguments?: readonly (TypeRef | null)[];
  /** A union with null or undefined, or an optional field or parameter. */
  readonly nullish?: true;
  /** `typeof x`: the type of a value. */
  readonly query?: true;
}

export interface TypeFact {
  readonly range: Range;
  readonly binding: BindingIndex;
  readonly extends: readonly TypeRef[];
  readonly members: readonly TypeMember[];
  /** `type A = B`: the other type. */
  readonly alias?: TypeRef;
}

/** A member with a plain name; a method has no type. */
export interface TypeMember {
  readonly name: string;
  readonly type?: TypeRef;
}

// Expressions

/**
 * One expression with its place. Identity is by place: the same text twice is two expressions, because a finding must point at
 * one of them. Parentheses and optional chains do not stand between.
 */
export type Expression = {
  readonly range: Range;
} /** `undefined`, NaN and Infinity are globals. */ & (
  | { readonly is: 'value'; readonly value: string | number | boolean | null }
  | { readonly is: 'bigint'; readonly value: string }
  | { readonly is: 'regexp'; readonly source: string; readonly flags: string }
  | { readonly is: 'binding'; readonly binding: BindingIndex }
  | { readonly is: 'global'; readonly name: string }
  | { readonly is: 'this' }
  | { readonly is: 'super' }
  /** `require('x')` and `import('x')`: the module itself, the latter in a promise. */
  | { readonly is: 'module'; readonly import: ImportIndex }
  | {
      readonly is: 'member';
      readonly of: ExpressionIndex;
      readonly name: string;
      readonly optional?: true;
    }
  | {
      readonly is: 'index';
      readonly of: ExpressionIndex;
      readonly key: ExpressionIndex;
      readonly optional?: true;
    }
  | { readonly is: 'object'; readonly entries: readonly ObjectEntry[] }
  | { readonly is: 'array'; readonly items: readonly ListItem[] }
  | { readonly is: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly is: 'call'; readonly call: CallIndex }
  | { readonly is: 'function'; readonly function: FunctionIndex }
  | { readonly is: 'class'; readonly class: ClassIndex }
  | { readonly is: 'await'; readonly of: ExpressionIndex }
  | {
      readonly is: 'choice';
      readonly operator: '?:' | '??' | '||' | '&&';
      /** Of `?:`. */
      readonly test?: ExpressionIndex;
      readonly of: readonly [ExpressionIndex, ExpressionIndex];
    }
  | { readonly is: 'operator'; readonly operator: string; readonly of: readonly ExpressionIndex[] }
  | {
      readonly is: 'cast';
      readonly of: ExpressionIndex;
      readonly as: 'as' | 'satisfies' | '!' | 'instantiation';
      readonly type?: TypeRef;
    }
  /** `a = b`: its value is that of the write. */
  | { readonly is: 'write'; readonly write: number }
  /** Something that these facts do not describe: the type of the syntax node. */
  | { readonly is: 'opaque'; readonly why: string }
);

export type ObjectEntry =
  | {
      readonly key: string;
      readonly keyRange: Range;
      readonly value: ExpressionIndex;
      /** A getter or setter: `value` is its function, not what it gives. */
      readonly accessor?: true;
    }
  | { readonly computed: ExpressionIndex; readonly value: ExpressionIndex }
  | { readonly spread: ExpressionIndex };

/** Text, or the expression in `${}`. */
export type TemplatePart = string | { readonly value: ExpressionIndex };

/** An element of an array, or an argument; null is a hole of an array. */
export type ListItem = ExpressionIndex | { readonly spread: ExpressionIndex } | null;

// What happens

/** What becomes of the result of a call. */
export type CallUse =
  | 'awaited'
  | 'returned'
  | 'yielded'
  /** In a variable, a field or a property of something that exists. */
  | 'stored'
  | 'argument'
  /** An element of an array or of an object that is being made. */
  | 'element'
  /** Something is read of it or it is called: `f().then`, `f()()`. */
  | 'chained'
  | 'voided'
  | 'dropped'
  | 'other';

/** A call, construction, tagged template or decorator. */
export interface CallFact {
  readonly range: Range;
  /** The last name of what is called: `get` of `this.http.get`. */
  readonly nameRange: Range;
  /** `decorator` is `@f(...)`, `bare-decorator` is `@f`. */
  readonly form: 'call' | 'new' | 'tag' | 'decorator' | 'bare-decorator';
  readonly callee: ExpressionIndex;
  /** The template is the argument of a tag. */
  readonly arguments: readonly ListItem[];
  readonly typeArguments?: readonly (TypeRef | null)[];
  readonly optional?: true;
  readonly function: FunctionIndex;
  readonly region: RegionIndex;
  readonly order: number;
  readonly use: CallUse;
}

export interface WriteFact {
  readonly range: Range;
  readonly target: ExpressionIndex;
  /** As written: `=`, `??=`, `+=`, `++`, `delete`; `of` and `in` for the variable of a loop. */
  readonly operator: string;
  /** Absent for `++`, `--` and `delete`. What is written is at `path` in it. */
  readonly value?: ExpressionIndex;
  readonly path?: readonly PathStep[];
  readonly defaults?: readonly PatternDefault[];
  readonly rest?: true;
  readonly function: FunctionIndex;
  readonly region: RegionIndex;
  readonly order: number;
}

export interface FunctionFact {
  readonly range: Range;
  /** Its own name, or that of the variable, field or property that it is the value of. */
  readonly name?: string;
  /** The function that it stands in; absent for the module. */
  readonly parent?: FunctionIndex;
  /** The region of `parent` that it stands in. */
  readonly region?: RegionIndex;
  /** `field`: what initialises a field of an instance, each time one is made. */
  readonly form: 'module' | 'function' | 'arrow' | 'method' | 'static-block' | 'field';
  readonly async?: true;
  readonly generator?: true;
  readonly parameters: readonly ParameterFact[];
  readonly returns?: TypeRef;
  /** The member of a class that it is. */
  readonly of?: MemberOf;
  readonly argumentOf?: ArgumentOf;
  /** `'use client'`, `'use server'`, `'use strict'` at its top. */
  readonly prologue?: readonly string[];
  /** `regions[0]` is the body. A region in which nothing is recorded is left out. */
  readonly regions: readonly Region[];
  readonly leaves: readonly Leaf[];
}

export interface MemberOf {
  readonly class: ClassIndex;
  readonly member: string;
  readonly static?: true;
  readonly kind: 'method' | 'getter' | 'setter' | 'constructor' | 'field';
}

/** The function is (in) an argument of a call: `on({ eachMessage: fn })` has path `['eachMessage']`. */
export interface ArgumentOf {
  readonly call: CallIndex;
  readonly index: number;
  readonly path: readonly (string | number)[];
}

export interface ParameterFact {
  readonly range: Range;
  /** Names that it binds: one, or those of its pattern. */
  readonly bindings: readonly BindingIndex[];
  readonly type?: TypeRef;
  readonly default?: ExpressionIndex;
  readonly rest?: true;
  readonly optional?: true;
  readonly decorators?: readonly CallIndex[];
}

/** A part of a function that runs or not, or more than once, as a whole. */
export interface Region {
  readonly kind: 'body' | 'then' | 'else' | 'try' | 'catch' | 'finally' | 'loop' | 'case';
  /** Absent for the body. */
  readonly parent?: RegionIndex;
  readonly range: Range;
  /**
   * The statement or expression that it is a part of, when that is more than itself: `try`, `catch` and `finally` of one
   * statement have the same.
   */
  readonly of?: Range;
  /**
   * What decides: of `then`, `else`, `loop`; the compared value of `case`, absent for `default`. The right side of `&&` is a
   * `then`, that of `||` and `??` is an `else`; a default of a pattern is an `else` without a test.
   */
  readonly test?: ExpressionIndex;
  /** What `switch` looks at. */
  readonly subject?: ExpressionIndex;
  readonly loop?: Loop;
  /** The variable of `catch`, when it is one name. */
  readonly error?: BindingIndex;
}

export interface Loop {
  readonly form: 'for' | 'of' | 'in' | 'while' | 'do' | 'await-of';
  /** What `of` and `in` go through. */
  readonly over?: ExpressionIndex;
  /** Names that its head declares. */
  readonly bindings: readonly BindingIndex[];
  readonly label?: string;
}

/** Where control leaves. */
export interface Leaf {
  readonly how: 'return' | 'throw' | 'break' | 'continue' | 'yield' | 'yield*';
  readonly range: Range;
  readonly region: RegionIndex;
  readonly order: number;
  readonly value?: ExpressionIndex;
  readonly label?: string;
}

export interface ClassFact {
  readonly range: Range;
  readonly name?: string;
  readonly binding?: BindingIndex;
  readonly function: FunctionIndex;
  readonly region: RegionIndex;
  readonly extends?: ExpressionIndex;
  readonly extendsArguments?: readonly (TypeRef | null)[];
  readonly implements: readonly TypeRef[];
  readonly abstract?: true;
  readonly decorators: readonly CallIndex[];
  readonly fields: readonly FieldFact[];
  readonly methods: readonly MethodFact[];
}

export interface FieldFact {
  /** `#name` for private names. */
  readonly name: string;
  readonly range: Range;
  readonly static?: true;
  /** `declare` or `abstract`: only its type is known. */
  readonly ambient?: true;
  readonly readonly?: true;
  readonly value?: ExpressionIndex;
  readonly type?: TypeRef;
  /** A parameter property: the parameter of the constructor. */
  readonly parameter?: number;
  readonly decorators: readonly CallIndex[];
}

export interface MethodFact {
  readonly name: string;
  readonly range: Range;
  readonly kind: 'method' | 'getter' | 'setter' | 'constructor';
  readonly static?: true;
  /** Absent for abstract methods. */
  readonly function?: FunctionIndex;
  readonly returns?: TypeRef;
  readonly decorators: readonly CallIndex[];
}
