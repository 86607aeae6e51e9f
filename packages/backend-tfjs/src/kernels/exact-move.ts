/**
 * Moving values without changing them. tfjs's WebGPU shaders carry int32 through float32, which is exact to 2^24 only, and
 * some do not compile for int32 and bool (Transpose of three axes: the result is zeros). So there a bool moves as a float32,
 * and an int32 as two: its low and its high sixteen bits.
 */
import { castToBool, castToFloat } from './convert.ts';
import type { Kernels } from './kernels.ts';
import type { Value } from './value.ts';
import { webgpuElementwise } from './webgpu-elementwise.ts';

/** `move(values)`, with the bits of `values` kept. `move` may only place elements, and sees each operand once or twice. */
export function exactMove(
  kernels: Kernels,
  values: readonly Value[],
  move: (values: readonly Value[]) => Value,
): Value {
  const [first] = values;
  if (kernels.variant !== 'webgpu' || first === undefined || first.dtype === 'float32') return move(values);
  if (first.dtype === 'bool') return castToBool(kernels, move(values.map((value) => castToFloat(kernels, value))));
  const half = (name: string, body: string): Value =>
    move(values.map((x) => webgpuElementwise(kernels, name, body, [x], x.shape, 'float32')));
  const low = half('low', 'return f32(a & 65535);');
  const high = half('high', 'return f32(a >> 16u);');
  return webgpuElementwise(kernels, 'join', 'return (i32(b) << 16u) | i32(a);', [low, high], low.shape, 'int32');
}
