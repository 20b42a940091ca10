/** What containers give to constructors and fields. */
import type { ClassIndex, CodeFacts, FieldFact, FunctionIndex } from '../../../code-facts.ts';
import type { Abstract, LibraryInUse, Site } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Layer } from './options.ts';

export interface Injections {
  /** What a parameter of a constructor gets; undefined when no container decides. */
  parameter(
    file: CodeFacts,
    fn: FunctionIndex,
    index: number,
    evaluator: Evaluator,
    at: Site,
  ): Abstract | undefined;
  field(
    file: CodeFacts,
    cls: ClassIndex,
    field: FieldFact,
    evaluator: Evaluator,
    at: Site,
  ): Abstract | undefined;
}

/** A client that a container makes. */
export interface InjectedClient {
  readonly library: LibraryInUse;
  readonly profile: string;
  /** It is the process-wide one: what is set for the process holds. */
  readonly processWide: boolean;
  /** The library whose process-wide options hold, when it is another. */
  readonly layerLibrary?: LibraryInUse;
  readonly layers: readonly Layer[];
  readonly at: Site;
  readonly label: string;
}
