/** Recorded calls on the device alone: expressions and JavaScript kernels, moved operands, a memory that grows. */
import type { Call, Device, HostArray, JsKernel, Slot, TensorSpec } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { wasm } from '../wasm/wasm.ts';

const spec: TensorSpec = { shape: [5], dtype: 'float32' };
async function open(): Promise<Device> {
  const device = await wasm().open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  return device;
}
const slotOn = (device: Device, values?: readonly number[]): Slot => {
  const slot = { buffer: device.allocate(20), offset: 0, spec };
  if (values) device.upload(slot, Float32Array.from(values));
  return slot;
};
const call: Call = { inputs: [spec, spec], outputs: [spec], attributes: {} };
const reversed: JsKernel = {
  language: 'js',
  prepare:
    () =>
    ([to], [from]) => {
      for (let i = 0; i < 5; i++) (to as HostArray)[i] = (from as HostArray)[4 - i] as number;
    },
};

test('runs parts of the list, goes where operands move, and survives growth', async () => {
  const device = await open();
  const [a, b, c, d] = [
    slotOn(device, [1, 2, 3, 4, 5]),
    slotOn(device, [9, 8, 7, 6, 5]),
    slotOn(device),
    slotOn(device),
  ];
  const product = device.prepareExpressions([{ binary: 'mul', x: { input: 0 }, y: { argument: 0 } }], {
    ...call,
    inputs: [spec],
  });
  const kernel = device.prepare?.(reversed, { ...call, inputs: [spec] });
  if (product === undefined || kernel === undefined) throw new Error('wasm must prepare both');
  expect(product.inPlace).toBe(true);
  const recorded = device.record?.([
    { executable: product, outputs: [c], inputs: [a], args: [10] },
    { executable: kernel, outputs: [d], inputs: [c], args: [] },
  ]);
  const read = async (slot: Slot): Promise<number[]> => Array.from(await device.download(slot));
  recorded?.run(0, 2);
  expect([await read(c), await read(d)]).toEqual([
    [10, 20, 30, 40, 50],
    [50, 40, 30, 20, 10],
  ]);
  recorded?.move(0, 1, b);
  recorded?.run(0, 1);
  expect([await read(c), await read(d)]).toEqual([
    [90, 80, 70, 60, 50],
    [50, 40, 30, 20, 10],
  ]);
  device.allocate(64 * 2 ** 20); // takes every view away
  recorded?.run(1, 2);
  expect(await read(d)).toEqual([50, 60, 70, 80, 90]);
  recorded?.move(0, 0, b); // in place
  recorded?.move(1, 1, b);
  recorded?.run(0, 2);
  expect([await read(b), await read(d)]).toEqual([
    [90, 80, 70, 60, 50],
    [50, 60, 70, 80, 90],
  ]);
  await device.dispose();
});

test('all outputs of an expression are computed before one is stored', async () => {
  const device = await open();
  const [a, b] = [slotOn(device, [1, 2, 3, 4, 5]), slotOn(device, [10, 20, 30, 40, 50])];
  const swap = device.prepareExpressions([{ input: 1 }, { input: 0 }], { ...call, outputs: [spec, spec] });
  if (swap === undefined) throw new Error('wasm must lower it');
  device.record?.([{ executable: swap, outputs: [a, b], inputs: [a, b], args: [] }]).run(0, 1);
  expect([Array.from(await device.download(a)), Array.from(await device.download(b))]).toEqual([
    [10, 20, 30, 40, 50],
    [1, 2, 3, 4, 5],
  ]);
  await device.dispose();
});

/** Runs the list until it is linked; the number of modules that were made of it. */
function untilLinked(run: () => void): number {
  const instance = vi.spyOn(WebAssembly, 'Instance');
  for (let i = 0; i < 500; i++) run();
  const made = instance.mock.settledResults.filter(({ type }) => type === 'fulfilled').length;
  instance.mockRestore();
  return made;
}

test.each([1, 2])(
  'with %i threads, a list that is run 500 times is linked, and goes where operands move',
  async (threads) => {
    const device = await wasm({ threads, relaxed: false }).open();
    if ('unavailable' in device) throw new Error(device.unavailable);
    const [a, b, c, d, e] = [
      slotOn(device, [1, 2, 3, 4, 5]),
      slotOn(device, [9, 8, 7, 6, 5]),
      slotOn(device),
      slotOn(device),
      slotOn(device),
    ];
    const one: Call = { ...call, inputs: [spec] };
    const scaled = device.prepareExpressions([{ binary: 'mul', x: { input: 0 }, y: { argument: 0 } }], one);
    const sum = device.prepareExpressions([{ binary: 'add', x: { input: 0 }, y: { input: 1 } }], call);
    const kernel = device.prepare?.(reversed, one);
    if (scaled === undefined || sum === undefined || kernel === undefined) throw new Error('wasm must prepare all');
    const recorded = device.record?.([
      { executable: scaled, outputs: [c], inputs: [a], args: [10] },
      { executable: sum, outputs: [c], inputs: [c, a], args: [] },
      { executable: kernel, outputs: [d], inputs: [c], args: [] },
      { executable: sum, outputs: [e], inputs: [d, a], args: [] },
      { executable: scaled, outputs: [d], inputs: [e], args: [-0.5] },
    ]);
    if (recorded === undefined) throw new Error('wasm must record');
    const live = device.memory();
    expect(untilLinked(() => recorded.run(0, 5))).toBe(1);
    const both = async (): Promise<number[][]> => {
      recorded.run(0, 5);
      return Promise.all([e, d].map(async (slot) => Array.from(await device.download(slot))));
    };
    const expected = (x: readonly number[], y: readonly number[]): number[][] => {
      const sums = y.map((each, i) => 11 * (x[4 - i] as number) + each);
      return [sums, sums.map((each) => -0.5 * each)];
    };
    const [first, second] = [
      [1, 2, 3, 4, 5],
      [9, 8, 7, 6, 5],
    ];
    expect(await both()).toEqual(expected(first, first));
    recorded.move(3, 2, b);
    expect(await both()).toEqual(expected(first, second));
    recorded.move(0, 1, b);
    recorded.move(1, 2, b);
    device.free(device.allocate(64 * 2 ** 20)); // takes every view away
    expect(await both()).toEqual(expected(second, second));
    expect(device.memory().live).toBe(live.live);
    recorded.dispose?.();
    recorded.run(0, 5);
    expect(await both()).toEqual(expected(second, second));
    await device.dispose();
  },
);
