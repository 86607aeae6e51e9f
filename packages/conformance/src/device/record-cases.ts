/** Recorded calls must do what dispatching them one by one does, wherever their operands go. */
import type { Call, Device, Executable, Slot } from '@dendrite/spec';
import { checkSameBits } from '../compare/compare.ts';
import { check } from '../kit/kit-case.ts';
import type { DeviceCase } from './backend-conformance.ts';
import { Bench } from './device-kit.ts';

const spec = { shape: [5], dtype: 'float32' } as const;
/** `x · y + argument`. */
function multiplyAdd(device: Device): Executable {
  const call: Call = { inputs: [spec, spec], outputs: [spec], attributes: {} };
  const product = { binary: 'mul', x: { input: 0 }, y: { input: 1 } } as const;
  const executable = device.prepareExpressions([{ binary: 'add', x: product, y: { argument: 0 } }], call);
  check(executable !== undefined, 'must lower x · y + argument');
  return executable;
}
async function holds(device: Device, what: string, slot: Slot, data: readonly number[]): Promise<void> {
  checkSameBits(what, { shape: [5], data: await device.download(slot) }, { shape: [5], data });
}

/** Devices without `record` have nothing to show. */
export const recordCases: readonly DeviceCase[] = [
  {
    name: 'record: runs as often as asked, in parts, and where operands move to',
    async run(device) {
      if (device.record === undefined) return;
      const bench = new Bench(device);
      const executable = multiplyAdd(device);
      const [x, y] = [bench.filled([1, 2, 3, 4, 5]), bench.filled([2, 2, 2, 2, 2])];
      const [a, b, other] = [bench.slot([5]), bench.slot([5]), bench.slot([5])];
      const recorded = device.record([
        { executable, outputs: [a], inputs: [x, y], args: [1] },
        { executable, outputs: [b], inputs: [a, y], args: [-1] },
      ]);
      recorded.run(0, 2);
      await holds(device, 'the second of two calls', b, [5, 9, 13, 17, 21]);
      device.upload(x, Float32Array.of(0, 0, 0, 0, 1));
      recorded.run(0, 1);
      await holds(device, 'the first alone', a, [1, 1, 1, 1, 3]);
      await holds(device, 'which leaves the second', b, [5, 9, 13, 17, 21]);
      recorded.move(1, 0, other);
      recorded.move(1, 2, x);
      recorded.run(1, 2);
      await holds(device, 'with another output and second input', other, [-1, -1, -1, -1, 2]);
      await holds(device, 'the output that it had', b, [5, 9, 13, 17, 21]);
      bench.free();
    },
  },
  {
    name: 'record: an executable that says inPlace writes where it reads',
    async run(device) {
      const executable = multiplyAdd(device);
      if (device.record === undefined || executable.inPlace !== true) return;
      const bench = new Bench(device);
      const x = bench.filled([1, 2, 3, 4, 5]);
      const recorded = device.record([{ executable, outputs: [x], inputs: [x, x], args: [1] }]);
      recorded.run(0, 1);
      await holds(device, 'once', x, [2, 5, 10, 17, 26]);
      recorded.run(0, 1);
      await holds(device, 'twice', x, [5, 26, 101, 290, 677]);
      bench.free();
    },
  },
];
