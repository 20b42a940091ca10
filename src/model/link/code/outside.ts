/** Objects that code outside of their file or class changes: `options.timeout = 5` on an import, `api.options.timeout = 5`. */
import type { CodeFacts, ExpressionIndex } from '../../../code-facts.ts';
import { each } from './abstract.ts';
import { bare, holderOfBinding, holderOfField, writtenHolder } from './changes.ts';
import { declarationOf, exportedAs } from './declarations.ts';
import type { Evaluator } from './evaluate.ts';
import type { Program } from './program.ts';

/** Holders with the path of their file. */
export function outsideChanges(program: Program, evaluator: Evaluator): ReadonlySet<string> {
  const found = new Set<string>();
  const fields = new Set<string>();
  for (const { facts } of program.files.values())
    for (const cls of facts.classes) for (const { name } of cls.fields) fields.add(name);

  /** The fields of classes that a member of something may be. Those of `this` are known in their file. */
  function fieldsOf(
    file: CodeFacts,
    of: ExpressionIndex,
    name: string,
  ): { readonly path: string; readonly holder: string }[] {
    if (!fields.has(name) || file.expressions[bare(file, of)]?.is === 'this') return [];
    return each(evaluator.value(file, of)).flatMap((owner) =>
      owner.is === 'instance' || owner.is === 'class'
        ? [{ path: owner.file.path, holder: holderOfField(owner.cls, name) }]
        : [],
    );
  }

  /** What an object is an entry of, when that is declared elsewhere. */
  function mark(file: CodeFacts, expression: ExpressionIndex): void {
    const fact = file.expressions[bare(file, expression)];
    if (fact?.is === 'index') mark(file, fact.of);
    if (fact?.is === 'binding') {
      if (file.bindings[fact.binding]?.from === undefined) return;
      const declared = declarationOf(program, file, fact.binding);
      if (declared !== undefined)
        found.add(`${declared.file.path} ${holderOfBinding(declared.binding)}`);
    }
    if (fact?.is !== 'member') return;
    const of = file.expressions[bare(file, fact.of)];
    const from = of?.is === 'binding' ? file.bindings[of.binding]?.from : undefined;
    if (from?.imported === '*') {
      const declared = exportedAs(program, file, from.import, fact.name);
      if (declared !== undefined)
        found.add(`${declared.file.path} ${holderOfBinding(declared.binding)}`);
    } else
      for (const { path, holder } of fieldsOf(file, fact.of, fact.name))
        found.add(`${path} ${holder}`);
    mark(file, fact.of);
  }

  for (const { facts: file } of program.files.values()) {
    for (const { target } of file.writes) {
      const fact = file.expressions[target];
      if (fact?.is === 'member' || fact?.is === 'index') mark(file, fact.of);
      // `api.timeout = 5_000`
      if (fact?.is === 'member')
        for (const field of fieldsOf(file, fact.of, fact.name))
          found.add(`${field.path} ${writtenHolder(field.holder)}`);
    }
    for (const call of file.calls) {
      const callee = file.expressions[call.callee];
      const [first] = call.arguments;
      if (callee?.is === 'member' && callee.name === 'assign' && typeof first === 'number')
        mark(file, first);
    }
    for (const [binding, fact] of file.bindings.entries()) {
      if (fact.from === undefined || !evaluator.changedIn(file, binding)) continue;
      const declared = declarationOf(program, file, binding);
      if (declared !== undefined)
        found.add(`${declared.file.path} ${holderOfBinding(declared.binding)}`);
    }
  }
  return found;
}
