import { createRuntime, mul, slice, square, sum } from '@dendrite/core';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { gradientNormsByStep, type LevelParams, runSequence, simpleRnn } from '../index.ts';

const runtime: Runtime = await createRuntime();

/** One unit whose recurrent weight is `by`: a relu network of it is a product of its weights. */
const chain = async (by: number) => {
  const layer = simpleRnn(1, { activation: 'relu', bias: false });
  const params: readonly LevelParams[] = [
    { forward: { input: runtime.tensor([[1]]), recurrent: runtime.tensor([[by]]) } },
  ];
  const x = runtime.tensor(new Float32Array(12).fill(1), [1, 12, 1]);
  const loss = (given: Tensor): Tensor => {
    const { outputs } = runSequence(layer, params, given);
    return sum(slice(outputs, { begin: [0, 11], size: [1, 1] }));
  };
  return gradientNormsByStep(loss, x);
};

test.each([
  [0.3, 'vanishing'],
  [1, 'steady'],
  [3, 'exploding'],
] as const)('a chain of weights of %f is %s: its norms are the powers', async (by, verdict) => {
  const { norms, ratio, verdict: found } = await chain(by);
  expect(found).toBe(verdict);
  norms.forEach((norm, t) => {
    expect(norm / by ** (11 - t)).toBeCloseTo(1, 5);
  });
  expect(ratio / by ** -11).toBeCloseTo(1, 5);
});

test('norms go over all sequences and channels, and nothing stays alive', async () => {
  const x = runtime.tensor([[[1, 2]], [[3, 4]]]);
  const before = runtime.live();
  const { norms } = await gradientNormsByStep((given) => sum(mul(square(given), 0.5)), x);
  expect(norms[0]).toBeCloseTo(Math.sqrt(30), 5);
  expect(runtime.live()).toEqual(before);
  await expect(gradientNormsByStep(sum, runtime.tensor([[1]]))).rejects.toThrow(
    'must be [batch, time, channels], got [1, 1]',
  );
});
