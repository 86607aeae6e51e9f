/** How often each class is drawn, and that a key fixes it. */
import { expect, test } from 'vitest';
import { categorical, createRuntime, log } from '../../index.ts';

const runtime = await createRuntime();

test('classes come as often as their probabilities say: chi-squared of 20,000 draws', async () => {
  const probabilities = [0.5, 0.25, 0.15, 0.09, 0.01];
  const samples = 20_000;
  const logits = log(runtime.tensor(probabilities));
  const drawn = await categorical(runtime.key(5), logits, { samples }).data('int32');
  const chiSquared = probabilities.reduce((sum, p, k) => {
    const seen = drawn.filter((each) => each === k).length;
    return sum + (seen - p * samples) ** 2 / (p * samples);
  }, 0);
  expect(chiSquared).toBeLessThan(18.5); // 4 degrees of freedom: 1 in 1,000 is above
});

test('the same key draws the same, another one does not', async () => {
  const logits = runtime.tensor(new Float32Array(64), [16, 4]);
  const draw = async (seed: number): Promise<number[]> => [
    ...(await categorical(runtime.key(seed), logits).data('int32')),
  ];
  expect(await draw(1)).toEqual(await draw(1));
  expect(await draw(1)).not.toEqual(await draw(2));
});
