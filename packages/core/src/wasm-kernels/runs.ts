/**
 * Tensors that are parts of one along an axis, put together or cut run by run. A unit of work is all that lies before the axis: a run of
 * each part.
 */
import type { Call, TensorSpec, WasmKernel } from '@dendrite/spec';
import { aroundAxis, shapeOf } from '../ops/strides.ts';
import { kernelModule } from './kernel-module.ts';
import { integers, numbered, numberedNames } from './parameters.ts';
import { copyBytes, elementBytes } from './strided-copy.ts';

/** More parts are left to JavaScript or to other ops: each number of them has a module. */
const mostParts = 16;

/** @param direction  `'join'`: the parts are the inputs; `'cut'`: they are the outputs */
export function runsKernel(direction: 'join' | 'cut'): WasmKernel {
  const sides = ({ inputs, outputs }: Call): readonly [whole: TensorSpec | undefined, parts: readonly TensorSpec[]] =>
    direction === 'join' ? [outputs[0], inputs] : [inputs[0], outputs];
  const bytesOf = (call: Call): number => elementBytes[sides(call)[0]?.dtype ?? 'float32'];
  const outerOf = (call: Call): number => aroundAxis(shapeOf(sides(call)[0]), Number(call.attributes.axis))[0];
  /** Bytes of a run of the whole, and of each part. */
  const widthsOf = (call: Call): readonly [row: number, ...widths: number[]] => {
    const axis = Number(call.attributes.axis);
    const [whole, parts] = sides(call);
    const [, length, inner] = aroundAxis(shapeOf(whole), axis);
    const bytes = inner * bytesOf(call);
    return [length * bytes, ...parts.map(({ shape }) => (shape[axis] ?? 0) * bytes)];
  };
  return {
    language: 'wasm',
    accepts: (call) => sides(call)[1].length <= mostParts,
    specialize: (call) => ({ parts: sides(call)[1].length, bytes: bytesOf(call) }),
    arguments: widthsOf,
    phases: [{ entry: 'run', units: outerOf, work: (call) => 2 * widthsOf(call)[0] }],
    emit({ parts, bytes }) {
      const m = kernelModule();
      const count = Number(parts);
      const partNames = numberedNames('part', count);
      const parameters = {
        ...integers(['begin', 'end']),
        ...integers(direction === 'join' ? ['whole0', ...partNames] : [...partNames, 'whole0']),
        ...integers(['scratch', 'row']),
        ...integers(numberedNames('width', count)),
      };
      m.function('run', { parameters }, (f, p) => {
        const at = f.let(numbered(p, 'whole', 1)[0]?.add(p.begin.mul(p.row)) ?? p.row);
        const widths = numbered(p, 'width', count);
        f.loop(p.begin, p.end, (unit) => {
          for (const [i, base] of numbered(p, 'part', count).entries()) {
            const width = widths[i] ?? p.row;
            const part = f.let(base.add(unit.mul(width)));
            if (direction === 'join') copyBytes(f, at, part, width, Number(bytes));
            else copyBytes(f, part, at, width, Number(bytes));
            at.set(at.add(width));
          }
        });
      });
      return m.toBytes();
    },
  };
}
