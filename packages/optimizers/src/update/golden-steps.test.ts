/** Three steps by hand: each formula written out in plain numbers, beside the op. */
import { createRuntime, stepScalars } from '@dendrite/core';
import type { Optimizer, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { adaGrad, adam, adamW, rmsProp, sgd } from '../index.ts';

const gradients = [0.5, -1.25, 2];

/** Value of one parameter that starts at 1, after each of three steps. */
async function run(optimizer: Optimizer): Promise<number[]> {
  const runtime = await createRuntime();
  let params: Tensor = runtime.tensor(new Float64Array([1]), [], 'float64');
  let state = optimizer.init(params);
  const values: number[] = [];
  for (const [i, g] of gradients.entries()) {
    const sent = stepScalars(runtime, optimizer.scalars(i + 1, optimizer.learningRate), { dtype: 'float64' });
    ({ params, state } = optimizer.update(params, runtime.tensor(new Float64Array([g]), [], 'float64'), state, sent));
    values.push((await params.data('float64'))[0] ?? Number.NaN);
  }
  await runtime.dispose();
  return values;
}
function byHand(next: (p: number, g: number, step: number) => number): number[] {
  let p = 1;
  return gradients.map((g, i) => {
    p = next(p, g, i + 1);
    return p;
  });
}
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));

test('sgd', async () => {
  expect(await run(sgd({ learningRate: 0.1 }))).toEqual(near([0.95, 1.075, 0.875]));
});
test('sgd: the first step takes the whole gradient, later ones are dampened; Nesterov looks ahead', async () => {
  let v = 0;
  expect(await run(sgd({ learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }))).toEqual(
    near(
      byHand((p, g, step) => {
        const d = g + 0.01 * p;
        v = step === 1 ? d : 0.9 * v + 0.7 * d;
        return p - 0.1 * v;
      }),
    ),
  );
  let n = 0;
  expect(await run(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }))).toEqual(
    near(
      byHand((p, g) => {
        n = 0.9 * n + g;
        return p - 0.1 * (g + 0.9 * n);
      }),
    ),
  );
});
test('adaGrad', async () => {
  let s = 0.1;
  expect(await run(adaGrad({ learningRate: 0.1, learningRateDecay: 0.5, initialAccumulator: 0.1 }))).toEqual(
    near(
      byHand((p, g, step) => {
        s += g * g;
        return p - ((0.1 / (1 + (step - 1) * 0.5)) * g) / (Math.sqrt(s) + 1e-10);
      }),
    ),
  );
});
test('rmsProp, centered with momentum', async () => {
  let [s, m, v] = [0, 0, 0];
  expect(await run(rmsProp({ learningRate: 0.1, alpha: 0.9, centered: true, momentum: 0.5 }))).toEqual(
    near(
      byHand((p, g) => {
        s = 0.9 * s + 0.1 * g * g;
        m = 0.9 * m + 0.1 * g;
        v = 0.5 * v + g / (Math.sqrt(s - m * m) + 1e-8);
        return p - 0.1 * v;
      }),
    ),
  );
});
test.each([
  ['adam', adam({ learningRate: 0.1, weightDecay: 0.05 }), 0.05, 0],
  ['adamW', adamW({ learningRate: 0.1, weightDecay: 0.05 }), 0, 0.05],
] as const)('%s', async (_, optimizer, coupled, decoupled) => {
  let [m, v] = [0, 0];
  expect(await run(optimizer)).toEqual(
    near(
      byHand((p, g, step) => {
        const d = g + coupled * p;
        m = 0.9 * m + 0.1 * d;
        v = 0.999 * v + 0.001 * d * d;
        return (
          p * (1 - 0.1 * decoupled) -
          ((0.1 / (1 - 0.9 ** step)) * m) / (Math.sqrt(v) / Math.sqrt(1 - 0.999 ** step) + 1e-8)
        );
      }),
    ),
  );
});
