/** Bytes in, bytes out, and the books about them. */
import type { DType } from '@dendrite/spec';
import { checkSameBits } from '../compare/compare.ts';
import { hostArrayOf } from '../inputs/make-input.ts';
import { check } from '../kit/kit-case.ts';
import { raises } from '../kit/raises.ts';
import type { DeviceCase } from './backend-conformance.ts';
import { Bench, extremes } from './device-kit.ts';

const sizes = [0, 1, 3, 5, 33, 1000];
const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];

export const memoryCases: readonly DeviceCase[] = [
  ...dtypes.map(
    (dtype): DeviceCase => ({
      name: `memory: ${dtype} comes back as it went, sizes ${sizes.join(', ')}`,
      async run(device) {
        if (!device.dtypes.has(dtype)) return;
        const bench = new Bench(device);
        for (const size of sizes) {
          const data = extremes(dtype, size);
          const slot = bench.slot([size], dtype);
          device.upload(slot, data);
          const back = await device.download(slot);
          check(
            back.constructor === data.constructor,
            `${dtype}: must come back as ${data.constructor.name}, got ${back.constructor.name}`,
          );
          checkSameBits(`${dtype} [${size}]`, { shape: [back.length], data: back }, { shape: [size], data });
        }
        bench.free();
      },
    }),
  ),
  {
    name: 'memory: a slot at an odd offset leaves its neighbours alone',
    async run(device) {
      if (device.addressing === 'whole') return;
      const bench = new Bench(device);
      for (const dtype of dtypes) {
        if (!device.dtypes.has(dtype)) continue;
        const whole = bench.slot([12], dtype);
        device.upload(whole, hostArrayOf(dtype, new Array(12).fill(1)));
        const part = { buffer: whole.buffer, offset: 3, spec: { shape: [5], dtype } };
        device.upload(part, hostArrayOf(dtype, new Array(5).fill(0)));
        const wanted = [1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1];
        checkSameBits(
          `${dtype} around a part`,
          { shape: [12], data: await device.download(whole) },
          { shape: [12], data: wanted },
        );
        check((await device.download(part)).length === 5, `${dtype}: a part of 5 must come back with 5 elements`);
      }
      bench.free();
    },
  },
  {
    name: 'memory: a download is a copy',
    async run(device) {
      const bench = new Bench(device);
      const slot = bench.filled([1, 2, 3]);
      (await device.download(slot)).fill(9);
      checkSameBits(
        'after the copy was changed',
        { shape: [3], data: await device.download(slot) },
        { shape: [3], data: [1, 2, 3] },
      );
      bench.free();
    },
  },
  {
    name: 'memory: an upload does not hold on to the caller’s array',
    async run(device) {
      const bench = new Bench(device);
      const data = Float32Array.of(1, 2, 3);
      const slot = bench.slot([3]);
      device.upload(slot, data);
      data.fill(9);
      checkSameBits(
        'after the array was changed',
        { shape: [3], data: await device.download(slot) },
        { shape: [3], data: [1, 2, 3] },
      );
      bench.free();
    },
  },
  {
    name: 'memory: allocate and free keep the books',
    async run(device) {
      await device.sync();
      const before = device.memory();
      const buffers = [device.allocate(400), device.allocate(4), device.allocate(0)];
      const during = device.memory();
      check(
        during.buffers === before.buffers + 3,
        `3 allocations must count 3 buffers, got ${during.buffers - before.buffers}`,
      );
      check(during.live >= before.live + 404, `404 bytes must be live, got ${during.live - before.live}`);
      check(during.peak >= during.live, `peak (${during.peak}) must be at least what is live (${during.live})`);
      check(
        buffers.every(({ references }) => references === 0),
        'a device must set references to 0',
      );
      check(
        (buffers[0]?.bytes ?? 0) >= 400,
        `a buffer must hold the bytes asked for, got ${buffers[0]?.bytes} for 400`,
      );
      for (const buffer of buffers) device.free(buffer);
      const after = device.memory();
      check(after.buffers === before.buffers, `no buffer must be left, got ${after.buffers - before.buffers}`);
      check(after.live === before.live, `no byte must be left, got ${after.live - before.live}`);
    },
  },
  {
    name: 'memory: what was freed is not seen by what is allocated next',
    async run(device) {
      const bench = new Bench(device);
      const kept = bench.filled([1, 2, 3, 4]);
      const gone = device.allocate(16);
      device.upload({ buffer: gone, offset: 0, spec: { shape: [4], dtype: 'float32' } }, Float32Array.of(7, 7, 7, 7));
      device.free(gone);
      const next = bench.filled([5, 6, 7, 8]);
      checkSameBits(
        'the older buffer',
        { shape: [4], data: await device.download(kept) },
        { shape: [4], data: [1, 2, 3, 4] },
      );
      checkSameBits(
        'the newer buffer',
        { shape: [4], data: await device.download(next) },
        { shape: [4], data: [5, 6, 7, 8] },
      );
      bench.free();
    },
  },
  {
    name: 'memory: more than a device has throws BACKEND with the numbers',
    async run(device) {
      const before = device.memory();
      const bytes = 2 * device.limits.bufferBytes + 4;
      await raises('allocate() beyond the limit', ['BACKEND'], () => device.allocate(bytes), bytes);
      check(device.memory().buffers === before.buffers, 'a refused allocation must not count');
    },
  },
];
