/** Expressions on tfjs beside JavaScript's own arithmetic. Long: one table of formulas. */
import type { Binary, Device, DType, Expression, Unary } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bool,
  type Dense,
  difference,
  evaluate,
  float,
  int,
  noise,
  openDevice,
  variants,
} from '../device/device.fixture.ts';
import { hostBinary, hostUnary } from './host-nodes.ts';

const edges = [
  Number.NaN,
  Infinity,
  -Infinity,
  0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -1.5,
  -2.5,
  1e-4,
  -1e-4,
  3,
  -3,
  10,
  -10,
  30,
  88,
  -88,
  100,
  -100,
  1e-20,
];
const input = (i: number): Expression => ({ input: i });
const shapeOf = (x: Dense, dtype: DType = x.dtype) => ({ shape: x.shape, dtype });

const floatUnary: readonly Unary[] = [
  'neg',
  'abs',
  'sign',
  'sqrt',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'erf',
  'floor',
  'ceil',
  'round',
  'isNaN',
  'isFinite',
];
const floatBinary: readonly Binary[] = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'mod',
  'atan2',
  'min',
  'max',
  'lt',
  'le',
  'eq',
];
const intBinary: readonly Binary[] = ['add', 'sub', 'mul', 'mod', 'min', 'max', 'lt', 'le', 'eq'];
const polynomials = new Set<string>(['erf', 'sin', 'cos', 'tan']);
const logical = new Set<string>(['isNaN', 'isFinite', 'lt', 'le', 'eq', 'and', 'or', 'not']);

describe.each(variants)('expressions on tfjs-%s', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());

  test.each(floatUnary)('%s of float32 at the edges', async (name) => {
    const x = float([edges.length], edges);
    const [got = []] = await evaluate(device, [{ unary: name, x: input(0) }], [x], {
      outputs: [shapeOf(x, logical.has(name) ? 'bool' : 'float32')],
    });
    const loose = variant === 'webgpu' ? 4e-6 : 1e-6;
    edges.forEach((edge, i) => {
      const wanted = hostUnary(name, Math.fround(edge));
      const rest = variant === 'webgpu' && name.startsWith('a') && name.length === 4 ? 1e-4 : loose; // asin, acos, atan
      // erf, and on wasm sin and cos, are polynomials, good to 3e-7 absolute.
      const problem =
        polynomials.has(name) && Math.abs((got[i] ?? 0) - wanted) < 3e-7
          ? undefined
          : difference([got[i] ?? 0], [wanted], rest);
      expect(problem, `${name}(${edge})`).toBeUndefined();
    });
  });

  test.each(floatBinary)('%s of float32 for all pairs of edges', async (name) => {
    const values = [Number.NaN, Infinity, -Infinity, 0, 1, -1, 0.5, 2, -2, 3, -3, 2.5, -2.5, 1e-3, 7.25];
    const pairs = values.flatMap((a) => values.map((b): readonly [number, number] => [Math.fround(a), Math.fround(b)]));
    const [x, y] = [
      float(
        [pairs.length],
        pairs.map(([a]) => a),
      ),
      float(
        [pairs.length],
        pairs.map(([, b]) => b),
      ),
    ];
    const [got = []] = await evaluate(device, [{ binary: name, x: input(0), y: input(1) }], [x, y], {
      outputs: [shapeOf(x, logical.has(name) ? 'bool' : 'float32')],
    });
    pairs.forEach(([a, b], i) => {
      expect(difference([got[i] ?? 0], [hostBinary(name, a, b)], 3e-6), `${name}(${a}, ${b})`).toBeUndefined();
    });
  });

  test.each(intBinary)('%s of int32 is exact', async (name) => {
    const values = [0, 1, -1, 2, -3, 7, 255, -256, 100_003, 16_777_217, -16_777_219, 2_147_483_647, -2_147_483_648];
    const pairs = values.flatMap((a) => values.map((b): readonly [number, number] => [a, b]));
    const [x, y] = [
      int(
        [pairs.length],
        pairs.map(([a]) => a),
      ),
      int(
        [pairs.length],
        pairs.map(([, b]) => b),
      ),
    ];
    const [got = []] = await evaluate(device, [{ binary: name, x: input(0), y: input(1) }], [x, y], {
      outputs: [shapeOf(x, logical.has(name) ? 'bool' : 'int32')],
    });
    const exact = (a: number, b: number): number => {
      if (name === 'add') return (a + b) | 0;
      if (name === 'sub') return (a - b) | 0;
      if (name === 'mul') return Math.imul(a, b);
      if (name === 'mod') return b === 0 ? 0 : (((a % b) + b) % b) + 0;
      if (name === 'min') return Math.min(a, b);
      if (name === 'max') return Math.max(a, b);
      return hostBinary(name, a, b);
    };
    pairs.forEach(([a, b], i) => {
      expect(got[i], `${name}(${a}, ${b})`).toBe(exact(a, b) + 0);
    });
  });

  test('neg, abs and sign of int32 are exact', async () => {
    const x = int([6], [0, 5, -5, 16_777_217, -16_777_217, 2_147_483_647]);
    const out = shapeOf(x);
    const unary = (name: Unary): Expression => ({ unary: name, x: input(0) });
    expect(
      await evaluate(device, [unary('neg'), unary('abs'), unary('sign')], [x], { outputs: [out, out, out] }),
    ).toEqual([
      [0, -5, 5, -16_777_217, 16_777_217, -2_147_483_647].map((n) => n + 0),
      [0, 5, 5, 16_777_217, 16_777_217, 2_147_483_647],
      [0, 1, -1, 1, -1, 1],
    ]);
  });

  test('and, or, not and equality of bools', async () => {
    const [a, b] = [bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1])];
    const both = (binary: Binary): Expression => ({ binary, x: input(0), y: input(1) });
    const out = shapeOf(a);
    expect(
      await evaluate(device, [both('and'), both('or'), { unary: 'not', x: input(0) }, both('eq')], [a, b], {
        outputs: [out, out, out, out],
      }),
    ).toEqual([
      [0, 0, 0, 1],
      [0, 1, 1, 1],
      [1, 1, 0, 0],
      [1, 0, 0, 1],
    ]);
  });

  const casts: readonly (readonly [Dense, DType, readonly number[]])[] = [
    [float([5], [0, 1.9, -1.9, 300, Number.NaN]), 'bool', [0, 1, 1, 1, 1]],
    [float([4], [1.9, -1.9, 0, 3e4]), 'int32', [1, -1, 0, 30_000]],
    [float([3], [1.9, 255, 0]), 'uint8', [1, 255, 0]],
    [int([3], [256, 511, -1]), 'uint8', [0, 255, 255]],
    [int([4], [0, 2, 256, -1]), 'bool', [0, 1, 1, 1]],
    [int([2], [7, -7]), 'float32', [7, -7]],
    [bool([2], [0, 1]), 'float32', [0, 1]],
    [bool([2], [0, 1]), 'int32', [0, 1]],
    [bool([2], [0, 1]), 'uint8', [0, 1]],
    [{ shape: [2], dtype: 'uint8', data: [3, 255] }, 'float32', [3, 255]],
    [{ shape: [2], dtype: 'uint8', data: [0, 255] }, 'bool', [0, 1]],
  ];
  test.each(casts)('cast %o to %s', async (x, dtype, wanted) => {
    expect(await evaluate(device, [{ cast: dtype, x: input(0) }], [x], { outputs: [shapeOf(x, dtype)] })).toEqual([
      wanted,
    ]);
  });

  test('max and min with a number keep the NaN of ∞ − ∞, whatever its sign bit', async () => {
    const x = float([4], [Infinity, -Infinity, 1, -1]);
    const nan: Expression = { binary: 'sub', x: input(0), y: input(0) };
    const both: readonly Expression[] = (['max', 'min'] as const).map((binary) => ({
      binary,
      x: nan,
      y: { constant: 0 },
    }));
    const found = await evaluate(device, both, [x], { outputs: [shapeOf(x), shapeOf(x)] });
    expect(found).toEqual([
      [Number.NaN, Number.NaN, 0, 0],
      [Number.NaN, Number.NaN, 0, 0],
    ]);
  });
  test('where chooses, and does not mix in what it did not choose', async () => {
    const [c, a, b] = [
      bool([4], [1, 0, 1, 0]),
      float([4], [1, Number.NaN, Infinity, 4]),
      float([4], [Number.NaN, 2, 3, -Infinity]),
    ];
    expect(
      await evaluate(
        device,
        [
          { where: input(0), x: input(1), y: input(2) },
          { where: input(0), x: { constant: 7 }, y: input(2) },
          { where: input(0), x: input(0), y: { unary: 'not', x: input(0) } },
        ],
        [c, a, b],
        {
          outputs: [shapeOf(a), shapeOf(a), shapeOf(c)],
        },
      ),
    ).toEqual([
      [1, 2, Infinity, -Infinity],
      [7, 2, 7, -Infinity],
      [1, 1, 1, 1],
    ]);
  });

  const shapes: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
    [[2, 3], [3], [2, 3]],
    [
      [2, 1, 3],
      [4, 1],
      [2, 4, 3],
    ],
    [[], [3], [3]],
    [[5], [1], [5]],
    [[33], [], [33]],
    [[1, 1], [7], [1, 7]],
    [
      [2, 3, 2, 3],
      [3, 1, 3],
      [2, 3, 2, 3],
    ],
    [
      [2, 1, 3, 1, 2, 1, 2],
      [1, 4, 1, 3, 1, 2, 1],
      [2, 4, 3, 3, 2, 2, 2],
    ],
  ];
  test.each(shapes)('%o and %o broadcast', async (a, b, out) => {
    const size = (shape: readonly number[]): number => shape.reduce((p, q) => p * q, 1);
    const [x, y] = [float(a, noise(size(a), 2)), float(b, noise(size(b), 3))];
    const place = (i: number, shape: readonly number[]): number => {
      let [at, stride, rest] = [0, 1, i];
      for (let axis = out.length - 1; axis >= 0; axis--) {
        const length = shape[axis - (out.length - shape.length)] ?? 1;
        const index = rest % (out[axis] ?? 1);
        rest = Math.floor(rest / (out[axis] ?? 1));
        if (length !== 1) at += index * stride;
        stride *= length;
      }
      return at;
    };
    const at = Array.from({ length: size(out) }, (_, i): readonly [number, number] => [
      x.data[place(i, a)] ?? 0,
      y.data[place(i, b)] ?? 0,
    ]);
    const less: Expression = { binary: 'lt', x: input(0), y: input(1) };
    const [difference_ = [], chosen = [], integers = []] = await evaluate(
      device,
      [
        { binary: 'sub', x: input(0), y: input(1) },
        { where: less, x: input(0), y: input(1) },
        {
          binary: 'add',
          x: { cast: 'int32', x: { binary: 'mul', x: input(0), y: { constant: 100 } } },
          y: { cast: 'int32', x: { binary: 'mul', x: input(1), y: { constant: 100 } } },
        },
      ],
      [x, y],
      {
        outputs: [
          { shape: out, dtype: 'float32' },
          { shape: out, dtype: 'float32' },
          { shape: out, dtype: 'int32' },
        ],
      },
    );
    expect(difference_).toEqual(at.map(([p, q]) => Math.fround(p - q)));
    expect(chosen).toEqual(at.map(([p, q]) => Math.min(p, q)));
    expect(integers).toEqual(
      at.map(([p, q]) => Math.trunc(Math.fround(p * 100)) + Math.trunc(Math.fround(q * 100)) + 0),
    );
  });

  test('arguments and constants take the dtype beside them; a formula of numbers fills', async () => {
    const x = int([2], [5, -5]);
    const sum: Expression = { binary: 'add', x: input(0), y: { argument: 0 } };
    expect(await evaluate(device, [sum], [x], { args: [16_777_217], outputs: [shapeOf(x)] })).toEqual([
      [16_777_222, 16_777_212],
    ]);
    const filled: Expression = { binary: 'mul', x: { argument: 0 }, y: { constant: 2 } };
    expect(
      await evaluate(device, [filled], [], { args: [1.5], outputs: [{ shape: [2, 2], dtype: 'float32' }] }),
    ).toEqual([[3, 3, 3, 3]]);
    expect(
      await evaluate(device, [{ argument: 0 }], [], {
        args: [2_147_483_647],
        outputs: [{ shape: [3], dtype: 'int32' }],
      }),
    ).toEqual([[2_147_483_647, 2_147_483_647, 2_147_483_647]]);
    expect(
      await evaluate(device, [{ argument: 0 }], [], { args: [1], outputs: [{ shape: [], dtype: 'bool' }] }),
    ).toEqual([[1]]);
    expect(
      await evaluate(device, [{ constant: Number.NaN }], [], { outputs: [{ shape: [1], dtype: 'float32' }] }),
    ).toEqual([[Number.NaN]]);
  });

  test('whole numbers and bools, cast to floats, go through every kind of node', async () => {
    const [x, c] = [int([3], [-1, 0, 2]), bool([3], [1, 0, 1])];
    const float_: Expression = { cast: 'float32', x: input(0) };
    const flag: Expression = { cast: 'float32', x: input(1) };
    const out = shapeOf(x, 'float32');
    const [tanh = [], chosen = [], flagged = []] = await evaluate(
      device,
      [
        { unary: 'tanh', x: float_ },
        { where: input(1), x: float_, y: flag },
        { binary: 'pow', x: { constant: 2 }, y: flag },
      ],
      [x, c],
      { outputs: [out, out, out] },
    );
    expect(difference(tanh, [-1, 0, 2].map(Math.tanh), 1e-6)).toBeUndefined();
    expect(chosen).toEqual([-1, 0, 2]);
    expect(difference(flagged, [2, 1, 2], 1e-6)).toBeUndefined();
  });

  test('relu passes NaN whichever side it is on', async () => {
    const x = float([5], [Number.NaN, -1, 0, 2, -Infinity]);
    const relu: Expression = { binary: 'max', x: input(0), y: { constant: 0 } };
    const turned: Expression = { binary: 'max', x: { constant: 0 }, y: input(0) };
    expect(await evaluate(device, [relu, turned], [x], { outputs: [shapeOf(x), shapeOf(x)] })).toEqual([
      [Number.NaN, 0, 0, 2, 0],
      [Number.NaN, 0, 0, 2, 0],
    ]);
  });

  test.each([0, 1, 3, 5, 33, 1000])('%i elements', async (n) => {
    const x = float([n], noise(n));
    const square: Expression = { binary: 'mul', x: input(0), y: input(0) };
    expect(await evaluate(device, [square], [x], { outputs: [shapeOf(x)] })).toEqual([
      x.data.map((v) => Math.fround(v * v)),
    ]);
  });
});
