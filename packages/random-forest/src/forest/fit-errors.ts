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
