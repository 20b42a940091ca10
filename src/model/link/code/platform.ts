/** What the language and Node.js bring themselves: conversions, merging, signals, the environment. */
import {
  type Abstract,
  alternatives,
  type CallSite,
  each,
  literal,
  type Property,
  type Site,
  unknown,
} from './abstract.ts';
import type { Evaluation } from './evaluation.ts';

const GLOBALS = new Set([
  'AbortController',
  'AbortSignal',
  'Array',
  'ArrayBuffer',
  'Atomics',
  'BigInt',
  'Blob',
  'Boolean',
  'Buffer',
  'Date',
  'Error',
  'Event',
  'EventTarget',
  'FormData',
  'Function',
  'Headers',
  'Intl',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'Proxy',
  'RangeError',
  'Reflect',
  'RegExp',
  'Response',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TextDecoder',
  'TextEncoder',
  'TypeError',
  'URL',
  'URLSearchParams',
  'Uint8Array',
  'WeakMap',
  'WeakRef',
  'WeakSet',
  'atob',
  'btoa',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'decodeURIComponent',
  'encodeURIComponent',
  'global',
  'globalThis',
  'isNaN',
  'parseFloat',
  'parseInt',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
  'window',
  'document',
  '__dirname',
  '__filename',
  'module',
  'exports',
  'isFinite',
  'encodeURI',
  'decodeURI',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'WebSocket',
  'navigator',
  'location',
]);

/** A name of the platform, and not a mistake or the name of a test framework. */
export function isGlobal(name: string): boolean {
  return GLOBALS.has(name);
}

/** Packages whose `get(name, default)` reads a setting that is decided outside of the code. */
const CONFIGURATION = /^(?:@nestjs\/config|config|nconf|env-var|convict)$/;

/** What reading a setting gives; undefined when the call reads none. */
export function configured(
  callee: Extract<Abstract, { is: 'external' }>,
  site: CallSite,
  evaluator: Evaluation,
  at: Site,
): Abstract | undefined {
  if (!CONFIGURATION.test(callee.package) || !/^get/.test(callee.path.at(-1) ?? ''))
    return undefined;
  const args = evaluator.argumentValues(site);
  const [name, fallback] = args === 'unknown' ? [] : args;
  if (name?.is !== 'literal' || typeof name.value !== 'string') return unknown('configuration', at);
  const isDefault = fallback !== undefined && fallback.is !== 'object';
  return {
    is: 'environment',
    name: name.value,
    parse: 'text',
    at,
    ...(isDefault ? { fallback } : {}),
  };
}

/** What these give depends on what they get. */
const LOOKS_AT_ARGUMENTS =
  /^(?:Number|parseInt|parseFloat|Number\.parse(?:Int|Float)|String|Boolean|structuredClone|URL|Symbol|Symbol\.for|Object\.(?:freeze|seal|assign)|Promise\.\w+|Math\.m(?:in|ax)|AbortSignal\.\w+)$/;

/** The positions of arguments are not known. */
function hasSpread({ file, call }: CallSite): boolean {
  return file.calls[call]?.arguments.some((item) => typeof item !== 'number') === true;
}

/** What calling or constructing something of the platform gives. */
export function globalResult(
  name: string,
  site: CallSite,
  evaluator: Evaluation,
  at: Site,
): Abstract {
  if (hasSpread(site)) return unknown('spread', at);
  const args = LOOKS_AT_ARGUMENTS.test(name) ? evaluator.argumentValues(site) : [];
  if (args === 'unknown') return unknown('spread', at);
  const [first] = args;
  switch (name) {
    case 'Number':
    case 'parseInt':
    case 'parseFloat':
    case 'Number.parseInt':
    case 'Number.parseFloat':
      return first === undefined ? literal(0, at) : convert(first, 'number', name, at);
    case 'String':
      return first === undefined ? literal('', at) : convert(first, 'text', name, at);
    case 'Boolean':
      return first === undefined ? literal(false, at) : convert(first, 'boolean', name, at);
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
    case 'Promise.resolve':
      return first ?? literal(undefined, at);
    case 'Object.assign':
      return merged(args, evaluator, at);
    case 'Math.min':
    case 'Math.max': {
      const numbers = args.map((one) => (one.is === 'literal' ? Number(one.value) : undefined));
      if (!numbers.every((one) => one !== undefined)) return unknown('computed', at);
      return literal(name === 'Math.min' ? Math.min(...numbers) : Math.max(...numbers), at);
    }
    case 'AbortSignal.timeout':
      return first === undefined
        ? unknown('signal-origin', at)
        : { is: 'signal', signal: { is: 'timeout', ms: first, site }, at };
    case 'AbortSignal.any':
      return first?.is === 'array' && first.open === undefined
        ? { is: 'signal', signal: { is: 'any', of: first.items, site }, at }
        : unknown('signal-origin', at);
    case 'AbortController':
      return { is: 'controller', site, at };
    case 'URL':
      return first ?? unknown('call-result', at);
    case 'Promise.race':
    case 'Promise.any':
      return first?.is === 'array'
        ? (first.items[0] ?? unknown('call-result', at))
        : unknown('call-result', at);
    case 'Promise.all':
      return first?.is === 'array' ? first : unknown('call-result', at);
    case 'Symbol':
    case 'Symbol.for':
      return first?.is === 'literal'
        ? literal(`Symbol(${String(first.value)})`, at)
        : unknown('call-result', at);
    case 'setTimeout':
    case 'setInterval':
    case 'setImmediate':
      return { is: 'global', name: 'Timeout.prototype', at };
    // What it will hold is decided inside of it.
    case 'Promise':
      return unknown('call-result', at);
    case 'process.cwd':
      return unknown('environment', at);
    default: {
      // An instance of a class of the platform: its members are the platform's too.
      const isNew = site.file.calls[site.call]?.form === 'new';
      return isNew ? { is: 'global', name: `${name}.prototype`, at } : unknown('call-result', at);
    }
  }
}

/** What a method of the language gives. */
export function methodResult(
  callee: Extract<Abstract, { is: 'method' }>,
  site: CallSite,
  at: Site,
): Abstract {
  const { of, name } = callee;
  switch (name) {
    case 'catch':
    case 'finally':
      return of;
    case 'bind':
      return of;
    case 'call':
    case 'apply':
      return unknown('call-result', at);
    case 'trim':
    case 'toString':
    case 'valueOf':
      return of.is === 'environment' || of.is === 'literal' ? of : unknown('call-result', at);
    case 'then':
      return unknown('call-result', at);
    case 'concat':
      return of.is === 'literal' || of.is === 'text' ? unknown('call-result', at) : of;
    default:
      return unknown(hasSpread(site) ? 'spread' : 'call-result', at);
  }
}

/** `Number(x)`, `parseInt(x)`, `String(x)`. */
function convert(
  value: Abstract,
  to: 'number' | 'text' | 'boolean',
  by: string,
  at: Site,
): Abstract {
  switch (value.is) {
    case 'alternatives':
      return alternatives(
        value.of.map((one) => convert(one, to, by, at)),
        at,
      );
    case 'literal': {
      if (to === 'text') return literal(String(value.value), at);
      if (to === 'boolean') return literal(Boolean(value.value), at);
      const text = String(value.value);
      if (by.endsWith('parseInt')) return literal(Number.parseInt(text, 10), at);
      return literal(by.endsWith('parseFloat') ? Number.parseFloat(text) : Number(value.value), at);
    }
    case 'environment': {
      const { fallback, ...rest } = value;
      return {
        ...rest,
        parse: to,
        ...(fallback === undefined ? {} : { fallback: convert(fallback, to, by, at) }),
      };
    }
    case 'unknown':
    case 'parameter':
      return value;
    default:
      return unknown('computed', at);
  }
}

function merged(values: readonly Abstract[], evaluator: Evaluation, at: Site): Abstract {
  let entries: Map<string, Property> = new Map();
  let result: Pick<Extract<Abstract, { is: 'object' }>, 'open' | 'openFrom'> = {};
  for (const value of values) {
    const next = evaluator.spread(entries, value);
    entries = next.entries;
    result = {
      ...(result.open === undefined && next.open !== undefined ? { open: next.open } : {}),
      ...(result.openFrom === undefined && next.openFrom !== undefined
        ? { openFrom: next.openFrom }
        : {}),
      ...result,
    };
  }
  return { is: 'object', entries, at, ...result };
}

/** All texts that a value may be. */
export function textsOf(value: Abstract): readonly string[] | undefined {
  const texts: string[] = [];
  for (const one of each(value)) {
    if (one.is !== 'literal' || typeof one.value !== 'string') return undefined;
    texts.push(one.value);
  }
  return texts;
}
