/** What all forms of the filter gradient share: parts of the batch, each with its own copy of the gradient. */
import { kernelModule } from '@dendrite/core/wasm-kernels';
import type { WasmTarget } from '@dendrite/spec';
import type { FunctionBuilder, Value, WasmModule } from '@dendrite/wasm-assembler';
import {
  imageBytes,
  outputBytes,
  parametersOf,
  type Sizes,
  sizesIn,
  type WasmConvolution,
  windowLength,
} from '../panels/wasm-geometry.ts';

type Int = Value<'i32'>;

/** One image's share, added into `to`. Addresses; `own` is scratch of this thread. */
export type AddImage = (
  f: FunctionBuilder,
  at: { readonly x: Int; readonly dy: Int; readonly to: Int; readonly own: Int; readonly sizes: Sizes },
) => void;

export interface FilterGradientForm {
  threadScratch(g: WasmConvolution): number;
  /** Prepares the scratch of a thread for all images of a call. */
  clear(f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, own: Int): void;
  /** Chains of each element, side by side in the copy. */
  readonly chains: 1 | 4;
  /** Writes the tiles that it needs and gives what adds an image. */
  prepare(m: WasmModule, g: WasmConvolution, target: WasmTarget): AddImage;
}

/** What its entries are called with. */
export const gradientOperands = ['begin', 'end', 'dw', 'x', 'dy', 'scratch', 'own', 'batch', 'parts'] as const;

/** A module with the entry `run`: unit p adds the images of part p into `scratch[p]`. */
export function gradientModule(g: WasmConvolution, form: FilterGradientForm, target: WasmTarget): WasmModule {
  const m = kernelModule();
  const addImage = form.prepare(m, g, target);
  const bytes = 4 * form.chains * windowLength(g) * g.filters;
  m.function(
    'run',
    { parameters: parametersOf(g, gradientOperands) },
    (f, { begin, end, x, dy, scratch, own, batch, parts, ...given }) => {
      const sizes = sizesIn(g, given);
      form.clear(f, g, sizes, own);
      f.loop(begin, end, (part) => {
        const to = f.let(scratch.add(part.mul(bytes)));
        f.memory.fill(to, 0, bytes);
        const last = f.let(part.add(1).mul(batch).div_s(parts));
        f.loop(part.mul(batch).div_s(parts), last, (image) => {
          const from = f.let(x.add(image.mul(imageBytes(g, sizes))));
          const gradient = f.let(dy.add(image.mul(outputBytes(g, sizes))));
          addImage(f, { x: from, dy: gradient, to, own, sizes });
        });
      });
    },
  );
  return m;
}
