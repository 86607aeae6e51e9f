/**
 * What it costs on WASM that an op has no kernel of its own: its time beside that of a kernel which does the same arithmetic, or moves as
 * much memory. Above 1.5 a kernel would be worth writing. The same use on tfjs-wasm stands beside it.
 */
import {
  adaptiveAvgPool2d,
  conv1d,
  conv2d,
  conv2dInputGradientOp,
  conv3d,
  convTranspose2d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  resize2d,
} from '@dendrite/cnn/ops';
import { add, cast, concat, einsum, matmul, mul, normal, oneHot, reshape, split, sum, transpose } from '@dendrite/core';
import type { Runtime, Shape, Tensor } from '@dendrite/spec';

interface Use {
  readonly name: string;
  readonly run: (runtime: Runtime) => () => unknown;
  /** The kernel that does as much, and its name. */
  readonly beside: string;
  readonly kernel: (runtime: Runtime) => () => unknown;
}
const drawn = (runtime: Runtime, ...shape: readonly number[]): Tensor => normal(runtime.key(1), shape);
/** A function of one tensor of this shape. */
const of =
  (shape: Shape, run: (x: Tensor) => unknown): Use['run'] =>
  (runtime) => {
    const x = drawn(runtime, ...shape);
    return () => run(x);
  };
const ofTwo =
  (first: Shape, second: Shape, run: (x: Tensor, y: Tensor) => unknown): Use['run'] =>
  (runtime) => {
    const [x, y] = [drawn(runtime, ...first), drawn(runtime, ...second)];
    return () => run(x, y);
  };
const bytes = (runtime: Runtime): Tensor => runtime.tensor(new Uint8Array(2 ** 18), [2 ** 18]);
const pass = of([2 ** 18], (x) => add(x, 1));
const square = { stride: [1, 1], dilation: [1, 1], before: [1, 1], after: [1, 1], groups: 1 };

const uses: readonly Use[] = [
  {
    name: 'conv1d, 5 of 32 to 32',
    run: ofTwo([8, 256, 32], [5, 32, 32], (x, w) => conv1d(x, w)),
    beside: 'conv2d with 1 × 5',
    kernel: ofTwo([8, 1, 256, 32], [1, 5, 32, 32], (x, w) => conv2d(x, w)),
  },
  {
    name: 'conv3d, 3×3×3 of 8 to 16',
    run: ofTwo([2, 12, 16, 16, 8], [3, 3, 3, 8, 16], (x, w) => conv3d(x, w)),
    beside: 'conv2d of 24 channels',
    kernel: ofTwo([20, 16, 16, 24], [3, 3, 24, 16], (x, w) => conv2d(x, w)),
  },
  {
    name: 'transposed 3×3 of 32 to 32',
    run: ofTwo([8, 16, 16, 32], [3, 3, 32, 32], (x, w) => convTranspose2d(x, w, { padding: 1 })),
    beside: 'input gradient',
    kernel: ofTwo([8, 16, 16, 32], [3, 3, 32, 32], (dy, w) =>
      dy.runtime.run(conv2dInputGradientOp, [dy, w], { ...square, spatial: [16, 16] }),
    ),
  },
  {
    name: 'maxPool1d, 2 of 512',
    run: of([16, 512, 32], (x) => maxPool1d(x, { size: 2 })),
    beside: 'maxPool2d with 1 × 2',
    kernel: of([16, 1, 512, 32], (x) => maxPool2d(x, { size: [1, 2] })),
  },
  {
    name: 'maxPool3d, 2×2×2',
    run: of([4, 16, 16, 16, 16], (x) => maxPool3d(x, { size: 2 })),
    beside: 'maxPool2d, 2×4',
    kernel: of([4, 64, 64, 16], (x) => maxPool2d(x, { size: [2, 4] })),
  },
  {
    name: 'pooled to 7×7, which divide',
    run: of([8, 28, 28, 32], (x) => adaptiveAvgPool2d(x, [7, 7])),
    beside: 'maxPool2d, 4×4',
    kernel: of([8, 28, 28, 32], (x) => maxPool2d(x, { size: 4 })),
  },
  {
    name: 'resized to twice the size',
    run: of([8, 16, 16, 32], (x) => resize2d(x, { size: 32 })),
    beside: 'add a number, as much written',
    kernel: of([8, 32, 32, 32], (x) => add(x, 1)),
  },
  {
    name: 'resized to twice the size by straight lines',
    run: of([8, 16, 16, 32], (x) => resize2d(x, { size: 32, method: 'bilinear' })),
    beside: 'add two, three times as much written',
    kernel: ofTwo([8, 32, 32, 96], [8, 32, 32, 96], (x, y) => add(x, y)),
  },
  {
    name: 'channels scaled, an image at a time',
    run: ofTwo([8, 32, 32, 32], [8, 1, 1, 32], (x, y) => mul(x, y)),
    beside: 'multiply two',
    kernel: ofTwo([8, 32, 32, 32], [8, 32, 32, 32], (x, y) => mul(x, y)),
  },
  {
    name: 'pooled to 5×5, which do not divide',
    run: of([8, 56, 56, 32], (x) => adaptiveAvgPool2d(x, [5, 5])),
    beside: 'maxPool2d, 4×4',
    kernel: of([8, 56, 56, 32], (x) => maxPool2d(x, { size: 4 })),
  },
  {
    name: 'einsum bij,bjk→bik',
    run: ofTwo([8, 64, 64], [8, 64, 64], (x, y) => einsum('bij,bjk->bik', x, y)),
    beside: 'matmul',
    kernel: ofTwo([8, 64, 64], [8, 64, 64], (x, y) => matmul(x, y)),
  },
  {
    name: 'split in 4 columns of parts',
    run: of([512, 512], (x) => split(x, { parts: 4, axis: 1 })),
    beside: 'concat of as much',
    kernel: of([512, 128], (x) => concat([x, x, x, x], { axis: 1 })),
  },
  {
    name: 'uint8 to float32',
    run: (runtime) => {
      const x = bytes(runtime);
      return () => cast(x, 'float32');
    },
    beside: 'add a number',
    kernel: pass,
  },
  {
    name: 'float32 to int32',
    run: of([2 ** 18], (x) => cast(x, 'int32')),
    beside: 'add a number',
    kernel: pass,
  },
  {
    name: 'one-hot of int32 as bool',
    run: (runtime) => {
      const x = runtime.tensor(new Int32Array(2048));
      return () => oneHot(x, { classes: 128, dtype: 'bool' });
    },
    beside: 'one-hot as float32',
    kernel: (runtime) => {
      const x = runtime.tensor(new Int32Array(2048));
      return () => oneHot(x, { classes: 128 });
    },
  },
  {
    name: 'sum over a middle axis',
    run: of([64, 64, 64], (x) => sum(x, { axes: 1 })),
    beside: 'transpose, and sum over the last',
    kernel: of([64, 64, 64], (x) => sum(reshape(transpose(x, [0, 2, 1]), [4096, 64]), { axes: 1 })),
  },
];

/** What was measured of one use, in milliseconds. */
export interface Cost {
  readonly use: string;
  readonly ms: number;
  readonly beside: string;
  readonly besideMs: number;
  /** The same use by TensorFlow.js's routines; absent where it cannot run there. */
  readonly tfjsMs?: number;
}

/** Calls of a sample, samples that see compilers at work, and samples that count. */
const [runs, early, counted] = [20, 30, 30];

/** Medians of samples that take turns. */
export async function costs(wasm: Runtime, tfjs: Runtime): Promise<readonly Cost[]> {
  return uses.map(({ name, run, beside, kernel }) => {
    const [own = Number.NaN, other = Number.NaN] = medians([prepared(wasm, run), prepared(wasm, kernel)]);
    const [theirs] = attempted(() => medians([prepared(tfjs, run)]));
    return {
      ...{ use: name, ms: rounded(own), beside, besideMs: rounded(other) },
      ...(theirs !== undefined && { tfjsMs: rounded(theirs) }),
    };
  });
}

const prepared = (runtime: Runtime, use: Use['run']): (() => void) => {
  const side = use(runtime);
  return () => runtime.scope(() => void side());
};
const rounded = (ms: number): number => Number(ms.toPrecision(3));
function attempted(run: () => readonly number[]): readonly number[] {
  try {
    return run();
  } catch {
    return [];
  }
}

function medians(sides: readonly (() => void)[]): readonly number[] {
  const samples = sides.map((): number[] => []);
  for (let i = 0; i < early + counted; i++)
    for (const [s, side] of sides.entries()) {
      const began = performance.now();
      for (let k = 0; k < runs; k++) side();
      if (i >= early) samples[s]?.push((performance.now() - began) / runs);
    }
  return samples.map((each) => each.sort((a, b) => a - b)[counted / 2] ?? Number.NaN);
}
