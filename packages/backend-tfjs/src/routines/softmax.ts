/** Softmax over the last axis; tfjs's WebGPU loses NaN in it, so there it decomposes. */
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { inputShape, type MakeRoutine } from './routine.ts';

export const softmaxRoutine: MakeRoutine = (kernels, call) => {
  if (kernels.variant === 'webgpu') return undefined;
  const shape = inputShape(call, 0);
  const length = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / Math.max(length, 1);
  return ([x]) => [
    reshaped(kernels.run('Softmax', { logits: reshaped(x as Value, [rows, length]) }, { dim: 1 }), shape),
  ];
};
