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
    name: 'record: repeats, with operands that go on behind each run, or says that it does not',
    async run(device) {
      if (device.record === undefined) return;
      const bench = new Bench(device);
      const executable = multiplyAdd(device);
      const rows = (values: readonly number[]): Slot => ({ ...bench.filled(values), spec });
      const times = 700;
      const many = Array.from({ length: 5 * times }, (_, i) => (i % 7) - 3);
      const [x, sums] = [rows(many), rows(many)];
      const [one, state] = [bench.filled([1, 1, 1, 1, 1]), bench.slot([5])];
      const recorded = device.record([
        { executable, outputs: [state], inputs: [x, one], args: [1] },
        { executable, outputs: [sums], inputs: [state, one], args: [1] },
      ]);
      const advances = [
        { call: 0, operand: 1, bytes: 20 },
        { call: 1, operand: 0, bytes: 20 },
      ];
      const at = (slot: Slot, row: number): Slot => ({ ...slot, offset: 5 * row });
      // A device may need many runs until it does it by itself.
      for (let i = 0; i < 600; i++) recorded.run(0, 2);
      for (const first of [0, 100]) {
        recorded.move(0, 1, at(x, first));
        recorded.move(1, 0, at(sums, first));
        if (recorded.repeat?.(0, 2, times - first, advances) !== true) return bench.free();
        const row = (i: number, plus: number): number[] => many.slice(5 * i, 5 * i + 5).map((value) => value + plus);
        await holds(device, 'what the last run wrote for all', state, row(times - 1, 1));
        await holds(device, 'what the last run wrote', at(sums, times - 1), row(times - 1, 2));
        await holds(device, 'what one in the middle wrote', at(sums, 333), row(333, 2));
        device.upload(at(sums, times - 1), Float32Array.of(0, 0, 0, 0, 0));
        recorded.run(0, 2);
        await holds(device, 'operands lie where they lay', state, row(first, 1));
        await holds(device, 'and what lies further on is left alone', at(sums, times - 1), [0, 0, 0, 0, 0]);
      }
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
