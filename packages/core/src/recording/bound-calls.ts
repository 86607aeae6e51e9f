/** Recorded calls on any device: dispatched one by one, with lists of slots that are made once. */
import type { Device, Recorded, RecordedCall, Slot } from '@dendrite/spec';

export function bindCalls(device: Device, calls: readonly RecordedCall[]): Recorded {
  if (device.record) return device.record(calls);
  const bound = calls.map(({ executable, outputs, inputs, args }) => ({
    executable,
    outputs: [...outputs],
    inputs: [...inputs],
    args,
  }));
  return {
    run(begin, end) {
      for (let i = begin; i < end; i++) {
        const { executable, outputs, inputs, args } = bound[i] as (typeof bound)[number];
        device.dispatch(executable, outputs, inputs, args);
      }
    },
    move(call: number, operand: number, slot: Slot) {
      const { outputs, inputs } = bound[call] as (typeof bound)[number];
      if (operand < outputs.length) outputs[operand] = slot;
      else inputs[operand - outputs.length] = slot;
    },
  };
}
