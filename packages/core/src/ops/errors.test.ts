/** Wrong uses of ops: what must hold, what came, what to do. Long: one table of ops. */
import { type DType, isDendriteError, type Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import * as core from '../index.ts';

const runtime = await core.createRuntime();
const of = (shape: readonly number[], dtype: DType = 'float32'): Tensor => core.zeros(shape, { dtype, runtime });
const whole = (...values: number[]): Tensor => runtime.tensor(values, [values.length], 'int32');

type Wrong = readonly [code: string, message: string, run: () => unknown];
const wrong: readonly Wrong[] = [
  // Broadcasting and dtypes
  [
    'SHAPE',
    'add(): shapes must broadcast (equal lengths or 1, aligned at the last axis), got [2, 3] and [2] (3 ≠ 2 at axis -1). Reshape or transpose one of them.',
    () => core.add(of([2, 3]), of([2])),
  ],
  [
    'DTYPE',
    "mul(): operands must have one dtype, got float32 and int32. Cast one: cast(x, 'float32').",
    () => core.mul(of([2]), of([2], 'int32')),
  ],
  [
    'DTYPE',
    "sub(): operands must have one dtype, got float64 and float32. Cast one: cast(x, 'float64').",
    () => core.sub(of([2], 'float64'), of([2])),
  ],
  [
    'DTYPE',
    "add(): operands must be float or int32 tensors, got bool. Cast them: cast(x, 'float32').",
    () => core.add(of([2], 'bool'), of([2], 'bool')),
  ],
  [
    'OPTION',
    "sum(): reductions take 'axes' (a number or a list), got 'axis'. Write sum(x, { axes: 0 }).",
    () => {
      const untyped: object = { axis: 0 };
      return core.sum(of([2, 3]), untyped);
    },
  ],
  [
    'DTYPE',
    "mean(): input must be float32 or float64, got int32. Cast it: cast(x, 'float32').",
    () => core.mean(of([2], 'int32')),
  ],
  [
    'DTYPE',
    "div(): operands must be float tensors, got int32. Cast them: cast(x, 'float32').",
    () => core.div(of([2], 'int32'), of([2], 'int32')),
  ],
  [
    'DTYPE',
    "add(): a number beside int32 must be a whole number from -2147483648 to 2147483647, got 0.5. Cast the tensor: cast(x, 'float32').",
    () => core.add(of([2], 'int32'), 0.5),
  ],
  [
    'DTYPE',
    "less(): a number beside uint8 must be a whole number from 0 to 255, got 256. Cast the tensor: cast(x, 'float32').",
    () => core.less(256, of([2], 'uint8')),
  ],
  [
    'DTYPE',
    "exp(): operand must be a float tensor, got int32. Cast it: cast(x, 'float32').",
    () => core.exp(of([2], 'int32')),
  ],
  ['DTYPE', 'logicalNot(): operand must be bool, got float32. Compare first.', () => core.logicalNot(of([2]))],
  [
    'DTYPE',
    'logicalAnd(): operands must be bool, got float32. Compare first.',
    () => core.logicalAnd(of([2]), of([2])),
  ],
  [
    'DTYPE',
    'where(): condition must be bool, got float32. Compare first: less(x, y), notEqual(x, 0).',
    () => core.where(of([2]), of([2]), of([2])),
  ],
  ['OPTION', 'celu(): alpha must be a number above 0, got 0.', () => core.celu(of([2]), { alpha: 0 })],
  ['OPTION', 'clip(): min must be ≤ max, got 2 and 1.', () => core.clip(of([2]), { min: 2, max: 1 })],
  ['OPTION', 'clip(): min must be ≤ max, got NaN and Infinity.', () => core.clip(of([2]), { min: Number.NaN })],
  // By index
  [
    'OPTION',
    'topK(): k must be at most the length of axis 1, 3, got 4. Use a smaller k.',
    () => core.topK(of([2, 3]), { k: 4 }),
  ],
  [
    'OPTION',
    'sort(): axis must be a whole number from -2 to 1 for shape [2, 3], got 2.',
    () => core.sort(of([2, 3]), { axis: 2 }),
  ],
  [
    'SHAPE',
    'takeAlongAxis(): indices must have the shape of x [2, 3] but for axis 1, got [3, 1]. To take the same rows for all, use gather().',
    () => core.takeAlongAxis(of([2, 3]), of([3, 1], 'int32')),
  ],
  [
    'DTYPE',
    "takeAlongAxis(): indices must be int32, got float32. Cast them: cast(indices, 'int32').",
    () => core.takeAlongAxis(of([2, 3]), of([2, 1])),
  ],
  [
    'OPTION',
    'takeAlongAxis(): indices must be from 0 to 2, got 3.',
    () => core.takeAlongAxis(of([2, 3]), runtime.tensor([0, 3], [2, 1], 'int32')),
  ],
  [
    'OPTION',
    'putAlongAxis(): indices must be from 0 to 1, got -1.',
    () => core.putAlongAxis(of([2, 3]), runtime.tensor([0, 1, -1], [1, 3], 'int32'), of([1, 3]), { axis: 0 }),
  ],
  [
    'OPTION',
    'putAlongAxis(): indices must be from 0 to 2, got 4.',
    () => core.putAlongAxis(of([2, 3]), runtime.tensor([0, 4], [2, 1], 'int32'), of([2, 1]), { mode: 'add' }),
  ],
  [
    'SHAPE',
    "putAlongAxis(): updates must have the indices' shape [2, 1], got [2, 2].",
    () => core.putAlongAxis(of([2, 3]), of([2, 1], 'int32'), of([2, 2])),
  ],
  [
    'OPTION',
    "putAlongAxis(): mode must be 'set' or 'add', got 'max'.",
    () => core.putAlongAxis(of([2, 3]), of([2, 1], 'int32'), of([2, 1]), { mode: 'max' as 'set' }),
  ],
  [
    'SHAPE',
    'scatterSet(): updates must be [2, 3] for x [4, 3] and indices [2] at axis 0, got [3].',
    () => core.scatterSet(of([4, 3]), whole(0, 1), of([3])),
  ],
  [
    'DTYPE',
    "scatterSet(): updates must be float32 as x is, got int32. Cast them: cast(updates, 'float32').",
    () => core.scatterSet(of([4]), whole(0), whole(1)),
  ],
  ['OPTION', 'scatterAdd(): indices must be from 0 to 3, got 4.', () => core.scatterSet(of([4]), whole(4), of([1]))],
  [
    'SHAPE',
    'gatherNd(): indices must be [..., depth] with a depth from 1 to 2 for shape [2, 3], got [4, 3].',
    () => core.gatherNd(of([2, 3]), of([4, 3], 'int32')),
  ],
  [
    'OPTION',
    'gather(): indices must be from 0 to 5, got -1.',
    () => core.gatherNd(of([2, 3]), runtime.tensor([0, 3], [1, 2], 'int32')),
  ],
  [
    'SHAPE',
    'scatterNd(): updates must be [2, 3] for indices [2, 1] and shape [4, 3], got [2].',
    () => core.scatterNd(of([2]), of([2, 1], 'int32'), { shape: [4, 3] }),
  ],
  [
    'OPTION',
    'repeat(): repeats must be one number, or one for each of the 3 elements of axis 0, got 2 numbers.',
    () => core.repeat(of([3]), [1, 2]),
  ],
  [
    'OPTION',
    "pad(): mode must be 'constant' or 'edge' or 'wrap' or 'reflect' or 'symmetric', got 'mirror'.",
    () => core.pad(of([3]), { before: [1], after: [0], mode: 'mirror' as 'edge' }),
  ],
  [
    'SHAPE',
    "pad(): an axis must have elements to be padded with 'edge', got length 0 at axis 0 of [0, 2]. Use mode 'constant'.",
    () => core.pad(of([0, 2]), { before: [1, 0], after: [0, 0], mode: 'edge' }),
  ],
  [
    'SHAPE',
    'categorical(): logits must be [..., classes], got [2, 0].',
    () => core.categorical(runtime.key(1), of([2, 0])),
  ],
  [
    'OPTION',
    'categorical(): samples must be a whole number ≥ 0, got 1.5.',
    () => core.categorical(runtime.key(1), of([2, 3]), { samples: 1.5 }),
  ],
  // Axes
  [
    'OPTION',
    'sum(): axis must be a whole number from -2 to 1 for shape [2, 3], got 2.',
    () => core.sum(of([2, 3]), { axes: 2 }),
  ],
  [
    'OPTION',
    'max(): each axis must be named once, got [0, -2] for shape [2, 3].',
    () => core.max(of([2, 3]), { axes: [0, -2] }),
  ],
  [
    'OPTION',
    'mean(): axis must be a whole number from -1 to 0 for shape [2], got 0.5.',
    () => core.mean(of([2]), { axes: 0.5 }),
  ],
  [
    'DTYPE',
    "sum(): input must be float or int32, got bool. Cast it: cast(x, 'int32').",
    () => core.sum(of([2], 'bool')),
  ],
  ['SHAPE', 'argMin(): the axis must have elements, got shape [2, 0] at axis 1.', () => core.argMin(of([2, 0]))],
  [
    'DTYPE',
    "logSoftmax(): input must be float, got int32. Cast it: cast(x, 'float32').",
    () => core.logSoftmax(of([2], 'int32')),
  ],
  // Shapes
  [
    'SHAPE',
    'reshape(): the number of elements must stay 6 (shape [2, 3]), got [4, 2]. One length may be -1.',
    () => core.reshape(of([2, 3]), [4, 2]),
  ],
  [
    'SHAPE',
    'reshape(): the number of elements must stay 6 (shape [2, 3]), got [-1, 4]. One length may be -1.',
    () => core.reshape(of([2, 3]), [-1, 4]),
  ],
  [
    'SHAPE',
    'reshape(): the number of elements must stay 6 (shape [2, 3]), got [-1, -1]. One length may be -1.',
    () => core.reshape(of([2, 3]), [-1, -1]),
  ],
  [
    'SHAPE',
    'squeeze(): a dropped axis must have length 1, got 3 at axis 1 of [1, 3].',
    () => core.squeeze(of([1, 3]), { axes: -1 }),
  ],
  [
    'OPTION',
    'transpose(): axes must name each of the 2 axes once, got [0, 0].',
    () => core.transpose(of([2, 3]), [0, 0]),
  ],
  [
    'SHAPE',
    'broadcastTo(): only axes of length 1 can be stretched, got [2, 3] to [3].',
    () => core.broadcastTo(of([2, 3]), [3]),
  ],
  [
    'OPTION',
    'slice(): taken elements must lie inside axis 0 of length 5, got begin 3, size 3, step 1.',
    () => core.slice(of([5]), { begin: [3], size: [3] }),
  ],
  [
    'OPTION',
    'slice(): step must be a whole number other than 0, got 0 at axis 0.',
    () => core.slice(of([5]), { begin: [0], step: [0] }),
  ],
  [
    'OPTION',
    'slice(): begin, size and step must have at most 1 numbers for shape [5], got 2.',
    () => core.slice(of([5]), { begin: [0, 0] }),
  ],
  [
    'OPTION',
    'split(): parts or sizes must be given, one of them, got neither. Write { parts: 2 } or { sizes: [1, 2] }.',
    () => core.split(of([5]), {}),
  ],
  [
    'OPTION',
    'split(): pieces must be whole numbers that add up to 5 (axis 0 of [5]), got 2 parts.',
    () => core.split(of([5]), { parts: 2 }),
  ],
  [
    'OPTION',
    'split(): pieces must be whole numbers that add up to 5 (axis 0 of [5]), got sizes [2, 2].',
    () => core.split(of([5]), { sizes: [2, 2] }),
  ],
  ['OPTION', 'tile(): repeats must have one number an axis (2), got 1.', () => core.tile(of([2, 3]), [2])],
  ['OPTION', 'tile(): each repeat must be a whole number ≥ 0, got -1.', () => core.tile(of([2]), [-1])],
  [
    'OPTION',
    'pad(): before must have 2 whole numbers ≥ 0 for shape [2, 3], got [1].',
    () => core.pad(of([2, 3]), { before: [1], after: [0, 0] }),
  ],
  [
    'OPTION',
    'pad(): after must have 1 whole numbers ≥ 0 for shape [2], got [-1].',
    () => core.pad(of([2]), { before: [0], after: [-1] }),
  ],
  [
    'SHAPE',
    'concat(): shapes must agree but for axis 0, got [2, 3] and [2, 4].',
    () => core.concat([of([2, 3]), of([2, 4])]),
  ],
  [
    'DTYPE',
    'concat(): tensors must have one dtype, got float32 and int32. Cast one.',
    () => core.concat([of([2]), of([2], 'int32')]),
  ],
  ['OPTION', 'concat(): operand must be a tensor, got undefined. Make one with tensor(…).', () => core.concat([])],
  // Indices
  [
    'DTYPE',
    "gather(): indices must be int32, got float32. Cast them: cast(indices, 'int32').",
    () => core.gather(of([3]), of([1])),
  ],
  ['OPTION', 'gather(): indices must be from 0 to 2, got 3.', () => core.gather(of([3]), whole(0, 3))],
  ['OPTION', 'gather(): indices must be from 0 to 2, got -1.', () => core.gather(of([3]), whole(-1))],
  [
    'OPTION',
    'scatterAdd(): indices must be from 0 to 3, got 4.',
    () => core.scatterAdd(of([1]), whole(4), { length: 4 }),
  ],
  [
    'SHAPE',
    "scatterAdd(): updates must have the indices' shape [2] from axis 0 on, got [3].",
    () => core.scatterAdd(of([3]), whole(0, 1), { length: 4 }),
  ],
  [
    'OPTION',
    'scatterAdd(): length must be a whole number ≥ 0, got -1.',
    () => core.scatterAdd(of([1]), whole(0), { length: -1 }),
  ],
  [
    'DTYPE',
    "oneHot(): codes must be int32, got float32. Cast them: cast(codes, 'int32').",
    () => core.oneHot(of([3]), { classes: 2 }),
  ],
  ['OPTION', 'oneHot(): classes must be a whole number ≥ 1, got 0.', () => core.oneHot(whole(0), { classes: 0 })],
  [
    'SHAPE',
    'lowerTriangle(): input must have at least two axes, got [3]. Add one with expandDims().',
    () => core.lowerTriangle(of([3])),
  ],
  [
    'OPTION',
    'upperTriangle(): diagonal must be a whole number, got 0.5.',
    () => core.upperTriangle(of([3, 3]), { diagonal: 0.5 }),
  ],
  // Products
  [
    'SHAPE',
    'matmul(): inner dimensions must agree, got [32, 64] × [63, 10] (64 ≠ 63). Transpose or reshape one operand.',
    () => core.matmul(of([32, 64]), of([63, 10])),
  ],
  [
    'SHAPE',
    'matmul(): inner dimensions must agree, got [3, 2]ᵀ × [2, 4] (3 ≠ 2). Transpose or reshape one operand.',
    () => core.matmul(of([3, 2]), of([2, 4]), { transposeA: true }),
  ],
  [
    'SHAPE',
    'matmul(): operands must have at least two axes, got [3] and [3, 2]. Add one with expandDims().',
    () => core.matmul(of([3]), of([3, 2])),
  ],
  [
    'DTYPE',
    'matmul(): operands must have one dtype, got float32 and float64. Cast one.',
    () => core.matmul(of([2, 2]), of([2, 2], 'float64')),
  ],
  [
    'DTYPE',
    "matmul(): operands must be floats, got int32. Cast them: cast(x, 'float32').",
    () => core.matmul(of([2, 2], 'int32'), of([2, 2], 'int32')),
  ],
  [
    'SHAPE',
    "einsum(): axis 'j' must have one length in 'ij,jk->ik', got 3 and 4.",
    () => core.einsum('ij,jk->ik', of([2, 3]), of([4, 2])),
  ],
  [
    'OPTION',
    "einsum(): formula must be like 'ij,jk->ik', got 'ij,jk': it needs one ->.",
    () => core.einsum('ij,jk', of([2, 3]), of([3, 2])),
  ],
  [
    'OPTION',
    "einsum(): formula must be like 'ij,jk->ik', got 'ij->i': it names 1 operands, 2 were given.",
    () => core.einsum('ij->i', of([2, 3]), of([3, 2])),
  ],
  [
    'OPTION',
    "einsum(): formula must be like 'ij,jk->ik', got 'ii->i': 'ii' repeats a letter, which is not supported (take the diagonal first).",
    () => core.einsum('ii->i', of([2, 2])),
  ],
  [
    'OPTION',
    "einsum(): formula must be like 'ij,jk->ik', got 'ij->ik': 'k' of the result is in no operand.",
    () => core.einsum('ij->ik', of([2, 2])),
  ],
  [
    'OPTION',
    "einsum(): formula must be like 'ij,jk->ik', got 'i->i': 'i' names 1 axes of shape [2, 2].",
    () => core.einsum('i->i', of([2, 2])),
  ],
  // Windows
  [
    'SHAPE',
    "windowGather(): windows must fit, got length 2 for a window over 3 at spatial axis 0. Use padding 'same', or a smaller window.",
    () => core.windowGather(of([1, 2, 1]), { size: 3 }),
  ],
  [
    'SHAPE',
    'windowGather(): input must be [batch, 1 to 3 spatial axes, channels], got [2, 3]. Reshape it.',
    () => core.windowGather(of([2, 3]), { size: 1 }),
  ],
  [
    'OPTION',
    'windowGather(): stride must be a whole number ≥ 1, got 0.',
    () => core.windowGather(of([1, 4, 1]), { size: 2, stride: 0 }),
  ],
  [
    'OPTION',
    'windowGather(): size must have one number for each of 1 spatial axes, got [2, 2].',
    () => core.windowGather(of([1, 4, 1]), { size: [2, 2] }),
  ],
  [
    'SHAPE',
    'windowScatter(): input must be [batch, 3, 2 · channels] for spatial lengths [4], got [1, 2, 2].',
    () => core.windowScatter(of([1, 2, 2]), { size: 2, spatial: [4] }),
  ],
  ['OPTION', 'softmax(): axis must name an axis, got -1 for a scalar, which has none.', () => core.softmax(of([]))],
  // Making
  ['OPTION', 'range(): n must be a whole number ≥ 0, got -1.', () => core.range(-1)],
  [
    'DTYPE',
    "key.at(): counter must be an int32 scalar, got float32 of shape []. Make it with runtime.tensor(step, [], 'int32').",
    () => core.uniform(runtime.key(1).at(core.zeros([], { runtime })), [2]),
  ],
  ['SHAPE', 'shape: every length must be a whole number ≥ 0, got [-1].', () => of([-1])],
  [
    'DTYPE',
    "full(): a number beside int32 must be a whole number from -2147483648 to 2147483647, got 0.5. Cast the tensor: cast(x, 'float32').",
    () => core.full([2], 0.5, { dtype: 'int32', runtime }),
  ],
];

test.each(wrong)('%s %s', (code, message, run) => {
  const before = runtime.live().tensors;
  let caught: unknown;
  try {
    run();
  } catch (error) {
    caught = error;
  }
  expect((caught as Error | undefined)?.message).toBe(message);
  expect(isDendriteError(caught) && caught.code).toBe(code);
  expect(runtime.live().tensors - before).toBeLessThanOrEqual(3); // the operands that the call made
});

test('functions that are made of several ops leave no part of them behind, in or out of scopes', () => {
  const x = runtime.tensor([
    [1, 2],
    [3, 4],
  ]);
  const mask = core.less(x, 2);
  const made: readonly (() => Tensor | readonly Tensor[])[] = [
    () => core.mean(x),
    () => core.max(x, { axes: 0, keepDims: true }),
    () => core.variance(x, { axes: 1 }),
    () => core.logSumExp(x),
    () => core.any(mask),
    () => core.all(mask, { axes: 0 }),
    () => core.where(mask, x, 0),
    () => core.lowerTriangle(x),
    () => core.upperTriangle(x, { diagonal: 1 }),
    () => core.softmax(x, { axis: 0 }),
    () => core.stack([x, x], { axis: 1 }),
    () => core.tile(x, [2, 3]),
    () => core.tile(x, [1, 1]),
    () => core.split(x, { parts: 2 }),
    () => core.einsum('ij,kj->ik', x, x),
    () => core.einsum('ij->ij', x),
    () => core.matmul(core.reshape(x, [1, 2, 2]), x),
    () => core.oneHot(runtime.tensor([1, 0], [2], 'int32'), { classes: 3 }),
    () => core.transpose(x, [0, 1]),
    () => core.concat([x]),
    () => core.reverse(x, { axes: [] }),
  ];
  for (const f of made) {
    const before = runtime.live().tensors;
    const results = [f()].flat() as Tensor[];
    for (const result of results) expect(result === x).toBe(false);
    // matmul's and oneHot's operands are made by the line itself.
    expect(runtime.live().tensors - before - results.length, `${f}`).toBeLessThanOrEqual(
      /reshape|runtime/.test(`${f}`) ? 1 : 0,
    );
  }
});

test('a failing kernel leaves nothing alive', () => {
  const x = of([3]);
  const indices = whole(7);
  const before = runtime.live();
  expect(() => core.gather(x, indices)).toThrow();
  expect(() => core.einsum('ij,jk->ik', core.reshape(x, [1, 3]), x)).toThrow();
  expect(runtime.live().buffers).toBe(before.buffers);
});
