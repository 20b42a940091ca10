/** The templates of a chart and its subcharts, rendered one after the other. */
import type { ParsedTemplate } from './ast.ts';
import { builtins } from './builtins/index.ts';
import { definitionsOf } from './definitions.ts';
import { Evaluator, type Limits } from './evaluate.ts';
import { without } from './text.ts';
import { BudgetSpent, type Operand, type TemplateFunction, type Text } from './value.ts';

/** The largest public charts need less than a tenth of it. */
const LIMITS: Limits = { steps: 5_000_000, output: 64 * 1024 * 1024, includes: 1000 };

export { inHelmOrder } from './definitions.ts';

export interface Templates {
  /** Of the chart and all its subcharts, in any order. */
  readonly templates: readonly ParsedTemplate[];
  /** Besides those of text/template. */
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly limits?: Limits;
}

/** Renders the templates of one chart with its subcharts. All renderings of one engine share its budget. */
export class Engine {
  private readonly evaluator: Evaluator;

  constructor({ templates, functions, limits = LIMITS }: Templates) {
    const all = new Map([...builtins, ...functions]);
    this.evaluator = new Evaluator(definitionsOf(templates), all, limits);
  }

  /**
   * What the template `name` writes with `dot`.
   * Throws `TemplateError` where Helm stops with an error, `BudgetSpent` when a limit is reached.
   */
  render(name: string, dot: Operand): Text {
    try {
      return without(this.evaluator.execute(name, dot), '<no value>');
    } catch (error) {
      // The stack and the length of strings have their own bounds.
      if (error instanceof RangeError) throw new BudgetSpent(error.message);
      throw error;
    }
  }
}
