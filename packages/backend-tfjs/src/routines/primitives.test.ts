import type { Attributes, Device, Shape } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bool,
  callOp,
  type Dense,
  difference,
  float,
  int,
  noise,
  openDevice,
  variants,
} from '../device/device.fixture.ts';
import * as reference from './reference.fixture.ts';
import { sizeOf } from './reference.fixture.ts';

const spec = (shape: Shape, like: Dense) => ({ shape, dtype: like.dtype });
const random = (shape: Shape, seed = 1): Dense => float(shape, noise(sizeOf(shape), seed));
const large = (shape: Shape): Dense =>
  int(
    shape,
    noise(sizeOf(shape), 5).map((x, i) => (Math.trunc(x * 2 ** 31) ^ (i * 37 + 1)) | 0),
  );
const flags = (shape: Shape): Dense =>
  bool(
    shape,
    noise(sizeOf(shape), 6).map((x) => (x > 0 ? 1 : 0)),
  );
/** Data of each dtype that a moving op must carry bit for bit. */
const kinds = (shape: Shape): readonly Dense[] => [
  random(shape),
  large(shape),
  flags(shape),
  { ...large(shape), dtype: 'uint8', data: large(shape).data.map((x) => x & 255) },
];

describe.each(variants)('primitives on tfjs-%s', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());

  const run = async (
    name: string,
    inputs: readonly Dense[],
    shape: Shape,
    attributes: Attributes,
    args: readonly number[] = [],
  ): Promise<number[]> => {
    const [got = []] = await callOp(device, name, inputs, {
      attributes,
      args,
      outputs: [spec(shape, inputs[0] as Dense)],
    });
    return got;
  };

  test.each([
    [
      [2, 3],
      [1, 0],
    ],
    [[5], [0]],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4],
      [0, 2, 1],
    ],
    [
      [1, 3, 1, 2],
      [3, 2, 1, 0],
    ],
    [
      [33, 5],
      [1, 0],
    ],
    [
      [2, 2, 2, 2, 2, 2],
      [5, 3, 1, 4, 2, 0],
    ],
    [
      [2, 3, 2, 1, 2, 3, 2],
      [0, 1, 2, 4, 3, 6, 5],
    ],
  ])('transpose %o by %o', async (shape, axes) => {
    for (const x of kinds(shape)) {
      const wanted = reference.transpose(x, axes);
      expect(await run('core/transpose', [x], wanted.shape, { axes })).toEqual(wanted.data);
    }
  });

  test.each([
    [[6], [1], [3], [1]],
    [[6], [5], [6], [-1]],
    [[6], [5], [3], [-2]],
    [[7], [1], [3], [2]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
      [1, 1],
    ],
    [
      [4, 5],
      [3, 4],
      [4, 3],
      [-1, -2],
    ],
    [
      [3, 4, 5],
      [0, 1, 2],
      [3, 2, 2],
      [1, 2, 2],
    ],
    [
      [3, 4],
      [2, 3],
      [1, 1],
      [-1, -1],
    ],
    [
      [2, 33],
      [0, 3],
      [2, 10],
      [1, 3],
    ],
  ])('slice %o from %o, %o elements by %o', async (shape, begin, size, step) => {
    for (const x of kinds(shape))
      expect(await run('core/slice', [x], size, { begin, size, step })).toEqual(reference.slice(x, begin, size, step));
  });

  test.each([
    [[3], [2, 3]],
    [
      [2, 1],
      [2, 4],
    ],
    [[], [3]],
    [
      [1, 3, 1],
      [2, 3, 4],
    ],
    [[1], [33]],
    [
      [2, 1, 3, 1],
      [2, 2, 3, 2],
    ],
    [
      [2, 1, 3, 1, 2, 1, 2],
      [2, 4, 3, 3, 2, 2, 2],
    ],
  ])('broadcast %o to %o', async (from, to) => {
    for (const x of kinds(from))
      expect(await run('core/broadcast', [x], to, { shape: to })).toEqual(reference.broadcast(x, to));
  });

  test.each([
    [[3], [1], [2]],
    [
      [2, 3],
      [0, 1],
      [1, 0],
    ],
    [
      [2, 3, 2],
      [1, 0, 2],
      [0, 3, 0],
    ],
    [
      [0, 2],
      [1, 0],
      [1, 1],
    ],
    [[5], [0], [0]],
  ])('pad %o by %o and %o', async (shape, before, after) => {
    for (const x of kinds(shape))
      for (const value of x.dtype === 'float32'
        ? [0, Number.NaN, -Infinity, Infinity, 1.5]
        : x.dtype === 'int32'
          ? [0, 2_147_483_647]
          : [0, 1]) {
        const wanted = reference.pad(x, before, after, value);
        expect(await run('core/pad', [x], wanted.shape, { before, after }, [value]), `${x.dtype} ${value}`).toEqual(
          wanted.data,
        );
      }
  });

  test.each([
    [
      [
        [2, 3],
        [2, 1],
      ],
      1,
    ],
    [
      [
        [2, 3],
        [1, 3],
        [3, 3],
      ],
      0,
    ],
    [
      [
        [0, 2],
        [2, 2],
      ],
      0,
    ],
    [[[5]], 0],
    [
      [
        [2, 1, 2],
        [2, 3, 2],
      ],
      1,
    ],
  ] as [number[][], number][])('concat %o along %i', async (shapes, axis) => {
    const lists = shapes.map((shape) => kinds(shape));
    for (let k = 0; k < 4; k++) {
      const parts = lists.map((list) => list[k] as Dense);
      const wanted = reference.concat(parts, axis);
      expect(await run('core/concat', parts, wanted.shape, { axis })).toEqual(wanted.data);
    }
  });
  test('concat of more parts than a shader has bindings', async () => {
    const parts = Array.from({ length: 40 }, (_, i) => random([2, 3], i));
    const wanted = reference.concat(parts, 1);
    expect(await run('core/concat', parts, wanted.shape, { axis: 1 })).toEqual(wanted.data);
  });

  test.each([
    [[5], [0]],
    [[1], [0]],
    [[3, 4], [0]],
    [[3, 4], [1]],
    [
      [3, 4],
      [0, 1],
    ],
    [[2, 3, 4], [1]],
    [
      [2, 3, 4],
      [0, 2],
    ],
    [[33, 70], [0]],
    [[257], [0]],
    [[4, 1000], [1]],
    [[3, 0], [1]],
    [[2, 3], []],
    [[7, 1009], [1]],
  ])('reduce %o over %o', async (shape, axes) => {
    for (const kind of ['sum', 'prod', 'max', 'min'])
      for (const x of [
        float(
          shape,
          noise(sizeOf(shape)).map((v) => Math.fround(kind === 'prod' ? 1 + v / 100 : v)),
        ),
        float(
          shape,
          noise(sizeOf(shape)).map((v) => Math.fround(v / 100 - 1.01)),
        ),
      ]) {
        const wanted = reference.reduce(x, kind, axes);
        expect(
          difference(await run('core/reduce', [x], wanted.shape, { kind, axes }), wanted.data.map(Math.fround)),
          kind,
        ).toBeUndefined();
      }
    const whole = int(
      shape,
      noise(sizeOf(shape)).map((v) => Math.trunc(v * 20_000_000)),
    );
    for (const kind of ['sum', 'max', 'min']) {
      const wanted = reference.reduce(whole, kind, axes);
      if (sizeOf(shape) > 0)
        expect(await run('core/reduce', [whole], wanted.shape, { kind, axes }), `int ${kind}`).toEqual(
          wanted.data.map((v) => v | 0),
        );
    }
  });
  test('reduce passes NaN and infinity', async () => {
    const x = float([4, 3], [1, Number.NaN, 3, -Infinity, -Infinity, -Infinity, Infinity, 1, 2, Number.NaN, 0, -1]);
    for (const kind of ['sum', 'prod', 'max', 'min'])
      expect(await run('core/reduce', [x], [4], { kind, axes: [1] }), kind).toEqual(
        reference.reduce(x, kind, [1]).data,
      );
  });
  test('reduce of bools is any and all', async () => {
    const x = bool([3, 2], [0, 0, 0, 1, 1, 1]);
    expect(await run('core/reduce', [x], [3], { kind: 'max', axes: [1] })).toEqual([0, 1, 1]);
    expect(await run('core/reduce', [x], [3], { kind: 'min', axes: [1] })).toEqual([0, 0, 1]);
  });
  test('a sum of a million equal numbers keeps its digits', async () => {
    const x = float([1_000_000], new Array<number>(1_000_000).fill(Math.fround(0.1)));
    const [sum = 0] = await run('core/reduce', [x], [], { kind: 'sum', axes: [0] });
    expect(Math.abs(sum / 100_000 - 1)).toBeLessThan(2e-6);
  });

  test.each([
    [[5], 0],
    [[3, 4], 1],
    [[3, 4], 0],
    [[2, 3, 4], 1],
    [[1], 0],
    [[2, 700], 1],
  ] as [number[], number][])('arg-reduce %o along %i', async (shape, axis) => {
    const n = sizeOf(shape);
    const ties = float(
      shape,
      Array.from({ length: n }, (_, i) => (i * 5) % 7),
    );
    const nan = float(
      shape,
      Array.from({ length: n }, (_, i) => (i % 3 === 1 ? Number.NaN : i)),
    );
    const infinite = float(shape, new Array<number>(n).fill(-Infinity));
    const whole = int(
      shape,
      Array.from({ length: n }, (_, i) => 2_147_483_647 - (i % 4)),
    );
    for (const kind of ['max', 'min'])
      for (const x of [random(shape), ties, nan, infinite, whole]) {
        const wanted = reference.argReduce(x, kind, axis);
        const [got] = await callOp(device, 'core/arg-reduce', [x], {
          attributes: { kind, axis },
          outputs: [{ shape: wanted.shape, dtype: 'int32' }],
        });
        expect(got, kind).toEqual(wanted.data);
      }
  });

  test.each([
    [2, 3, 4],
    [1, 1, 1],
    [5, 33, 3],
    [3, 1, 5],
    [2, 0, 3],
    [33, 70, 10],
    [4, 5000, 3],
  ])('matmul %i × %i × %i', async (m, k, n) => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true])
        for (const batch of [0, 2]) {
          const lead = batch ? [batch] : [];
          const a = random([...lead, ...(transposeA ? [k, m] : [m, k])], 2);
          const b = random([...lead, ...(transposeB ? [n, k] : [k, n])], 3);
          const wanted: number[] = [];
          for (let g = 0; g < (batch || 1); g++)
            for (let i = 0; i < m; i++)
              for (let j = 0; j < n; j++) {
                let sum = 0;
                for (let p = 0; p < k; p++)
                  sum +=
                    (a.data[g * m * k + (transposeA ? p * m + i : i * k + p)] ?? 0) *
                    (b.data[g * k * n + (transposeB ? j * k + p : p * n + j)] ?? 0);
                wanted.push(sum);
              }
          expect(
            difference(await run('core/matmul', [a, b], [...lead, m, n], { transposeA, transposeB }), wanted),
            `${transposeA} ${transposeB} ${batch}`,
          ).toBeUndefined();
        }
  });
  test('matmul passes NaN and infinity', async () => {
    const [a, b] = [float([2, 2], [0, Number.NaN, 0, 1]), float([2, 2], [1, 1, Infinity, 1])];
    expect(await run('core/matmul', [a, b], [2, 2], { transposeA: false, transposeB: false })).toEqual([
      Number.NaN,
      Number.NaN,
      Infinity,
      1,
    ]);
  });

  const windows: readonly (readonly [readonly number[], reference.WindowAttributes])[] = [
    [[2, 5, 2], { size: [3], stride: [1], dilation: [1], before: [0], after: [0] }],
    [[1, 7, 1], { size: [2], stride: [3], dilation: [2], before: [1], after: [2] }],
    [[2, 5, 6, 3], { size: [2, 3], stride: [1, 1], dilation: [1, 1], before: [0, 0], after: [0, 0] }],
    [[1, 6, 6, 2], { size: [2, 2], stride: [2, 2], dilation: [1, 1], before: [0, 0], after: [0, 0] }],
    [[2, 7, 5, 1], { size: [3, 3], stride: [2, 3], dilation: [1, 1], before: [1, 0], after: [2, 1] }],
    [[1, 9, 9, 2], { size: [3, 2], stride: [2, 1], dilation: [2, 3], before: [2, 1], after: [1, 2] }],
    [[1, 2, 2, 1], { size: [1, 1], stride: [1, 1], dilation: [1, 1], before: [3, 0], after: [0, 3] }],
    [[1, 4, 3, 5, 2], { size: [2, 2, 3], stride: [1, 2, 1], dilation: [1, 1, 2], before: [0, 1, 0], after: [1, 0, 0] }],
    [[0, 5, 2], { size: [3], stride: [1], dilation: [1], before: [0], after: [0] }],
  ];
  test.each(windows)('windows of %o: %o', async (shape, window) => {
    const x = random(shape);
    for (const padValue of [0, -Infinity]) {
      const wanted = reference.windowGather(x, window, padValue);
      expect(await run('core/window-gather', [x], wanted.shape, { ...window }, [padValue])).toEqual(wanted.data);
    }
    const gathered = reference.windowGather(x, window, 0).shape;
    const y = random(gathered, 9);
    const back = await run('core/window-scatter', [y], shape, { ...window, spatial: shape.slice(1, -1) });
    expect(difference(back, reference.windowScatter(y, window, shape))).toBeUndefined();
  });
  test('a window scatter keeps NaN and infinity in their places', async () => {
    const y = float([1, 2, 2], [Number.NaN, 1, 2, Infinity]);
    const window = { size: [2], stride: [2], dilation: [1], before: [0], after: [1] };
    expect(await run('core/window-scatter', [y], [1, 5, 1], { ...window, spatial: [5] })).toEqual([
      Number.NaN,
      1,
      2,
      Infinity,
      0,
    ]);
  });

  test.each([
    [[5], 0],
    [[1], 0],
    [[3, 4], 1],
    [[3, 4], 0],
    [[2, 3, 4], 1],
    [[2, 33], 1],
    [[1, 257], 1],
  ] as [number[], number][])('cumulative %o along %i', async (shape, axis) => {
    for (const kind of ['sum', 'prod'])
      for (const exclusive of [false, true])
        for (const reverse of [false, true]) {
          const x = float(
            shape,
            noise(sizeOf(shape)).map((v) => Math.fround(kind === 'prod' ? 1 + v / 10 : v)),
          );
          expect(
            difference(
              await run('core/cumulative', [x], shape, { kind, axis, exclusive, reverse }),
              reference.cumulative(x, kind, axis, exclusive, reverse),
              2e-5,
            ),
            `${kind} ${exclusive} ${reverse}`,
          ).toBeUndefined();
          const whole = int(
            shape,
            noise(sizeOf(shape)).map((v) => (kind === 'prod' ? (v > 0.9 ? 3 : 1) : Math.trunc(v * 5_000_000))),
          );
          expect(await run('core/cumulative', [whole], shape, { kind, axis, exclusive, reverse })).toEqual(
            reference.cumulative(whole, kind, axis, exclusive, reverse).map((v) => v + 0),
          );
        }
  });

  test('gather along each axis, with indices of any rank', async () => {
    const shape = [3, 4, 2];
    for (const x of kinds(shape))
      for (const axis of [0, 1, 2]) {
        const at = int([2, 3], [0, 1, 1, 0, (shape[axis] ?? 1) - 1, 0]);
        const out = [...shape.slice(0, axis), 2, 3, ...shape.slice(axis + 1)];
        const wanted = reference
          .indices(out)
          .map((index) =>
            reference.at(x, [
              ...index.slice(0, axis),
              reference.at(at, index.slice(axis, axis + 2)),
              ...index.slice(axis + 2),
            ]),
          );
        expect(await run('core/gather', [x, at], out, { axis })).toEqual(wanted);
      }
  });
  test('scatter-add along each axis adds what meets', async () => {
    const length = 4;
    const at = int([5], [3, 0, 3, 3, 1]);
    for (const axis of [0, 1, 2]) {
      const shape = [2, 3, 2].with(axis, 5);
      const out = shape.with(axis, length);
      for (const x of [
        random(shape),
        int(
          shape,
          large(shape).data.map((v) => v >> 3),
        ),
      ]) {
        const wanted = reference
          .indices(out)
          .map((index) =>
            at.data.reduce((sum, to, i) => (to === index[axis] ? sum + reference.at(x, index.with(axis, i)) : sum), 0),
          );
        expect(difference(await run('core/scatter-add', [x, at], out, { axis, length }), wanted)).toBeUndefined();
      }
    }
  });
  test('scatter-add: a NaN stays in its row, no updates give zeros', async () => {
    const x = float([3, 2], [Number.NaN, 1, 2, 3, Infinity, 5]);
    expect(await run('core/scatter-add', [x, int([3], [2, 0, 2])], [3, 2], { axis: 0, length: 3 })).toEqual([
      2,
      3,
      0,
      0,
      Number.NaN,
      6,
    ]);
    expect(await run('core/scatter-add', [float([0, 2], []), int([0], [])], [2, 2], { axis: 0, length: 2 })).toEqual([
      0, 0, 0, 0,
    ]);
  });
  test('an index out of range', async () => {
    const [x, at] = [float([3], [1, 2, 3]), int([3], [1, 5, -1])];
    const gather = run('core/gather', [x, at], [3], { axis: 0 });
    const scatter = run('core/scatter-add', [x, at], [3], { axis: 0, length: 3 });
    if (variant === 'webgpu') {
      expect(await gather).toEqual([2, Number.NaN, Number.NaN]);
      expect(await scatter).toEqual([0, 1, 0]);
    } else {
      await expect(gather).rejects.toThrow('gather(): indices must be from 0 to 2, got 5.');
      await expect(scatter).rejects.toThrow('scatterAdd(): indices must be from 0 to 2, got 5.');
    }
  });

  test.each([[[1]], [[5]], [[3, 4]], [[2, 33]], [[257]], [[3, 100]]])('sort %o', async (shape) => {
    const n = sizeOf(shape);
    const length = shape.at(-1) ?? 1;
    const odd = [Number.NaN, Infinity, -Infinity, 0];
    const inputs: readonly Dense[] = [
      random(shape),
      float(
        shape,
        Array.from({ length: n }, (_, i) => (i * 7) % 5),
      ),
      float(
        shape,
        Array.from({ length: n }, (_, i) => odd[(i * 3) % 5] ?? i),
      ),
      large(shape),
      int(
        shape,
        Array.from({ length: n }, (_, i) => (i % 2 ? 16_777_217 : 16_777_216) + (i % 3)),
      ),
    ];
    for (const descending of [false, true])
      for (const x of inputs) {
        const order = Array.from({ length: n / length }, (_, row) =>
          Array.from({ length }, (_, i) => i).sort((i, j) => {
            const [a = 0, b = 0] = [x.data[row * length + i], x.data[row * length + j]];
            if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
            return a === b ? i - j : (a < b ? -1 : 1) * (descending ? -1 : 1);
          }),
        );
        const [values, indices] = await callOp(device, 'core/sort', [x], {
          attributes: { descending },
          outputs: [spec(shape, x), { shape, dtype: 'int32' }],
        });
        expect(indices).toEqual(order.flat());
        expect(values).toEqual(order.flatMap((each, row) => each.map((i) => x.data[row * length + i])));
      }
  });

  test('random bits are Threefry words, with or without a counter', async () => {
    const bits = (inputs: readonly Dense[], size: number, args: readonly number[]): Promise<number[][]> =>
      callOp(device, 'core/random-bits', inputs, {
        attributes: { shape: [size] },
        args,
        outputs: [{ shape: [size], dtype: 'int32' }],
      });
    // Words of the reference vectors of Random123: threefry2x32-20 of zeros, and of the digits of π.
    expect(await bits([], 3, [0, 0])).toEqual([[0x6b200159, 0x99ba4efe | 0, expect.any(Number)]]);
    const all = 0xffffffff;
    const [counted = []] = await bits([int([], [7])], 5, [all, 1]);
    const [plain = []] = await bits([], 5, [all, 1]);
    expect(counted).not.toEqual(plain);
    expect(await bits([int([], [7])], 5, [all, 1])).toEqual([counted]);
    expect(await bits([int([], [0])], 5, [all, 1])).toEqual([plain]);
    expect(await bits([], 0, [0, 0])).toEqual([[]]);
  });

  test('softmax of rows', async () => {
    if (variant === 'webgpu') {
      expect(
        device.native?.(
          { name: 'core/softmax' },
          { inputs: [{ shape: [2], dtype: 'float32' }], outputs: [{ shape: [2], dtype: 'float32' }], attributes: {} },
        ),
      ).toBeUndefined();
      return;
    }
    const x = float([4, 3], [1, 2, 3, 1000, 0, -1000, 1, 0, -Infinity, 1, Number.NaN, 2]);
    const wanted = [
      0.09003057,
      0.24472847,
      0.66524096,
      1,
      0,
      0,
      0.7310586,
      0.26894143,
      0,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ];
    expect(difference(await run('core/softmax', [x], [4, 3], {}), wanted, 1e-6)).toBeUndefined();
  });
});
