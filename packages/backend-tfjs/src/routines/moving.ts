/** Routines that move elements: transpose, slice, broadcast, pad, concat. */
import { broadcast, concat, pad, slice, transpose } from '../kernels/move.ts';
import type { Value } from '../kernels/value.ts';
import { type MakeRoutine, numbers, outputShape } from './routine.ts';

export const transposeRoutine: MakeRoutine = (kernels, call) => {
  const axes = numbers(call.attributes, 'axes');
  return ([x]) => [transpose(kernels, x as Value, axes)];
};

export const sliceRoutine: MakeRoutine = (kernels, call) => {
  const [begin, size, step] = ['begin', 'size', 'step'].map((name) => numbers(call.attributes, name));
  return ([x]) => [slice(kernels, x as Value, begin ?? [], size ?? [], step?.length ? step : undefined)];
};

export const broadcastRoutine: MakeRoutine = (kernels, call) => {
  const shape = outputShape(call);
  return ([x]) => [broadcast(kernels, x as Value, shape)];
};

export const padRoutine: MakeRoutine = (kernels, call) => {
  const before = numbers(call.attributes, 'before');
  const after = numbers(call.attributes, 'after');
  return ([x], [value = 0]) => [pad(kernels, x as Value, before, after, value)];
};

export const concatRoutine: MakeRoutine = (kernels, call) => {
  const axis = Number(call.attributes.axis);
  return (parts) => [concat(kernels, parts, axis)];
};
