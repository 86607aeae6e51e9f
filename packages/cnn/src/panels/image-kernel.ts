/** WASM kernels of images: each shape gets a module of its own, but sequences, which are images one row high, share one. */
import { isFloat32 } from '@dendrite/core/wasm-kernels';
import type { Call, GenericVariant, WasmKernel, WasmVariant } from '@dendrite/spec';

/** Lengths of one layer's sequences that get modules of their own once they have come several times. */
const mostLengths = 8;

/**
 * @param own  what bakes all lengths in
 * @param anyLength.takes  whether a call is of sequences whose length may be an argument
 * @param anyLength.specialize, arguments, emit  what differs then; the bits are those of `own`
 */
export function imageKernel(
  own: WasmVariant,
  {
    takes,
    ...anyLength
  }: Required<Pick<WasmVariant, 'specialize' | 'arguments'>> &
    Partial<Pick<WasmVariant, 'emit'>> & { takes(call: Call): boolean },
): WasmKernel {
  const variant: GenericVariant = { ...own, ...anyLength, mostOwn: mostLengths };
  return {
    language: 'wasm',
    accepts: isFloat32,
    ...own,
    generic: (call) => (takes(call) ? variant : undefined),
  };
}
