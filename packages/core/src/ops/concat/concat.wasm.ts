/** Joined tensors, run by run. A unit of work is all that lies before the axis: a run of each tensor. */
import type { Call, WasmKernel } from '@dendrite/spec';
import { wasmModule } from '@dendrite/wasm-assembler';
import { integers, numbered, numberedNames } from '../../wasm-kernels/parameters.ts';
import { copyBytes, elementBytes } from '../../wasm-kernels/strided-copy.ts';
import { aroundAxis, shapeOf } from '../strides.ts';

/** More tensors are left to JavaScript: each number of them has a module. */
const mostTensors = 16;

const bytesOf = ({ inputs: [x] }: Call): number => elementBytes[x?.dtype ?? 'float32'];
/** Bytes of a run of the result, and of each tensor. */
function widthsOf(call: Call): { readonly row: number; readonly widths: readonly number[] } {
  const axis = Number(call.attributes.axis);
  const [, length, inner] = aroundAxis(shapeOf(call.outputs[0]), axis);
  const bytes = inner * bytesOf(call);
  return { row: length * bytes, widths: call.inputs.map(({ shape }) => (shape[axis] ?? 0) * bytes) };
}

export const concatWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs }) => inputs.length <= mostTensors,
  specialize: (call) => ({ tensors: call.inputs.length, bytes: bytesOf(call) }),
  arguments(call) {
    const { row, widths } = widthsOf(call);
    return [row, ...widths];
  },
  phases: [
    {
      entry: 'run',
      units: ({ outputs: [y], attributes }) => aroundAxis(shapeOf(y), Number(attributes.axis))[0],
      work: (call) => 2 * widthsOf(call).row,
    },
  ],
  emit({ tensors, bytes }) {
    const m = wasmModule();
    m.importMemory('env', 'memory', { initial: 1 });
    const count = Number(tensors);
    const parameters = {
      ...integers(['begin', 'end', 'y']),
      ...integers(numberedNames('x', count)),
      ...integers(['scratch', 'row']),
      ...integers(numberedNames('width', count)),
    };
    m.function('run', { parameters }, (f, p) => {
      const to = f.let(p.y.add(p.begin.mul(p.row)));
      const widths = numbered(p, 'width', count);
      f.loop(p.begin, p.end, (unit) => {
        for (const [i, x] of numbered(p, 'x', count).entries()) {
          const width = widths[i] ?? p.row;
          copyBytes(f, to, f.let(x.add(unit.mul(width))), width, Number(bytes));
          to.set(to.add(width));
        }
      });
    });
    return m.toBytes();
  },
};
