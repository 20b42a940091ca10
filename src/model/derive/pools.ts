/** How many connections the programs of a graph may open to each database of the repository. */
import type { Location } from '../../location.ts';
import type { Client } from '../code.ts';
import type { Container, Known, Resource } from '../model.ts';
import type { GraphNode, ServiceGraph, WorkloadNode } from '../service-graph.ts';
import type { DeployedProgram } from '../together.ts';

/** A database with the pools that lead to it without a pooler in between. */
export interface DatabaseUse extends Resource {
  readonly store: string;
  /** Connections that programs can have; absent: a configuration that is not read decides. */
  readonly limit?: Known<number>;
  readonly pools: readonly PoolUse[];
}

export interface PoolUse {
  readonly program: DeployedProgram;
  readonly client: Client;
  /** Connections of one pod at most. */
  readonly size: Known<number>;
  /** Pods at most, those of a rollout included. */
  readonly pods: number;
  readonly podsAt: Location;
}

/**
 * `keeps`: connections that only administrators get. PostgreSQL superuser_reserved_connections 3 of max_connections 100
 * (postgresql.org, runtime-config-connection), MySQL and MariaDB 151 and one more for administrators.
 */
const LIMITS = new Map([
  ['PostgreSQL', { most: 100, keeps: 3 }],
  ['MySQL', { most: 151, keeps: 0 }],
  ['MariaDB', { most: 151, keeps: 0 }],
]);

/** Databases of which at least one pool is known. */
export function databaseUsesOf({ nodes, edges }: ServiceGraph): readonly DatabaseUse[] {
  return nodes.flatMap((node): readonly DatabaseUse[] => {
    if (!isDatabase(node)) return [];
    const store = node.store ?? '';
    const pools = new Map<string, PoolUse>();
    for (const { to, calls } of edges) {
      if (to !== node) continue;
      for (const { program, call } of calls) {
        const client = 'callsComplete' in call ? call : call.client;
        const use = client && poolUse(program, client);
        if (use !== undefined) pools.set(`${program.identity}\n${use.client.identity}`, use);
      }
    }
    if (pools.size === 0) return [];
    const limit = limitOf(node, store);
    return [
      {
        ...node.workload,
        store,
        pools: [...pools.values()],
        ...(limit === undefined ? {} : { limit }),
      },
    ];
  });
}

function isDatabase(node: GraphNode): node is WorkloadNode {
  return node.is === 'workload' && LIMITS.has(node.store ?? '');
}

function poolUse(program: DeployedProgram, client: Client): PoolUse | undefined {
  const size = client.pool?.size;
  const { replicas, rollout } = program.container.workload;
  const most = replicas.ceiling.state === 'known' ? replicas.ceiling : replicas.floor;
  // With a variable the container decides.
  const isGiven = client.settings.some(
    ({ sets, environment }) => sets === 'pool-size' && environment,
  );
  if (size?.state !== 'known' || most.state !== 'known' || isGiven || !program.confident)
    return undefined;
  const surge = rollout.maxSurge.state === 'known' ? rollout.maxSurge.value : 0;
  return { program, client, size, pods: most.value + surge, podsAt: most.at };
}

/** What the container of the database is told; undefined when it may read it from a file. */
function limitOf({ workload }: WorkloadNode, store: string): Known<number> | undefined {
  const container = workload.containers.find(({ dataStore }) => dataStore?.name === store);
  const facts = LIMITS.get(store);
  if (container === undefined || facts === undefined || readsFiles(container)) return undefined;
  const { command, args, at } = container;
  if (command.state === 'unknown' || args.state === 'unknown') return undefined;
  const words = [command, args]
    .flatMap((one) => (one.state === 'known' ? one.value : []))
    .join(' ');
  const written = /max[_-]connections[= ](\d+)/.exec(words)?.[1];
  const place = written === undefined ? at : args.at;
  const most = written === undefined ? facts.most : Number(written);
  return { state: 'known', value: most - facts.keeps, at: place };
}

function readsFiles({ volumeMounts, environment, args }: Container): boolean {
  return (
    !environment.complete ||
    (args.state === 'known' && args.value.some((word) => /config[_-]file|defaults/.test(word))) ||
    [...environment.variables.keys()].some((name) =>
      /MAX_CONNECTIONS|INITDB_ARGS|EXTRA_FLAGS/.test(name),
    ) ||
    volumeMounts.some(({ volume }) => volume?.type === 'configuration' || volume?.type === 'other')
  );
}
