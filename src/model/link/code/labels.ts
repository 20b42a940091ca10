/** A callee as it is written. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Use } from './uses.ts';

/** The callee as written: `fetch`, `this.http.get`. */
export function labelOf({ site, form, value }: Use): string {
  const fact = site.file.calls[site.call];
  const name = (fact && spellExpression(site.file, fact.callee)) ?? value.name;
  return form === 'new' ? `new ${name}` : name;
}

function spellExpression(file: CodeFacts, expression: number, depth = 0): string | undefined {
  const fact = depth > 24 ? undefined : file.expressions[expression];
  switch (fact?.is) {
    case 'binding':
      return file.bindings[fact.binding]?.name;
    case 'global':
      return fact.name;
    case 'this':
    case 'super':
      return fact.is;
    case 'cast':
    case 'await':
      return spellExpression(file, fact.of, depth + 1);
    case 'member': {
      const of = spellExpression(file, fact.of, depth + 1);
      return of === undefined ? undefined : `${of}.${fact.name}`;
    }
    case 'call': {
      const call = file.calls[fact.call];
      const callee = call && spellExpression(file, call.callee, depth + 1);
      return callee === undefined ? undefined : `${callee}()`;
    }
    default:
      return undefined;
  }
}
