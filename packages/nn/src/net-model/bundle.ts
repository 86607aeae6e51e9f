/** Steps that one call makes together: their batches behind one another, then what each of them found. Loaded where steps are short. */
import { type Compiled, scan } from '@dendrite/core';
import { type Batch, isDendriteError, type Shape, type StepNumbers, type Tensor } from '@dendrite/spec';
import type { NetParts } from './fitted-net.ts';
import { targetsOf, weightsOf } from './net-plan.ts';
import { free, sharing } from './parts.ts';
import { scaledArray, scaleInto } from './scaling.ts';
import type { StepBatch, TrainingState } from './train-step.ts';

/** What batches become steps by. */
export interface BundleRules extends Pick<NetParts, 'runtime' | 'head' | 'scaling'> {
  readonly trainStep: Compiled<TrainingState, StepBatch, Tensor>;
  readonly classWeight: Float32Array | undefined;
}

/** Steps that were made. */
export interface Made {
  readonly steps: number;
  /** Behind all of them: the caller's. */
  readonly state: TrainingState;
  /** What each step found, behind one another; the caller's. */
  readonly found: Tensor;
}

export class Bundle {
  private readonly rules: BundleRules;
  private readonly names: string;
  /** Of each batch. */
  private readonly shape: Shape;
  private readonly rows: number;
  private readonly elements: number;
  /** Numbers that a batch's targets are. */
  private readonly targets: number;
  private x: Float32Array | Int32Array;
  /** Holds the numbers of any array as they are. */
  private y = new Float64Array(0);
  private weights: Float32Array | undefined;
  private numbers: StepNumbers[] = [];
  /** Batches that were made steps of, of those that it took. */
  private done = 0;
  /** There was no memory for many at once. */
  isTooLarge = false;

  /** For batches of the form of this one, and numbers of these names in this order. */
  constructor(rules: BundleRules, like: Batch, numbers: StepNumbers) {
    const targets = targetsOf(like);
    this.rules = rules;
    this.names = Object.keys(numbers).join();
    this.shape = like.x.shape;
    this.rows = like.rows;
    this.elements = like.x.data.length;
    this.targets = targets.length;
    this.x = scaledArray(like, rules.scaling, 0);
    if (weightsOf(like, targets, rules.classWeight)) this.weights = new Float32Array(0);
  }

  /** Batches that it holds. */
  get size(): number {
    return this.numbers.length - this.done;
  }

  /** Of the inputs of a batch. */
  get bytes(): number {
    return 4 * this.elements;
  }

  /** Takes one more of `most`; false: it is of another form, and must be a step by itself. */
  add(batch: Batch, numbers: StepNumbers, most: number): boolean {
    const { rules, shape, rows, elements } = this;
    const size = this.numbers.length;
    const targets = targetsOf(batch);
    const weights = weightsOf(batch, targets, rules.classWeight);
    const alike = batch.x.shape.length === shape.length && batch.x.shape.every((length, i) => length === shape[i]);
    if (!alike || Object.keys(numbers).join() !== this.names) return false;
    if (targets.length !== this.targets || typeof weights !== typeof this.weights) return false;
    if (this.x.length < most * elements) {
      this.x = longer(scaledArray(batch, rules.scaling, most * elements), this.x);
      this.y = longer(new Float64Array(most * targets.length), this.y);
      if (this.weights) this.weights = longer(new Float32Array(most * rows), this.weights);
    }
    scaleInto(this.x, batch, rules.scaling, size * elements);
    this.y.set(targets, size * targets.length);
    if (weights) this.weights?.set(weights, size * rows);
    this.numbers.push(numbers);
    return true;
  }

  /**
   * Makes all steps that it holds; consumes the state. Where there is no memory for so many at once it makes the next of them by itself,
   * as it would have been made without a bundle: to be called until nothing is held.
   */
  make(now: TrainingState): Made {
    try {
      return this.some(now);
    } catch (error) {
      this.took(this.size);
      throw error;
    }
  }

  private some(now: TrainingState): Made {
    const { runtime, trainStep } = this.rules;
    const { numbers } = this;
    let state = now;
    if (!this.isTooLarge) {
      // What is left should there be too little memory: the first step does not write over it then.
      const before = shared(now);
      try {
        const made = runtime.scope(() => scan(trainStep, now, this.stacked(), numbers));
        freeState(before);
        this.took(numbers.length);
        return { steps: numbers.length, state: made.state, found: made.out };
      } catch (error) {
        freeState(now);
        if (!isDendriteError(error, 'BACKEND')) {
          freeState(before);
          throw error;
        }
        this.isTooLarge = true;
        state = before;
      }
    }
    const made = runtime.scope(() => trainStep(state, this.next(), numbers[this.done]));
    this.took(1);
    return { steps: 1, state: made.state, found: made.out };
  }

  private took(steps: number): void {
    this.done += steps;
    if (this.size > 0) return;
    this.numbers = [];
    this.done = 0;
  }

  /** All batches, `[steps, …]`. */
  private stacked(): StepBatch {
    const { runtime } = this.rules;
    const steps = this.numbers.length;
    const { x, y, weights } = this.upload(0, steps, [steps, ...this.shape]);
    const [all = 0, ...each] = y.shape;
    const batches = { x, y: runtime.reshape(y, [steps, all / steps, ...each]) };
    return weights ? { ...batches, weights: runtime.reshape(weights, [steps, this.rows]) } : batches;
  }

  /** The next batch. */
  private next(): StepBatch {
    const { weights, ...batch } = this.upload(this.done, 1, this.shape);
    return weights ? { ...batch, weights } : batch;
  }

  private upload(from: number, steps: number, shape: Shape): { x: Tensor; y: Tensor; weights: Tensor | undefined } {
    const { runtime, head } = this.rules;
    const part = <A extends Float32Array | Int32Array | Float64Array>(array: A, width: number): A =>
      array.subarray(from * width, (from + steps) * width) as A;
    return {
      x: runtime.tensor(part(this.x, this.elements), shape),
      y: head.targets(runtime, part(this.y, this.targets)),
      weights: this.weights && runtime.tensor(part(this.weights, this.rows)),
    };
  }
}

const shared = ({ params, state, slots }: TrainingState): TrainingState => ({
  params: sharing(params),
  state: sharing(state),
  slots: sharing(slots),
});

const freeState = ({ params, state, slots }: TrainingState): void => free(params, state, slots);

function longer<A extends Float32Array | Int32Array | Float64Array>(made: A, before: A): A {
  made.set(before);
  return made;
}
