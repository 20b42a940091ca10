/** Helm's functions that run templates. */
import { Chosen, type Functions, fixed } from '../functions/signature.ts';

export const templates: Functions = {
  include: fixed(
    ['string', 'raw'],
    ([name], { operands: [, dot], calling }) =>
      new Chosen(calling.include(name, dot ?? { value: null, from: [] })),
  ),
  tpl: fixed(
    ['text', 'raw'],
    ([text], { operands: [, dot], calling }) =>
      new Chosen(calling.tpl(text, dot ?? { value: null, from: [] })),
  ),
};
