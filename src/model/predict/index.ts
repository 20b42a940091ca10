/** Predictions of a run: the matrix, and the experiments of the repository. */
import type { ExperimentPrediction, Predictions, Thresholds } from '../../prediction.ts';
import type { Experiment, Model, Subject } from '../model.ts';
import type { Together } from '../whole.ts';
import { experimentPrediction } from './experiments.ts';
import { matrixOf } from './predict.ts';
import { worldOf } from './world.ts';

/** Every workload with every fault, and what the experiments will show. */
export function predictionsOf(
  model: Model,
  together: Together | undefined,
  thresholds: Thresholds,
): Predictions {
  const world = worldOf(model, together, thresholds);
  return {
    matrix: matrixOf(world),
    experiments: model.experiments.map((experiment) => experimentPrediction(experiment, world)),
  };
}

/** Experiments with what they will show, as subjects of rules. */
export function predictedExperiments(
  model: Model,
  together: Together | undefined,
  thresholds: Thresholds,
): readonly (Subject & ExperimentSubject)[] {
  if (model.experiments.length === 0) return [];
  const world = worldOf(model, together, thresholds);
  return model.experiments.map((experiment) => {
    const { verdict, reasons, injects } = experimentPrediction(experiment, world);
    const { context, identity, label, at, annotations } = experiment;
    return { context, identity, label, at, annotations, experiment, verdict, reasons, injects };
  });
}

type ExperimentSubject = Pick<ExperimentPrediction, 'verdict' | 'reasons' | 'injects'> & {
  readonly experiment: Experiment;
};
