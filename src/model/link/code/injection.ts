/** What containers give to constructors and fields. */
import type { ClassIndex, CodeFacts, FieldFact, FunctionIndex } from '../../../code-facts.ts';
import type { Abstract, Site } from './abstract.ts';
import type { Evaluation } from './evaluation.ts';

export interface Injections {
  /** What a parameter of a constructor gets; undefined when no container decides. */
  parameter(
    file: CodeFacts,
    fn: FunctionIndex,
    index: number,
    evaluator: Evaluation,
    at: Site,
  ): Abstract | undefined;
  field(
    file: CodeFacts,
    cls: ClassIndex,
    field: FieldFact,
    evaluator: Evaluation,
    at: Site,
  ): Abstract | undefined;
}
