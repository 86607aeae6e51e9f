/** What a function of tensors did, op by op, for inputs of certain lengths. Types only. */
import type { Attributes, DType, Expression, HostArray, Shape } from '@dendrite/spec';
import type { Lengths } from './amount.ts';

/** Where a value comes from: an input of the function, an array that it holds, data that it made on the host, or a call. */
export type Origin =
  | { readonly input: string }
  | { readonly held: string; readonly data: HostArray }
  | { readonly uploaded: number; readonly data: HostArray }
  | { readonly call: number; readonly output: number };
export interface TracedValue {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly origin: Origin;
}
/** A value as a call reads it: in the shape that it had there. */
export interface TracedOperand {
  readonly value: TracedValue;
  readonly shape: Shape;
}
export interface TracedCall {
  readonly op: string;
  /** Of an op that is formulas. */
  readonly expressions?: readonly Expression[];
  readonly attributes: Attributes;
  readonly args: readonly number[];
  readonly inputs: readonly TracedOperand[];
  readonly outputs: readonly TracedValue[];
}
export interface Trace {
  readonly lengths: Lengths;
  readonly calls: readonly TracedCall[];
  readonly outputs: Readonly<Record<string, TracedOperand>>;
}
