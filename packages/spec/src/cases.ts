/** Case tables: one table of an op's uses drives correctness, the gradient check, the benchmark and the support matrix. */
import type { Op } from './op.ts';
import type { DType, Shape, Tensor } from './tensor.ts';

/** A value on the host, in float64 or what its dtype asks; what references compute with. */
export interface HostTensor {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}
/** How to make one input; seeded by the case's name. `distinct`: no two elements nearer than 0.05 (for max, sort). */
export interface CaseInput {
  readonly shape: Shape;
  readonly dtype?: DType;
  readonly values?: 'normal' | 'distinct' | readonly number[];
  /** Uniform in [low, high) (integers for int32 and uint8); wins over `values`. */
  readonly range?: readonly [low: number, high: number];
}
export interface OpCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  run(inputs: readonly Tensor[]): Tensor | readonly Tensor[];
  /** The formula in plain loops. Absent: the op's own JS kernel in float64 is the reference. */
  reference?(inputs: readonly HostTensor[]): readonly HostTensor[];
  /** Inputs whose gradient is checked; default: every float input. */
  readonly differentiable?: readonly number[];
  /** Relative to the largest reference value; default 1e-4 (1e-5 for products). */
  readonly tolerance?: number;
  /** Only for timing: too large for the gradient check. */
  readonly benchmark?: boolean;
}
export interface OpCases {
  readonly op: Op;
  readonly cases: readonly OpCase[];
}
