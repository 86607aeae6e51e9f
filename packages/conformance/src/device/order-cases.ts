/** Uploads, dispatches, frees and downloads in the order in which they were asked for. */
import type { Call, Device, Executable } from '@dendrite/spec';
import { checkSameBits } from '../compare/compare.ts';
import { check } from '../kit/kit-case.ts';
import type { DeviceCase } from './backend-conformance.ts';
import { Bench } from './device-kit.ts';

const spec = { shape: [3], dtype: 'float32' } as const;
function plusOne(device: Device): Executable {
  const call: Call = { inputs: [spec], outputs: [spec], attributes: {} };
  const executable = device.prepareExpressions([{ binary: 'add', x: { input: 0 }, y: { constant: 1 } }], call);
  check(executable !== undefined, 'must lower x + 1');
  return executable;
}

export const orderCases: readonly DeviceCase[] = [
  {
    name: 'order: an upload after a dispatch does not reach it',
    async run(device) {
      const bench = new Bench(device);
      const run = plusOne(device);
      const [x, before, after] = [bench.filled([1, 2, 3]), bench.slot([3]), bench.slot([3])];
      device.dispatch(run, [before], [x], []);
      device.upload(x, Float32Array.of(10, 20, 30));
      device.dispatch(run, [after], [x], []);
      checkSameBits(
        'before the upload',
        { shape: [3], data: await device.download(before) },
        { shape: [3], data: [2, 3, 4] },
      );
      checkSameBits('after it', { shape: [3], data: await device.download(after) }, { shape: [3], data: [11, 21, 31] });
      bench.free();
    },
  },
  {
    name: 'order: a chain of dispatches, one on the other’s output',
    async run(device) {
      const bench = new Bench(device);
      const run = plusOne(device);
      let x = bench.filled([0, 0.5, -1]);
      for (let i = 0; i < 10; i++) {
        const y = bench.slot([3]);
        device.dispatch(run, [y], [x], []);
        x = y;
      }
      checkSameBits('after ten', { shape: [3], data: await device.download(x) }, { shape: [3], data: [10, 10.5, 9] });
      bench.free();
    },
  },
  {
    name: 'order: a buffer may be freed while queued work uses it',
    async run(device) {
      const bench = new Bench(device);
      const run = plusOne(device);
      const x = device.allocate(12);
      device.upload({ buffer: x, offset: 0, spec }, Float32Array.of(1, 2, 3));
      const y = bench.slot([3]);
      device.dispatch(run, [y], [{ buffer: x, offset: 0, spec }], []);
      device.free(x);
      const next = bench.filled([7, 7, 7]);
      checkSameBits('the output', { shape: [3], data: await device.download(y) }, { shape: [3], data: [2, 3, 4] });
      checkSameBits(
        'what came after',
        { shape: [3], data: await device.download(next) },
        { shape: [3], data: [7, 7, 7] },
      );
      bench.free();
    },
  },
  {
    name: 'order: several downloads at once',
    async run(device) {
      const bench = new Bench(device);
      const slots = [1, 2, 3, 4].map((value) => bench.filled([value, value, value]));
      const all = await Promise.all(slots.map((slot) => device.download(slot)));
      for (const [i, data] of all.entries())
        check(data[2] === i + 1, `download ${i} must give ${i + 1}, got ${data[2]}`);
      await device.sync();
      bench.free();
    },
  },
  {
    name: 'order: a dispatch reads inputs and writes outputs of one buffer at two offsets',
    async run(device) {
      if (device.addressing === 'whole') return;
      const bench = new Bench(device);
      const whole = bench.filled([0, 1, 2, 3, 0, 9, 9, 9, 0]);
      const run = plusOne(device);
      device.dispatch(
        run,
        [{ buffer: whole.buffer, offset: 5, spec }],
        [{ buffer: whole.buffer, offset: 1, spec }],
        [],
      );
      checkSameBits(
        'the buffer',
        { shape: [9], data: await device.download(whole) },
        { shape: [9], data: [0, 1, 2, 3, 0, 2, 3, 4, 0] },
      );
      bench.free();
    },
  },
];
