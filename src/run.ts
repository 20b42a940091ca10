/** One run, read aloud: discover, extract, link, check, report. */
import { dirname, join, resolve } from 'node:path';
import { documentation } from '../rules/documentation.ts';
import { rules } from '../rules/index.ts';
import { changedPart, type TouchedFiles } from './change.ts';
import { readCharts } from './charts.ts';
import { check, highestLevel } from './check.ts';
import { censusOf, MOST_CODE, readCode, relevantCode } from './code.ts';
import type { CodeFacts } from './code-facts.ts';
import { UsageError } from './config/errors.ts';
import type { Policy } from './config/policy.ts';
import { readPolicy } from './config/read.ts';
import { extractManifest } from './extract/kubernetes/extract.ts';
import { projectFileKind } from './extract/project/candidates.ts';
import type { ChartFile, FileFacts, Notification, SourceFile } from './facts.ts';
import { canMatter, isCode, isManifestCandidate } from './files/candidates.ts';
import { type Discovery, discover } from './files/discover.ts';
import { type Change, textsAt, touchedBy } from './files/git.ts';
import { relativePath } from './files/list.ts';
import { ownersIn } from './files/owners.ts';
import type { Report, ReportNotification, RuleDescription } from './finding.ts';
import type { FixResult, Judged } from './fix/apply.ts';
import { FIXABLE } from './fix/rules.ts';
import { kustomizationsNotBuilt } from './kustomizations.ts';
import { libraries as catalogue } from './libraries/index.ts';
import type { Library } from './library.ts';
import { type Location, locate, STDIN_PATH } from './location.ts';
import type { CodeModel } from './model/code.ts';
import { type Census, linkCode, type Modules, type Project } from './model/link/code/link.ts';
import { link } from './model/link/link.ts';
import { linkManifestsAlone, linkTogether } from './model/link/together/link.ts';
import type { Model } from './model/model.ts';
import type { Together } from './model/whole.ts';
import { predictions } from './predictions.ts';
import { readProject } from './project.ts';
import { silencingLevel } from './silencing.ts';
import { allSilencingRules } from './silencing-rules.ts';
import { version } from './version.ts';
import { librariesOf } from './wrappers.ts';

/** What is known of the files before they are analysed. */
export interface Given {
  /** Whether a path is reported; everything when absent. */
  readonly selects?: (path: string) => boolean;
  /** What a person must be told of files that were not read. */
  readonly notifications?: readonly Notification[];
  /** Manifests in folders of examples and tests that were left out. */
  readonly leftOut?: number;
  /** When the run began, as `performance.now()` counts; now when absent. */
  readonly startedAt?: number;
  /** Is told how far the run is. */
  readonly progress?: (progress: Progress) => void;
  /** There is more in the project than was given. */
  readonly isPartial?: true;
  /** Program text, when some was read. */
  readonly code?: GivenCode;
  /** Files of charts that are no manifests, or that are not reported. */
  readonly charts?: readonly ChartFile[];
  /** Say what will survive which fault. */
  readonly predict?: boolean;
}

/** Program text as it was read: extraction has a thread of its own, so facts are given and not made here. */
export interface GivenCode {
  readonly facts: readonly CodeFacts[];
  readonly project: Project;
  /** Paths of files that were not read, because nothing that runs in a cluster reaches them. */
  readonly unread?: readonly string[];
  /** Where imports lead, as reading them found out. */
  readonly modules?: Modules;
  /** Texts of the files of `facts`, and of those of the project that places may lie in: for excerpts. */
  readonly sources: readonly SourceFile[];
  /** Whether a word occurs in any text of the run; without it an open option bag stays unknown. */
  readonly census?: Census;
}

/** How far a run is: files of all files. */
export interface Progress {
  readonly done: number;
  readonly files: number;
}

/** The rules as reporters describe them, with the level that a policy gives each; sorted by id. */
export function describeRules(policy: Policy): readonly RuleDescription[] {
  const own = allSilencingRules.map(
    (rule): RuleDescription => ({
      ...rule,
      side: 'policy',
      level: silencingLevel(rule, policy),
      runbook: '',
      bearsOn: [],
    }),
  );
  const described = rules.map((rule): RuleDescription => {
    const { side = 'kubernetes', text = '' } = documentation.get(rule.id) ?? {};
    return {
      id: rule.id,
      side,
      title: rule.title,
      level: highestLevel(rule, policy),
      runbook: rule.runbook,
      documentation: text,
      bearsOn: rule.bearsOn,
      ...(FIXABLE.has(rule.id) ? { fixable: true as const } : {}),
      subject: rule.subject,
    };
  });
  return [...described, ...own].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function extractAll(
  files: readonly SourceFile[],
  progress: Given['progress'],
): readonly FileFacts[] {
  return files.map((file, done) => {
    progress?.({ done, files: files.length });
    return extractManifest(file);
  });
}

/** Number of objects; one that a chart makes with several sets of values counts once. */
function objectsIn(facts: readonly FileFacts[]): number {
  const rendered = new Set<string>();
  let written = 0;
  for (const { path, resources, rendered: rendering } of facts) {
    if (rendering === undefined) written += resources.length;
    else
      for (const { resourceKind, name } of resources)
        rendered.add(`${path} ${resourceKind} ${name ?? ''}`);
  }
  return written + rendered.size;
}

function asText({ path, data }: ChartFile): readonly SourceFile[] {
  return typeof data === 'string' ? [{ path, text: data }] : [];
}

/** Turns what files and extraction told into what reporters print: places instead of ranges. */
function reported(
  notifications: readonly Notification[],
  facts: ReadonlyMap<string, FileFacts | CodeFacts>,
): readonly ReportNotification[] {
  return notifications.map(({ range, ...rest }) => {
    const file = rest.path === undefined ? undefined : facts.get(rest.path);
    if (file === undefined || range === undefined) return rest;
    return { ...rest, at: locate(file, range) };
  });
}

/** The model of the code. A defect of the linker must not take the findings on manifests with it. */
function linkedCode(
  code: GivenCode | undefined,
  libraries: readonly Library[],
): {
  readonly linked?: CodeModel;
  readonly crash: readonly ReportNotification[];
} {
  if (code === undefined) return { crash: [] };
  const { facts, project, census, unread = [], modules } = code;
  const settings = {
    unread,
    ...(census === undefined ? {} : { census }),
    ...(modules === undefined ? {} : { modules }),
  };
  try {
    return { linked: linkCode(facts, project, libraries, settings), crash: [] };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const message = `The code was not checked (${what}): a defect of chaoslint, please report it`;
    return { crash: [{ level: 'error', id: 'link-crashed', message }] };
  }
}

/** What the manifests and the code say of each other; a defect of the join takes no other findings with it. */
function joinedSides(
  model: Model,
  facts: readonly FileFacts[],
  given: GivenCode | undefined,
  code: CodeModel | undefined,
  policy: Policy,
  libraries: readonly Library[],
): { readonly together?: Together; readonly crash: readonly ReportNotification[] } {
  try {
    if (given === undefined || code === undefined)
      return { together: linkManifestsAlone(model, policy), crash: [] };
    const { facts: codeFacts, project } = given;
    const sides = { model, files: facts, code, codeFacts, project, libraries };
    return { together: linkTogether(sides, policy), crash: [] };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const message = `Manifests and code were not joined (${what}): a defect of chaoslint, please report it`;
    return { crash: [{ level: 'error', id: 'link-crashed', message }] };
  }
}

/**
 * Analyses the texts of files: pure but for the clock. The same files in any order give the same report.
 * Throws nothing: what fails becomes a notification, and the report is then not `complete`.
 */
export function analyse(files: readonly SourceFile[], policy: Policy, given: Given = {}): Report {
  return judge(files, policy, given).report;
}

interface Joined {
  /** Undefined when the join crashed. */
  readonly together: Together | undefined;
}

/** The report, and the containers that run code of the repository. */
function judge(files: readonly SourceFile[], policy: Policy, given: Given): Judged & Joined {
  const { startedAt = performance.now(), progress, code, charts: chartFiles = [] } = given;
  const libraries = librariesOf(policy, catalogue);
  const written = extractAll(files, progress);
  const charts = readCharts(written, {
    files: [...files.map(({ path, text }) => ({ path, data: text })), ...chartFiles],
    settings: policy,
    installations: policy.helm,
  });
  const { facts } = charts;
  const selects = (path: string) => (given.selects?.(path) ?? true) && !charts.isVendored(path);
  const model = link(facts, policy, charts.inflated);
  const codeFacts = code?.facts ?? [];
  const { linked, crash: codeCrash } = linkedCode(code, libraries);
  const { together, crash: joinCrash } = joinedSides(model, facts, code, linked, policy, libraries);
  const crash = [...codeCrash, ...joinCrash];
  const checked = check(
    model,
    [...written, ...codeFacts],
    rules,
    policy,
    selects,
    linked,
    together,
    given.isPartial === true ? 'part' : (given.leftOut ?? 0) > 0 ? 'no-examples' : 'everything',
  );

  const byPath = new Map([...written, ...codeFacts].map((file) => [file.path, file]));
  const told = [
    ...(given.notifications ?? []),
    ...[...written, ...codeFacts].flatMap((file) => file.notifications),
    ...charts.notifications,
    ...kustomizationsNotBuilt(written, charts.inflated.isComplete),
  ];
  const notifications = [
    ...reported(told, byPath).filter(({ path }) => path === undefined || selects(path)),
    ...checked.notifications.filter(({ path }) => path === undefined || selects(path)),
    ...crash,
  ];
  const { findings, suppressed, undecided } = checked;
  const places = new Set<Location>([
    ...[...findings, ...suppressed].flatMap(({ at, related, flow = [] }) => [
      at,
      ...[...related, ...flow].map((other) => other.at),
    ]),
    ...notifications.flatMap(({ at }) => (at === undefined ? [] : [at])),
  ]);
  const shown = new Set([...places].map((place) => place.path));
  const understood =
    linked === undefined
      ? {}
      : {
          code: {
            entryPoints: linked.entryPoints,
            files: linked.files,
            quality: linked.quality,
          },
        };
  const { thresholds } = policy;
  const grounds = { thresholds, findings, rules, selects };
  const report: Report = {
    version,
    ...understood,
    ...(given.predict === true ? { predictions: predictions(model, together, grounds) } : {}),
    findings,
    suppressed,
    rules: describeRules(policy).filter((rule) => rule.level !== 'off'),
    notifications,
    undecided,
    counts: {
      files: new Set(
        facts.flatMap(({ path, resources, unread }) =>
          resources.length + unread.length > 0 ? [path] : [],
        ),
      ).size,
      resources: objectsIn(facts),
      workloads: new Set(
        model.workloads.map(({ at, identity }) => `${at.path}:${at.start} ${identity}`),
      ).size,
      codeFiles: codeFacts.length,
      rules: rules.filter((rule) => highestLevel(rule, policy) !== 'off').length,
      unread: facts.reduce(
        (sum, { unread }) => sum + unread.filter((u) => u.kinds.length > 0).length,
        0,
      ),
      leftOut: given.leftOut ?? 0,
    },
    sources: new Map(
      [...files, ...(code?.sources ?? []), ...chartFiles.flatMap(asText), ...policy.files]
        .filter(({ path }) => shown.has(path))
        .map(({ path, text }) => [path, text]),
    ),
    durationMs: performance.now() - startedAt,
    complete: !checked.crashed && crash.length === 0,
  };
  return { report, programs: together?.programs ?? [], together };
}

/** True when a rule that looks at code has a level. */
function wantsCode(policy: Policy): boolean {
  return describeRules(policy).some(
    ({ side, level }) => (side === 'typescript' || side === 'together') && level !== 'off',
  );
}

/** The program text of a run, read; nothing when none of it can matter, and then TypeScript is never loaded. */
async function codeOf(
  { code, project: projectFiles, files }: Discovery,
  libraries: readonly Library[],
): Promise<GivenCode | Notification | undefined> {
  const sources = relevantCode(code, projectFiles, libraries);
  if (sources.length === 0) return undefined;
  const project = readProject(projectFiles, libraries);
  const { facts, unread, modules, size } = await readCode(sources, project, libraries);
  if (size > MOST_CODE) {
    const [much, most] = [size, MOST_CODE].map((units) => Math.round(units / 1e6));
    const message = `The program text was not checked: ${much} MB of it are more than ${most} MB; check a package alone, with chaoslint --isolated FOLDER, or ignore folders in the policy file`;
    return { level: 'warning', id: 'too-much-code', message };
  }
  return {
    facts,
    project,
    unread,
    modules,
    sources: [
      ...sources,
      ...projectFiles.filter(({ path }) => projectFileKind(path) !== 'lockfile'),
    ],
    census: censusOf([...code, ...projectFiles, ...files]),
  };
}

/** What a run from the command line needs. */
export interface RunOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Files, folders, globs, or `-`; none means the current folder. */
  readonly paths: readonly string[];
  readonly isolated: boolean;
  /** The policy file; when absent the nearest one above the paths. */
  readonly policyFile?: string;
  /** What the command line asks for goes before the policy file. */
  readonly adjust: (policy: Policy) => Policy;
  /** The text of standard input, when a path is `-`. */
  readonly stdin?: string;
  /** The file whose text standard input is: nothing else is reported. */
  readonly stdinFilename?: string;
  /** Only what this change touches or causes is reported. */
  readonly change?: Change;
  /** Fixes are computed and checked; `unsafe`: also those that a person should look at first. */
  readonly fix?: { readonly unsafe: boolean };
  /** The report says what a program would change, where manifests are changed. */
  readonly offersFixes?: boolean;
  readonly progress?: (progress: Progress) => void;
  /** Say what will survive which fault. */
  readonly predict?: boolean;
}

/** A report and the policy that it was made by. */
export interface Outcome {
  readonly report: Report;
  readonly policy: Policy;
  /** The absolute folder that all paths of the report are relative to. */
  readonly base: string;
  /** The absolute top of the git working tree; undefined without git, or with several roots. */
  readonly top: string | undefined;
  /** How manifests and code go together; absent when that was not asked for, or failed. */
  readonly together?: Together;
  /** How long the parts of the run took, in milliseconds. */
  readonly timing?: readonly { readonly part: string; readonly ms: number }[];
  /** What `fix` asked for: made in memory, and the report is that of the fixed texts. Nothing is written. */
  readonly fixed?: FixResult;
}

/**
 * Finds the policy and the files, and analyses them.
 * @throws UsageError when the policy file is wrong or a path names nothing
 */
export async function run(options: RunOptions): Promise<Outcome> {
  const startedAt = performance.now();
  const { cwd, paths, isolated, policyFile, stdin, progress } = options;
  const found = options.adjust(await readPolicy({ cwd, paths, policyFile, rules }));
  const { ignore: ignored, include } = found;
  const timing: { part: string; ms: number }[] = [];
  let since = startedAt;
  const took = (part: string) => {
    const now = performance.now();
    timing.push({ part, ms: now - since });
    since = now;
  };
  const { stdinFilename } = options;
  took('policy');
  const onDisk = await discover({
    cwd,
    paths: stdinFilename === undefined ? paths : [dirname(stdinFilename)],
    isolated,
    ignored,
    include,
    ...(stdin === undefined || stdinFilename !== undefined ? {} : { stdin }),
    ...(options.change === undefined ? {} : { trackedOnly: options.change.is !== 'since' }),
  });
  const discovery =
    stdinFilename === undefined
      ? onDisk
      : withText(onDisk, relativePath(onDisk.base, resolve(cwd, stdinFilename)), stdin ?? '');
  took('files');
  const { charts, selects, notifications, leftOut, base, top } = discovery;
  const policy = placed(found, (path) => relativePath(base, path));
  const touched = options.change && (await touchedFiles(options.change, discovery));
  const isTouched = (path: string) => touched?.paths.has(path) === true;
  const wantsAll = touched === undefined;
  const isRelevant = wantsAll || [...touched.paths].some(canMatter);
  if (!isRelevant) {
    const nothing = analyse([], policy, { startedAt });
    return { report: nothing, policy, base, top };
  }
  const code = wantsCode(policy)
    ? await codeOf(discovery, librariesOf(policy, catalogue))
    : undefined;
  took('program text');
  const isTold = code !== undefined && 'message' in code;
  const partial =
    isolated || (stdin !== undefined && stdinFilename === undefined) || isTold
      ? ({ isPartial: true } as const)
      : {};
  const {
    report: whole,
    programs,
    together,
  } = judge(discovery.files, policy, {
    ...(code === undefined || isTold ? {} : { code }),
    charts,
    selects: (path) => !wantsAll || path === STDIN_PATH || selects(path),
    notifications: isTold ? [...notifications, code] : notifications,
    leftOut,
    startedAt,
    ...partial,
    predict: options.predict === true,
    ...(progress === undefined ? {} : { progress }),
  });
  took('model and rules');
  if (options.fix !== undefined) {
    const { fixFindings, overlaid } = await import('./fix/session.ts');
    const isOnlyStdin = (path: string) => path === STDIN_PATH;
    const fixed = await fixFindings({
      texts: discovery,
      policy,
      rules,
      unsafe: options.fix.unsafe,
      async judge(overlay) {
        const texts = overlaid(discovery, overlay);
        const touchesCode = discovery.code.some(({ path }) => overlay.has(path));
        const read =
          touchesCode && wantsCode(policy)
            ? await codeOf(texts, librariesOf(policy, catalogue))
            : code;
        return judge(texts.files, policy, {
          ...(read === undefined || 'message' in read ? {} : { code: read }),
          charts: texts.charts,
          selects: (path) => !isOnlyStdin(path) && (selects(path) || overlay.has(path)),
          notifications,
          leftOut,
          startedAt,
          ...partial,
        });
      },
    });
    return { report: withOwners(fixed.report, base, top), policy, base, top, fixed };
  }
  const asked = wantsAll
    ? whole
    : changedPart(whole, touched, discovery, policy, (before, own) =>
        analyse(before, own, { charts: charts.filter(({ path }) => !isTouched(path)) }),
      );
  const report =
    options.offersFixes === true
      ? (await import('./fix/offer.ts')).withFixes(asked, {
          texts: discovery,
          policy,
          rules,
          programs,
        })
      : asked;
  const joined = together === undefined ? {} : { together };
  return { report: withOwners(report, base, top), policy, base, top, timing, ...joined };
}

/** What was found, with another text of one file, which alone is reported. It need not be on the disk. */
function withText(found: Discovery, path: string, text: string): Discovery {
  const swapped = (files: readonly SourceFile[]) =>
    files.map((file) => (file.path === path ? { path, text } : file));
  const isIn = (files: readonly SourceFile[]) => files.some((file) => file.path === path);
  const isKnown = [found.files, found.code, found.project].some(isIn);
  const added = (files: readonly SourceFile[], isOne: boolean) =>
    isKnown || !isOne
      ? swapped(files)
      : [...files, { path, text }].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    ...found,
    files: added(found.files, isManifestCandidate(path)),
    code: added(found.code, isCode(path)),
    project: added(found.project, projectFileKind(path) !== undefined),
    selects: (other) => other === path,
  };
}

/**
 * The files of a change, by the paths of the report.
 * @throws UsageError without git, or when a revision does not exist
 */
async function touchedFiles(
  change: Change,
  { base, top }: Pick<Discovery, 'base' | 'top'>,
): Promise<TouchedFiles | undefined> {
  const found = top === undefined ? undefined : await touchedBy(top, change);
  if (top === undefined || found === undefined)
    throw new UsageError(
      'What has changed cannot be told: this is no git repository, or git refuses to read it',
    );
  if ('unknown' in found) throw new UsageError(`git knows no revision "${found.unknown}"`);
  const shown = (path: string) => relativePath(base, join(top, path));
  const { paths, before } = found;
  const texts =
    before === undefined
      ? new Map<string, string>()
      : await textsAt(top, before, paths.filter(isManifestCandidate));
  // pre-commit run --all-files: nothing is staged, and everything is meant.
  if (change.is === 'staged' && paths.length === 0 && process.env.PRE_COMMIT === '1')
    return undefined;
  return {
    paths: new Set(paths.map(shown)),
    before: new Map([...texts].map(([path, text]) => [shown(path), text])),
  };
}

/** A policy whose places are relative, as those of findings are. */
function placed(policy: Policy, rename: (path: string) => string): Policy {
  return {
    ...policy,
    suppress: policy.suppress.map((entry) => ({
      ...entry,
      at: { ...entry.at, path: rename(entry.at.path) },
    })),
    files: policy.files.map(({ path, text }) => ({ path: rename(path), text })),
  };
}

/** Names the owners of files with findings, when the repository has CODEOWNERS. */
function withOwners(report: Report, base: string, top: string | undefined): Report {
  const ownersOf = top === undefined ? undefined : ownersIn(top);
  if (top === undefined || ownersOf === undefined) return report;
  const paths = new Set(report.findings.map(({ at }) => at.path));
  const owners = new Map(
    [...paths].map((path) => [path, ownersOf(relativePath(top, join(base, path)))] as const),
  );
  return { ...report, owners };
}
