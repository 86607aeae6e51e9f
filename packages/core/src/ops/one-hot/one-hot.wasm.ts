/** Codes as rows with a single 1: all zeros, then the ones. A unit of work is a row. */
import type { WasmKernel } from '@dendrite/spec';
import { constant, f32, i32, wasmModule } from '@dendrite/wasm-assembler';
import { integers } from '../../wasm-kernels/parameters.ts';
import { shapeOf, sizeOf } from '../strides.ts';

/** Bytes. */
const near = 16384;

export const oneHotWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ outputs: [y] }) => y?.dtype === 'float32' || y?.dtype === 'int32',
  specialize: ({ outputs: [y] }) => ({ dtype: y?.dtype ?? 'float32' }),
  arguments: ({ attributes }) => [Number(attributes.classes)],
  phases: [
    {
      entry: 'run',
      units: ({ inputs: [codes] }) => sizeOf(shapeOf(codes)),
      work: ({ attributes }) => 4 * Number(attributes.classes) + 8,
    },
  ],
  emit({ dtype }) {
    const m = wasmModule();
    m.importMemory('env', 'memory', { initial: 1 });
    const names = ['begin', 'end', 'y', 'codes', 'scratch', 'classes'] as const;
    m.function('run', { parameters: integers(names) }, (f, { begin, end, y, codes, classes }) => {
      const one = f.let(
        dtype === 'float32' ? i32.reinterpret_f32(f32.demote_f64(constant('f64', 1))) : constant('i32', 1),
      );
      const row = f.let(classes.shl(2));
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
            f.if(code.lt_u(classes), () => f.i32.store(y.add(unit.mul(row)).add(code.shl(2)), one));
          });
          first.set(last);
        },
      );
    });
    return m.toBytes();
  },
};
