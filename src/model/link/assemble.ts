/** Objects in their contexts to the model: one context after the other, then everything in one order. */
import { compareLocations, type Location } from '../../location.ts';
import type { Context, Model, Repository, Subject, Workload } from '../model.ts';
import { alertsOf, alertsUnseen } from './alerts.ts';
import { autoscalersOf } from './autoscalers.ts';
import { backendsOf } from './backends.ts';
import { podDisruptionBudgetsOf } from './budgets.ts';
import { joinServicePorts, wordsOf } from './containers.ts';
import { experimentsOf, joinExperimentsAcross } from './experiments.ts';
import { imagesOf } from './images.ts';
import { destinationRulesOf, meshRoutesOf } from './mesh.ts';
import type { ContextObjects, LinkSettings } from './objects.ts';
import { type Scope, scopeOf } from './scope.ts';
import { indexPods } from './selection.ts';
import { servicesOf } from './services.ts';
import { workloadsOf } from './workloads.ts';

type Part = Omit<Model, 'contexts' | 'repository'>;

/** Links one context. The order of the joins matters: budgets and rollouts need the effective replicas. */
function linkContext(scope: Scope, elsewhere: Context | undefined): Part {
  const workloads = workloadsOf(scope);
  const index = indexPods(workloads);
  const services = servicesOf(scope, index);
  const autoscalers = autoscalersOf(scope, workloads);
  const podDisruptionBudgets = podDisruptionBudgetsOf(scope, index);
  const experiments = experimentsOf(scope, index);
  for (const { containers, workload, podComplete } of workloads.records)
    joinServicePorts(containers, workload.services, podComplete);
  const all = workloads.records.map((record) => record.workload).sort(compareSubjects);
  return {
    workloads: all,
    services: services.map((record) => record.service),
    podDisruptionBudgets,
    autoscalers,
    backends: backendsOf(scope, services),
    images: imagesOf(
      scope,
      all
        .filter((workload) => workload.context !== elsewhere)
        .flatMap((workload) => workload.containers),
    ),
    meshRoutes: meshRoutesOf(scope),
    destinationRules: destinationRulesOf(scope),
    experiments,
    alerts: alertsOf(scope),
  };
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareSubjects(a: Subject, b: Subject): number {
  return (
    compareLocations(a.at, b.at) ||
    compareText(a.identity, b.identity) ||
    compareText(a.context.name, b.context.name)
  );
}

/** True for a CronJob that applies chaos manifests or runs Litmus. */
function runsExperiments(workload: Workload): boolean {
  if (workload.kind !== 'CronJob') return false;
  return workload.containers.some((container) => {
    const line = wordsOf(container).join(' ');
    return /\blitmusctl\b/.test(line) || (/\bkubectl\b/.test(line) && /chaos/i.test(line));
  });
}

const NOWHERE: Location = {
  path: '',
  start: 0,
  end: 0,
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 1,
};

/** The repository stands at its first object; it belongs to a production context when there is one. */
function repositoryOf(
  parts: Part,
  contexts: readonly ContextObjects[],
  automated: boolean,
): Repository {
  const places = contexts.flatMap(({ objects }) => objects.map((object) => object.kindAt));
  const at = places.sort(compareLocations)[0] ?? NOWHERE;
  const all = contexts.map(({ context }) => context);
  const context: Context = all.find((c) => c.production) ??
    all[0] ?? { name: '', production: true };
  const unseen = alertsUnseen(contexts);
  return {
    context,
    identity: 'repository',
    label: 'the repository',
    at,
    annotations: new Map(),
    alerts: parts.alerts,
    ...(unseen === undefined ? {} : { alertsUnseen: unseen }),
    experiments: parts.experiments,
    workloads: parts.workloads,
    experimentsScheduledOutside:
      automated ||
      parts.workloads.some(runsExperiments) ||
      // Argo Workflows: what its steps apply is not read.
      contexts.some(({ objects }) => objects.some(({ kind }) => kind === 'CronWorkflow')),
  };
}

/** Every context that has something to report, or that is there although it holds nothing; sorted by name. */
function contextsIn(contexts: readonly ContextObjects[]): readonly Context[] {
  const found = new Set<Context>();
  for (const { context, objects, elsewhere } of contexts) {
    if (objects.length === 0) found.add(context);
    for (const object of objects) if (object.context !== elsewhere) found.add(object.context);
  }
  return [...found].sort((a, b) => compareText(a.name, b.name));
}

/**
 * The model of all contexts. It does not depend on the order of contexts, files or objects: every list is sorted by
 * place, identity and context name.
 * @param experimentsAutomated a CI workflow or script runs experiments
 */
export function assemble(
  contexts: readonly ContextObjects[],
  settings: LinkSettings,
  experimentsAutomated = false,
): Model {
  const sorted = [...contexts].sort((a, b) => compareText(a.context.name, b.context.name));
  const linked = sorted.map((objects) =>
    linkContext(scopeOf(objects, settings), objects.elsewhere),
  );
  const seenOnly = new Set(sorted.map(({ elsewhere }) => elsewhere));
  const all = <T extends Subject>(items: (part: Part) => readonly T[]) =>
    linked
      .flatMap(items)
      .filter(({ context }) => !seenOnly.has(context))
      .sort(compareSubjects);
  const parts: Part = {
    workloads: all((part) => part.workloads),
    services: all((part) => part.services),
    podDisruptionBudgets: all((part) => part.podDisruptionBudgets),
    autoscalers: all((part) => part.autoscalers),
    backends: all((part) => part.backends),
    images: all((part) => part.images),
    meshRoutes: all((part) => part.meshRoutes),
    destinationRules: all((part) => part.destinationRules),
    experiments: all((part) => part.experiments),
    alerts: all((part) => part.alerts),
  };
  // An experiment may have found its targets among the workloads that its context only sees.
  joinExperimentsAcross(
    linked.flatMap((part) => part.workloads),
    parts.experiments,
  );
  return {
    ...parts,
    contexts: contextsIn(sorted),
    repository: repositoryOf(parts, sorted, experimentsAutomated),
  };
}
