/** `chaoslint graph`: who asks whom, with timeouts, tries and findings on the edges. */
import type { Command } from 'commander';
import type { Finding } from '../finding.ts';
import type { Location } from '../location.ts';
import { longestWait, mostTries } from '../model/derive/edges.ts';
import type { GraphEdge, GraphNode, ServiceGraph } from '../model/service-graph.ts';
import {
  type DrawnEdge,
  type DrawnGraph,
  type DrawnNode,
  drawn,
  GRAPH_FORMATS,
  type GraphFormat,
} from '../report/graph.ts';
import { COULD_NOT_RUN, choice, print } from './terminal.ts';

interface GraphFlags {
  readonly format: GraphFormat;
  readonly config?: string;
  readonly isolated?: true;
}

async function showGraph(paths: readonly string[], flags: GraphFlags): Promise<number> {
  const { run } = await import('../run.ts');
  const { report, together } = await run({
    cwd: process.cwd(),
    paths,
    isolated: flags.isolated === true,
    adjust: (policy) => policy,
    ...(flags.config === undefined ? {} : { policyFile: flags.config }),
  });
  const graph = together?.graph ?? { nodes: [], edges: [] };
  const written = await print(drawn(drawing(graph, report.findings), flags.format));
  return report.complete ? written : COULD_NOT_RUN;
}

function drawing({ nodes, edges }: ServiceGraph, findings: readonly Finding[]): DrawnGraph {
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  // A workload that nobody asks and that asks nobody is still a part of the system; an entrance without edges is none.
  const shown = nodes.filter((node) => node.is === 'workload' || used.has(node));
  const contexts = new Set(
    shown.flatMap((node) => (node.is === 'outside' ? [] : [contextOf(node)])),
  );
  return {
    nodes: shown.map(
      (node): DrawnNode => ({
        id: node.id,
        label: node.is === 'workload' && node.store ? `${node.label} (${node.store})` : node.label,
        kind: node.is === 'workload' && node.store !== undefined ? 'store' : node.is,
        context: contexts.size > 1 ? contextOf(node) : '',
      }),
    ),
    edges: edges.map((edge) => drawnEdge(edge, findings)),
  };
}

function contextOf(node: GraphNode): string {
  if (node.is === 'outside') return '';
  return node.is === 'workload' ? node.workload.context.name : node.route.context.name;
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);

function drawnEdge(edge: GraphEdge, findings: readonly Finding[]): DrawnEdge {
  const { from, to, service, port, evidence, calls } = edge;
  const timeout = longestWait(edge);
  const tries = mostTries(edge);
  const own = calls.map(({ call }) => call.at);
  const holds = (at: Location) => own.some((one) => one.path === at.path && one.start === at.start);
  return {
    from: from.id,
    to: to.id,
    ...(service === undefined ? {} : { service: service.name }),
    ...(port === undefined ? {} : { port }),
    ...(timeout === undefined ? {} : { timeout: finite(timeout) }),
    ...(tries === undefined ? {} : { tries: finite(tries) }),
    evidence: evidence.map(({ says, at }) => ({ says, at })),
    findings: findings
      .filter(({ at, related }) => holds(at) || related.some((one) => holds(one.at)))
      .map(({ rule, level, at }) => ({ rule, level, at })),
  };
}

/** Adds the command; `finish` gets its exit code. */
export function addGraph(program: Command, finish: (code: number) => void): void {
  program
    .command('graph')
    .description('show who asks whom, with timeouts, tries and findings')
    .argument('[paths...]', 'files, folders or globs; the current folder when absent')
    .addOption(
      choice('--format <format>', `one of ${GRAPH_FORMATS.join(', ')}`, GRAPH_FORMATS).default(
        'mermaid',
      ),
    )
    .option('--config <file>', 'the policy file')
    .option('--isolated', 'look at nothing but the paths')
    .action(async (paths: readonly string[], flags: GraphFlags) =>
      finish(await showGraph(paths, flags)),
    );
}
