/** The code part of the model from the facts of all files: each step is a file of this folder, in the order of this one. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Library } from '../../../library.ts';
import type { CodeModel } from '../../code.ts';
import { Containers } from './containers.ts';
import { Evaluator } from './evaluate.ts';
import { type Census, Options } from './options.ts';
import { outboundOf } from './outbound.ts';
import { type Project, packagesOf } from './packages.ts';
import { programOf } from './program.ts';
import { specifiersOf } from './specifiers.ts';
import { surfaceOf } from './surface.ts';
import { usesOf } from './uses.ts';

export type { Census } from './options.ts';
export type { Project } from './packages.ts';

export interface CodeLinkSettings {
  /** Without it, an open option bag stays unknown. */
  readonly census?: Census;
}

/** Joins the facts of all code files with the project and what libraries do. Pure; the order of the files does not matter. */
export function linkCode(
  code: readonly CodeFacts[],
  project: Project,
  libraries: readonly Library[],
  settings: CodeLinkSettings = {},
): CodeModel {
  const packages = packagesOf(project);
  const specifiers = specifiersOf(new Set(code.map(({ path }) => path)), packages, project);
  const program = programOf(code, packages, specifiers);
  const evaluator = new Evaluator(program, surfaceOf(libraries, packages));
  const containers = new Containers(
    program,
    libraries.flatMap(({ name, injects }) =>
      (injects ?? []).map((injection) => ({ library: name, injection })),
    ),
  );
  evaluator.injections = containers;
  const options = new Options(evaluator, settings.census);
  const uses = usesOf(program, evaluator);
  const outbound = outboundOf(evaluator, options, uses, containers.clients);
  const clients = outbound.clients.map((draft) => ({
    ...outbound.clientJudged(draft),
    identity: draft.key,
    calls: [],
    callsComplete: false,
    closes: [],
  }));
  return {
    applications: [],
    clients,
    calls: outbound.calls.map(({ call }) => ({
      ...call,
      identity: call.label,
      paths: [],
      truncated: false,
      application: '',
    })),
    servers: [],
    undecided: [],
    entryPoints: [],
    files: [],
    quality: {
      imports: { of: 0, resolved: 0 },
      callEdges: { of: 0, resolved: 0 },
      decidedCalls: { of: 0, resolved: 0 },
    },
  };
}
