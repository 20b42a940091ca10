/** The service graph: entrances, workloads and hosts outside, and who asks whom. */
import type { CodeFacts } from '../../../code-facts.ts';
import { type Location, locate } from '../../../location.ts';
import type { Call, Client } from '../../code.ts';
import type { Container, Model, Resource, Service, Workload } from '../../model.ts';
import type {
  EdgeCall,
  EdgeEvidence,
  EdgePolicy,
  EntranceNode,
  GraphEdge,
  GraphNode,
  OutsideNode,
  ServiceGraph,
  WorkloadNode,
} from '../../service-graph.ts';
import type { DeployedProgram } from '../../together.ts';
import { type Giving, givenBounds } from './given.ts';
import { type Address, addressesIn, filledIn, Hosts } from './hosts.ts';
import { ingressPolicy, type MeshFacts, meshPolicy, sharedPolicy } from './policies.ts';
import { isDefaultOf } from './written.ts';

/** A program with the code that runs in it and what its container gives it. */
export interface Deployed extends Giving {
  readonly program: DeployedProgram;
  /** Files that the entry imports; empty when it is not known which file runs. */
  readonly files: readonly CodeFacts[];
}

/** Names of variables that hold the name of a host when the value alone does not show it. */
const NAMES_HOST =
  /(?:^|_)(?:HOST|HOSTS|HOSTNAME|ADDR|ADDRESS|SERVER|SERVERS|URL|URI|ENDPOINT|BROKER|BROKERS|DOMAIN|UPSTREAM)$/i;

/** Hosts that nobody outside has. */
const NOT_OUTSIDE =
  /^(?:localhost|[\d.]+|.*\.(?:local|internal|svc|test|example|localhost|invalid))$|example\.(?:com|org|net)$|^[^.]+$/;

interface MutableEdge extends GraphEdge {
  readonly evidence: EdgeEvidence[];
  readonly calls: EdgeCall[];
}

/** Edges while they are gathered. */
class Edges {
  readonly outside = new Map<string, OutsideNode>();
  readonly #edges = new Map<string, MutableEdge>();
  readonly #nodes: ReadonlyMap<Workload, WorkloadNode>;
  readonly #hosts: Hosts;
  readonly #mesh: MeshFacts;

  constructor(nodes: ReadonlyMap<Workload, WorkloadNode>, hosts: Hosts, mesh: MeshFacts) {
    this.#nodes = nodes;
    this.#hosts = hosts;
    this.#mesh = mesh;
  }

  /** The edges from a pod to whom an address names. */
  towards(
    from: WorkloadNode,
    address: Address,
    evidence: Omit<EdgeEvidence, 'says'> & { readonly says: (host: string) => string },
    mayBeOutside: boolean,
  ): readonly MutableEdge[] {
    const { host, port, scheme } = address;
    const { workload } = from;
    const service = this.#hosts.serviceOf(host, workload);
    const told: EdgeEvidence = { ...evidence, says: evidence.says(host) };
    if (service !== undefined) return this.viaService(from, service, told, port);
    const isOutside =
      mayBeOutside &&
      /^https?$/.test(scheme ?? '') &&
      !NOT_OUTSIDE.test(host) &&
      !this.#hosts.beginsLikeOne(host, workload);
    if (!isOutside) return [];
    const node = this.outside.get(host) ?? {
      is: 'outside',
      id: `outside#${host}`,
      label: host,
      host,
    };
    this.outside.set(host, node);
    return [this.#put(from, node, undefined, told, port, undefined)];
  }

  viaService(
    from: GraphNode,
    service: Service,
    evidence: EdgeEvidence,
    port: number | undefined,
    policy?: EdgePolicy,
  ): readonly MutableEdge[] {
    return service.workloads.items.flatMap((workload) => {
      const to = this.#nodes.get(workload);
      if (to === undefined || to === from) return [];
      const own =
        policy ??
        (from.is === 'workload' ? meshPolicy(from.workload, service, this.#mesh) : undefined);
      return [this.#put(from, to, service, evidence, port, own)];
    });
  }

  #put(
    from: GraphNode,
    to: GraphNode,
    service: Service | undefined,
    evidence: EdgeEvidence,
    port: number | undefined,
    policy: EdgePolicy | undefined,
  ): MutableEdge {
    const key = [from.id, to.id, service?.identity ?? ''].join('\n');
    const before = this.#edges.get(key);
    const edge: MutableEdge = before ?? {
      from,
      to,
      ...(service === undefined ? {} : { service }),
      ...(port === undefined ? {} : { port }),
      evidence: [],
      calls: [],
      ...(policy === undefined ? {} : { policy }),
    };
    if (before === undefined) this.#edges.set(key, edge);
    if (!edge.evidence.some(({ says, at }) => says === evidence.says && at === evidence.at))
      edge.evidence.push(evidence);
    return edge;
  }

  all(): readonly GraphEdge[] {
    return [...this.#edges.values()];
  }
}

/** The graph of all contexts: objects of different contexts are never joined. */
export function graphOf(
  model: Model,
  deployed: readonly Deployed[],
  meshEverywhere: boolean,
): ServiceGraph {
  const hosts = new Hosts(model.services);
  const nodes = new Map(
    workloadNodes(model, deployed).map((node) => [node.workload, node] as const),
  );
  const mesh: MeshFacts = { routes: model.meshRoutes, hosts, everywhere: meshEverywhere };
  const edges = new Edges(nodes, hosts, mesh);
  const entrances = new Map<string, EntranceNode>();
  const entrance = (route: Resource): EntranceNode => {
    const id = `${route.context.name}#${route.identity}`;
    const node = entrances.get(id) ?? { is: 'entrance', id, label: route.label, route };
    entrances.set(id, node);
    return node;
  };
  for (const { route, service, serviceName, port } of model.backends) {
    if (service === undefined) continue;
    const says = `${route.label} names Service ${service.name}`;
    const number =
      port.state === 'known' && typeof port.value === 'number' ? port.value : undefined;
    const evidence: EdgeEvidence = { kind: 'reference', says, at: serviceName.at };
    edges.viaService(entrance(route), service, evidence, number, ingressPolicy(route));
  }
  for (const route of model.meshRoutes) {
    const { virtualService, gateways, destinations } = route;
    if (gateways.items.every((name) => name === 'mesh')) continue;
    for (const host of destinations) {
      const service = hosts.serviceOf(host, virtualService);
      if (service === undefined) continue;
      const says = `${route.label} names ${host}`;
      const evidence: EdgeEvidence = { kind: 'reference', says, at: route.at };
      const policy = sharedPolicy([route], virtualService.label);
      edges.viaService(entrance(virtualService), service, evidence, undefined, policy);
    }
  }
  for (const node of nodes.values()) {
    for (const container of node.workload.containers) byVariables(node, container, edges);
    for (const one of deployed)
      if (one.program.container.workload === node.workload) byCode(node, one, edges, hosts);
  }
  return {
    nodes: [...entrances.values(), ...nodes.values(), ...edges.outside.values()],
    edges: edges.all(),
  };
}

function workloadNodes(model: Model, deployed: readonly Deployed[]): readonly WorkloadNode[] {
  const routed = new Set(model.backends.flatMap(({ service }) => service?.workloads.items ?? []));
  return model.workloads.map((workload): WorkloadNode => {
    const store = workload.containers.find(({ dataStore }) => dataStore !== undefined)?.dataStore;
    const isOpen = workload.services.items.some(
      ({ type }) =>
        type.state === 'known' && (type.value === 'LoadBalancer' || type.value === 'NodePort'),
    );
    return {
      is: 'workload',
      id: `${workload.context.name}#${workload.identity}`,
      label: workload.label,
      workload,
      programs: deployed.flatMap(({ program }) =>
        program.container.workload === workload ? [program] : [],
      ),
      ...(store === undefined ? {} : { store: store.name }),
      exposed: routed.has(workload) || isOpen,
    };
  });
}

/** Addresses that a container is given. */
function byVariables(from: WorkloadNode, { environment }: Container, edges: Edges): void {
  for (const { name, value } of environment.variables.values()) {
    if (value.state !== 'known') continue;
    for (const address of addressesIn(value.value)) {
      const isWritten =
        address.scheme !== undefined || address.port !== undefined || address.host.includes('.');
      if (!isWritten && !NAMES_HOST.test(name)) continue;
      const says = () => `${name} is ${withoutPassword(value.value)}`;
      edges.towards(from, address, { kind: 'variable', says, at: value.at }, false);
    }
  }
}

/** A connection string may hold a password. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//');
}

/** Calls whose addresses are known, and addresses that stand in the code. */
function byCode(from: WorkloadNode, deployed: Deployed, edges: Edges, hosts: Hosts): void {
  const { program, files, variable } = deployed;
  if (files.length === 0) return;
  const own = new Set(files.map(({ path }) => path));
  const { workload } = from;
  const injected = (name: string) => hosts.serviceOfVariable(name, workload)?.name;
  const place = (text: string, at: Location, label: string) =>
    addressesIn(text).flatMap((address) =>
      edges.towards(
        from,
        address,
        { kind: 'code', says: (host) => `${label} goes to ${host}`, at },
        true,
      ),
    );
  const put = (call: Call | Client) => {
    if (!own.has(call.at.path)) return;
    const reached = new Set<MutableEdge>();
    for (const parts of call.addresses) {
      const text = filledIn(parts, variable, injected);
      if (text !== null) for (const edge of place(text, call.at, call.label)) reached.add(edge);
    }
    for (const edge of reached)
      edge.calls.push({
        program,
        call,
        bounds: givenBounds(call.bounds, deployed),
        attempts: call.attempts,
      });
  };
  for (const call of program.application.calls) put(call);
  for (const client of program.application.clients)
    if (client.calls.every(({ addresses }) => addresses.length === 0)) put(client);
  for (const file of files)
    for (const [index, expression] of file.expressions.entries()) {
      if (expression.is !== 'value' || typeof expression.value !== 'string') continue;
      for (const address of addressesIn(expression.value)) {
        if (address.scheme === undefined && address.port === undefined) continue;
        if (hosts.serviceOf(address.host, workload) === undefined) continue;
        // What the container sets goes before a default.
        if (isDefaultOf(file, index).some((name) => variable(name).state !== 'absent')) continue;
        const says = () => `the code names ${withoutPassword(`${expression.value}`)}`;
        edges.towards(
          from,
          address,
          { kind: 'code', says, at: locate(file, expression.range) },
          false,
        );
      }
    }
}
