/** All that a rule author imports. */
import type { Level, RelatedLocation } from './finding.ts';
import type { Location, SettingPlace } from './location.ts';
import type {
  Application,
  BlockingWork,
  Call,
  Client,
  EntryKind,
  EntryPath,
  Reached,
  Route,
  Server,
} from './model/code.ts';
import { type Caller, isWork, type Way } from './model/derive/callers.ts';
import type { Dependency } from './model/derive/dependencies.ts';
import type { DatabaseUse } from './model/derive/pools.ts';
import type { RepeatedCalls } from './model/derive/repeated.ts';
import type { Retry } from './model/derive/retries.ts';
import type {
  Alert,
  Autoscaler,
  Backend,
  Container,
  DestinationRule,
  Experiment,
  Image,
  MeshRoute,
  PodDisruptionBudget,
  Repository,
  Service,
  Subject,
  Workload,
} from './model/model.ts';
import type { DeployedProgram } from './model/together.ts';
import type { ExperimentPrediction, FaultProperty } from './prediction.ts';

export type { Level, RelatedLocation } from './finding.ts';
export type { Location } from './location.ts';
export type * from './model/code.ts';
export {
  boundOf,
  type Caller,
  type Hang,
  hangsOf,
  hasDefectiveTimeout,
  releaseOf,
  type Way,
} from './model/derive/callers.ts';
export type * from './model/derive/dependencies.ts';
export { bytesOf } from './model/derive/quantity.ts';
export { itemsOf, type RepeatedCalls } from './model/derive/repeated.ts';
export { type Retry, triesOf } from './model/derive/retries.ts';
export type * from './model/model.ts';
export type * from './model/service-graph.ts';
export type * from './model/together.ts';
export type * from './prediction.ts';

/** What a rule can look at, one at a time. */
export interface Subjects {
  workload: Workload;
  container: Container;
  service: Service;
  podDisruptionBudget: PodDisruptionBudget;
  autoscaler: Autoscaler;
  backend: Backend;
  image: Image;
  meshRoute: MeshRoute;
  destinationRule: DestinationRule;
  experiment: Experiment;
  prediction: PredictedExperiment;
  alert: Alert;
  repository: Repository;
  application: Application;
  caller: Caller;
  client: Client;
  call: Call;
  server: Server;
  blockingFunction: BlockingWork;
  loop: RepeatedCalls;
  retry: Retry;
  dependency: Dependency;
  program: DeployedProgram;
  database: DatabaseUse;
}

/** An experiment of the repository with what it will show; what silences the experiment silences it. */
export interface PredictedExperiment
  extends Subject,
    Pick<ExperimentPrediction, 'verdict' | 'reasons' | 'injects'> {
  readonly experiment: Experiment;
}

export type SubjectName = keyof Subjects;

/** Level in the preset `recommended`; `strict` is advice: a note, and only in the preset `strict`. */
export type RuleLevel = Level | 'strict';

/** An option of a rule. One declaration gives its type, its JSON schema and its line in the docs. */
export type OptionDeclaration =
  | {
      readonly type: 'integer' | 'number';
      readonly default: number;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description: string;
    }
  | { readonly type: 'boolean'; readonly default: boolean; readonly description: string }
  | {
      readonly type: 'string';
      readonly default: string;
      readonly enum?: readonly string[];
      readonly description: string;
    }
  | { readonly type: 'strings'; readonly default: readonly string[]; readonly description: string };

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

export type OptionValues<O extends OptionDeclarations> = {
  readonly [K in keyof O]: O[K]['type'] extends 'integer' | 'number'
    ? number
    : O[K]['type'] extends 'boolean'
      ? boolean
      : O[K]['type'] extends 'string'
        ? string
        : readonly string[];
};

/** What a rule saw. No level, no formatting. */
export interface Observation<V extends string = string> {
  /** The exact, small region. */
  readonly at: Location;
  /** One line, present tense, subject first, the actual value and the wanted one, no full stop. */
  readonly message: string;
  /** Which of the rule's `levels` applies; the first one when it is left out. */
  readonly as?: V;
  readonly related?: readonly RelatedLocation[];
  /** How it comes about, step by step: from a route to the call that hangs. */
  readonly flow?: readonly RelatedLocation[];
  /** Overrides the rule's `fix` where the numbers are known. */
  readonly fix?: string;
  /** Why only a person may make the change, where `--fix` makes those of the rule's other findings. */
  readonly byHand?: string;
  /** Values of a chart that decide it, instead of those that its place was made of. */
  readonly settings?: readonly SettingPlace[] | undefined;
  /** Tells two observations of one rule on one subject apart; stable when lines move. */
  readonly key?: string;
}

/** Something the rule could not decide; counted, listed by --debug, never a finding. */
export interface Undecidable {
  readonly undecided: string;
  readonly at: Location;
}

export interface Rule<
  S extends SubjectName = SubjectName,
  O extends OptionDeclarations = OptionDeclarations,
> {
  /** Kebab-case, names the bad state; the name of its folder. */
  readonly id: string;
  /** One sentence that ends with a full stop. */
  readonly title: string;
  /** Totals: `no PodDisruptionBudget` in "no PodDisruptionBudget: 12 workloads". */
  readonly cause: string;
  /** The levels of its observations by `as`; the first is the default. */
  readonly levels: Readonly<Record<string, RuleLevel>>;
  /** Anchor in rules/RUNBOOK.md, e.g. `pod-1-replicas`. */
  readonly runbook: string;
  /** Replica, budget, autoscaler and spread rules: silent in contexts that are not production. */
  readonly productionOnly?: true;
  readonly bearsOn: readonly FaultProperty[];
  /** The smallest correct change: one imperative line, then (after a newline) an optional snippet. */
  readonly fix: string;
  readonly options?: O;
  readonly subject: S;
  readonly check: (
    subject: Subjects[S],
    settings: { readonly options: OptionValues<O> },
  ) => Iterable<Observation | Undecidable>;
}

/** A rule of any subject: what the registry and the engine hold. */
export type AnyRule = { [S in SubjectName]: Rule<S> }[SubjectName];

/** Declares a rule. Throws nothing; types tie options, subject and levels together. */
export function defineRule<
  S extends SubjectName,
  const L extends Readonly<Record<string, RuleLevel>>,
  const O extends OptionDeclarations = Record<never, never>,
>(
  rule: Omit<Rule<S, O>, 'levels' | 'check'> & {
    readonly levels: L;
    readonly check: (
      subject: Subjects[S],
      settings: { readonly options: OptionValues<O> },
    ) => Iterable<Observation<keyof L & string> | Undecidable>;
  },
): AnyRule {
  // The one cast of the design: the registry holds rules of all subjects, options and levels.
  return rule as unknown as AnyRule;
}

/**
 * YAML lines `key: value` of the labels that select the pods of a workload and of no other, each indented by
 * `indent` spaces: for the snippets of fixes. Those of its selector; those of its template when it has none.
 */
export function labelsForFix(workload: Workload, indent: number): string {
  const { selectorLabels, podLabels } = workload;
  const labels =
    selectorLabels.state === 'known' && selectorLabels.value.size > 0 ? selectorLabels : podLabels;
  const entries = labels.state === 'known' ? [...labels.value] : [];
  const lines = (entries.length > 0 ? entries : [['app', workload.name] as const]).map(
    ([key, value]) => {
      const plain =
        /^[A-Za-z][\w./-]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value);
      return `${' '.repeat(indent)}${key}: ${plain ? value : JSON.stringify(value)}`;
    },
  );
  return asTemplate(workload, lines.join('\n'));
}

/** The values of a chart that decide a field of some containers, each once. */
export function settingsFor(
  containers: readonly Container[],
  field: string,
): readonly SettingPlace[] {
  const found = new Map(
    containers
      .flatMap(({ settings }) => settings.get(field) ?? [])
      .map((setting) => [`${setting.at.path}:${setting.at.start}`, setting]),
  );
  return [...found.values()];
}

/** Text of a rendered chart as a template of it: the release has a name that only the cluster knows. */
export function asTemplate({ release }: Workload, text: string): string {
  if (release === undefined) return text;
  const name = new RegExp(`(?<![\\w-])${release.replace(/[^\w-]/g, '\\$&')}(?![\\w])`, 'g');
  return text.replace(name, '{{ .Release.Name }}');
}

/** A time in milliseconds as people say it: `250 ms`, `1.5 s`, `300 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}

/**
 * Whom a silent peer holds on the way to a call: `GET /orders`, `each message`; what these leave behind when they do not wait for
 * it; `it` when nothing is known to lead there.
 */
export function heldOn({ proven, path }: Way): string {
  if (path === undefined || !(proven || isWork(path))) return 'it';
  return proven ? workOf(path) : `what ${workOf(path)} leaves running in the background`;
}

function workOf({ from: { kind, label } }: EntryPath): string {
  if (kind === 'message' || kind === 'job') return `each ${kind}`;
  if (kind === 'schedule') return 'each run';
  return kind === 'handler' ? 'each invocation' : label;
}

/** The way from an entry to a call, for `flow`. */
export function flowOf({ call, path }: Way): readonly RelatedLocation[] {
  if (path === undefined) return [];
  return flowTo(path, call.at, call.label);
}

/** What somebody waits for: an answer to a request, or to a message that was sent for one. */
const REQUESTS: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'route',
  'resolver',
  'message',
  'handler',
]);

/** The first way on which a request is known to lead to a place, with nothing unknown on it. */
export function requestPath<P extends EntryPath>({ paths }: Reached<P>): P | undefined {
  return paths.find(({ complete, from }) => complete && REQUESTS.has(from.kind));
}

/** A request in words: `GET /orders`, `each message`. */
export function requestOf({ from: { kind, label } }: EntryPath): string {
  if (kind === 'message') return 'each message';
  return kind === 'handler' ? 'each invocation' : label;
}

/** The way from an entry to a place that is called `name`, for `flow`. */
export function flowTo(path: EntryPath, at: Location, name: string): readonly RelatedLocation[] {
  return [
    { at: path.from.at, message: path.from.label },
    ...path.steps.map((step) => ({ at: step, message: 'calls' })),
    { at, message: name },
  ];
}

const HEALTH =
  /(^|\/)(healthz?|health[-_]?checks?|livez?|liveness|alive|readyz?|readiness|ready|startupz?|status|ping|heartbeat|up|_health|__health|\.well-known\/apollo\/server-health)(\/|$)/i;

/** A route that a probe can ask; undefined: its path cannot be told. */
export function isHealthRoute({ health, path }: Route): boolean | undefined {
  if (health === true) return true;
  return path.state === 'known' ? HEALTH.test(path.value) : undefined;
}

/** A server that answers probes at once and nothing else: SIGTERM cuts nothing off. */
export function servesOnlyProbes({ routes }: Server): boolean {
  return (
    routes.complete &&
    routes.items.length > 0 &&
    routes.items.every((route) => route.synchronous === true && isHealthRoute(route) === true)
  );
}

/** More places than this tell a reader nothing new. */
const MAX_PLACES = 100;

/** The first places of a long list; the last of these says how many more there are. */
export function firstPlaces(places: readonly RelatedLocation[]): readonly RelatedLocation[] {
  const more = places.length - MAX_PLACES;
  return places
    .slice(0, MAX_PLACES)
    .map((place, index) =>
      more > 0 && index === MAX_PLACES - 1
        ? { ...place, message: `${place.message} (and ${more} more)` }
        : place,
    );
}
