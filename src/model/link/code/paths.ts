/** Step 7: the ways that lead to a call from the outside, and what guards it on them. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import { PHASES } from '../../../library.ts';
import { locate } from '../../../location.ts';
import type { Bound, Bounds, CallPath, Entry, EntryPath, Guard, Reached } from '../../code.ts';
import { type CallSite, type Frame, functionsIn } from './abstract.ts';
import type { Entries } from './entries.ts';
import type { Evaluator } from './evaluate.ts';
import { type Edge, functionKey, type Graph } from './graph.ts';
import { judge } from './judge.ts';
import { libraryRef } from './library-refs.ts';
import type { Options } from './options.ts';
import type { CallDraft, Outbound } from './outbound.ts';
import { raceOf } from './races.ts';
import { RetryLoops } from './retry-loops.ts';
import { layersOf, type Use, type Uses } from './uses.ts';
import { isWaitedFor } from './waiting.ts';

/** More ways than this are not told apart. */
const MAX_PATHS = 32;
/** More callers than this are not told apart. */
const MAX_CALLERS = 100;
/** So many calls on the way to one tell what its function gets. */
const MAX_FRAMES = 3;
/** Functions that are looked at on the way back from one call. */
const MAX_FUNCTIONS = 4_000;
/** What is wanted of each edge, the best ways first. */
const ROUNDS = [
  { complete: true, waited: true },
  { complete: true, waited: false },
  { complete: false, waited: false },
];

interface Step {
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  /** The edge that leads on towards the call, and the step behind it. */
  readonly edge?: Edge;
  readonly next?: Step;
}

interface Found {
  readonly found: readonly { step: Step; entry: Entry; complete: boolean; waited: boolean }[];
  readonly truncated: boolean;
}

export class Paths {
  readonly #graph: Graph;
  readonly #entries: Entries;
  readonly #uses: Uses;
  readonly #evaluator: Evaluator;
  readonly #options: Options;
  readonly #boundsIn: Outbound['boundsIn'];
  readonly #retryLoops: RetryLoops;
  readonly #memo = new Map<string, Found>();

  constructor(
    graph: Graph,
    entries: Entries,
    uses: Uses,
    evaluator: Evaluator,
    options: Options,
    boundsIn: Outbound['boundsIn'],
  ) {
    this.#boundsIn = boundsIn;
    this.#graph = graph;
    this.#entries = entries;
    this.#uses = uses;
    this.#evaluator = evaluator;
    this.#options = options;
    this.#retryLoops = new RetryLoops(evaluator, options);
  }

  /** All ways to a call, the shortest of each entry, and of each caller when callers decide; complete ones first. */
  to(draft: CallDraft): Reached<CallPath> {
    const decides = this.#callersDecide(draft);
    const { found, truncated } = decides
      ? this.#byCaller(draft.file, draft.fn)
      : this.#back(draft.file, draft.fn);
    const own = this.#guardsAround(draft);
    const judged = new Map<string, Bounds>();
    const boundsOf = (edges: readonly Edge[]): Bounds => {
      const known = edges.slice(-MAX_FRAMES);
      const key = known.map(({ site }) => `${site.file.path}#${site.call}`).join(' ');
      const bounds = judged.get(key) ?? this.#boundsFor(draft, known);
      judged.set(key, bounds);
      return bounds;
    };
    const waited = isWaitedFor(draft.file, draft.use.site.call);
    const paths = found.map(({ step, entry, complete }): CallPath => {
      const edges = edgesOf(step);
      const way = this.#way(edges, entry, complete, waited);
      const guards = [...way.guards, ...own];
      return {
        ...way,
        guards,
        bounds: guarded(decides ? boundsOf(edges) : draft.call.bounds, guards),
        attempts: draft.call.attempts,
      };
    });
    return { paths, truncated };
  }

  /** All ways to a function, the shortest of each entry; complete ones first. */
  toFunction(file: CodeFacts, fn: FunctionIndex): Reached {
    const { found, truncated } = this.#back(file, fn);
    const paths = found.map(({ step, entry, complete }) =>
      this.#way(edgesOf(step), entry, complete, true),
    );
    return { paths, truncated };
  }

  #way(edges: readonly Edge[], from: Entry, complete: boolean, waited: boolean): EntryPath {
    return {
      from,
      steps: edges.map((edge) =>
        locate(edge.file, edge.file.calls[edge.site.call]?.nameRange ?? [0, 0]),
      ),
      guards: edges.flatMap((edge) => this.#guardOf(edge)),
      waited: waited && edges.every((edge) => edge.waited),
      complete,
    };
  }

  /** What ends a call depends on what its function gets. */
  #callersDecide({ file, fn, call }: CallDraft): boolean {
    return (
      (file.functions[fn]?.parameters.length ?? 0) > 0 &&
      [call.bounds.connect, call.bounds.headers].some(
        (bound) =>
          'ms' in bound &&
          bound.ms.state === 'unknown' &&
          (bound.ms.why === 'parameter' || bound.ms.why === 'alternatives'),
      )
    );
  }

  /** The ways through each caller: the first of each, then the others. */
  #byCaller(file: CodeFacts, fn: FunctionIndex): Found {
    const edges = this.#graph.into(file, fn);
    if (this.#entries.of(file, fn).length > 0 || edges.length > MAX_CALLERS)
      return this.#back(file, fn);
    let truncated = false;
    const all = edges.flatMap((edge) => {
      const before = this.#back(edge.file, edge.from);
      truncated ||= before.truncated;
      // Nothing is known to call this caller, which decides all the same.
      if (before.found.length === 0)
        return [
          {
            step: through({ file: edge.file, fn: edge.from }, edge, { file, fn }),
            entry: unknownEntry(edge),
            complete: edge.complete,
            waited: edge.waited,
            rank: 0,
          },
        ];
      return before.found.map(({ step, entry, complete, waited }, rank) => ({
        step: through(step, edge, { file, fn }),
        entry,
        complete: complete && edge.complete,
        waited: waited && edge.waited,
        rank,
      }));
    });
    all.sort((a, b) => Number(b.complete) - Number(a.complete) || a.rank - b.rank);
    return { found: all.slice(0, MAX_PATHS), truncated: truncated || all.length > MAX_PATHS };
  }

  /** What bounds a call that is reached by these calls, the outermost first. */
  #boundsFor(draft: CallDraft, edges: readonly Edge[]): Bounds {
    let frame: Frame | undefined;
    for (const { file, site, to, how } of edges) {
      if (how !== 'call') {
        frame = undefined;
        continue;
      }
      const inside = frame?.file === file && frame.fn === file.calls[site.call]?.function;
      const here: CallSite = inside && frame !== undefined ? { ...site, frame } : site;
      frame = {
        file: to.file,
        fn: to.fn,
        args: this.#evaluator.argumentsOf(here),
        depth: (here.frame?.depth ?? 0) + 1,
      };
    }
    return frame === undefined ? draft.call.bounds : this.#boundsIn(draft, frame);
  }

  #back(file: CodeFacts, fn: FunctionIndex): Found {
    const key = functionKey(file, fn);
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const found: { step: Step; entry: Entry; complete: boolean; waited: boolean }[] = [];
    let truncated = false;
    const reached = new Set<string>();
    // Ways on which the entry waits and of which everything is known come first; last those with a gap.
    for (const { complete, waited } of ROUNDS) {
      const seen = new Set<string>([key]);
      const queue: Step[] = [{ file, fn }];
      for (const step of queue) {
        for (const entry of this.#entries.of(step.file, step.fn)) {
          const label = `${entry.kind} ${entry.label}`;
          if (reached.has(label) || !this.#leads(this.#entries.frameOf(entry), step)) continue;
          if (found.length >= MAX_PATHS) {
            truncated = true;
            break;
          }
          reached.add(label);
          found.push({ step, entry, complete, waited });
        }
        if (queue.length > MAX_FUNCTIONS) {
          truncated = true;
          break;
        }
        for (const edge of this.#graph.into(step.file, step.fn)) {
          if ((complete && !edge.complete) || (waited && !edge.waited)) continue;
          if (!this.#leads(this.#frameBehind(edge, step), step)) continue;
          const next = functionKey(edge.file, edge.from);
          if (seen.has(next)) continue;
          seen.add(next);
          queue.push({ file: edge.file, fn: edge.from, edge, next: step });
        }
      }
    }
    const result = { found, truncated };
    this.#memo.set(key, result);
    return result;
  }

  /** The execution that a call starts, as far as what the next step asks of it. */
  #frameBehind({ how, site, to, frame }: Edge, { edge }: Step): Frame | undefined {
    if (edge?.when === undefined || how !== 'call') return undefined;
    const args = this.#evaluator.argumentsOf(site);
    return { ...to, args, depth: 1, ...(frame === undefined ? {} : { outer: frame }) };
  }

  /** An execution of a step's function goes on along the step, as far as its parameters decide. */
  #leads(frame: Frame | undefined, step: Step): boolean {
    let current = frame;
    for (let at: Step | undefined = step; at?.edge?.when !== undefined; at = at.next) {
      const { when, to } = at.edge;
      let owner = current;
      while (owner !== undefined && (owner.file !== when.file || owner.fn !== when.fn))
        owner = owner.outer;
      if (owner === undefined) return true;
      const given = owner.args[when.index];
      if (given === undefined || owner.args.includes('spread')) return true;
      let value =
        typeof given === 'string'
          ? undefined
          : 'value' in given
            ? given.value
            : this.#evaluator.value(given.file, given.expression, given.frame);
      for (const name of when.path) value = value && this.#evaluator.member(value, name, value.at);
      const functions = value === undefined ? [] : functionsIn(value);
      if (functions.length === 0) return true;
      const own = functions.filter(({ file, fn }) => file === to.file && fn === to.fn);
      if (own.length === 0) return false;
      current = own.length === 1 ? own[0]?.frame : undefined;
      if (current === undefined) return true;
    }
    return true;
  }

  /** Guards between two functions: a race around the call, a guard of a library that gets the function. */
  #guardOf(edge: Edge): Guard[] {
    const { file, site } = edge;
    const guards = this.#uses.at(file, site.call).flatMap((use) => this.#guardsOfUse(use));
    const race = raceOf(file, site.call, this.#evaluator, this.#options, this.#uses);
    if (race !== undefined)
      guards.push({
        kind: 'timeout',
        library: 'hand-written',
        ms: race.ms,
        releasesOnly: true,
        at: race.at,
      });
    const retry = edge.how === 'call' ? this.#retryLoops.around(site) : undefined;
    return retry === undefined ? guards : [retry, ...guards];
  }

  /** Guards that are applied to the call's own result: `call.pipe(timeout(5_000))`. */
  #guardsAround(draft: CallDraft): Guard[] {
    const retry = this.#retryLoops.around(draft.use.site);
    const chained = this.#uses.on(draft.use.site).flatMap((link) => {
      if (link.callable.chains !== true) return [];
      const { file } = link.site;
      return (file.calls[link.site.call]?.arguments ?? []).flatMap((item) => {
        const fact = typeof item === 'number' ? file.expressions[item] : undefined;
        return fact?.is === 'call'
          ? this.#uses.at(file, fact.call).flatMap((use) => this.#guardsOfUse(use))
          : [];
      });
    });
    return retry === undefined ? chained : [retry, ...chained];
  }

  #guardsOfUse(use: Use): Guard[] {
    return use.effects.flatMap((effect): Guard[] => {
      if (effect.is !== 'guard') return [];
      const judged = judge(
        this.#options,
        use.value.library,
        effect.profile,
        layersOf(use, 'guard', this.#evaluator),
        use.at,
      );
      const bounds = Object.values(judged.bounds).flatMap((bound) =>
        'ms' in bound ? [bound] : [],
      );
      const [first] = bounds;
      return [
        {
          kind: effect.kind,
          library: libraryRef(use.value.library),
          ...(effect.kind === 'timeout' && first !== undefined ? { ms: first.ms } : {}),
          ...(effect.kind === 'retry' ? { attempts: judged.attempts } : {}),
          at: locate(use.site.file, use.at.range),
        },
      ];
    });
  }
}

/** A way to the function around a call, gone on by that call. */
function through(
  step: Step,
  edge: Edge,
  to: { readonly file: CodeFacts; readonly fn: FunctionIndex },
): Step {
  const next = step.next === undefined ? to : through(step.next, edge, to);
  return { file: step.file, fn: step.fn, edge: step.edge ?? edge, next };
}

/** Stands for what starts a function that nothing is known to call. */
function unknownEntry({ file, from }: Edge): Entry {
  const fact = file.functions[from];
  return {
    kind: 'startup',
    label: fact?.name ?? `a function of ${file.path}`,
    at: locate(file, fact?.range ?? [0, 0]),
  };
}

function edgesOf(step: Step): Edge[] {
  const edges: Edge[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = at.next)
    if (at.edge !== undefined) edges.push(at.edge);
  return edges;
}

/** Bounds with what timeouts around the call add. */
export function guarded(bounds: Bounds, guards: readonly Guard[]): Bounds {
  const timeouts = guards.filter((guard) => guard.kind === 'timeout' && guard.ms !== undefined);
  if (timeouts.length === 0) return bounds;
  return Object.fromEntries(
    PHASES.map((phase) => {
      let bound: Bound | { readonly notApplicable: string } = bounds[phase];
      for (const { ms, releasesOnly, at } of timeouts) {
        if (ms === undefined || (releasesOnly === true) !== (phase === 'release')) continue;
        const set: Bound = {
          ms,
          by: 'guard',
          per: 'call',
          source: `${at.path}:${at.line}`,
          proof: 'source-only',
        };
        if ('notApplicable' in bound) bound = phase === 'release' ? set : bound;
        else if (ms.state !== 'known' || bound.ms.state !== 'known')
          bound =
            ms.state === 'known'
              ? set
              : bound.ms.state === 'known' && !Number.isFinite(bound.ms.value)
                ? set
                : bound;
        else if (ms.value < bound.ms.value) bound = set;
      }
      return [phase, bound];
    }),
  ) as unknown as Bounds;
}
