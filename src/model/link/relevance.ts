/**
 * Which objects can have to do with each other: one wants a name or the value of a label that the other one has. Wider than
 * the joins themselves, and much cheaper: where there are many contexts, they look at objects of others only when this says so.
 */
import type { MapNode, Node } from '../../facts.ts';
import type { BuiltObject } from './built.ts';
import { entryOf } from './kustomize/tree.ts';

/** What an object can be joined by. */
interface Words {
  /** Its names, and the values of the labels of its pods. */
  readonly has: ReadonlySet<string>;
  /** Names that it refers to, and values that it selects. */
  readonly wants: ReadonlySet<string>;
  /** It may be joined with anything: a selector or labels that are empty, negative or cannot be read. */
  readonly wild: boolean;
}

const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', []],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ...[
    'Deployment',
    'StatefulSet',
    'ReplicaSet',
    'ReplicationController',
    'DaemonSet',
    'Job',
    'Rollout',
    'DeploymentConfig',
  ].map((kind): [string, readonly string[]] => [kind, ['spec', 'template']]),
]);

/** The only field of a kind that joins it with others; of kinds that are not here all of `spec` counts. */
const JOINING: ReadonlyMap<string, readonly string[]> = new Map([
  ['Service', ['spec', 'selector']],
  ['PodDisruptionBudget', ['spec', 'selector']],
  ['HorizontalPodAutoscaler', ['spec', 'scaleTargetRef']],
  ['ScaledObject', ['spec', 'scaleTargetRef']],
  ['PersistentVolumeClaim', []],
  ['ConfigMap', []],
  ['PrometheusRule', []],
]);

function nodeAt(body: MapNode, path: readonly string[]): Node | undefined {
  let node: Node | undefined = body;
  for (const key of path) {
    if (node?.kind === 'unknown') return node;
    node = node?.kind === 'map' ? entryOf(node, key)?.value : undefined;
  }
  return node;
}

class Collector {
  readonly has = new Set<string>();
  readonly wants = new Set<string>();
  wild = false;

  /** Every text below a node; of a host name (`orders.shop.svc`) its first part as well. */
  take(words: Set<string>, node: Node | undefined): void {
    const waiting: Node[] = node === undefined ? [] : [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next.kind === 'unknown') this.wild = true;
      else if (next.kind === 'map') {
        for (const { key, value } of next.entries) {
          if (key === 'operator' && value.kind === 'scalar' && value.value !== 'In')
            this.wild = true;
          waiting.push(value);
        }
      } else if (next.kind === 'sequence') waiting.push(...next.items);
      else if (next.value !== null) {
        const text = String(next.value);
        words.add(text);
        const dot = text.indexOf('.');
        if (dot > 0) words.add(text.slice(0, dot));
      }
    }
  }
}

function isEmpty(node: Node | undefined): boolean {
  return node?.kind === 'map' && node.entries.length === 0;
}

/** The words of one object. */
function wordsOf(object: BuiltObject): Words {
  const collector = new Collector();
  const { body, kind, name, facts } = object;
  const { has, wants } = collector;
  if (name !== '') has.add(name);
  if (facts.name !== undefined) has.add(facts.name);
  if (body === undefined) return collector;
  const template = TEMPLATES.get(kind);
  if (template !== undefined) {
    collector.take(has, nodeAt(body, [...template, 'metadata', 'labels']));
    collector.take(wants, nodeAt(body, ['spec', 'workloadRef']));
    const volumes = nodeAt(body, [...template, 'spec', 'volumes']);
    for (const volume of volumes?.kind === 'sequence' ? volumes.items : [])
      if (volume.kind === 'map')
        collector.take(wants, nodeAt(volume, ['persistentVolumeClaim', 'claimName']));
    return collector;
  }
  const joining = JOINING.get(kind) ?? ['spec'];
  if (joining.length > 0) collector.take(wants, nodeAt(body, joining));
  // A budget for the whole namespace; the limits of one.
  const selector = kind === 'PodDisruptionBudget' ? nodeAt(body, ['spec', 'selector']) : undefined;
  const matchLabels =
    selector?.kind === 'map' ? entryOf(selector, 'matchLabels')?.value : undefined;
  if (kind === 'LimitRange' || isEmpty(selector) || isEmpty(matchLabels)) collector.wild = true;
  return collector;
}

/** Ingress to Service, Service to workload, workload to budget or autoscaler. */
const MAX_STEPS = 3;

function add(index: Map<string, BuiltObject[]>, word: string, object: BuiltObject): void {
  const list = index.get(word);
  if (list === undefined) index.set(word, [object]);
  else list.push(object);
}

/** Finds objects by their words. */
export class WordIndex {
  private readonly words = new Map<BuiltObject, Words>();
  private readonly having = new Map<string, BuiltObject[]>();
  private readonly wanting = new Map<string, BuiltObject[]>();
  private readonly wild: BuiltObject[] = [];

  constructor(objects: Iterable<BuiltObject>) {
    for (const object of objects) {
      const words = wordsOf(object);
      this.words.set(object, words);
      if (words.wild) this.wild.push(object);
      for (const word of words.has) add(this.having, word, object);
      for (const word of words.wants) add(this.wanting, word, object);
    }
  }

  /**
   * The objects among `candidates` that have to do with `start`, directly or over one that has: an Ingress, its Service,
   * the pods behind that and their budget.
   */
  relatedTo(
    start: readonly BuiltObject[],
    candidates: ReadonlySet<BuiltObject>,
  ): readonly BuiltObject[] {
    if (start.some((object) => this.words.get(object)?.wild === true)) return [...candidates];
    const found = new Set(this.wild.filter((object) => candidates.has(object)));
    const asked = { having: new Set<string>(), wanting: new Set<string>() };
    let frontier = start;
    for (let steps = 0; steps < MAX_STEPS && frontier.length > 0; steps++) {
      const next: BuiltObject[] = [];
      const ask = (which: 'having' | 'wanting', words: Iterable<string>) => {
        for (const word of words) {
          if (asked[which].has(word)) continue;
          asked[which].add(word);
          for (const object of this[which].get(word) ?? []) {
            if (!candidates.has(object) || found.has(object)) continue;
            found.add(object);
            next.push(object);
          }
        }
      };
      for (const object of frontier) {
        const words = this.words.get(object);
        ask('having', words?.wants ?? []);
        ask('wanting', words?.has ?? []);
      }
      frontier = next;
    }
    return [...found];
  }
}
