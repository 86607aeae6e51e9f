/** What all forms of the filter gradient share: parts of the batch, each with its own copy of the gradient. */
import { kernelModule } from '@dendrite/core/wasm-kernels';
import type { WasmTarget } from '@dendrite/spec';
import type { FunctionBuilder, Value, WasmModule } from '@dendrite/wasm-assembler';
import { type Lengths, lengthsIn, times, type WasmConvolution, windowLength } from '../panels/wasm-geometry.ts';

type Int = Value<'i32'>;

/** One image's share, added into `to`. Addresses; `own` is scratch of this thread. */
export type AddImage = (
  f: FunctionBuilder,
  at: { readonly x: Int; readonly dy: Int; readonly to: Int; readonly own: Int; readonly lengths: Lengths },
) => void;

export interface FilterGradientForm {
  threadScratch(g: WasmConvolution): number;
  /** Prepares the scratch of a thread for all images of a call. */
  clear(f: FunctionBuilder, g: WasmConvolution, lengths: Lengths, own: Int): void;
  /** Chains of each element, side by side in the copy. */
  readonly chains: 1 | 4;
  /** Writes the tiles that it needs and gives what adds an image. */
  prepare(m: WasmModule, g: WasmConvolution, target: WasmTarget): AddImage;
}

/** What its entries are called with. */
export const gradientOperands = {
  begin: 'i32',
  end: 'i32',
  dw: 'i32',
  x: 'i32',
  dy: 'i32',
  scratch: 'i32',
  own: 'i32',
  batch: 'i32',
  parts: 'i32',
  // Of rows of any length.
  width: 'i32',
  outWidth: 'i32',
  paddedWidth: 'i32',
} as const;

/** A module with the entry `run`: unit p adds the images of part p into `scratch[p]`. */
export function gradientModule(g: WasmConvolution, form: FilterGradientForm, target: WasmTarget): WasmModule {
  const m = kernelModule();
  const addImage = form.prepare(m, g, target);
  const bytes = 4 * form.chains * windowLength(g) * g.filters;
  m.function(
    'run',
    { parameters: gradientOperands },
    (f, { begin, end, x, dy, scratch, own, batch, parts, ...given }) => {
      const lengths = lengthsIn(g, given);
      form.clear(f, g, lengths, own);
      f.loop(begin, end, (part) => {
        const to = f.let(scratch.add(part.mul(bytes)));
        f.memory.fill(to, 0, bytes);
        const last = f.let(part.add(1).mul(batch).div_s(parts));
        f.loop(part.mul(batch).div_s(parts), last, (image) => {
          const from = f.let(x.add(image.mul(times(lengths.width, 4 * g.height * g.channels))));
          const gradient = f.let(dy.add(image.mul(times(lengths.outWidth, 4 * g.outHeight * g.filters))));
          addImage(f, { x: from, dy: gradient, to, own, lengths });
        });
      });
    },
  );
  return m;
}
