/** Conversions between the stored dtypes, and to uint8, which is stored as int32. */
import type { DType } from '@dendrite/spec';
import type { Kernels } from './kernels.ts';
import { storedDtype, type Value } from './value.ts';

export const castToInt = (kernels: Kernels, x: Value): Value =>
  x.dtype === 'int32' ? x : kernels.run('Cast', { x }, { dtype: 'int32' });

export const castToFloat = (kernels: Kernels, x: Value): Value =>
  x.dtype === 'float32' ? x : kernels.run('Cast', { x }, { dtype: 'float32' });

/** Anything but 0 is true, NaN too; tfjs's own WASM cast keeps the low byte instead. */
export const castToBool = (kernels: Kernels, x: Value): Value =>
  x.dtype === 'bool' ? x : kernels.run('NotEqual', { a: x, b: kernels.scalar(0, x.dtype, true) });

/** A uint8 keeps the low eight bits. */
export function cast(kernels: Kernels, x: Value, from: DType, to: DType): Value {
  if (from === to) return x;
  switch (to) {
    case 'bool':
      return castToBool(kernels, x);
    case 'uint8': {
      const whole = castToInt(kernels, x);
      if (from === 'bool') return whole;
      return kernels.run('Mod', { a: whole, b: kernels.scalar(256, 'int32', true) });
    }
    default:
      return storedDtype(to) === 'int32' ? castToInt(kernels, x) : castToFloat(kernels, x);
  }
}
