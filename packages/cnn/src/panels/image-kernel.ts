/** WASM kernels of images: one module takes images of any size; a size that comes again and again gets one of its own. */
import { isFloat32 } from '@dendrite/core/wasm-kernels';
import type { GenericVariant, WasmKernel, WasmVariant } from '@dendrite/spec';

/** Sizes of one layer's images that get modules of their own once they have come several times. */
const mostSizes = 4;

/**
 * @param own  what bakes all sizes in
 * @param anySize  what differs where they are arguments; the bits are those of `own`
 */
export function imageKernel(
  own: WasmVariant,
  anySize: Required<Pick<WasmVariant, 'specialize' | 'arguments'>>,
): WasmKernel {
  const variant: GenericVariant = { ...own, ...anySize, mostOwn: mostSizes };
  return { language: 'wasm', accepts: isFloat32, ...own, generic: () => variant };
}
