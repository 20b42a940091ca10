/** Functions that call back into the engine, or end it. */
import { type GoValue, type Operand, TemplateError, Text, Unknown } from '../value.ts';
import { Chosen, type Functions, fixed } from './signature.ts';

/** Whether `required` takes a value for a missing one. */
function isMissing(value: GoValue): boolean {
  if (value === null) return true;
  return value instanceof Text && value.value === '' && value.unknown === undefined;
}

export const flow: Functions = {
  include: fixed(['string', 'raw'], ([name], { operands: [, dot], calling }) =>
    dot === undefined ? null : new Chosen(calling.include(name, dot)),
  ),
  tpl: fixed(['text', 'raw'], ([text], { operands: [, dot], calling }) =>
    dot === undefined ? null : new Chosen(calling.tpl(text, dot)),
  ),
  /** A chart that asks for a value cannot be rendered without it; only the value is unknown here. */
  required: fixed(['text', 'raw'], ([message, value], { operands: [, given], from }) => {
    if (given === undefined || !isMissing(value)) return new Chosen(given ?? nothing);
    return new Chosen({ value: new Unknown(`a required value: ${message.value}`, true), from });
  }),
  fail: fixed(['text'], ([message]) => {
    throw new TemplateError(`execution error: ${message.value}`);
  }),
  /** Without a cluster there is nothing to find. */
  lookup: fixed(['text', 'text', 'text', 'text'], () => new Map()),
  getHostByName: fixed(['text'], () => ''),
  hello: fixed([], () => 'Hello!'),
};

const nothing: Operand = { value: null, from: [] };
