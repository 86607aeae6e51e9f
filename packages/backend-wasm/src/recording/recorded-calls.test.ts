/** Recorded calls on the device alone: expressions and JavaScript kernels, moved operands, a memory that grows. */
import type { Call, Device, HostArray, JsKernel, Slot, TensorSpec } from '@dendrite/spec';
import { expect, test } from 'vitest';
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
