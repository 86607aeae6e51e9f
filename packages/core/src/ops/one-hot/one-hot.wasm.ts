/** Codes as rows with a single 1: all zeros, then the ones. A unit of work is a row. */
import type { DType, WasmKernel } from '@dendrite/spec';
import { constant, i32, type Value } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { elementBytes } from '../../wasm-kernels/strided-copy.ts';
import { shapeOf, sizeOf } from '../strides.ts';

/** Bytes. */
const near = 16384;

export const oneHotWasmKernel: WasmKernel = {
  language: 'wasm',
  specialize: ({ outputs: [y] }) => ({ dtype: y?.dtype ?? 'float32' }),
  arguments: ({ attributes }) => [Number(attributes.classes)],
  phases: [
    {
      entry: 'run',
      units: ({ inputs: [codes] }) => sizeOf(shapeOf(codes)),
      work: ({ outputs: [y], attributes }) => elementBytes[y?.dtype ?? 'float32'] * Number(attributes.classes) + 8,
    },
  ],
  emit({ dtype }) {
    const m = kernelModule();
    const names = ['begin', 'end', 'y', 'codes', 'scratch', 'classes'] as const;
    m.function('run', { parameters: integers(names) }, (f, { begin, end, y, codes, classes }) => {
      const width = elementBytes[dtype as DType];
      const row = f.let(classes.mul(width));
      const put = (at: Value<'i32'>): void => {
        if (dtype === 'float32') f.f32.store(at, 1);
        else if (width === 4) f.i32.store(at, 1);
        else if (width === 8) f.f64.store(at, 1);
        else f.i32.store8(at, 1);
      };
      // Rows that the nearest cache holds, so that their ones meet it there.
      const rows = f.let(constant('i32', near).div_u(row).or(1));
      const first = f.let(begin);
      f.while(
        () => first.lt_s(end),
        () => {
          const last = f.let(first.add(rows));
          f.if(last.gt_s(end), () => last.set(end));
          f.memory.fill(y.add(first.mul(row)), 0, last.sub(first).mul(row));
          f.loop(first, last, (unit) => {
            const code = f.let(i32.load(codes.add(unit.shl(2))));
            f.if(code.lt_u(classes), () => put(y.add(unit.mul(row)).add(code.mul(width))));
          });
          first.set(last);
        },
      );
    });
    return m.toBytes();
  },
};
