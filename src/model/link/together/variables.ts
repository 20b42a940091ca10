/** The value that a variable of the environment has in a container, as far as it can be told. */
import { type Location, locate } from '../../../location.ts';
import type { DockerfileFacts, EnvironmentFacts, Stage } from '../../../project-facts.ts';
import { absent, known, unknown } from '../../derive/values.ts';
import type { Container } from '../../model.ts';
import type { StartStep } from '../../together.ts';
import type { Value } from '../../value.ts';

/** Everything that may set a variable. */
export interface Setters {
  readonly container: Container;
  /** Absent: nobody knows what the image sets. */
  readonly image?: { readonly facts: DockerfileFacts; readonly stages: readonly Stage[] };
  readonly steps: readonly StartStep[];
  /** Files of variables that the program may load by itself. */
  readonly loaded: readonly EnvironmentFacts[];
}

/** Absent: nothing sets it, so the default of the code holds. */
export function variableOf(name: string, setters: Setters): Value<string> {
  const { container, image, steps, loaded } = setters;
  const { variables, complete } = container.environment;
  const assigned = new RegExp(`(?:^|[\\s"'])${name}=`);
  if (steps.some((step) => step.is === 'shell' && assigned.test(step.text)))
    return unknown('the command sets it', container.at);
  const own = variables.get(name);
  if (own !== undefined) return own.value;
  if (!complete)
    return unknown('a Secret or a ConfigMap that is not here may set it', container.at);
  if (image === undefined) return unknown('the image may set it', container.at);
  const fromImage = imageVariable(name, image.facts, image.stages);
  if (fromImage !== undefined) return fromImage;
  const file = loaded.find((facts) => facts.variables.some((one) => one.name === name));
  if (file !== undefined) return unknown(`${file.path} may be in the image`, container.at);
  return absent(container.at);
}

function imageVariable(
  name: string,
  facts: DockerfileFacts,
  stages: readonly Stage[],
): Value<string> | undefined {
  let found: { readonly value: string; readonly at: Location } | undefined;
  for (const { steps } of stages)
    for (const step of steps)
      if (step.is === 'env')
        for (const one of step.variables)
          if (one.name === name) found = { value: one.value, at: locate(facts, one.range) };
  if (found === undefined) return undefined;
  return found.value.includes('$')
    ? unknown('an argument of the build decides', found.at)
    : known(found.value, found.at);
}
