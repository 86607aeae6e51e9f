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
    // A kernel in JavaScript is in between: it must be run time by time.
    expect(recorded.repeat?.(0, 5, 2, [])).toBe(false);
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

test('a linked list repeats by itself; where memory grew, with other operands, after a trap', async () => {
  const device = await wasm({ threads: 1 }).open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  const sum = device.prepareExpressions([{ binary: 'add', x: { input: 0 }, y: { input: 1 } }], call);
  if (sum === undefined) throw new Error('wasm must lower it');
  const [total, twice, table] = [slotOn(device), slotOn(device), device.allocate(40 * 20)];
  const row = (i: number): Slot => ({ buffer: table, offset: 5 * i, spec });
  device.upload(
    { buffer: table, offset: 0, spec: { shape: [200], dtype: 'float32' } },
    Float32Array.from({ length: 200 }, (_, i) => Math.floor(i / 5)),
  );
  const recorded = device.record?.([
    { executable: sum, outputs: [total], inputs: [total, row(0)], args: [] },
    { executable: sum, outputs: [twice], inputs: [total, total], args: [] },
  ]);
  const advances = [{ call: 0, operand: 2, bytes: 20 }];
  expect(recorded?.repeat?.(0, 2, 3, advances)).toBe(false);
  untilLinked(() => recorded?.run(0, 2));
  const found = async (): Promise<number[]> => [
    (await device.download(total))[4] as number,
    (await device.download(twice))[0] as number,
  ];
  const live = device.memory();
  for (const [first, times, expected] of [
    [0, 10, 45],
    [30, 10, 345],
  ] as const) {
    device.upload(total, new Float32Array(5));
    recorded?.move(0, 2, row(first));
    device.free(device.allocate(64 * 2 ** 20)); // takes every view away
    expect(recorded?.repeat?.(0, 2, times, advances)).toBe(true);
    expect(await found()).toEqual([expected, 2 * expected]);
  }
  // Another list, another stride.
  device.upload(total, new Float32Array(5));
  recorded?.move(0, 2, row(0));
  expect(recorded?.repeat?.(0, 2, 10, [{ call: 0, operand: 2, bytes: 80 }])).toBe(true);
  expect(await found()).toEqual([180, 360]);
  // Rows beyond the end of the memory.
  expect(() => recorded?.repeat?.(0, 2, 40, [{ call: 0, operand: 2, bytes: 2 ** 27 }])).toThrow(
    WebAssembly.RuntimeError,
  );
  device.upload(total, new Float32Array(5));
  expect(recorded?.repeat?.(0, 2, 10, advances)).toBe(true);
  expect(await found()).toEqual([45, 90]);
  expect(device.memory().live).toBe(live.live);
  await device.dispose();
});
