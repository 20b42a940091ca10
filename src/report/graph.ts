/** The service graph as people and programs read it: Mermaid, Graphviz, JSON. */
import type { Location } from '../location.ts';
import { printable, serialise } from './escape.ts';

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  readonly id: string;
  readonly label: string;
  readonly kind: 'workload' | 'store' | 'entrance' | 'outside';
  /** Name of the context; '' when there is only one. */
  readonly context: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly service?: string;
  readonly port?: number;
  /** Milliseconds that the caller waits at most; null: for ever; absent: nobody can tell. */
  readonly timeout?: number | null;
  /** Tries of one request, those of proxies included; null: until it works; absent: nobody can tell. */
  readonly tries?: number | null;
  readonly evidence: readonly { readonly says: string; readonly at: Location }[];
  /** On calls of this edge. */
  readonly findings: readonly {
    readonly rule: string;
    readonly level: string;
    readonly at: Location;
  }[];
}

export const GRAPH_FORMATS = ['mermaid', 'dot', 'json'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** The graph as text that ends with a line end. */
export function drawn(graph: DrawnGraph, format: GraphFormat): string {
  if (format === 'json') return serialise(asJson(graph));
  return format === 'dot' ? dot(graph) : mermaid(graph);
}

function asJson({ nodes, edges }: DrawnGraph): unknown {
  const place = ({ path, line, column }: Location) => ({ path, line, column });
  return {
    nodes,
    edges: edges.map(({ evidence, findings, ...edge }) => ({
      ...edge,
      evidence: evidence.map(({ says, at }) => ({ says, at: place(at) })),
      findings: findings.map(({ at, ...one }) => ({ ...one, at: place(at) })),
    })),
  };
}

/** What stands on an edge: `timeout 3 s, 3 tries, 1 finding`. */
function words({ port, timeout, tries, findings }: DrawnEdge): string {
  return [
    ...(port === undefined ? [] : [`:${port}`]),
    ...(timeout === undefined
      ? []
      : [timeout === null ? 'no timeout' : `timeout ${timeout / 1000} s`]),
    ...(tries === undefined || tries === 1 ? [] : [`${tries ?? 'endless'} tries`]),
    ...[...new Set(findings.map(({ rule }) => rule))],
  ].join(', ');
}

/** Ids that are words in every format. */
function idsOf({ nodes }: DrawnGraph): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
}

/** Text within quotes of Mermaid: entities instead of what ends it. */
function entities(text: string): string {
  return text.replace(/[^\w .,:;/()\-'*@+]/g, (sign) => `#${sign.codePointAt(0)};`);
}

const MERMAID_SHAPES: Readonly<Record<DrawnNode['kind'], readonly [string, string]>> = {
  workload: ['[', ']'],
  store: ['[(', ')]'],
  entrance: ['([', '])'],
  outside: ['{{', '}}'],
};

function mermaid(graph: DrawnGraph): string {
  const ids = idsOf(graph);
  const lines = ['flowchart LR'];
  const contexts = [...new Set(graph.nodes.map(({ context }) => context))];
  for (const [index, context] of contexts.entries()) {
    const indent = context === '' ? '  ' : '    ';
    if (context !== '') lines.push(`  subgraph c${index + 1}["${entities(context)}"]`);
    for (const { id, label, kind, context: own } of graph.nodes) {
      const [open, close] = MERMAID_SHAPES[kind];
      if (own === context) lines.push(`${indent}${ids.get(id)}${open}"${entities(label)}"${close}`);
    }
    if (context !== '') lines.push('  end');
  }
  for (const edge of graph.edges) {
    const text = words(edge);
    const arrow = edge.findings.length > 0 ? '==>' : '-->';
    lines.push(
      `  ${ids.get(edge.from)} ${arrow}${text === '' ? '' : `|"${entities(text)}"|`} ${ids.get(edge.to)}`,
    );
  }
  return `${lines.map(printable).join('\n')}\n`;
}

const DOT_SHAPES: Readonly<Record<DrawnNode['kind'], string>> = {
  workload: 'box',
  store: 'cylinder',
  entrance: 'oval',
  outside: 'hexagon',
};

function dot(graph: DrawnGraph): string {
  const ids = idsOf(graph);
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', ' ')}"`;
  const lines = ['digraph services {', '  rankdir=LR;'];
  for (const { id, label, kind, context } of graph.nodes) {
    const name = context === '' ? label : `${label} (${context})`;
    lines.push(`  ${ids.get(id)} [label=${quoted(name)}, shape=${DOT_SHAPES[kind]}];`);
  }
  for (const edge of graph.edges) {
    const style = edge.findings.length > 0 ? ', color=red' : '';
    lines.push(
      `  ${ids.get(edge.from)} -> ${ids.get(edge.to)} [label=${quoted(words(edge))}${style}];`,
    );
  }
  return `${lines.map(printable).join('\n')}\n}\n`;
}
