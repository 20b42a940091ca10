/** Shows each rule its subjects and turns what it saw into findings: levels, silencing, identity, order. */
import { createHash } from 'node:crypto';
import type { CodeFacts } from './code-facts.ts';
import type { Policy } from './config/policy.ts';
import type { FileFacts } from './facts.ts';
import type {
  Finding,
  Level,
  RelatedLocation,
  ReportNotification,
  Suppression,
  Undecided,
} from './finding.ts';
import { compareLocations, type Location, type SettingPlace } from './location.ts';
import type { CodeModel, CodeSubject } from './model/code.ts';
import { callersOf } from './model/derive/callers.ts';
import { dependenciesOf } from './model/derive/dependencies.ts';
import { databaseUsesOf } from './model/derive/pools.ts';
import { repeatedCalls } from './model/derive/repeated.ts';
import { retriesOf } from './model/derive/retries.ts';
import type { Container, Context, Model, Subject, Workload } from './model/model.ts';
import { predictedExperiments } from './model/predict/index.ts';
import type { Together } from './model/whole.ts';
import { overridden, policyByPath } from './overrides.ts';
import { folderOf } from './paths.ts';
import type { AnyRule, Observation, SubjectName, Undecidable } from './rule.ts';
import { Silencing } from './silencing.ts';

/** What a check found. */
export interface Checked {
  /** By path, position and rule; deduplicated over contexts. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  readonly undecided: readonly Undecided[];
  readonly notifications: readonly ReportNotification[];
  /** True when a rule threw: its other findings are lost. */
  readonly crashed: boolean;
}

const RANK: Readonly<Record<Level, number>> = { error: 3, warning: 2, note: 1 };
const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

/**
 * The level of what a rule reports as `variant`; `off` when the policy does not want it. A level that the policy
 * names holds for all variants, but brings advice (`strict`) only where the rule has nothing else.
 */
export function levelOf(
  rule: AnyRule,
  variant: string,
  policy: Pick<Policy, 'rules' | 'only' | 'preset'>,
): Level | 'off' {
  const own = rule.levels[variant] ?? 'off';
  const named = policy.rules.get(rule.id)?.level;
  if (named === 'off' || (policy.only !== undefined && !policy.only.has(rule.id))) return 'off';
  const all = Object.values(rule.levels);
  const wanted =
    own !== 'strict' ||
    policy.preset === 'strict' ||
    (named !== undefined && all.every((level) => level === 'strict'));
  if (!wanted) return 'off';
  return named ?? (own === 'strict' ? 'note' : own);
}

/** The highest level that a rule can report with this policy. */
export function highestLevel(rule: AnyRule, policy: Policy): Level | 'off' {
  const somewhere = policy.overrides.map((override) => ({
    ...policy,
    rules: overridden(policy.rules, [override]),
  }));
  const levels = new Set(
    [policy, ...somewhere].flatMap((each) =>
      Object.keys(rule.levels).map((variant) => levelOf(rule, variant, each)),
    ),
  );
  return LEVELS.find((level) => levels.has(level)) ?? 'off';
}

/** The options of a rule: its defaults, and what the policy says otherwise. */
export function optionsOf(rule: AnyRule, policy: Pick<Policy, 'rules'>): Record<string, unknown> {
  const declared = Object.entries(rule.options ?? {});
  const defaults = Object.fromEntries(declared.map(([name, option]) => [name, option.default]));
  return { ...defaults, ...policy.rules.get(rule.id)?.options };
}

/** A function that answers once for each argument. */
function onceFor<Key, Answer>(ask: (key: Key) => Answer): (key: Key) => Answer {
  const answers = new Map<Key, Answer>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    answers.set(key, answer);
    return answer;
  };
}

function containersOf(model: Model): readonly Container[] {
  return model.workloads.flatMap((workload) => workload.containers);
}

/** Code stands in no context: it is always production, and nothing annotates it. */
type AnySubject = Subject | CodeSubject;

function contextOf(subject: AnySubject): Context | undefined {
  return 'context' in subject ? subject.context : undefined;
}

function annotationsOf(subject: AnySubject): Subject['annotations'] {
  return 'annotations' in subject ? subject.annotations : new Map();
}

/** All subjects of the model by the name that rules ask for. */
function subjectsOf(
  model: Model,
  code: CodeModel | undefined,
  together: Together | undefined,
  policy: Policy,
): Readonly<Record<SubjectName, readonly AnySubject[]>> {
  return {
    application: code?.applications ?? [],
    caller: code === undefined ? [] : callersOf(code),
    client: code?.clients ?? [],
    call: code?.calls ?? [],
    server: code?.servers ?? [],
    blockingFunction: code?.blocking ?? [],
    dependency: code === undefined ? [] : dependenciesOf(code),
    retry: code === undefined ? [] : retriesOf(code),
    loop: code === undefined ? [] : repeatedCalls(code),
    program: together?.programs ?? [],
    database: together === undefined ? [] : databaseUsesOf(together.graph),
    workload: model.workloads,
    container: containersOf(model),
    service: model.services,
    podDisruptionBudget: model.podDisruptionBudgets,
    autoscaler: model.autoscalers,
    backend: model.backends,
    image: model.images,
    meshRoute: model.meshRoutes,
    destinationRule: model.destinationRules,
    experiment: model.experiments,
    prediction: predictedExperiments(model, together, policy.thresholds),
    alert: model.alerts,
    repository: [model.repository],
  };
}

/** A finding while the contexts in which it holds are gathered. */
interface Draft {
  readonly rule: AnyRule;
  readonly subject: AnySubject;
  readonly level: Level;
  readonly observation: Observation;
  /** Names of all contexts in which something is said of this place. */
  readonly contexts: ReadonlySet<string>;
  /** What is said of the same place in other words, where other contexts hold: other values of one chart. */
  readonly others: readonly Said[];
  /** Values of charts that decide it, over all contexts. */
  readonly setBy: SettingPlace[];
}

/** What a rule says of one place, in the contexts in which it says so. */
interface Said {
  readonly subject: AnySubject;
  level: Level;
  observation: Observation;
  readonly contexts: Set<string>;
}

/** What is said, whatever the object is called: a release may be a part of its name. */
function wordsOf({ subject, observation }: Pick<Said, 'subject' | 'observation'>): string {
  const name = subject.label.slice(subject.label.lastIndexOf(' ') + 1);
  return observation.message.replaceAll(name, '');
}

/** One finding of what is said of one place: in the words of the highest level, then of most contexts, then of the first. */
function draftOf(rule: AnyRule, said: readonly Said[]): Draft | undefined {
  const [first, ...others] = [...said].sort(
    (a, b) => RANK[b.level] - RANK[a.level] || b.contexts.size - a.contexts.size,
  );
  if (first === undefined) return undefined;
  const setBy: SettingPlace[] = [];
  for (const { observation } of [first, ...others]) addSettings(setBy, observation);
  const elsewhere = others.filter(({ contexts }) =>
    [...contexts].some((name) => !first.contexts.has(name)),
  );
  const contexts = new Set(said.flatMap((one) => [...one.contexts]));
  return { rule, ...first, contexts, others: elsewhere, setBy };
}

/** What is said of the same place in other contexts: at the values that make the difference, when these are known. */
function inOtherContexts({ others, observation: { at } }: Draft): readonly RelatedLocation[] {
  return others.slice(0, MOST_SETTINGS).map(({ observation, contexts }) => ({
    at: settingsOf(observation)[0]?.at ?? bare(at),
    message: `in ${[...contexts].sort(compareText).join(', ')}: ${observation.message}`,
  }));
}

/** Values that one finding names; with more sets of values it is the template that wants a look. */
const MOST_SETTINGS = 4;

/** An observation that says which values decide it knows better than the place where it stands. */
function settingsOf({ at, settings }: Observation): readonly SettingPlace[] {
  return settings ?? at.setBy ?? [];
}

function addSettings(setBy: SettingPlace[], observation: Observation): void {
  for (const setting of settingsOf(observation)) {
    const isKnown = setBy.some(({ at }) => placeOf(at) === placeOf(setting.at));
    if (!isKnown && setBy.length < MOST_SETTINGS) setBy.push(setting);
  }
}

/** A place without the values that decide what stands there: a finding links to them. */
function bare({ setBy: _, ...at }: Location): Location {
  return at;
}

function isUndecidable(seen: Observation | Undecidable): seen is Undecidable {
  return 'undecided' in seen;
}

const placeOf = (at: Location) => `${at.path}\n${at.start}\n${at.end}`;

/** Runs one rule on one subject; what it throws becomes a notification. */
function observe(
  rule: AnyRule,
  subject: AnySubject,
  options: Record<string, unknown>,
): readonly (Observation | Undecidable)[] {
  // The registry holds rules of all subjects: subjectsOf() gives each the ones that it names.
  const check = rule.check as (
    subject: AnySubject,
    settings: { readonly options: Record<string, unknown> },
  ) => Iterable<Observation | Undecidable>;
  return [...check(subject, { options })];
}

/** Something that a rule would say, at a level that this policy does not want. */
interface Muted {
  readonly rule: AnyRule;
  readonly subject: AnySubject;
  readonly places: readonly Location[];
}

function gather(
  subjects: ReturnType<typeof subjectsOf>,
  rules: readonly AnyRule[],
  policy: Policy,
): {
  readonly drafts: readonly Draft[];
  readonly muted: readonly Muted[];
  readonly undecided: readonly Undecided[];
  readonly notifications: readonly ReportNotification[];
} {
  const drafts = new Map<string, { readonly rule: AnyRule; readonly said: Said[] }>();
  const undecided = new Map<string, Undecided>();
  const notifications: ReportNotification[] = [];
  const muted: Muted[] = [];
  const policyAt = policyByPath(policy);
  for (const rule of rules) {
    if (highestLevel(rule, policy) === 'off') continue;
    const optionsAt = onceFor((own: Pick<Policy, 'rules'>) => optionsOf(rule, own));
    const [first = ''] = Object.keys(rule.levels);
    for (const subject of subjects[rule.subject]) {
      if (rule.productionOnly && contextOf(subject)?.production === false) continue;
      let seen: readonly (Observation | Undecidable)[];
      try {
        seen = observe(rule, subject, optionsAt(policyAt(subject.at.path)));
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        notifications.push({
          level: 'error',
          id: 'rule-crashed',
          message: `${rule.id} stopped at ${subject.label} (${what}): a defect of chaoslint, please report it`,
          path: subject.at.path,
          at: subject.at,
        });
        continue;
      }
      for (const observation of seen) {
        if (isUndecidable(observation)) {
          const { undecided: why, at } = observation;
          undecided.set(`${rule.id}\n${placeOf(at)}`, { rule: rule.id, at, why });
          muted.push({ rule, subject, places: [at] });
          continue;
        }
        const level = levelOf(rule, observation.as ?? first, policyAt(observation.at.path));
        if (level === 'off') {
          const { at } = observation;
          muted.push({ rule, subject, places: [at, ...(at.setBy ?? []).map((set) => set.at)] });
          continue;
        }
        const key = [rule.id, subject.identity, observation.key ?? '', placeOf(observation.at)];
        const id = key.join('\n');
        const said = drafts.get(id) ?? { rule, said: [] };
        drafts.set(id, said);
        const name = contextOf(subject)?.name ?? '';
        const same = said.said.find(
          (other) => wordsOf(other) === wordsOf({ subject, observation }),
        );
        if (same === undefined)
          said.said.push({ subject, level, observation, contexts: new Set([name]) });
        else {
          same.contexts.add(name);
          if (RANK[level] > RANK[same.level]) {
            same.level = level;
            same.observation = observation;
          }
        }
      }
    }
  }
  const gathered = [...drafts.values()].flatMap(({ rule, said }) => draftOf(rule, said) ?? []);
  return { drafts: gathered, muted, undecided: [...undecided.values()], notifications };
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function byPlace(a: Draft, b: Draft): number {
  return (
    compareLocations(a.observation.at, b.observation.at) ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(identityOf(a), identityOf(b))
  );
}

/** What a finding is about, stable when lines move. */
function identityOf({ subject, observation: { key } }: Draft): string {
  return key === undefined ? subject.identity : `${subject.identity}#${key}`;
}

/** What runs in a workload: two of one name that run different images are no copies. */
function imagesOf(subject: AnySubject): readonly string[] {
  const workload = 'workload' in subject ? subject.workload : subject;
  if (!isWorkload(workload)) return [];
  return workload.containers.map(({ image }) =>
    // A registry in front of the name, or none, makes no other image.
    image.state === 'known' ? (image.value.repository.split('/').at(-1) ?? '') : '',
  );
}

function isWorkload(subject: unknown): subject is Workload {
  return (
    typeof subject === 'object' &&
    subject !== null &&
    'containers' in subject &&
    'replicas' in subject
  );
}

/**
 * Groups what is said of copies of one object in different contexts (an overlay and what was rendered of it, one folder a region):
 * the same finding in several contexts is one finding. Two objects of one context are never copies.
 */
function copiesOf(
  drafts: readonly Draft[],
  isSilenced: (draft: Draft) => boolean,
): [Draft, ...Draft[]][] {
  const groups = new Map<string, [Draft, ...Draft[]][]>();
  for (const draft of drafts) {
    const { rule, subject, level, observation } = draft;
    const said = [
      rule.id,
      identityOf(draft),
      level,
      observation.message,
      isSilenced(draft),
      ...imagesOf(subject),
    ];
    const key = said.join('\n');
    const known = groups.get(key);
    const group = known?.find((copies) =>
      copies.every((copy) => [...copy.contexts].every((name) => !draft.contexts.has(name))),
    );
    if (group !== undefined) group.push(draft);
    else if (known !== undefined) known.push([draft]);
    else groups.set(key, [[draft]]);
  }
  return [...groups.values()].flat();
}

function fingerprintOf(rule: string, identity: string, nth: number): string {
  const hash = createHash('sha256').update(`${rule}\n${identity}\n${nth}`);
  return hash.digest('hex').slice(0, 32);
}

/** Files of which everything was read: objects and judged program text, and nothing unread beside them. */
function wholeFiles(
  files: readonly (FileFacts | CodeFacts)[],
  code: CodeModel | undefined,
  isPartial: boolean,
): (path: string) => boolean {
  if (isPartial) return () => false;
  const judged = new Set(code?.files.flatMap(({ path, judged: is }) => (is ? [path] : [])));
  const whole = new Set(
    files.flatMap((file) =>
      (
        'kind' in file
          ? judged.has(file.path)
          : file.resources.length > 0 && file.unread.length === 0
      )
        ? [file.path]
        : [],
    ),
  );
  return (path) => whole.has(path);
}

function isPolicyFile({ files }: Policy, path: string): boolean {
  return files.some((file) => file.path === path);
}

/**
 * What one value of a chart decides is one thing to change: of several observations of a rule, the first one tells it, the others are
 * told with it.
 */
function decidedTogether(
  drafts: readonly Draft[],
  silenced: ReadonlyMap<Draft, Suppression>,
): { readonly alike: ReadonlyMap<Draft, readonly Draft[]>; readonly told: ReadonlySet<Draft> } {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const [only, ...others] = draft.setBy;
    if (only === undefined || others.length > 0 || silenced.has(draft)) continue;
    const key = `${draft.rule.id}\n${draft.level}\n${placeOf(only.at)}`;
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  const alike = new Map<Draft, readonly Draft[]>();
  const told = new Set<Draft>();
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    alike.set(first, others);
    for (const other of others) told.add(other);
  }
  return { alike, told };
}

function messageOf({ observation, setBy }: Draft, together: readonly Draft[]): string {
  const [setting] = setBy;
  if (setting === undefined || together.length === 0) return observation.message;
  return `${observation.message} (${setting.key} decides ${together.length} more)`;
}

/** The fix of a rule; in a chart its first line names the value that a person changes. */
function fixOf({ rule, observation, setBy }: Draft): string {
  const fix = observation.fix ?? rule.fix;
  const [setting, ...others] = setBy;
  if (setting === undefined || others.length > 0 || fix.includes(setting.key)) return fix;
  const [first = '', ...snippet] = fix.split('\n');
  const file = setting.at.path.slice(setting.at.path.lastIndexOf('/') + 1);
  const line = `${first.replace(/:$/, '')}, by ${setting.key} in ${file}`;
  return snippet.length === 0
    ? line
    : [`${line}; in the rendered manifest:`, ...snippet].join('\n');
}

/** Names of contexts for people: those that have one, when there is more than one context. */
function contextNames(names: ReadonlySet<string>, all: readonly Context[]): readonly string[] {
  if (all.length < 2) return [];
  return [...names].filter((name) => name !== '').sort(compareText);
}

/**
 * Checks a model: every rule that the policy wants sees its subjects. Pure; the order of files, contexts and
 * rules does not matter.
 * @param files the facts that the models were made of, for the comments that silence rules
 * @param selects whether a path is reported; a finding also counts when a related location of it is
 * @param seen how much of the project was read: what silences something may be needed in the rest
 */
export function check(
  model: Model,
  files: readonly (FileFacts | CodeFacts)[],
  rules: readonly AnyRule[],
  policy: Policy,
  selects: (path: string) => boolean,
  code?: CodeModel,
  together?: Together,
  seen: 'everything' | 'no-examples' | 'part' = 'everything',
): Checked {
  const subjects = subjectsOf(model, code, together, policy);
  const { drafts, muted, undecided, notifications } = gather(subjects, rules, policy);
  const sorted = [...drafts].sort(byPlace);
  const silencing = new Silencing(files, new Set(rules.map((rule) => rule.id)), policy);
  for (const subject of Object.values(subjects).flat()) silencing.show(annotationsOf(subject));
  const silenced = new Map<Draft, Suppression>();
  for (const draft of sorted) {
    // A comment silences where the finding stands, and where the value is written that decides it.
    const suppression = silencing.suppressionOf({
      rule: draft.rule.id,
      places: [draft.observation.at, ...draft.setBy.map(({ at }) => at)],
      identity: identityOf(draft),
      annotations: annotationsOf(draft.subject),
    });
    if (suppression !== undefined) silenced.set(draft, suppression);
  }
  // What silences advice, or what could not be decided, is of use.
  for (const { rule, subject, places } of muted)
    silencing.suppressionOf({
      rule: rule.id,
      places,
      identity: subject.identity,
      annotations: annotationsOf(subject),
    });
  const objects = new Map(
    files.map((file) => [file.path, 'kind' in file ? 0 : file.resources.length]),
  );
  const neighbours = new Map<string, number>();
  for (const { path } of files)
    neighbours.set(folderOf(path), (neighbours.get(folderOf(path)) ?? 0) + 1);
  // The copy that was asked for, then the one that most contexts have, in the smallest file, in the fullest folder.
  const isProduction = new Map(model.contexts.map(({ name, production }) => [name, production]));
  const rankOf = ({ contexts, observation: { at } }: Draft) =>
    (selects(at.path) ? 0 : 1e14) +
    ([...contexts].some((name) => isProduction.get(name) !== false) ? 0 : 1e12) -
    contexts.size * 1e8 +
    (objects.get(at.path) ?? 0) * 1e4 -
    Math.min(neighbours.get(folderOf(at.path)) ?? 0, 9999);
  const counted = new Map<string, number>();
  const findings: Finding[] = [];
  const suppressed: Finding[] = [];
  const groups = copiesOf(sorted, (draft) => silenced.has(draft)).map((group) =>
    group.sort((a, b) => rankOf(a) - rankOf(b)),
  );
  const ordered = groups.sort(([a], [b]) => byPlace(a, b));
  const { alike, told } = decidedTogether(
    ordered.map(([draft]) => draft),
    silenced,
  );
  for (const [draft, ...copies] of ordered) {
    if (told.has(draft)) continue;
    const { rule, level, observation } = draft;
    const { at, flow = [], byHand } = observation;
    const together = alike.get(draft) ?? [];
    const message = messageOf(draft, together);
    const fix = fixOf(draft);
    const identity = identityOf(draft);
    const nth = counted.get(`${rule.id}\n${identity}`) ?? 0;
    counted.set(`${rule.id}\n${identity}`, nth + 1);
    const related = [
      ...(observation.related ?? []).map((other) => ({ ...other, at: bare(other.at) })),
      ...draft.setBy.map((setting) => ({
        at: setting.at,
        message: `set by ${setting.key}`,
        is: 'setting' as const,
      })),
      ...inOtherContexts(draft),
      ...copies.map((copy) => ({
        at: bare(copy.observation.at),
        message: 'the same in another context',
        is: 'copy' as const,
      })),
      ...together.map((other) => ({
        at: bare(other.observation.at),
        message: other.subject.label,
      })),
    ];
    if (!selects(at.path) && !related.some((other) => selects(other.at.path))) continue;
    const suppression = silenced.get(draft);
    const contexts = new Set([draft, ...copies].flatMap((copy) => [...copy.contexts]));
    const finding: Finding = {
      rule: rule.id,
      level,
      message,
      at: bare(at),
      related,
      ...(flow.length === 0 ? {} : { flow }),
      fix,
      ...(byHand === undefined ? {} : { byHand }),
      cause: rule.cause,
      identity,
      fingerprint: fingerprintOf(rule.id, identity, nth),
      contexts: contextNames(contexts, model.contexts),
      ...(suppression === undefined ? {} : { suppression }),
    };
    (suppression === undefined ? findings : suppressed).push(finding);
  }

  const complaints = silencing
    .complaints(policy, {
      ran: new Set(
        notifications.length > 0
          ? []
          : rules.flatMap((rule) =>
              highestLevel(rule, policy) !== 'off' && subjects[rule.subject].length > 0
                ? [rule.id]
                : [],
            ),
      ),
      isWhole: wholeFiles(files, code, seen === 'part'),
      isEverything: seen === 'everything' && notifications.length === 0,
    })
    .filter(({ at }) => selects(at.path) || isPolicyFile(policy, at.path));
  return {
    findings: [...findings, ...complaints].sort(
      (a, b) =>
        compareLocations(a.at, b.at) ||
        compareText(a.rule, b.rule) ||
        compareText(a.identity, b.identity),
    ),
    suppressed,
    undecided: undecided
      .filter((item) => selects(item.at.path))
      .sort((a, b) => compareLocations(a.at, b.at) || compareText(a.rule, b.rule)),
    notifications,
    crashed: notifications.length > 0,
  };
}
