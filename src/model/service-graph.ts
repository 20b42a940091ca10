/**
 * Who asks whom in the cluster: entrances (Ingresses, routes of gateways), workloads, and hosts outside, joined by the addresses
 * that containers are given and that the code calls.
 */
import type { Location } from '../location.ts';
import type { Attempts, Bounds, Call, Client } from './code.ts';
import type { Resource, Service, Workload } from './model.ts';
import type { DeployedProgram } from './together.ts';
import type { Value } from './value.ts';

export interface ServiceGraph {
  /** In the order of the model; hosts outside last. */
  readonly nodes: readonly GraphNode[];
  /** One for each pair of nodes and Service between them, in the order of the nodes. */
  readonly edges: readonly GraphEdge[];
}

export type GraphNode = WorkloadNode | EntranceNode | OutsideNode;

interface NodeBase {
  /** Unique in the graph. */
  readonly id: string;
  /** `Deployment orders`, `Ingress shop`, `api.stripe.com`. */
  readonly label: string;
}

export interface WorkloadNode extends NodeBase {
  readonly is: 'workload';
  readonly workload: Workload;
  /** What runs in its containers, as far as it is bound to code. */
  readonly programs: readonly DeployedProgram[];
  /** A data store or a broker: `PostgreSQL`. */
  readonly store?: string;
  /** An Ingress or a route leads to it, or a Service that is open to the outside. */
  readonly exposed: boolean;
}

/** An Ingress, a route of a gateway: where requests come in. */
export interface EntranceNode extends NodeBase {
  readonly is: 'entrance';
  readonly route: Resource;
}

/** A host that no Service of the repository has. */
export interface OutsideNode extends NodeBase {
  readonly is: 'outside';
  readonly host: string;
}

/** One node asks another. */
export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  /** The Service on the way. */
  readonly service?: Service;
  readonly port?: number;
  /** What says so; at least one. */
  readonly evidence: readonly EdgeEvidence[];
  /** Calls and clients of the code that go this way, as far as their addresses are known. */
  readonly calls: readonly EdgeCall[];
  /** What the mesh or the entrance does with requests on this way. */
  readonly policy?: EdgePolicy;
}

export interface EdgeEvidence {
  /** `variable`: the container is given the address; `code`: it is written there; `reference`: the route names the Service. */
  readonly kind: 'variable' | 'code' | 'reference';
  /** `ORDERS_URL is http://orders:8080`. */
  readonly says: string;
  readonly at: Location;
}

/** One call of a program on an edge, with the values that its container gives it. */
export interface EdgeCall {
  readonly program: DeployedProgram;
  /** A client stands for all calls on it whose own targets are not known. */
  readonly call: Call | Client;
  /** What ends the waiting, by phase. Mesh not included. */
  readonly bounds: Bounds;
  readonly attempts: Attempts;
}

/** What proxies on an edge do with each request. */
export interface EdgePolicy {
  /** Milliseconds until the caller gets an answer, all tries together; absent: the proxy waits for ever. */
  readonly timeout: Value<number>;
  /** Tries, the first one included; 1 is no retry. */
  readonly tries: Value<number>;
  /** Milliseconds for each try; absent: the timeout. */
  readonly perTryTimeout: Value<number>;
  /** `VirtualService orders`, `the mesh`, `Ingress shop`. */
  readonly by: string;
  readonly at: Location;
}
