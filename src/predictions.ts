/** Predictions with the rules that found what they rest on: a rule says which properties it bears on, never which fault. */
import type { Finding } from './finding.ts';
import type { Model } from './model/model.ts';
import { predictionsOf } from './model/predict/index.ts';
import type { Together } from './model/whole.ts';
import type { FaultProperty, Judgement, Predictions, Reason, Thresholds } from './prediction.ts';
import type { AnyRule } from './rule.ts';

/** What a prediction needs besides the models. */
interface Grounds {
  readonly thresholds: Thresholds;
  readonly findings: readonly Finding[];
  readonly rules: readonly AnyRule[];
  readonly selects: (path: string) => boolean;
}

/** The predictions of a run about what was asked for. */
export function predictions(
  model: Model,
  together: Together | undefined,
  { thresholds, findings, rules, selects }: Grounds,
): Predictions {
  const bearing = new Map<string, ReadonlySet<FaultProperty>>(
    rules.map(({ id, bearsOn }) => [id, new Set(bearsOn)]),
  );
  const byIdentity = new Map<string, Finding[]>();
  for (const finding of findings) {
    const [identity = ''] = finding.identity.split('\n');
    const list = byIdentity.get(identity);
    if (list === undefined) byIdentity.set(identity, [finding]);
    else list.push(finding);
  }
  const withRules = (reason: Reason): Reason => {
    const found = reason.about
      .flatMap((identity) => byIdentity.get(identity) ?? [])
      .filter(({ rule }) => bearing.get(rule)?.has(reason.property));
    const ids = [...new Set(found.map(({ rule }) => rule))].sort();
    return ids.length === 0 || reason.state === 'holds' ? reason : { ...reason, rules: ids };
  };
  const told = <J extends Judgement>(judgement: J): J => ({
    ...judgement,
    reasons: judgement.reasons.map(withRules),
  });
  const all = predictionsOf(model, together, thresholds);
  return {
    matrix: all.matrix.filter(({ victim }) => selects(victim.at.path)).map(told),
    experiments: all.experiments.filter(({ at }) => selects(at.path)).map(told),
  };
}
