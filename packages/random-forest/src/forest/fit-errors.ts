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
