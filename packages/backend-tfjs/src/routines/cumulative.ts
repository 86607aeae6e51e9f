/** Running sums and products. tfjs's WebGPU is wrong in reverse: there the axis is reversed, run through, and reversed back. */

import { binary } from '../kernels/arithmetic.ts';
import { castToInt } from '../kernels/convert.ts';
import { reverse, transpose } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { inputShape, type MakeRoutine } from './routine.ts';
import { concatShifted } from './shift.ts';

export const cumulativeRoutine: MakeRoutine = (kernels, call) => {
  const kind = call.attributes.kind as 'sum' | 'prod';
  const axis = Number(call.attributes.axis);
  const exclusive = call.attributes.exclusive === true;
  const backwards = call.attributes.reverse === true;
  const shape = inputShape(call, 0);
  const length = shape[axis] ?? 1;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  return ([given]) => {
    const value = (given as Value).dtype === 'bool' ? castToInt(kernels, given as Value) : (given as Value);
    const flat = reshaped(value, [outer, length, inner]);
    const kernel = kind === 'sum' ? 'Cumsum' : 'Cumprod';
    if (kernels.variant !== 'webgpu')
      return [reshaped(kernels.run(kernel, { x: flat }, { axis: 1, exclusive, reverse: backwards }), shape)];
    const ahead = backwards ? reverse(kernels, flat, 1) : flat;
    const rows = reshaped(transpose(kernels, ahead, [0, 2, 1]), [outer * inner, length]);
    let run: Value;
    if (rows.dtype === 'int32') {
      // Doubling steps of exact int32 programs; tfjs's goes through float32.
      run = rows;
      for (let by = 1; by < length; by *= 2)
        run = binary(
          kernels,
          kind === 'sum' ? 'add' : 'mul',
          run,
          concatShifted(kernels, run, by, kind === 'sum' ? 0 : 1),
        );
    } else run = kernels.run(kernel, { x: rows }, { axis: 1, exclusive: false, reverse: false });
    if (exclusive) run = concatShifted(kernels, run, 1, kind === 'sum' ? 0 : 1);
    const placed = transpose(kernels, reshaped(run, [outer, inner, length]), [0, 2, 1]);
    return [reshaped(backwards ? reverse(kernels, placed, 1) : placed, shape)];
  };
};
