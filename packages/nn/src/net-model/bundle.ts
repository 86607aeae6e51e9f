/**
 * Steps that one call makes together: their batches behind one another, then what each of them found. The state behind any of them can be
 * had as well, for the same steps from the same beginning have the same bits. Loaded where steps are short.
 */
import { type Compiled, scan } from '@dendrite/core';
import type { Batch, Shape, StepNumbers, Tensor } from '@dendrite/spec';
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
  /** What each step found, behind one another. */
  readonly found: Promise<Float32Array>;
  /** The state behind so many of them; it stays until another is asked for. */
  after(steps: number): TrainingState;
  /** The same for the caller to keep, who gives up the state behind all. */
  endAfter(steps: number): TrainingState;
  /** Frees everything but the state behind all; the bundle is empty. */
  dispose(): void;
}

export class Bundle {
  private readonly rules: BundleRules;
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

  /** For batches of the form of this one. */
  constructor(rules: BundleRules, like: Batch) {
    const targets = targetsOf(like);
    this.rules = rules;
    this.shape = like.x.shape;
    this.rows = like.rows;
    this.elements = like.x.data.length;
    this.targets = targets.length;
    this.x = scaledArray(like, rules.scaling, 0);
    if (weightsOf(like, targets, rules.classWeight)) this.weights = new Float32Array(0);
  }

  /** Batches that it holds. */
  get size(): number {
    return this.numbers.length;
  }

  /** Of the inputs of a batch. */
  get bytes(): number {
    return 4 * this.elements;
  }

  /** Takes one more of `most`; false: it is of another form, and must be a step by itself. */
  add(batch: Batch, numbers: StepNumbers, most: number): boolean {
    const { rules, shape, rows, elements, size } = this;
    const targets = targetsOf(batch);
    const weights = weightsOf(batch, targets, rules.classWeight);
    const alike = batch.x.shape.length === shape.length && batch.x.shape.every((length, i) => length === shape[i]);
    if (!alike || targets.length !== this.targets || typeof weights !== typeof this.weights) return false;
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

  /** Makes the steps; consumes the state. `any`: the state behind any of them may be asked for, not just that behind all. */
  make(now: TrainingState, any: boolean): Made {
    const { size } = this;
    const before = any ? shared(now) : undefined;
    let rewound: { readonly steps: number; readonly state: TrainingState } | undefined;
    const forget = (): void => {
      if (rewound) free(...Object.values(rewound.state));
      rewound = undefined;
    };
    const dispose = (): void => {
      forget();
      if (before) free(...Object.values(before));
      this.numbers = [];
    };
    try {
      const { state, out } = this.run(now, size);
      const after = (steps: number): TrainingState => {
        if (steps === size || before === undefined) return state;
        if (rewound?.steps === steps) return rewound.state;
        forget();
        rewound = { steps, state: this.stateAfter(steps, shared(before)) };
        return rewound.state;
      };
      return {
        ...{ steps: size, state, after, dispose },
        found: out.data().finally(() => out.dispose()),
        endAfter(steps) {
          const end = after(steps);
          if (end === state) return state;
          rewound = undefined;
          free(...Object.values(state));
          return end;
        },
      };
    } catch (error) {
      dispose();
      throw error;
    }
  }

  private run(state: TrainingState, steps: number): { readonly state: TrainingState; readonly out: Tensor } {
    const { runtime, trainStep } = this.rules;
    return runtime.scope(() => scan(trainStep, state, this.upload(steps), this.numbers.slice(0, steps)));
  }

  private stateAfter(steps: number, before: TrainingState): TrainingState {
    if (steps === 0) return before;
    const { state, out } = this.run(before, steps);
    out.dispose();
    return state;
  }

  /** The first batches, stacked. */
  private upload(steps: number): StepBatch {
    const { runtime, head } = this.rules;
    const y = head.targets(runtime, this.y.subarray(0, steps * this.targets));
    const [all = 0, ...each] = y.shape;
    const batches = {
      x: runtime.tensor(this.x.subarray(0, steps * this.elements), [steps, ...this.shape]),
      y: runtime.reshape(y, [steps, all / steps, ...each]),
    };
    if (this.weights === undefined) return batches;
    const weights = runtime.tensor(this.weights.subarray(0, steps * this.rows), [steps, this.rows]);
    return { ...batches, weights };
  }
}

const shared = ({ params, state, slots }: TrainingState): TrainingState => ({
  params: sharing(params),
  state: sharing(state),
  slots: sharing(slots),
});

function longer<A extends Float32Array | Int32Array | Float64Array>(made: A, before: A): A {
  made.set(before);
  return made;
}
