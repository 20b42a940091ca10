/** Step 6: who calls whom. An edge says where, and whether everything about it is known. */
import type {
  BindingIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
} from '../../../code-facts.ts';
import {
  type Abstract,
  type CallSite,
  each,
  type Frame,
  type FunctionValue,
  functionsIn,
  type ParameterValue,
} from './abstract.ts';
import type { Callers, Evaluator } from './evaluate.ts';
import type { Program } from './program.ts';
import type { ServerSide } from './server-side.ts';
import { keepsHandlers, optionHandlers, type Uses } from './uses.ts';
import { isCallbackWaitedFor, isDropped, isWaitedFor } from './waiting.ts';

export interface Edge {
  readonly file: CodeFacts;
  /** The function in which the call stands. */
  readonly from: FunctionIndex;
  readonly site: CallSite;
  readonly to: { readonly file: CodeFacts; readonly fn: FunctionIndex };
  /** `argument`: the function is given to something that calls it. */
  readonly how: 'call' | 'argument';
  /** False: something that is not known stands between, which may call it in its own way. */
  readonly complete: boolean;
  /** The function around the call is not done before what it calls is. */
  readonly waited: boolean;
  /** It calls what this parameter is: only executions that get `to` there take it. */
  readonly when?: ParameterOf;
  /** The execution in which `to` was made, when that is known. */
  readonly frame?: Frame;
}

/** Something that a function gets, or a member of it. */
export type ParameterOf = Pick<ParameterValue, 'file' | 'fn' | 'index' | 'path'>;

export interface Graph {
  readonly edges: readonly Edge[];
  into(file: CodeFacts, fn: FunctionIndex): readonly Edge[];
  /** Calls whose target could be told, of those whose root is no built-in: by path of the file. */
  readonly shares: ReadonlyMap<string, { readonly of: number; readonly resolved: number }>;
  /** Only browsers come to a function: on a server, nothing that calls it runs. */
  onlyBrowsers(
    file: CodeFacts,
    fn: FunctionIndex,
    isEntry: (file: CodeFacts, fn: FunctionIndex) => boolean,
  ): boolean;
  /** Calls that lead nowhere. */
  readonly unresolved: readonly { readonly site: CallSite; readonly callee: Abstract }[];
  readonly callers: Callers;
}

export function functionKey(file: CodeFacts, fn: FunctionIndex): string {
  return `${file.path}#${fn}`;
}

export function graphOf(
  program: Program,
  evaluator: Evaluator,
  uses: Uses,
  serverSide: ServerSide,
): Graph {
  const edges: Edge[] = [];
  const into = new Map<string, Edge[]>();
  const sites = new Map<string, CallSite[]>();
  /** Functions that are used as values somewhere, so that others may call them. */
  const escaping = new Set<string>();
  const lostNames = new Set<string>();
  const inBrowsers = new Set<string>();
  const unresolved: { site: CallSite; callee: Abstract }[] = [];
  const shares = new Map<string, { of: number; resolved: number }>();

  function put(edge: Edge): void {
    edges.push(edge);
    const key = functionKey(edge.to.file, edge.to.fn);
    const known = into.get(key);
    if (known === undefined) into.set(key, [edge]);
    else known.push(edge);
  }

  function called(
    site: CallSite,
    from: FunctionIndex,
    to: FunctionValue,
    complete: boolean,
    how: Edge['how'],
    when?: ParameterOf,
  ): void {
    put({
      file: site.file,
      from,
      site,
      to: { file: to.file, fn: to.fn },
      how,
      complete,
      waited:
        how === 'call'
          ? isWaitedFor(site.file, site.call)
          : isCallbackWaitedFor(site.file, site.call),
      ...(when === undefined ? {} : { when }),
      ...(to.frame === undefined ? {} : { frame: to.frame }),
    });
  }

  const parameterCalls: {
    site: CallSite;
    from: FunctionIndex;
    value: Extract<Abstract, { is: 'parameter' }>;
  }[] = [];

  for (const { facts: file } of program.files.values()) {
    for (const [call, fact] of file.calls.entries()) {
      const site: CallSite = { file, call };
      if (fact.form === 'decorator' || fact.form === 'bare-decorator') continue;
      const values = each(evaluator.callee(site));
      if (!serverSide.runs(file, call)) {
        for (const value of values)
          if (value.is === 'function') inBrowsers.add(functionKey(value.file, value.fn));
        for (const item of fact.arguments)
          if (typeof item === 'number' && mayHoldFunctions(file, item))
            for (const given of functionsIn(evaluator.value(file, item)))
              inBrowsers.add(functionKey(given.file, given.fn));
        continue;
      }
      if (!isBuiltIn(file, fact.callee, values)) {
        const share = shares.get(file.path) ?? { of: 0, resolved: 0 };
        shares.set(file.path, share);
        share.of++;
        if (values.every(isResolved)) share.resolved++;
        else
          unresolved.push({
            site,
            callee: values.find((one) => !isResolved(one)) ?? (values[0] as Abstract),
          });
      }
      const when = values.length > 1 ? parameterCalled(file, fact.callee) : undefined;
      for (const value of values) {
        switch (value.is) {
          case 'function': {
            called(site, fact.function, value, true, 'call', when);
            const key = functionKey(value.file, value.fn);
            sites.set(key, [...(sites.get(key) ?? []), site]);
            break;
          }
          case 'class': {
            const made = evaluator.constructorIn(value.file, value.cls);
            if (made !== undefined) {
              called(site, fact.function, made, true, 'call');
              const key = functionKey(made.file, made.fn);
              sites.set(key, [...(sites.get(key) ?? []), site]);
            }
            for (const [index, other] of value.file.functions.entries())
              if (other.form === 'field' && other.of?.class === value.cls && !other.of.static)
                called(
                  site,
                  fact.function,
                  { is: 'function', file: value.file, fn: index },
                  true,
                  'call',
                );
            break;
          }
          case 'parameter':
            parameterCalls.push({ site, from: fact.function, value });
            break;
          case 'unknown':
          case 'external': {
            const callee = file.expressions[fact.callee];
            if (callee?.is === 'member') lostNames.add(callee.name);
            break;
          }
          default:
        }
      }
      argumentEdges(site, fact.function, values);
    }
  }

  /** Functions that are given to something: who calls them, and how. */
  function argumentEdges(site: CallSite, from: FunctionIndex, callees: readonly Abstract[]): void {
    if (callees.every((callee) => callee.is === 'global' && NEVER_CALLS.test(callee.name))) return;
    const items = site.file.calls[site.call]?.arguments ?? [];
    // Behind a spread, nobody knows which argument is which.
    if (!items.every((item) => typeof item === 'number')) return;
    const args = items.map((item) =>
      mayHoldFunctions(site.file, item) ? evaluator.value(site.file, item) : undefined,
    );
    const here = uses.at(site.file, site.call);
    const handled = new Set<Abstract | undefined>();
    for (const use of here) {
      if (use.signature === 'unsure' || !keepsHandlers(use)) continue;
      for (const [index, parameter] of use.signature.entries())
        if (parameter.role === 'handler')
          for (const arg of parameter.rest ? args.slice(index) : args.slice(index, index + 1))
            handled.add(arg);
        // Those among the options of a route run with its requests.
        else if (parameter.role === 'options' && optionHandlers(use).length > 0)
          handled.add(args[index]);
    }
    for (const arg of args)
      for (const value of arg === undefined ? [] : functionsIn(arg)) {
        escaping.add(functionKey(value.file, value.fn));
        if (handled.has(arg)) continue;
        const known = callees.every((callee) => callee.is === 'function' || callee.is === 'class');
        // A function of the repository calls it where its parameter is called: that edge is made below.
        if (known) continue;
        const fact = site.file.calls[site.call];
        // What gives nothing that anybody keeps can guard nobody.
        const registers = fact !== undefined && fact.form === 'call' && isDropped(fact);
        const complete = callees.every(
          (callee) =>
            registers ||
            callee.is === 'global' ||
            callee.is === 'method' ||
            callee.is === 'library' ||
            harmless(callee) ||
            ((callee.is === 'parameter' ||
              (callee.is === 'unknown' && callee.package === undefined)) &&
              isLanguageMethod(site.file, site.call)),
        );
        called(site, from, value, complete, 'argument');
      }
  }

  for (const { site, from, value } of parameterCalls) {
    const key = functionKey(value.file, value.fn);
    for (const caller of sites.get(key) ?? []) {
      const args = evaluator.argumentValues(caller);
      const given = args === 'unknown' ? undefined : args[value.index];
      let found = given;
      for (const step of value.path) found = found && evaluator.member(found, step, found.at);
      for (const one of found === undefined ? [] : functionsIn(found))
        called(site, from, one, true, 'call', value);
    }
  }

  /** All ways back from a function end in calls that only browsers come to. */
  function comesFromBrowsers(
    file: CodeFacts,
    fn: FunctionIndex,
    isEntry: (file: CodeFacts, fn: FunctionIndex) => boolean,
  ): boolean {
    const seen = new Set<string>();
    const queue: { file: CodeFacts; fn: FunctionIndex }[] = [{ file, fn }];
    for (const one of queue) {
      const key = functionKey(one.file, one.fn);
      if (seen.has(key)) continue;
      seen.add(key);
      if (one.fn === 0 || escaping.has(key) || isEntry(one.file, one.fn)) return false;
      const callers = into.get(key) ?? [];
      if (callers.length === 0 && !inBrowsers.has(key)) return false;
      queue.push(...callers.map((edge) => ({ file: edge.file, fn: edge.from })));
    }
    return [...seen].some((key) => inBrowsers.has(key));
  }

  const onlyBrowsers: Graph['onlyBrowsers'] = (file, fn, isEntry) => {
    if (inBrowsers.size === 0) return false;
    for (let at: FunctionIndex | undefined = fn; at; at = file.functions[at]?.parent)
      if (comesFromBrowsers(file, at, isEntry)) return true;
    return false;
  };

  return {
    edges,
    onlyBrowsers,
    into: (file, fn) => into.get(functionKey(file, fn)) ?? [],
    shares,
    unresolved,
    callers: {
      of(file, fn) {
        const key = functionKey(file, fn);
        const name = file.functions[fn]?.of?.member;
        const complete = !escaping.has(key) && !(name !== undefined && lostNames.has(name));
        return { sites: sites.get(key) ?? [], complete };
      },
    },
  };
}

/** The parameter that a call is made on: `handler()`, `agent.send()`. */
function parameterCalled(file: CodeFacts, callee: ExpressionIndex): ParameterOf | undefined {
  const members: string[] = [];
  let at = file.expressions[callee];
  while (at?.is === 'member') {
    members.unshift(at.name);
    at = file.expressions[at.of];
  }
  const binding = at?.is === 'binding' ? file.bindings[at.binding] : undefined;
  if (binding?.parameter === undefined || binding.writes > 0 || binding.rest) return undefined;
  const path: string[] = [];
  for (const step of [...(binding.path ?? []), ...members]) {
    if (typeof step === 'object') return undefined;
    path.push(String(step));
  }
  return { file, fn: binding.function, index: binding.parameter, path };
}

/** False: the expression is no function and holds none, whatever its names stand for. */
function mayHoldFunctions(file: CodeFacts, expression: ExpressionIndex): boolean {
  const fact = file.expressions[expression];
  switch (fact?.is) {
    case 'value':
    case 'bigint':
    case 'regexp':
    case 'template':
    case 'operator':
    case 'global':
    case 'class':
      return false;
    case 'cast':
    case 'await':
      return mayHoldFunctions(file, fact.of);
    case 'binding':
      return mayBindingHoldFunctions(file, fact.binding);
    case 'object':
      return fact.entries.some((entry) => 'spread' in entry || mayHoldFunctions(file, entry.value));
    case 'array':
      return fact.items.some(
        (item) => item !== null && (typeof item !== 'number' || mayHoldFunctions(file, item)),
      );
    default:
      return true;
  }
}

/** Functions of the platform that call nothing that they get, and keep nothing. */
const NEVER_CALLS =
  /^(?:console\.\w+|Math\.\w+|Number(?:\.\w+)?|String|Boolean|BigInt|parse(?:Int|Float)|isNaN|(?:Type|Range|Syntax)?Error|Date(?:\.\w+)?|RegExp|(?:en|de)codeURI(?:Component)?|Object\.(?:keys|values|entries|hasOwn)|Array\.isArray|Buffer\.\w+|URL|URLSearchParams|process\.(?:exit|cwd))$/;

/** Types of which nothing can be called. */
const PLAIN_TYPE = /^(?:string|number|boolean|bigint|symbol|null|undefined|Date|RegExp|Buffer)$/;

/** False: its type says that nothing of it can be called, or it only ever gets such a value. */
function mayBindingHoldFunctions(file: CodeFacts, index: BindingIndex): boolean {
  const fact = file.bindings[index];
  if (fact === undefined || fact.path !== undefined) return true;
  const parameter =
    fact.parameter === undefined
      ? undefined
      : file.functions[fact.function]?.parameters[fact.parameter];
  const root = (fact.type ?? parameter?.type)?.root;
  if (root !== undefined && 'global' in root && PLAIN_TYPE.test(root.global)) return false;
  const value = fact.value === undefined ? undefined : file.expressions[fact.value];
  return (
    value === undefined || fact.writes > 0 || !/^(?:value|template|operator|regexp)$/.test(value.is)
  );
}

const LANGUAGE_METHODS =
  /^(?:map|forEach|filter|reduce|reduceRight|some|every|find|findIndex|findLast|flatMap|sort|toSorted|then|catch|finally|replace|replaceAll)$/;

/** Methods of arrays, promises and texts call what they get and do nothing else. */
function isLanguageMethod(file: CodeFacts, call: number): boolean {
  const callee = file.expressions[file.calls[call]?.callee ?? -1];
  return callee?.is === 'member' && LANGUAGE_METHODS.test(callee.name);
}

/** Nothing that a package without a description gets can change how a call ends, except when it wraps it. */
function harmless(callee: Abstract): boolean {
  return (
    callee.is === 'external' &&
    /^(?:node:)?(?:fs|path|util|events|stream|readline|worker_threads|async_hooks|timers)/.test(
      callee.package,
    )
  );
}

function isResolved(value: Abstract): boolean {
  return (
    value.is === 'function' ||
    value.is === 'class' ||
    value.is === 'library' ||
    value.is === 'external' ||
    value.is === 'global' ||
    value.is === 'method' ||
    value.is === 'controller' ||
    // A method of something that a package gives.
    (value.is === 'unknown' && value.package !== undefined)
  );
}

/** The root is something that the platform brings. */
function isBuiltIn(file: CodeFacts, callee: number, values: readonly Abstract[]): boolean {
  if (values.every(({ is }) => is === 'global' || is === 'method')) return true;
  let at = file.expressions[callee];
  while (at?.is === 'member') at = file.expressions[at.of];
  return at?.is === 'global' && at.name !== 'fetch' && at.name !== 'require';
}
