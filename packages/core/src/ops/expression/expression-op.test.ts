/** Formulas of one's own: what a plugin writes. */
import type { Expression, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  argument,
  castTo,
  checkGradients,
  choose,
  createRuntime,
  type ExpressionRow,
  expressionOp,
  formula as f,
  grad,
  input,
  only,
  sum,
} from '../../index.ts';

const runtime = await createRuntime();
const run = async (expressions: readonly Expression[], inputs: readonly Tensor[], args: readonly number[] = []) => {
  const row: ExpressionRow = { name: 'test/own', inputs: inputs.length, expressions };
  return Promise.all(runtime.run(expressionOp(row), inputs, {}, args).map((output) => output.toArray()));
};
const [x, y] = [input(0), input(1)];

test('several outputs of one call, each with its dtype', async () => {
  const a = runtime.tensor([1, -2, 3]);
  const b = runtime.tensor([2, 2, 2]);
  expect(await run([f.add(x, y), f.lt(x, y), castTo('int32', f.mul(x, 1.5))], [a, b])).toEqual([
    [3, 0, 5],
    [1, 1, 0],
    [1, -3, 4],
  ]);
});

test('constants of every kind are told apart', async () => {
  const a = runtime.tensor([0, 1, 2, 3]);
  const nth = (n: number, value: number, other: Expression): Expression =>
    choose(f.eq(x, n), { constant: value }, other);
  const e = nth(0, Number.POSITIVE_INFINITY, nth(1, Number.NEGATIVE_INFINITY, nth(2, Number.NaN, { constant: -1 })));
  expect(await run([e], [a])).toEqual([[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -1]]);
});

test('attributes of every kind are told apart', async () => {
  const op = {
    ...expressionOp({ name: 'test/constant', inputs: 1, expressions: [x] }),
    expressions: (attributes: { readonly [name: string]: unknown }) => [f.add(f.mul(x, 0), attributes.value as number)],
  };
  const a = runtime.tensor([1]);
  const of = async (value: number): Promise<number> => only(runtime.run(op, [a], { value })).item();
  expect([
    await of(1),
    await of(Number.POSITIVE_INFINITY),
    await of(Number.NEGATIVE_INFINITY),
    await of(Number.NaN),
  ]).toEqual([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
});

test('each node is rounded to float32: no wider intermediate, no contraction', async () => {
  const a = Math.fround(1 + 2 ** -12);
  const found = await run([f.sub(f.mul(x, x), y)], [runtime.tensor([a]), runtime.tensor([1])]);
  expect(found).toEqual([[Math.fround(Math.fround(a * a) - 1)]]);
  const big = runtime.tensor([2 ** 24]);
  expect(await run([f.add(f.add(x, 1), 1)], [big])).toEqual([[2 ** 24]]);
});

test('arguments change from call to call without a new kernel', async () => {
  const op = expressionOp({ name: 'test/scaled', inputs: 1, expressions: [f.mul(x, argument(0))] });
  const a = runtime.tensor([2]);
  for (const k of [3, -1, 0.5]) expect(await only(runtime.run(op, [a], {}, [k])).item()).toBe(2 * k);
});

test('the chain rule differentiates any formula', async () => {
  const e = f.div(f.mul(f.sin(x), f.exp(f.neg(f.square(y)))), f.add(1, f.sqrt(f.add(f.square(x), 1))));
  const op = expressionOp({ name: 'test/chain', inputs: 2, expressions: [e, f.tanh(f.mul(x, y))] });
  const report = await checkGradients(
    (p: { a: Tensor; b: Tensor }) =>
      runtime.run(op, [p.a, p.b]).reduce<Tensor | null>((total, output) => {
        const part = sum(output);
        return total === null ? part : (runtime.run(plus, [total, part])[0] ?? total);
      }, null) as Tensor,
    {
      a: runtime.tensor(new Float64Array([0.3, -1.2, 2]), [3, 1]),
      b: runtime.tensor(new Float64Array([0.5, -0.7])),
    },
  );
  expect(report.failures).toEqual([]);
});
const plus = expressionOp({ name: 'test/plus', inputs: 2, expressions: [f.add(x, y)] });

test('nothing flows through a cast to an integer', async () => {
  const whole = expressionOp({
    name: 'test/whole',
    inputs: 1,
    expressions: [f.mul(x, castTo('float64', castTo('int32', x)))],
  });
  const a = runtime.tensor(new Float64Array([2.5]));
  expect(await grad((p: Tensor) => sum(only(runtime.run(whole, [p]))))(a).toArray()).toEqual([2]);
});

test('a wrong number of tensors', () => {
  expect(() => runtime.run(plus, [runtime.tensor([1])])).toThrow('plus(): takes 2 tensors, got 1.');
});
