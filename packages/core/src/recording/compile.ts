/** Steps that are recorded when they first run, and cost little from then on. */
import type { StepNumbers, StepScalars, Tree } from '@dendrite/spec';
import { CompiledStep, compiledSteps } from './compiled-step.ts';
import type { Answer } from './run-body.ts';

/** What a step computes: state and a batch in, the next state and something to look at out. */
export type Step<State extends Tree, Batch extends Tree, Out extends Tree> = (
  state: State,
  batch: Batch,
  scalars: StepScalars,
) => { readonly state: State; readonly out: Out };

export interface CompileOptions {
  /**
   * true: once a second run has agreed with the recording, the step's code runs no more. Tensors and numbers from outside are
   * constants then, so its control flow must depend on shapes alone. Default false: the code always runs and is compared.
   */
  readonly replay?: boolean;
  /** Names of the step scalars that are whole numbers: int32 tensors, a random counter for example. All others are float32. */
  readonly integers?: readonly string[];
}

export interface StepStatus {
  /** How the last call ran. */
  readonly mode: 'eager' | 'checked' | 'replay';
  /** Why no better, for people. */
  readonly reason?: string;
  /** Combinations of shapes that have a recording; four at most: one that 32 calls did without makes room for another. */
  readonly signatures: number;
  /** Device memory that recordings hold. */
  readonly bytes: number;
}

export interface Compiled<State extends Tree, Batch extends Tree, Out extends Tree> {
  /** @throws DISPOSED, OPTION; and what the step throws: the state is consumed then as well */
  (state: State, batch: Batch, scalars?: StepNumbers): { readonly state: State; readonly out: Out };
  readonly status: StepStatus;
  /** Frees what the recordings hold. Results stay; another call records anew. */
  dispose(): void;
}

/**
 * A step that is recorded: `(state, batch, scalars) → { state, out }`, with trees of tensors, and numbers that change every step
 * (learning rate, 1 − βᵗ, a random counter), which the step's code gets as rank-0 tensors of the same names.
 *
 * State that is passed in is given away: its memory is used again, and its handles throw afterwards. The first run with new
 * shapes is written down. From then on the step is *checked*: its code runs, each op is compared with the recording and computed
 * in planned memory; from the first difference on it goes on eagerly with the same bits. With `replay` the list of ops runs
 * alone, and fused.
 * @param step  synchronous; reads nothing from outside that changes
 * @param options.replay    default false
 * @param options.integers  default none
 * @returns  the step, with `status` and `dispose()`
 * @throws OPTION  for an unknown option
 * @example
 * import { compile, grad, mean, mul, square, sub, tensor } from '@dendrite/core';
 * import type { Tensor } from '@dendrite/spec';
 * const step = compile(({ w }: { w: Tensor }, { x, y }: { x: Tensor; y: Tensor }, { rate }) => {
 *   const slope = grad((w: Tensor) => mean(square(sub(mul(w, x), y))))(w);
 *   return { state: { w: sub(w, mul(slope, rate ?? 0)) }, out: {} };
 * }, { replay: true });
 * const batch = { x: tensor([1, 2]), y: tensor([3, 6]) };
 * let state: { w: Tensor } = { w: tensor(0) };
 * for (let i = 0; i < 9; i++) ({ state } = step(state, batch, { rate: 0.2 }));
 * step.status.mode; // 'replay'
 * await state.w.item(); // 3
 */
export function compile<State extends Tree, Batch extends Tree, Out extends Tree>(
  step: Step<State, Batch, Out>,
  options?: CompileOptions,
): Compiled<State, Batch, Out>;
export function compile(step: object, options: CompileOptions = {}): object {
  const compiled = new CompiledStep(erased(step), options);
  const run = (state: Tree, batch: Tree, scalars: StepNumbers = {}): Answer => compiled.run(state, batch, scalars);
  Object.defineProperty(run, 'status', { get: () => compiled.status });
  compiledSteps.set(run, compiled);
  return Object.assign(run, { dispose: () => compiled.dispose() });
}

/** The types are known to the caller alone. */
const erased = (step: object): Step<Tree, Tree, Tree> => step as Step<Tree, Tree, Tree>;
