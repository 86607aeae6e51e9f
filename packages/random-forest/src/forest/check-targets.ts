/** Numbers to be learned must leave room for sums of their squares. */
const fitErrors = () => import('./fit-errors.ts');

const [least, most] = [1e-100, 1e100];

/** @throws DATA  where the largest target is so large that squares overflow, or so small that they vanish */
export async function checkTargets(targets: ArrayLike<number>): Promise<void> {
  let [largest, row] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    const size = Math.abs(targets[i] as number);
    if (size > largest) [largest, row] = [size, i];
  }
  if (largest > 0 && !(largest >= least && largest <= most))
    throw (await fitErrors()).outsize(least, most, targets[row], row);
}
