/** Step scalars of many steps: behind one another in one buffer. */
import { type Buffer, DendriteError, type StepNumbers } from '@dendrite/spec';
import { areNamed, checkNumber, type PackedScalars, packed } from './packed-scalars.ts';

/** Writes those from the step numbered `first` on; undefined where there are none. @throws OPTION  also where a step has other names */
export function writeMany(scalars: PackedScalars, steps: readonly StepNumbers[], first: number): Buffer | undefined {
  const { names } = scalars;
  const words = (steps.length - first) * names.length;
  let { many } = scalars;
  if (many?.spec.size !== words) {
    scalars.letGo(many);
    many = packed(words);
    scalars.many = many;
  }
  for (let i = first; i < steps.length; i++) {
    const numbers = steps[i] as StepNumbers;
    if (!scalars.has(numbers)) throw unlike(numbers, i, names);
    scalars.pack(numbers, many, (i - first) * names.length);
  }
  return words === 0 ? undefined : scalars.send(many);
}

/**
 * Numbers of many steps, before the first of them runs and takes the state.
 * @throws OPTION  where a step has other names, or something that is no number
 */
export function checkSteps(steps: readonly StepNumbers[], integers: ReadonlySet<string>): void {
  const names = Object.keys(steps[0] ?? {});
  for (let i = 0; i < steps.length; i++) {
    const numbers = steps[i];
    if (numbers === undefined || !areNamed(numbers, names)) throw unlike(numbers, i, names);
    for (const name of names) checkNumber(name, numbers[name], integers.has(name));
  }
}

const unlike = (numbers: StepNumbers | undefined, step: number, names: readonly string[]): DendriteError =>
  new DendriteError(
    'OPTION',
    `scan(): all steps must have the same scalars in the same order, got ${Object.keys(numbers ?? {}).join(', ') || 'none'} at step ${step} and ${names.join(', ') || 'none'} before. Give each step all of them.`,
  );
