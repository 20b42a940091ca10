import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '../src/extract/helm/engine.ts';
import { functions } from '../src/extract/helm/functions/index.ts';
import { parseTemplate } from '../src/extract/helm/parse.ts';
import { textOf } from '../src/extract/helm/text.ts';
import {
  BudgetSpent,
  type GoValue,
  type Operand,
  type Piece,
  TemplateError,
  type Text,
  Unknown,
} from '../src/extract/helm/value.ts';

/** One value of values.yaml: what it is, or that nobody can tell it. */
type Given = string | number | boolean | null | readonly string[] | Unknown;

function operandOf(given: Given): Operand {
  const from = [] as const;
  if (typeof given === 'string') return { value: textOf(given), from };
  if (Array.isArray(given)) return { value: given.map(operandOf), from };
  return { value: given as GoValue, from };
}

function render(template: string, values: Readonly<Record<string, Given>>): Text {
  const dot = new Map(Object.entries(values).map(([name, value]) => [name, operandOf(value)]));
  const templates = [parseTemplate({ path: 'orders.yaml', text: template })];
  return new Engine({ templates, functions }).render('orders.yaml', { value: dot, from: [] });
}

/** Whether `written` is what the pieces say, with anything in the place of those that are unknown. */
function allows(pieces: readonly Piece[], written: string): boolean {
  const known: string[] = [''];
  for (const { text, unknown } of pieces)
    if (unknown === undefined) known[known.length - 1] += text;
    else known.push('');
  const [first = '', ...others] = known;
  const last = others.pop();
  if (last === undefined) return written === first;
  if (!written.startsWith(first)) return false;
  let at = first.length;
  for (const text of others) {
    const found = written.indexOf(text, at);
    if (found === -1) return false;
    at = found + text.length;
  }
  return written.length - last.length >= at && written.endsWith(last);
}

const NAMES = ['a', 'b', 'c'] as const;

const given: fc.Arbitrary<Given> = fc.oneof(
  fc.constantFrom<Given>('', 'x', 'y', 'xy', 0, 1, true, false, null),
  fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
);

/** An expression over values, variables and dot; few of them end in an error. `quote` leaves nil out: an unknown value is none. */
const expression: fc.Arbitrary<string> = fc.letrec<{ readonly any: string }>((tie) => {
  const two = fc.tuple(tie('any'), tie('any'));
  return {
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('$.a', '$.b', '$.c', '$v', '$w', '.', '"x"', '1', '$d.k', '$d.m'),
      fc
        .tuple(fc.constantFrom('and', 'or', 'default', 'print', 'list', 'coalesce'), two)
        .map(([name, [one, other]]) => `(${name} ${one} ${other})`),
      fc
        .tuple(fc.constantFrom('eq', 'ne', 'lt', 'contains'), two)
        .map(([name, [one, other]]) => `(${name} (toString ${one}) (toString ${other}))`),
      fc
        .tuple(fc.constantFrom('not', 'toString', 'empty', 'toJson'), tie('any'))
        .map(([name, one]) => `(${name} ${one})`),
      tie('any').map((one) => `(len (toString ${one}))`),
      fc
        .tuple(two, tie('any'))
        .map(([[one, other], condition]) => `(ternary ${one} ${other} (not ${condition}))`),
      two.map(([one, other]) => `(printf "%v-%v" ${one} ${other})`),
      tie('any').map((one) => `(dict "k" ${one}).k`),
      tie('any').map((one) => `(include "part" ${one})`),
      fc.constant('(hasKey $d "k")'),
    ),
  };
}).any;

/** What `range` takes. */
const many = fc.oneof(
  fc.constantFrom('$.a', '$.b', '$.c'),
  fc.tuple(expression, expression).map(([one, two]) => `(list ${one} ${two})`),
  expression.map((value) => `(splitList "" (toString ${value}))`),
);

/** What stands in a template; `loop`: whether it may leave one. */
const body = (loop: boolean): fc.Arbitrary<string> => {
  const { any } = fc.letrec<{ readonly any: string; readonly one: string }>((tie) => ({
    any: fc.array(tie('one'), { maxLength: 4 }).map((parts) => parts.join('')),
    one: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('<', '>', '\n', ...(loop ? ['{{ break }}', '{{ continue }}'] : [])),
      expression.map((value) => `{{ ${value} }}`),
      expression.map((value) => `{{ $v = ${value} }}`),
      expression.map((value) => `{{ $w := ${value} }}{{ $w }}`),
      fc
        .tuple(fc.constantFrom('k', 'm'), expression)
        .map(([key, value]) => `{{ $_ := set $d "${key}" ${value} }}`),
      fc.constant('{{ $_ := unset $d "k" }}'),
      expression.map((value) => `{{ if ${value} }}{{ fail "no" }}{{ end }}`),
      fc
        .tuple(fc.constantFrom('if', 'with'), expression, tie('any'), tie('any'))
        .map(([word, value, one, two]) => `{{ ${word} ${value} }}${one}{{ else }}${two}{{ end }}`),
      fc
        .tuple(expression, tie('any'), expression, tie('any'))
        .map(([a, one, b, two]) => `{{ if ${a} }}${one}{{ else if ${b} }}${two}{{ end }}`),
    ),
  }));
  return any;
};

const template = fc
  .array(
    fc.oneof(
      body(false),
      fc
        .tuple(many, body(true), body(false))
        .map(([over, one, two]) => `{{ range ${over} }}${one}{{ else }}${two}{{ end }}`),
      fc
        .tuple(many, body(true))
        .map(([over, one]) => `{{ range $i, $w := ${over} }}${one}{{ end }}`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(
    (parts) =>
      `{{ define "part" }}[{{ . }}]{{ end }}{{ $v := 1 }}{{ $w := 2 }}{{ $d := dict "k" "x" "m" "y" }}${parts.join('|')}|{{ $v }}{{ $d.k }}{{ $d.m }}`,
  );

test('whatever a value that nobody can tell is, the text is one of those that it may be', () => {
  fc.assert(
    fc.property(
      template,
      fc.tuple(given, given, given),
      fc.constantFrom(...NAMES),
      (text, [a, b, c], name) => {
        const values = { a, b, c };
        let written: string;
        try {
          written = render(text, values).value;
        } catch (error) {
          assert.ok(error instanceof TemplateError || error instanceof BudgetSpent);
          return;
        }
        const told = render(text, { ...values, [name]: new Unknown('nobody gives it') });
        assert.ok(
          allows(told.pieces, written),
          `${JSON.stringify(written)} is not ${JSON.stringify(told.pieces.map((piece) => piece.unknown ?? [piece.text]))}`,
        );
      },
    ),
    { numRuns: 300 },
  );
});
