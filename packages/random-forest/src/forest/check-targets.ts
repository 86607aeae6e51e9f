/** Numbers to be learned must leave room for sums of their squares. */
import { DendriteError } from '@dendrite/spec';

const [least, most] = [1e-100, 1e100];

/** @throws DATA  where the largest target is so large that squares overflow, or so small that they vanish */
export function checkTargets(targets: ArrayLike<number>): void {
  let [largest, row] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    const size = Math.abs(targets[i] as number);
    if (size > largest) [largest, row] = [size, i];
  }
  if (largest > 0 && !(largest >= least && largest <= most))
    throw new DendriteError(
      'DATA',
      `fit(): the largest target must be 0 or from ${least} to ${most} in size, got ${targets[row]} in row ${row}. Divide the targets by a number.`,
    );
}
