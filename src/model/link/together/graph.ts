/** The service graph: entrances, workloads and hosts outside, and who asks whom. */
import type { Model } from '../../model.ts';
import type { GraphNode, ServiceGraph, WorkloadNode } from '../../service-graph.ts';
import type { DeployedProgram } from '../../together.ts';

/** The graph of all contexts: objects of different contexts are never joined. */
export function graphOf(model: Model, programs: readonly DeployedProgram[]): ServiceGraph {
  const exposed = new Set(model.backends.flatMap(({ service }) => service?.workloads.items ?? []));
  const nodes: GraphNode[] = model.workloads.map((workload): WorkloadNode => {
    const store = workload.containers.find(({ dataStore }) => dataStore !== undefined)?.dataStore;
    return {
      is: 'workload',
      id: `${workload.context.name}#${workload.identity}`,
      label: workload.label,
      workload,
      programs: programs.filter(({ container }) => container.workload === workload),
      ...(store === undefined ? {} : { store: store.name }),
      exposed:
        exposed.has(workload) ||
        workload.services.items.some(
          ({ type }) =>
            type.state === 'known' && (type.value === 'LoadBalancer' || type.value === 'NodePort'),
        ),
    };
  });
  return { nodes, edges: [] };
}
