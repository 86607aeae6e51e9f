/** Tensors: made of what, read as what, and dead when disposed. */
import { type DType, isDendriteError, type NestedNumbers } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, createRuntime, reshape, slice, sum, tensor } from '../index.ts';

const runtime = await createRuntime();
const make = (data: unknown, shape?: readonly number[], dtype?: DType) =>
  runtime.tensor(data as NestedNumbers, shape, dtype);

test('shape from nesting, dtype from the data', async () => {
  const forms = [
    [5, [], 'float32', 5],
    [[], [0], 'float32', []],
    [[[], []], [2, 0], 'float32', [[], []]],
    [[[1, 2, 3]], [1, 3], 'float32', [[1, 2, 3]]],
    [[[[1], [2]]], [1, 2, 1], 'float32', [[[1], [2]]]],
    [[true, false], [2], 'bool', [1, 0]],
    [new Float64Array([0.1]), [1], 'float64', [0.1]],
    [new Int32Array([-7, 8]), [2], 'int32', [-7, 8]],
    [new Uint8Array([255]), [1], 'uint8', [255]],
    [new Uint8ClampedArray([9]), [1], 'uint8', [9]],
  ] as const;
  for (const [data, shape, dtype, array] of forms) {
    const x = make(data);
    expect([x.shape, x.dtype, x.size]).toEqual([shape, dtype, shape.reduce((a: number, b: number) => a * b, 1)]);
    expect(await x.toArray()).toEqual(array);
    x.dispose();
  }
});

test('a given shape and dtype', async () => {
  expect(await make([1, 2, 3, 4], [2, 2]).toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(await make(new Uint8Array([0, 128, 255]), [3], 'float32').data()).toEqual(new Float32Array([0, 128, 255]));
  expect(await make([0, 2, -1], [3], 'bool').data('bool')).toEqual(new Uint8Array([0, 1, 1]));
});

test('the data is copied in and out', async () => {
  const data = new Float32Array([1, 2]);
  const x = make(data);
  data[0] = 9;
  const read = await x.data();
  expect(read[0]).toBe(1);
  read[1] = 9;
  expect(await x.toArray()).toEqual([1, 2]);
});

test('special values survive', async () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  expect(await make(values).toArray()).toEqual(values);
});

test.each([
  [
    [[1, 2], [3]],
    undefined,
    undefined,
    'SHAPE',
    'tensor(): nested arrays must be rectangular, got rows of different length at level 1. Pad them.',
  ],
  [
    [1, [2]],
    undefined,
    undefined,
    'SHAPE',
    'tensor(): nested arrays must be rectangular, got rows of different length at level 1. Pad them.',
  ],
  [
    [[1], 2],
    undefined,
    undefined,
    'SHAPE',
    'tensor(): nested arrays must be rectangular, got rows of different length at level 1. Pad them.',
  ],
  [
    [1, 2, 3],
    [2, 2],
    undefined,
    'SHAPE',
    "tensor(): the shape's product must be the number of elements, got [2, 2] (4) for 3.",
  ],
  [
    ['1'],
    undefined,
    undefined,
    'DTYPE',
    'tensor(): every element must be a number or a boolean, got string. Convert the data first.',
  ],
  [
    [null],
    undefined,
    undefined,
    'DTYPE',
    'tensor(): every element must be a number or a boolean, got null. Convert the data first.',
  ],
  [
    undefined,
    undefined,
    undefined,
    'DTYPE',
    'tensor(): every element must be a number or a boolean, got undefined. Convert the data first.',
  ],
  [
    [1.5],
    undefined,
    'int32',
    'DTYPE',
    'tensor(): every element must fit int32, got 1.5 at 0. Use float32, or round first.',
  ],
  [
    [0, 256],
    undefined,
    'uint8',
    'DTYPE',
    'tensor(): every element must fit uint8, got 256 at 1. Use float32, or round first.',
  ],
  [
    [Number.NaN],
    undefined,
    'int32',
    'DTYPE',
    'tensor(): every element must fit int32, got NaN at 0. Use float32, or round first.',
  ],
  [
    [1],
    undefined,
    'float16',
    'DTYPE',
    'tensor(): dtype must be one of float32, float64, int32, uint8, bool, got float16.',
  ],
  [[], [-1, 0], undefined, 'SHAPE', 'shape: every length must be a whole number ≥ 0, got [-1, 0].'],
  [[1], [0.5, 2], undefined, 'SHAPE', 'shape: every length must be a whole number ≥ 0, got [0.5, 2].'],
] as const)('refused: %j as %j %s', (data, shape, dtype, code, message) => {
  let caught: unknown;
  try {
    make(data, shape, dtype as DType | undefined);
  } catch (error) {
    caught = error;
  }
  expect((caught as Error).message).toBe(message);
  expect(isDendriteError(caught, code)).toBe(true);
});

test('reading asks for the dtype it has, item() for one element', async () => {
  const x = make([1, 2]);
  await expect(x.data('int32')).rejects.toThrow(
    "data(): dtype must be the tensor's, got int32 for a float32 tensor. Call data('float32').",
  );
  await expect(x.item()).rejects.toThrow(
    'item(): tensor must have one element, got 2 (shape [2]). Call data() or toArray().',
  );
  expect(await make([[7]]).item()).toBe(7);
});

test('use after dispose', async () => {
  const x = make([1, 2]);
  const y = reshape(x, [2, 1]);
  x.dispose();
  expect(x.alive).toBe(false);
  const message = 'tensor must be alive, got a float32 tensor of shape [2] that was disposed. Use it before dispose().';
  await expect(x.data()).rejects.toThrow(`data(): ${message}`);
  expect(() => add(x, 1)).toThrow(`add(): ${message}`);
  expect(() => reshape(x, [1, 2])).toThrow(`reshape(): ${message}`);
  expect(isDendriteError(await x.toArray().catch((error) => error), 'DISPOSED')).toBe(true);
  expect(await y.toArray()).toEqual([[1], [2]]); // a view keeps the bytes
});

test('views share bytes and free them with the last handle', () => {
  const before = runtime.live();
  const x = make([1, 2, 3, 4, 5, 6], [3, 2]);
  const parts = [reshape(x, [6]), slice(x, { begin: [1], size: [1] }), slice(x, { begin: [2] })];
  expect(runtime.live().buffers).toBe(before.buffers + 1);
  x.dispose();
  parts[0]?.dispose();
  parts[1]?.dispose();
  expect(runtime.live().buffers).toBe(before.buffers + 1);
  parts[2]?.dispose();
  expect(runtime.live()).toEqual(before);
});

test('a view outside its tensor is refused', () => {
  const x = make([1, 2, 3]);
  expect(() => runtime.reshape(x, [2], 2)).toThrow(
    'reshape(): a view must lie inside its tensor, got [2] from element 2 of [3]. Use slice().',
  );
});

test('two runtimes refuse each other', async () => {
  const other = await createRuntime();
  const [a, b] = [runtime.tensor([1]), other.tensor([1])];
  expect(() => add(a, b)).toThrow(
    'add(): tensors must share one runtime, got one of another cpu runtime. Copy it: runtime.tensor(await x.data(), x.shape).',
  );
  expect(() => other.reshape(a, [1])).toThrow(/^reshape\(\): tensors must share one runtime/);
  expect(() => other.differentiate([a], () => ({ loss: b, aux: null }))).toThrow(/^grad\(\): tensors must share/);
});

test('what is no tensor is refused by name', () => {
  const use = (value: unknown): unknown => sum(value as never);
  expect(() => use(3)).toThrow('sum(): operand must be a tensor, got 3. Make one with tensor(…).');
  expect(() => use([1])).toThrow('sum(): operand must be a tensor, got an array. Make one with tensor(…).');
  expect(() => use(Promise.resolve())).toThrow(
    'sum(): operand must be a tensor, got a promise. Make one with tensor(…), after awaiting it.',
  );
  expect(() => use(undefined)).toThrow(/got undefined/);
  expect(() => runtime.run({} as never, [3 as never])).toThrow();
});

test('a disposed runtime', async () => {
  const other = await createRuntime();
  const x = other.tensor([1]);
  await other.dispose();
  await other.dispose();
  await expect(x.data()).rejects.toThrow(
    'data(): tensor must be alive, got a float32 tensor of shape [1] that was freed with its runtime. Read results before runtime.dispose().',
  );
  expect(() => add(x, 1)).toThrow(/^add\(\): tensor must be alive, .* freed with its runtime/);
  expect(() => other.tensor([1])).toThrow(
    'runtime cpu: must be open, got a disposed one. Make another with createRuntime().',
  );
});

test('tensor() on the default runtime is a CPU tensor before init()', () => {
  expect(tensor([1]).runtime.name).toBe('cpu');
});
