/** exp, log and tanh against float64, in units in the last place, over their whole ranges and at their ends. */
import type { Call, Device, Expression, Unary } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { wasm } from '../wasm/wasm.ts';

const opened = await wasm({ relaxed: false }).open();
if ('unavailable' in opened) throw new Error(opened.unavailable);
const device: Device = opened;

async function evaluate(unary: Unary, values: Float32Array): Promise<Float32Array> {
  const spec = { shape: [values.length], dtype: 'float32' } as const;
  const call: Call = { inputs: [spec], outputs: [spec], attributes: {} };
  const expression: Expression = { unary, x: { input: 0 } };
  const executable = device.prepareExpressions([expression], call);
  if (executable === undefined) throw new Error(`${unary} must be lowered`);
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

/** Distance between neighbouring float32 at this size. */
const unit = (x: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x)))) - 23);

const spread = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: 20_001 }, (_, i) => low + ((high - low) * i) / 20_000);

test.each<readonly [Unary, Float32Array, (x: number) => number, number]>([
  ['exp', spread(-87, 88.7), Math.exp, 2],
  ['exp', spread(-103, -87), Math.exp, 2],
  ['log', spread(1e-6, 100), Math.log, 2],
  ['log', spread(0.9, 1.1), Math.log, 2],
  ['log', Float32Array.of(1e-45, 1e-40, 1e-38, 3e38), Math.log, 2],
  ['tanh', spread(-10, 10), Math.tanh, 5],
  ['tanh', spread(-1e-3, 1e-3), Math.tanh, 5],
])('%s %#: within a few units in the last place', async (name, values, exact, allowed) => {
  const made = await evaluate(name, values);
  let worst = 0;
  values.forEach((x, i) => {
    const wanted = exact(x);
    if (wanted !== 0) worst = Math.max(worst, Math.abs((made[i] ?? Number.NaN) - wanted) / unit(wanted));
    else expect(made[i]).toBe(0);
  });
  expect(worst).toBeLessThanOrEqual(allowed);
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
test.each<readonly [Unary, readonly number[], readonly number[]]>([
  ['exp', [nan, inf, -inf, 1000, -1000, 0], [nan, inf, 0, inf, 0, 1]],
  ['log', [nan, inf, -inf, 0, -0, -1, 1], [nan, inf, nan, -inf, -inf, nan, 0]],
  ['tanh', [nan, inf, -inf, 0, -0, 100], [nan, 1, -1, 0, -0, 1]],
])('%s at its ends', async (name, values, expected) => {
  expect([...(await evaluate(name, Float32Array.from(values)))]).toEqual(expected);
});

test('an element has the same bits wherever it stands', async () => {
  const alone = await evaluate('tanh', Float32Array.of(0.3));
  for (const length of [2, 3, 4, 5, 7]) {
    const made = await evaluate('tanh', new Float32Array(length).fill(0.3));
    expect([...made]).toEqual(new Array(length).fill(alone[0]));
  }
});
