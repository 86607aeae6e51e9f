/**
 * Max pooling on WebGPU as WGSL of our own. tfjs's MaxPool passes over NaN and gives −1e20 for windows of −∞, its MaxPoolGrad is
 * wrong on ties, and composed of what is right the gradient took 39 dispatches.
 */
import type { Call } from '@dendrite/spec';
import type { Routine } from '../expressions/compile.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { prelude, webgpuProgram } from '../kernels/webgpu-elementwise.ts';
import type { Pooling } from './pooling.ts';
import { inputShape, outputShape } from './routine.ts';

/** Where the elements of a window lie in `In0`; those outside the image are nobody's. `winner` is −1 before the first. */
const scan = `${prelude}
fn winner_(image : i32, row : i32, column : i32, channel : i32) -> i32 {
  var winner = -1;
  var best = 0.0;
  for (var i = 0; i < uniforms.sizey; i++) {
    let y = row * uniforms.stridey - uniforms.beforey + i;
    if (y < 0 || y >= uniforms.height) { continue; }
    for (var j = 0; j < uniforms.sizex; j++) {
      let x = column * uniforms.stridex - uniforms.beforex + j;
      if (x < 0 || x >= uniforms.width) { continue; }
      let at = ((image * uniforms.height + y) * uniforms.width + x) * uniforms.channels + channel;
      let value = In0[at];
      if (isNaN_(value)) { return at; }
      if (winner < 0 || value > best) { winner = at; best = value; }
    }
  }
  return winner;
}`;

const numbersOf = (
  { size, stride, before }: Pooling,
  image: readonly number[],
  windows: readonly number[],
): Record<string, number> => {
  const [, height = 1, width = 1, channels = 1] = image;
  const [, rows = 1, columns = 1] = windows;
  const [[sizey, sizex], [stridey, stridex], [beforey, beforex]] = [size, stride, before];
  return { height, width, channels, rows, columns, sizey, sizex, stridey, stridex, beforey, beforex };
};
const flat = (value: Value): Value => reshaped(value, [sizeOf(value.shape)]);

export function webgpuMaxPool(kernels: Kernels, call: Call, pooling: Pooling): Routine {
  const shape = outputShape(call);
  const numbers = numbersOf(pooling, inputShape(call, 0), shape);
  return ([x]) => [
    reshaped(
      webgpuProgram(kernels, {
        key: 'max-pool',
        inputs: [flat(x as Value)],
        size: sizeOf(shape),
        dtype: 'float32',
        numbers,
        before: scan,
        body: `
          let cell = index / uniforms.channels;
          let line = cell / uniforms.columns;
          let winner = winner_(line / uniforms.rows, line % uniforms.rows, cell % uniforms.columns, index % uniforms.channels);
          if (winner < 0) { return -uniforms.INFINITY; }
          return In0[winner];`,
      }),
      shape,
    ),
  ];
}

/** Each element adds up the cotangents of the windows that it won, in the order of its places in them. */
export function webgpuMaxPoolGradient(kernels: Kernels, call: Call, pooling: Pooling): Routine {
  const shape = outputShape(call);
  const numbers = numbersOf(pooling, shape, inputShape(call, 1));
  return ([x, dy]) => [
    reshaped(
      webgpuProgram(kernels, {
        key: 'max-pool-gradient',
        inputs: [flat(x as Value), flat(dy as Value)],
        size: sizeOf(shape),
        dtype: 'float32',
        numbers,
        before: scan,
        body: `
          let channel = index % uniforms.channels;
          let pixel = index / uniforms.channels;
          let line = pixel / uniforms.width;
          let image = line / uniforms.height;
          var sum = 0.0;
          for (var i = 0; i < uniforms.sizey; i++) {
            let y = line % uniforms.height + uniforms.beforey - i;
            let row = y / uniforms.stridey;
            if (y < 0 || y % uniforms.stridey != 0 || row >= uniforms.rows) { continue; }
            for (var j = 0; j < uniforms.sizex; j++) {
              let x = pixel % uniforms.width + uniforms.beforex - j;
              let column = x / uniforms.stridex;
              if (x < 0 || x % uniforms.stridex != 0 || column >= uniforms.columns) { continue; }
              if (winner_(image, row, column, channel) == index) {
                sum = sum + In1[((image * uniforms.rows + row) * uniforms.columns + column) * uniforms.channels + channel];
              }
            }
          }
          return sum;`,
      }),
      shape,
    ),
  ];
}
