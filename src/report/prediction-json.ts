/** Predictions for programs; docs/prediction.md describes them. */
import type { Location } from '../location.ts';
import type { Injection, Judgement, Predictions } from '../prediction.ts';
import { serialise } from './escape.ts';

/** Grows when a field is renamed, removed or changes its meaning; new fields do not change it. */
const SCHEMA_VERSION = 1;

function location({ path, line, column, endLine, endColumn }: Location) {
  return { path, line, column, endLine, endColumn };
}

function judgement({ verdict, why, reasons }: Judgement) {
  return {
    verdict,
    ...(why === undefined ? {} : { why }),
    reasons: reasons.map(({ state, says, at, property, runbook, fix, rules = [] }) => ({
      state,
      says,
      location: location(at),
      property,
      runbook,
      ...(fix === '' ? {} : { fix }),
      rules,
    })),
  };
}

/** JSON knows no Infinity: what never ends has no `lasts`. */
function injection({ at: _, lasts, ...numbers }: Injection) {
  return { ...numbers, ...(lasts === undefined || !Number.isFinite(lasts) ? {} : { lasts }) };
}

/** Predictions as JSON. */
export function predictionJson({ matrix, experiments }: Predictions): string {
  return serialise({
    schemaVersion: SCHEMA_VERSION,
    predictions: matrix.map(({ victim, fault, injection: numbers, ...rest }) => ({
      workload: { label: victim.label, identity: victim.identity, context: victim.context },
      location: location(victim.at),
      fault,
      injection: injection(numbers),
      ...judgement(rest),
    })),
    experiments: experiments.map(
      ({ label, identity, context, at, injects, injection: numbers, victims, feels, ...rest }) => ({
        label,
        identity,
        context,
        location: location(at),
        injects,
        injection: injection(numbers),
        victims,
        feels,
        ...judgement(rest),
      }),
    ),
  });
}
