/** The SIMD kernels of this library compute in float32; other dtypes are left to JavaScript. */
import type { Call } from '@dendrite/spec';

/** Whether all tensors of a call are float32. */
export const isFloat32 = ({ inputs, outputs }: Call): boolean =>
  [...inputs, ...outputs].every(({ dtype }) => dtype === 'float32');
