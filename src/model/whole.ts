/** What the join of manifests and code gives. */
import type { ServiceGraph } from './service-graph.ts';
import type { Binding, DeployedProgram } from './together.ts';

export interface Together {
  /** One for each first-party container, in the order of the model. */
  readonly bindings: readonly Binding[];
  /** The containers that run a server or a worker of this repository. */
  readonly programs: readonly DeployedProgram[];
  readonly graph: ServiceGraph;
}
