/** The functions that files name. Imported only by tables, so that a program which loads no file carries none it does not use. */
import {
  abs,
  celu,
  cos,
  elu,
  exp,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  neg,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  sin,
  softmax,
  softplus,
  softsign,
  sqrt,
  square,
  step,
  tanh,
  tanhShrink,
} from '@dendrite/core';
import { DendriteError, type Json, type Tensor } from '@dendrite/spec';
import type { Activation } from './activation.ts';

export const activationsTable: Readonly<Record<string, Activation>> = Object.freeze({
  abs,
  cos,
  exp,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  hardTanh,
  logSigmoid,
  mish,
  neg,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  sin,
  softplus,
  softsign,
  sqrt,
  square,
  step,
  tanh,
  tanhShrink,
  celu: (x: Tensor) => celu(x),
  elu: (x: Tensor) => elu(x),
  leakyRelu: (x: Tensor) => leakyRelu(x),
  softmax: (x: Tensor) => softmax(x),
  logSoftmax: (x: Tensor) => logSoftmax(x),
});

/** The `activation` of a layer's config; undefined where it has none. @throws FORMAT */
export function activationFrom(json: Json | undefined): Activation | undefined {
  if (json === null || json === undefined) return undefined;
  const found = typeof json === 'string' && Object.hasOwn(activationsTable, json) ? activationsTable[json] : undefined;
  if (found === undefined)
    throw new DendriteError(
      'FORMAT',
      `activation: must be one of ${Object.keys(activationsTable).join(', ')} to be loaded from a file, got ${JSON.stringify(json)}. Use restore() of a model built with your function.`,
    );
  return found;
}
