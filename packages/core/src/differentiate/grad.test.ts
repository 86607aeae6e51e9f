/** The tape: what flows where, what is freed, and what is said when nothing can flow. */
import { defineOp, type ExpressionOp, type Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  abs,
  add,
  argMax,
  cast,
  createRuntime,
  exp,
  expressionOp,
  floor,
  formula,
  gather,
  grad,
  input,
  less,
  logSoftmax,
  matmul,
  maximum,
  mean,
  mul,
  neg,
  only,
  relu,
  reshape,
  slice,
  softmax,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  transpose,
  valueAndGrad,
  where,
} from '../index.ts';

const runtime = await createRuntime();
const float64 = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  runtime.tensor(new Float64Array(values), shape);

test('value, gradients and aux', async () => {
  const f = valueAndGrad((w: Tensor, x: Tensor) => {
    const y = mul(w, x);
    return { loss: sum(square(y)), aux: { y, note: 'kept' } };
  });
  const { value, gradients, aux } = f(float64([1, 2]), float64([3, -1]));
  expect(await value.item()).toBe(13);
  expect(await gradients.toArray()).toEqual([18, 4]);
  expect(await aux.y.toArray()).toEqual([3, -2]);
  expect(aux.note).toBe('kept');
});

test('shared subexpressions and fan-out add up', async () => {
  // y = tanh x used three times: d/dx (y·y + 2y) = (2y + 2)(1 − y²)
  const f = (x: Tensor): Tensor => {
    const y = tanh(x);
    return sum(add(mul(y, y), mul(2, y)));
  };
  const y = Math.tanh(0.3);
  const [found] = (await grad(f)(float64([0.3])).toArray()) as number[];
  expect(found).toBeCloseTo((2 * y + 2) * (1 - y * y), 14);
});

test('one tensor as both operands', async () => {
  expect(await grad((x: Tensor) => sum(mul(x, x)))(float64([3])).toArray()).toEqual([6]);
  expect(await grad((x: Tensor) => sum(sub(x, x)))(float64([3])).toArray()).toEqual([0]);
  const square2 = grad((x: Tensor) => sum(matmul(x, x)))(float64([1, 2, 3, 4], [2, 2]));
  expect(await square2.toArray()).toEqual([
    [7, 11],
    [9, 13],
  ]);
});

test('trees: gradients have the form of the parameters, unused leaves are zero', async () => {
  const params = { layer: [{ weight: float64([1, 2]) }, { weight: float64([5]) }], unused: float64([1, 1, 1]) };
  const gradients = grad((p: typeof params) => sum(mul(p.layer[0]?.weight as Tensor, 3)))(params);
  expect(await gradients.layer[0]?.weight.toArray()).toEqual([3, 3]);
  expect(await gradients.layer[1]?.weight.toArray()).toEqual([0]);
  expect(await gradients.unused.toArray()).toEqual([0, 0, 0]);
  expect(gradients.unused.dtype).toBe('float64');
});

test('a loss that depends on no leaf: zeros, and a tensor from outside stays alive', async () => {
  const outside = float64([4], []);
  const { value, gradients } = valueAndGrad((_: { x: Tensor }) => outside)({ x: float64([1, 2]) });
  expect(await gradients.x.toArray()).toEqual([0, 0]);
  expect(await value.item()).toBe(4);
  expect(await grad((_: Tensor) => outside)(float64([1])).toArray()).toEqual([0]);
  expect(outside.alive).toBe(true);
});

test('the parameter itself as the loss', async () => {
  const x = float64([7], []);
  const { value, gradients } = valueAndGrad((p: Tensor) => p)(x);
  expect([await value.item(), await gradients.item()]).toEqual([7, 1]);
  value.dispose();
  expect(x.alive).toBe(true);
});

test('one tensor at two places of the tree has a gradient at each', async () => {
  const x = float64([2]);
  const { a, b } = grad(({ a, b }: { a: Tensor; b: Tensor }) => sum(mul(a, mul(b, b))))({ a: x, b: x });
  expect([await a.item(), await b.item()]).toEqual([4, 8]);
});

test('other arguments, and tensors from outside, are constants', async () => {
  const outside = float64([10]);
  const f = grad((x: Tensor, k: Tensor, n: number) => sum(mul(mul(x, k), mul(outside, n))));
  expect(await f(float64([1]), float64([2]), 3).toArray()).toEqual([60]);
});

test('stopGradient is a constant of the same value', async () => {
  const f = (x: Tensor): Tensor => sum(mul(stopGradient(x), x));
  expect(await grad(f)(float64([3, 4])).toArray()).toEqual([3, 4]);
  expect(await grad((x: Tensor) => sum(stopGradient(square(x))))(float64([3])).toArray()).toEqual([0]);
});

test('comparisons, indices and whole numbers let nothing through', async () => {
  const x = float64([0.5, -2, 3]);
  const f = (p: Tensor): Tensor => {
    const positive = cast(less(0, p), 'float64');
    const best = cast(argMax(p), 'float64');
    return sum(add(mul(positive, p), add(floor(p), best)));
  };
  expect(await grad(f)(x).toArray()).toEqual([1, 0, 1]);
});

test('a branch not taken lets nothing through, not even NaN', async () => {
  const f = (x: Tensor): Tensor => sum(where(less(x, 0), neg(x), x));
  expect(await grad(f)(float64([-1, 2])).toArray()).toEqual([-1, 1]);
});

test('ties share: maximum halves, relu and abs have 0 at 0', async () => {
  expect(await grad((x: Tensor) => sum(maximum(x, 1)))(float64([1, 2, 0])).toArray()).toEqual([0.5, 1, 0]);
  expect(await grad((x: Tensor) => sum(relu(x)))(float64([0, -1, 1])).toArray()).toEqual([0, 0, 1]);
  expect(await grad((x: Tensor) => sum(abs(x)))(float64([0, -1, 1])).toArray()).toEqual([0, -1, 1]);
});

test('through views: reshape, slices and transposes of one tensor', async () => {
  const f = (x: Tensor): Tensor => {
    const rows = reshape(x, [2, 3]);
    const second = slice(rows, { begin: [1] }); // shares bytes at an offset
    return add(sum(mul(second, second)), sum(mul(transpose(rows), 10)));
  };
  expect(await grad(f)(float64([1, 2, 3, 4, 5, 6])).toArray()).toEqual([10, 10, 10, 18, 20, 22]);
});

test('parameters that are views of one buffer', async () => {
  const big = float64([1, 2, 3, 4]);
  const a = runtime.reshape(big, [1], 1);
  const b = runtime.reshape(big, [2], 2);
  const gradients = grad((p: { a: Tensor; b: Tensor }) => sum(mul(p.a, p.b)))({ a, b });
  expect(await gradients.a.toArray()).toEqual([7]);
  expect(await gradients.b.toArray()).toEqual([2, 2]);
});

test('mixed dtypes: float32 and float64 parameters in one loss, each gradient in its own', async () => {
  const params = { a: runtime.tensor([2]), b: float64([3]) };
  const gradients = grad((p: typeof params) => sum(mul(cast(p.a, 'float64'), p.b)))(params);
  expect([gradients.a.dtype, gradients.b.dtype]).toEqual(['float32', 'float64']);
  expect([await gradients.a.item(), await gradients.b.item()]).toEqual([3, 2]);
});

test('gathered twice, added twice', async () => {
  const rows = runtime.tensor([0, 2, 0], [3], 'int32');
  const f = (x: Tensor): Tensor => sum(mul(gather(x, rows), float64([1, 10, 100])));
  expect(await grad(f)(float64([5, 6, 7])).toArray()).toEqual([101, 0, 10]);
});

test('softmax and its logarithm agree on their gradients', async () => {
  const x = float64([1, -2, 0.5]);
  const a = (await grad((p: Tensor) => sum(mul(logSoftmax(p), float64([1, 0, 0]))))(x).toArray()) as number[];
  const p = (await softmax(x).toArray()) as number[];
  a.forEach((each, i) => {
    expect(each).toBeCloseTo((i === 0 ? 1 : 0) - (p[i] as number), 14);
  });
});

test('an op without a gradient throws by name; stopGradient before it helps', async () => {
  const op: ExpressionOp = defineOp<ExpressionOp>(
    expressionOp({
      name: 'test/no-gradient',
      inputs: 1,
      expressions: [formula.neg(input(0))],
      derivatives: { none: 'nobody has worked it out' },
    }),
  );
  const run = (x: Tensor): Tensor => only(runtime.run(op, [x]));
  expect(() => grad((x: Tensor) => sum(run(x)))(float64([1]))).toThrow(
    'grad(): every op on the way must have a gradient, got test/no-gradient, which has none: nobody has worked it out. Put stopGradient() before it, or leave it out of the loss.',
  );
  expect(await grad((x: Tensor) => sum(mul(x, run(stopGradient(x)))))(float64([2])).toArray()).toEqual([-2]);
  // Off the way it does not matter.
  expect(
    await grad((x: Tensor) => {
      run(x);
      return sum(x);
    })(float64([2])).toArray(),
  ).toEqual([1]);
});

test.each<readonly [string, () => unknown, string]>([
  [
    'no parameters',
    () => grad((_: Record<string, Tensor>) => float64([1]))({}),
    'grad(): params must have at least one tensor, got none. Pass the tensors to differentiate by first.',
  ],
  [
    'a loss of two elements',
    () => grad((x: Tensor) => neg(x))(float64([1, 2])),
    'grad(): the function must return one float number, got float64 of shape [2]. Reduce it, for example with mean() or sum().',
  ],
  [
    'an int32 loss',
    () => grad((x: Tensor) => argMax(x))(float64([1, 2])),
    'grad(): the function must return one float number, got int32 of shape []. Reduce it, for example with mean() or sum().',
  ],
  [
    'int32 parameters',
    () => grad((x: Tensor) => sum(x))(runtime.tensor([1], [1], 'int32')),
    'grad(): parameters must be float32 or float64, got int32 of shape [1]. Keep it outside the parameters.',
  ],
  [
    'nothing returned',
    () => grad((() => undefined) as never)(float64([1])),
    'grad(): value must be a tensor, got undefined. Make one with tensor(…).',
  ],
  [
    'a promise',
    () => grad((async (x: Tensor) => sum(x)) as never)(float64([1])),
    "grad(): its function must be synchronous, got a promise. Await outside; an open scope across an await would free other tasks' tensors.",
  ],
  [
    'a leaf that is no tensor',
    () => grad(((p: { a: Tensor }) => sum(p.a)) as never)({ a: 3 } as never),
    "tree: leaves must be tensors, got number at 'a'.",
  ],
])('refused: %s', (_, run, message) => {
  const before = runtime.live();
  expect(run).toThrow(message);
  expect(runtime.live().tensors - before.tensors).toBeLessThanOrEqual(1); // the parameter that the call made
});

test('nothing but the results is left; nothing at all after an exception', () => {
  const x = float64([1, 2, 3]);
  const before = runtime.live();
  const f = (p: Tensor): Tensor => mean(tanh(exp(add(p, 1))));
  const { value, gradients } = valueAndGrad(f)(x);
  expect(runtime.live().tensors).toBe(before.tensors + 2);
  value.dispose();
  gradients.dispose();
  expect(runtime.live()).toEqual(before);
  expect(() =>
    grad((p: Tensor) => {
      f(p);
      throw new Error('half-way');
    })(x),
  ).toThrow('half-way');
  expect(runtime.live()).toEqual(before);
});

test('results inside f are freed even if they are taken out by a variable', () => {
  let escaped: Tensor | undefined;
  grad((x: Tensor) => {
    escaped = exp(x);
    return sum(escaped);
  })(float64([1])).dispose();
  expect(escaped?.alive).toBe(false);
});

test('a tensor disposed inside f still serves the backward pass', async () => {
  const f = (x: Tensor): Tensor => {
    const y = exp(x);
    const z = mul(y, y);
    y.dispose();
    return sum(z);
  };
  expect(await grad(f)(float64([0])).toArray()).toEqual([2]);
});

test('outside of grad nothing is recorded', () => {
  const x = float64([1]);
  const y = exp(x);
  grad((p: Tensor) => sum(p))(x).dispose();
  expect('node' in y && y.node).toBe(null);
});

test('memory of a long chain: element-wise ops hold what their rules read, and let go of it on the way back', async () => {
  const fresh = await createRuntime();
  const size = 1000;
  const x = fresh.tensor(new Float32Array(size));
  const bytes = 4096; // one tensor in its size class
  const peakOf = (f: (p: Tensor) => Tensor): number => {
    const start = fresh.device.memory();
    grad(f)(x).dispose();
    return (fresh.device.memory().peak - start.live) / bytes;
  };
  const chain = (p: Tensor, links: number, f: (y: Tensor) => Tensor): Tensor => {
    let y = p;
    for (let i = 0; i < links; i++) {
      const next = f(y);
      if (y !== p) y.dispose();
      y = next;
    }
    return sum(y);
  };
  // Sums save nothing: the chain's length does not matter.
  expect(peakOf((p) => chain(p, 100, (y) => add(y, 1)))).toBeLessThan(6);
  // tanh saves its output: one tensor a link, and no more than a few beside them.
  expect(peakOf((p) => chain(p, 100, tanh))).toBeLessThan(106);
  await fresh.dispose();
});
