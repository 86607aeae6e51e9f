/** Expressions on WASM: an element's bits do not depend on its place or its neighbours; functions that need the host get it. */
import type { Call, Device, DType, Expression, HostArray, Slot } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { wasm } from '../wasm/wasm.ts';

const opened = await wasm({ relaxed: false }).open();
if ('unavailable' in opened) throw new Error(opened.unavailable);
const device: Device = opened;

async function evaluate(expression: Expression, values: Float32Array, dtype: DType = 'float32'): Promise<HostArray> {
  const spec = { shape: [values.length], dtype: 'float32' } as const;
  const made = { shape: spec.shape, dtype };
  const call: Call = { inputs: [spec], outputs: [made], attributes: {} };
  const executable = device.prepareExpressions([expression], call);
  if (executable === undefined) throw new Error('the expression must be lowered');
  const [x, y] = [device.allocate(4 * values.length), device.allocate(4 * values.length)];
  const slot = { buffer: x, offset: 0, spec };
  device.upload(slot, values);
  const out = { buffer: y, offset: 0, spec: made };
  device.dispatch(executable, [out], [slot], []);
  const downloaded = await device.download(out);
  device.free(x);
  device.free(y);
  return downloaded;
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

/** Values of all sizes, each of which reaches into four lanes. */
const far = [
  ...[2 ** 31 - 128, 2 ** 31, -(2 ** 31), -(2 ** 31) - 256, 2 ** 32 + 512, 3 * 2 ** 40 + 2 ** 20, -(2 ** 55) - 2 ** 32],
  ...[2 ** 63, 1e30, -1e30, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7.5, -7.5, 0, -0],
];
test.each([
  ['int32', Int32Array],
  ['uint8', Uint8Array],
] as const)('a float that does not fit into %s is what a typed array makes of it', async (dtype, HostKind) => {
  const made = await evaluate({ cast: dtype, x: { input: 0 } }, Float32Array.from(far), dtype);
  expect(made).toEqual(new HostKind(Float32Array.from(far)));
});

test('inputs that are stretched along axes between others', async () => {
  const shape = [2, 3, 1, 5] as const;
  const specs = [shape, [3, 1, 1], [2, 1, 1, 5], [1], [3, 4, 1], [2, 1, 4, 1]].map((each) => ({
    shape: each,
    dtype: 'float32' as const,
  }));
  const output = { shape: [2, 3, 4, 5], dtype: 'float32' as const };
  const sum = specs.map((_, i): Expression => ({ input: i })).reduce((x, y) => ({ binary: 'add', x, y }));
  const executable = device.prepareExpressions([sum], { inputs: specs, outputs: [output], attributes: {} });
  if (executable === undefined) throw new Error('the expression must be lowered');
  const slots = [...specs, output].map((spec) => {
    const size = spec.shape.reduce((a, b) => a * b, 1);
    return { buffer: device.allocate(4 * size), offset: 0, spec };
  });
  // Input i holds 0, 1, 2, … times 10ⁱ: every sum tells which elements are in it.
  const values = specs.map((spec, i) =>
    Float32Array.from({ length: spec.shape.reduce((a, b) => a * b, 1) }, (_, at) => at * 10 ** i),
  );
  values.forEach((each, i) => {
    device.upload(slots[i] as Slot, each);
  });
  const out = slots.at(-1) as Slot;
  device.dispatch(executable, [out], slots.slice(0, -1), []);
  const expected: number[] = [];
  for (let a = 0; a < 2; a++)
    for (let b = 0; b < 3; b++)
      for (let c = 0; c < 4; c++)
        for (let d = 0; d < 5; d++) {
          const places = [15 * a + 5 * b + d, b, 5 * a + d, 0, 4 * b + c, 4 * a + c];
          expected.push(places.reduce((total, place, i) => total + place * 10 ** i, 0));
        }
  expect([...(await device.download(out))]).toEqual(expected);
  for (const { buffer } of slots) device.free(buffer);
});
