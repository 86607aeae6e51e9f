/** What a compiled step did, as data: values, the calls that make and read them, and what the step returned. */
import type { Buffer, HostArray } from '@dendrite/spec';
import type { Engine } from '../engine/engine.ts';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { Plan } from '../engine/plan.ts';
import type { StepForm } from './step-tree.ts';

/** The memory of one tensor that the step was given, captured or made. Views of it are operands with an offset. */
export interface Value {
  /** Its place in the recording's list. */
  readonly id: number;
  readonly bytes: number;
  readonly origin: Origin;
  /** The entry that makes it; −1 where it is there before the first. */
  readonly from: number;
  /** The first entry before which nobody holds it any more. */
  until: number;
  /** The step returns it, or a view of it. */
  escapes: boolean;
}
export type Origin =
  /** The `given`th buffer of state, batch and step scalars. */
  | { readonly given: number }
  /** A tensor from outside, a constant to the step. */
  | { readonly captured: Buffer }
  | { readonly uploaded: HostArray; readonly spec: InternedSpec }
  | 'made';

/** A tensor as an entry reads it. */
export interface Operand {
  readonly value: Value;
  readonly offset: number;
  readonly spec: InternedSpec;
}

export type Entry =
  | {
      readonly kind: 'call';
      readonly plan: Plan;
      readonly inputs: readonly Operand[];
      readonly outputs: readonly Value[];
      readonly args: readonly number[];
    }
  /** The calls that it consists of come next. */
  | { readonly kind: 'decomposition'; readonly plan: Plan; readonly args: readonly number[] }
  | { readonly kind: 'upload'; readonly output: Value };

export interface Recording {
  readonly values: readonly Value[];
  readonly entries: readonly Entry[];
  /** Leaves of the state that was returned, then of `out`. */
  readonly results: readonly Operand[];
  /** How many of them are state. */
  readonly states: number;
  readonly stateForm: StepForm;
  readonly outForm: StepForm;
  /** It read something back to the host. */
  readonly reads: boolean;
  /** It made tensors that outlive it and are not returned. */
  readonly keeps: boolean;
}

/** Lets go of the tensors that a recording captured. */
export function releaseCaptured(values: readonly Value[], engine: Engine): void {
  for (const { origin } of values)
    if (typeof origin === 'object' && 'captured' in origin) engine.letGo(origin.captured);
}
