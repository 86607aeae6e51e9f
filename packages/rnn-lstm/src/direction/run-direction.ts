/** One cell over a sequence in one direction: one product for the inputs of all steps, then the sequence op. */
import { add, matmul } from '@dendrite/core';
import { type Attributes, DendriteError, type Tensor } from '@dendrite/spec';
import type { Recurrence } from '../recurrence/recurrence-op.ts';
import type { CellParams } from './cell-params.ts';

export interface DirectionOptions {
  /** `[B, H]` each: hidden, and cell where there is one. */
  readonly states: readonly Tensor[];
  /** `[B]`, int32. */
  readonly lengths?: Tensor;
  readonly reverse?: boolean;
  readonly attributes?: Attributes;
}

/** @returns  outputs `[B, T, H]`, then the last states */
export function runDirection(
  { rule, op }: Recurrence,
  { input, recurrent, bias, recurrentBias }: CellParams,
  x: Tensor,
  { states, lengths, reverse = false, attributes = {} }: DirectionOptions,
): readonly Tensor[] {
  const { runtime } = x;
  const [channels] = input.shape;
  if (x.shape.length !== 3 || x.shape[2] !== channels)
    throw new DendriteError(
      'SHAPE',
      `${rule.called}(): x must be [batch, time, ${channels}], got [${x.shape.join(', ')}]. Its weights were made for ${channels} channels.`,
    );
  const product = matmul(x, input, {}); // [B, T, G·H]
  const projected = bias ? add(product, bias) : product;
  const width = recurrent.shape[1] ?? 0;
  const own = rule.recurrentBias ? [recurrentBias ?? zerosOf(recurrent, [width])] : [];
  return runtime.run(op, [projected, recurrent, ...own, ...states, ...(lengths ? [lengths] : [])], {
    reverse,
    ...attributes,
  });
}

/** Zeros in the dtype of `like`, on its runtime. */
export function zerosOf(like: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return like.runtime.tensor(
    like.dtype === 'float64' ? new Float64Array(size) : new Float32Array(size),
    shape,
    like.dtype,
  );
}
