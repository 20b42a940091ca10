/** What the parts of the evaluation ask of each other. */
import type { CodeFacts, ExpressionIndex } from '../../../code-facts.ts';
import type { Why } from '../../code.ts';
import type {
  Abstract,
  Argument,
  CallSite,
  Frame,
  FunctionValue,
  Property,
  Site,
  TypeIn,
} from './abstract.ts';
import type { Surface } from './surface.ts';

/** Says what expressions stand for. */
export interface Evaluation {
  readonly surface: Surface;
  /** Grows whenever what is found depends on a parameter, so far as that is a symbol. */
  readonly parameterReads: number;
  /** Says so of what was found before. */
  noteParameter(): void;
  value(file: CodeFacts, expression: ExpressionIndex, frame?: Frame): Abstract;
  binding(file: CodeFacts, index: number, at: Site, frame?: Frame): Abstract;
  member(value: Abstract, name: string, at: Site): Abstract;
  callee(site: CallSite): Abstract;
  /** The arguments; `unknown` when a spread makes their positions uncertain. */
  argumentValues(site: CallSite): readonly Abstract[] | 'unknown';
  /** A function with these arguments: what it returns. */
  returned(callee: Abstract & FunctionValue, args: readonly Argument[], at: Site): Abstract;
  /** The value that stands behind an annotation. */
  ofType(type: TypeIn, why: Why, at: Site): Abstract | undefined;
  /** What `{ ...before, ...value }` holds. */
  spread(
    before: ReadonlyMap<string, Property>,
    value: Abstract,
  ): { entries: Map<string, Property>; open?: Why; openFrom?: string };
}
