/** The functions of text/template itself; `and` and `or` are part of the language. */
import type { TemplateFunction } from '../value.ts';
import { comparing } from './compare.ts';
import { items } from './items.ts';
import { printing } from './print.ts';

export const builtins: ReadonlyMap<string, TemplateFunction> = new Map(
  [items, comparing, printing].flatMap((functions) => Object.entries(functions)),
);
