/** Expressions on WASM: an element's bits do not depend on its place or its neighbours; functions that need the host get it. */
import type { Call, Device, Expression } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { wasm } from '../wasm/wasm.ts';

const opened = await wasm({ relaxed: false }).open();
if ('unavailable' in opened) throw new Error(opened.unavailable);
const device: Device = opened;

async function evaluate(expression: Expression, values: Float32Array): Promise<Float32Array> {
  const spec = { shape: [values.length], dtype: 'float32' } as const;
  const call: Call = { inputs: [spec], outputs: [spec], attributes: {} };
  const executable = device.prepareExpressions([expression], call);
  if (executable === undefined) throw new Error('the expression must be lowered');
  const [x, y] = [device.allocate(4 * values.length), device.allocate(4 * values.length)];
  const slot = { buffer: x, offset: 0, spec };
  device.upload(slot, values);
  const out = { buffer: y, offset: 0, spec };
  device.dispatch(executable, [out], [slot], []);
  const made = await device.download(out);
  device.free(x);
  device.free(y);
  return made as Float32Array;
}

test('an element has the same bits wherever it stands', async () => {
  const tanh: Expression = { unary: 'tanh', x: { input: 0 } };
  const alone = await evaluate(tanh, Float32Array.of(0.3));
  for (const length of [2, 3, 4, 5, 7]) {
    const made = await evaluate(tanh, new Float32Array(length).fill(0.3));
    expect([...made]).toEqual(new Array(length).fill(alone[0]));
  }
});

test.each(['sin', 'cos'] as const)('%s far out is the host’s, and leaves its neighbours alone', async (name) => {
  const expression: Expression = { unary: name, x: { input: 0 } };
  const [near] = await evaluate(expression, Float32Array.of(0.7));
  const made = await evaluate(expression, Float32Array.of(0.7, 1e6, Number.NaN, Number.POSITIVE_INFINITY, 0.7));
  expect([...made]).toEqual([near, Math.fround(Math[name](1e6)), Number.NaN, Number.NaN, near]);
});
