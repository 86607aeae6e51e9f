/** One LeNet-5 training step on cpu in float64, against the same step in PyTorch (golden/lenet_step.py says how it was computed). */
import { readFileSync } from 'node:fs';
import { lenet5 } from '@dendrite/cnn';
import { createRuntime, leaves, stepScalars, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam, sgd } from '@dendrite/optimizers';
import type { Optimizer, Tensor, Tree } from '@dendrite/spec';
import { expect, test } from 'vitest';

interface Kept {
  readonly every: number;
  readonly values: readonly number[];
  readonly sum: number;
  readonly absolute: number;
}
interface GoldenCase {
  readonly activation: 'tanh' | 'relu';
  readonly pool: 'average' | 'max';
  readonly logits: readonly (readonly number[])[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Kept>>;
  readonly sgd: Readonly<Record<string, Kept>>;
  readonly adam: Readonly<Record<string, Kept>>;
}
const golden: { readonly batch: number; readonly cases: readonly GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../../golden/lenet-step.json', import.meta.url), 'utf8'),
);

async function compare(tree: Tree, kept: Readonly<Record<string, Kept>>): Promise<void> {
  const found = leaves(tree);
  expect(found.map(({ path }) => path)).toEqual(Object.keys(kept));
  for (const { path, tensor } of found) {
    const data = await tensor.data('float64');
    const { every, values, sum, absolute } = kept[path] ?? { every: 1, values: [], sum: 0, absolute: 0 };
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-3);
    const sampled = data.filter((_, i) => i % every === 0);
    expect(sampled).toHaveLength(values.length);
    const worst = values.reduce((a, value, i) => Math.max(a, Math.abs(value - (sampled[i] ?? Number.NaN))), 0);
    expect(worst / largest, `${path}: worst element`).toBeLessThan(1e-10);
    expect(Math.abs(data.reduce((a, b) => a + b, 0) - sum) / absolute, `${path}: sum`).toBeLessThan(1e-10);
    expect(data.reduce((a, b) => a + Math.abs(b), 0) / absolute, `${path}: absolute sum`).toBeCloseTo(1, 10);
  }
}

test.each(golden.cases)(
  'LeNet-5 with $activation and $pool pooling',
  async ({ activation, pool, logits, loss, gradients, sgd: afterSgd, adam: afterAdam }) => {
    const runtime = await createRuntime();
    const key = runtime.key(0);
    const net = lenet5({ classes: 10, activation, pool });
    const float64 = (shape: readonly number[], f: (i: number) => number): Tensor =>
      runtime.tensor(
        Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => f(i)),
        shape,
        'float64',
      );
    const { params: drawn, state } = net.init(key, [1, 28, 28, 1]);
    const shapes = leaves(drawn).map(({ tensor }) => tensor.shape);
    type Params = typeof drawn;
    const fresh = (): Params => {
      const made = shapes.map((shape, p) => float64(shape, (i) => 0.1 * Math.sin(0.7 * i + p)));
      const [a, b, c, d, e, f, g, h, i, j] = made as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      return [
        { filters: a, bias: b },
        {},
        {},
        { filters: c, bias: d },
        {},
        {},
        {},
        { weight: e, bias: f },
        {},
        { weight: g, bias: h },
        {},
        { weight: i, bias: j },
      ];
    };
    const x = float64([golden.batch, 28, 28, 1], (i) => 0.5 + 0.5 * Math.sin(0.013 * i * (1 + (i % 5))));
    const codes = runtime.tensor(Int32Array.from({ length: golden.batch }, (_, b) => (3 * b + 1) % 10));

    const step = async (optimizer: Optimizer, after: Readonly<Record<string, Kept>>): Promise<void> => {
      const params = fresh();
      const made = valueAndGrad((p: Params) => {
        const [y] = net.apply({ params: p, state }, x, { training: true, key });
        return { loss: softmaxCrossEntropy(y, codes), aux: y };
      })(params);
      expect((await made.value.data('float64'))[0]).toBeCloseTo(loss, 12);
      expect([...(await made.aux.data('float64'))]).toEqual(logits.flat().map((each) => expect.closeTo(each, 12)));
      await compare(made.gradients, gradients);
      const sent = stepScalars(runtime, optimizer.scalars(1, optimizer.learningRate), { dtype: 'float64' });
      await compare(optimizer.update(params, made.gradients, optimizer.init(params), sent).params, after);
    };
    await step(sgd({ learningRate: 0.1, momentum: 0.9 }), afterSgd);
    await step(adam({ learningRate: 0.01 }), afterAdam);
    await runtime.dispose();
  },
);
