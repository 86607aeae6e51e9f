/** What is said of a fit that cannot be: loaded when it has to be said. */
import { DendriteError } from '@dendrite/spec';

export const manyClasses = (most: number, classes: number): DendriteError =>
  new DendriteError(
    'DATA',
    `fit(): a forest must have at most ${most} classes, got ${classes}. Is the target a number?`,
  );
export const fewTrees = (before: number, asked: number): DendriteError =>
  new DendriteError(
    'OPTION',
    `fit(): trees must be at least what the model to go on from has, ${before}, got ${asked}. Ask for more trees.`,
  );
export const noWasm = (cause: unknown): DendriteError =>
  new DendriteError(
    'BACKEND',
    "fit(): engine 'wasm' must have WebAssembly with SIMD and leave to compile it, got none here. Allow 'wasm-unsafe-eval' in the page's policy, or use engine: 'auto'.",
    { cause },
  );
/** Targets whose squares overflow or vanish. */
export const outsize = (least: number, most: number, target: number | undefined, row: number): DendriteError =>
  new DendriteError(
    'DATA',
    `fit(): the largest target must be 0 or from ${least} to ${most} in size, got ${target} in row ${row}. Divide the targets by a number.`,
  );

// Numbers to be learned must leave room for sums of their squares.
const [least, most] = [1e-100, 1e100];

/**
 * Gives whether all are alike.
 * @throws DATA  where the largest target is so large that squares overflow, or so small that they vanish
 */
export function checkTargets(targets: ArrayLike<number>): boolean {
  let [largest, row, alike] = [0, 0, true];
  for (let i = 0; i < targets.length; i++) {
    const size = Math.abs(targets[i] as number);
    if (size > largest) [largest, row] = [size, i];
    alike &&= targets[i] === targets[0];
  }
  if (largest > 0 && !(largest >= least && largest <= most)) throw outsize(least, most, targets[row], row);
  return alike;
}
