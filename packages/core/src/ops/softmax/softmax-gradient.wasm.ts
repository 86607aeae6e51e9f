/** The gradients of softmax and its logarithm: a sum over a row that the cache holds, then the row. A unit of work is a row. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, v128 } from '@dendrite/wasm-assembler';
import { exp } from '@dendrite/wasm-assembler/elementary';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { rowPasses } from '../../wasm-kernels/rows.ts';
import { sizeOf } from '../strides.ts';

const widthOf = ({ inputs: [y] }: Call): number => y?.shape.at(-1) ?? 1;
const names = ['begin', 'end', 'dx', 'y', 'dy', 'scratch', 'width'] as const;

const kernel = (logarithm: boolean): WasmKernel => ({
  language: 'wasm',
  accepts: isFloat32,
  specialize: (call) => ({ rest: widthOf(call) % 4 }),
  arguments: (call) => [widthOf(call)],
  phases: [
    {
      entry: 'run',
      units: (call) => sizeOf(call.inputs[0]?.shape ?? []) / widthOf(call),
      work: (call) => (logarithm ? 32 : 16) * widthOf(call),
    },
  ],
  emit({ rest }, { relaxed }) {
    const m = kernelModule();
    m.function('run', { parameters: integers(names) }, (f, p) => {
      const site = { f, relaxed };
      const { sum, store } = rowPasses(f, p.width, Number(rest));
      f.loop(p.begin, p.end, (row) => {
        const start = f.let(row.mul(p.width).shl(2));
        const [y, dy, dx] = [f.let(p.y.add(start)), f.let(p.dy.add(start)), f.let(p.dx.add(start))] as const;
        const total = sum((at) => {
          const given = v128.load(dy.add(at));
          return logarithm ? given : f32x4.mul(given, v128.load(y.add(at)));
        });
        const all = f.let(f32x4.splat(f32.demote_f64(total)));
        store(dx, (at) => {
          const [value, given] = [f.let(v128.load(y.add(at))), v128.load(dy.add(at))];
          return logarithm
            ? f32x4.sub(given, f32x4.mul(exp(site, value), all))
            : f32x4.mul(value, f32x4.sub(given, all));
        });
      });
    });
    return m.toBytes();
  },
});

export const softmaxGradientWasmKernel: WasmKernel = kernel(false);
export const logSoftmaxGradientWasmKernel: WasmKernel = kernel(true);
