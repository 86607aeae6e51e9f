/** Softmax and its logarithm along the last axis: three passes over a row that the cache holds. A unit of work is a row. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, f64, type Value, v128 } from '@dendrite/wasm-assembler';
import { expBelowOne, log } from '@dendrite/wasm-assembler/elementary';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { rowPasses } from '../../wasm-kernels/rows.ts';
import { sizeOf } from '../strides.ts';

const widthOf = ({ inputs: [x] }: Call): number => x?.shape.at(-1) ?? 1;

const kernel = (logarithm: boolean): WasmKernel => ({
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call) => ({ rest: widthOf(call) % 4 }),
  arguments: (call) => [widthOf(call)],
  phases: [
    {
      entry: 'run',
      units: (call) => sizeOf(call.inputs[0]?.shape ?? []) / widthOf(call),
      work: (call) => 30 * widthOf(call),
    },
  ],
  emit({ rest }, { relaxed }) {
    const m = kernelModule();
    const parameters = { begin: 'i32', end: 'i32', y: 'i32', x: 'i32', scratch: 'i32', width: 'i32' } as const;
    m.function('run', { parameters }, (f, { begin, end, y, x, width }) => {
      const site = { f, relaxed };
      const { max, sum, store } = rowPasses(f, width, Number(rest));
      f.loop(begin, end, (row) => {
        const start = f.let(row.mul(width).shl(2));
        const [from, to] = [f.let(x.add(start)), f.let(y.add(start))];
        const top = f.let(f32x4.splat(max((at) => v128.load(from.add(at)))));
        const power = (at: Value<'i32'>): Value<'v128'> => expBelowOne(site, f32x4.sub(v128.load(from.add(at)), top));
        if (logarithm) {
          const total = f.let(f32x4.splat(f32.demote_f64(sum(power))));
          const shift = log(site, total);
          store(to, (at) => f32x4.sub(f32x4.sub(v128.load(from.add(at)), top), shift));
          return;
        }
        // Lanes behind the row's end lie in the next row, which is not computed yet, or behind the tensor: they are not stored.
        store(to, power);
        const total = sum((at) => v128.load(to.add(at)));
        const share = f.let(f32x4.splat(f32.demote_f64(f64.div(1, total))));
        store(to, (at) => f32x4.mul(v128.load(to.add(at)), share));
      });
    });
    return m.toBytes();
  },
});

export const softmaxWasmKernel: WasmKernel = kernel(false);
export const logSoftmaxWasmKernel: WasmKernel = kernel(true);
