/** Conversions between the stored dtypes, and to uint8, which is stored as int32. */
import type { DType } from '@dendrite/spec';
import type { Kernels } from './kernels.ts';
import { reshaped, sizeOf, storedDtype, type Value } from './value.ts';
import { webgpuElementwise } from './webgpu-elementwise.ts';

/** Towards zero; NaN and ±∞ give 0, as JavaScript's integer arrays do. */
export function castToInt(kernels: Kernels, x: Value): Value {
  if (x.dtype === 'int32') return x;
  if (kernels.variant === 'webgpu' && x.dtype === 'float32')
    return webgpuElementwise(
      kernels,
      'int',
      'return select(i32(a), 0, isNaN_(a) || isInf_(a));',
      [x],
      x.shape,
      'int32',
    );
  return kernels.runFlat('Cast', x, { dtype: 'int32' });
}

/** tfjs's WebGPU only relabels whole numbers, and some of its shaders then do not compile: there they are converted. */
export function castToFloat(kernels: Kernels, x: Value): Value {
  if (x.dtype === 'float32') return x;
  if (kernels.variant === 'webgpu')
    return webgpuElementwise(kernels, `float ${x.dtype}`, 'return f32(a);', [x], x.shape, 'float32');
  return kernels.runFlat('Cast', x, { dtype: 'float32' });
}

/** Anything but 0 is true, NaN too; tfjs's own WASM cast keeps the low byte instead. */
export const castToBool = (kernels: Kernels, x: Value): Value =>
  x.dtype === 'bool' ? x : withScalar(kernels, 'NotEqual', x, 0);

/** A uint8 keeps the low eight bits. */
export function cast(kernels: Kernels, x: Value, from: DType, to: DType): Value {
  if (from === to) return x;
  switch (to) {
    case 'bool':
      return castToBool(kernels, x);
    case 'uint8': {
      const whole = castToInt(kernels, x);
      if (from === 'bool') return whole;
      return withScalar(kernels, 'Mod', whole, 256);
    }
    default:
      return storedDtype(to) === 'int32' ? castToInt(kernels, x) : castToFloat(kernels, x);
  }
}

const withScalar = (kernels: Kernels, name: string, x: Value, scalar: number): Value =>
  reshaped(kernels.run(name, { a: reshaped(x, [sizeOf(x.shape)]), b: kernels.scalar(scalar, x.dtype, true) }), x.shape);
