import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { hostKey, integers } from '@dendrite/random';
import { expect, test } from 'vitest';
import { learnText } from './learn.ts';

/** Brackets that close in the order that they opened in reverse, up to four deep: counts of neighbours cannot know which to close. */
function brackets(length: number, seed: number): string {
  const draws = integers(hostKey(seed), length, 4);
  const open: string[] = [];
  let text = '';
  for (const draw of draws) {
    const closing = open.length === 4 || (open.length > 0 && draw < 2);
    if (closing) text += open.pop() === '(' ? ')' : ']';
    else {
      const next = draw % 2 === 0 ? '(' : '[';
      open.push(next);
      text += next;
    }
  }
  return text;
}

test('short: on a text of brackets the model is better than counts of characters', async () => {
  const runtime = await createRuntime({ backends: [wasm()] });
  const before = runtime.live();
  const { bits, baseline, counts, written } = await learnText(
    { train: brackets(12_000, 1), test: brackets(1500, 2) },
    { units: 24, steps: 24, embedding: 8, batchSize: 16, epochs: 8, learningRate: 0.01 },
    runtime,
  );
  expect(bits).toBeLessThan(baseline);
  expect(counts).toHaveLength(6);
  expect(written).toHaveLength(340);
  expect(runtime.live()).toEqual(before);
}, 60_000);
