/** A runtime to try a program on before it is run: shapes, memory and calls as on another one, and no numbers. */
import { DendriteError, type Runtime } from '@dendrite/spec';
import { Engine } from '../engine/engine.ts';
import { RehearsalDevice } from './rehearsal-device.ts';
import { flopsOf } from './work-of-plan.ts';

export interface Rehearsal {
  /** Runs any program: every op infers and plans, nothing is computed, and whatever is read back is 0. */
  readonly runtime: Runtime;
  /** Calls on the device so far. */
  readonly dispatches: number;
  /** Bytes live at a time at most, in buffers as the device cuts them. */
  readonly peak: number;
  /** Bytes of the largest buffer. */
  readonly largest: number;
  /** Floating point operations of each compiled step that was recorded, in order; none where the device cannot record. */
  readonly flops: readonly number[];
}

/**
 * A rehearsal of `runtime`: kernels, size classes and recordings are its own, and it is neither used nor changed, but for kernels
 * that are compiled earlier than they would be.
 * @throws OPTION  for a runtime of another package
 * @example
 * import { createRuntime, matmul, rehearse } from '@dendrite/core';
 * const { runtime } = rehearse(await createRuntime());
 * const x = runtime.tensor(new Float32Array(64 * 784), [64, 784]);
 * runtime.scope(() => matmul(x, runtime.tensor(new Float32Array(7840), [784, 10])).shape); // [64, 10]
 */
export function rehearse(runtime: Runtime): Rehearsal {
  if (!(runtime instanceof Engine))
    throw new DendriteError(
      'OPTION',
      'rehearse(): the runtime must be one of this copy of @dendrite/core, got another. Make it with createRuntime().',
    );
  const device = new RehearsalDevice(runtime.device);
  const engine = new Engine(device, runtime.choice);
  const flops: number[] = [];
  engine.onRecording = ({ entries }) => {
    flops.push(entries.reduce((sum, entry) => sum + (entry.kind === 'call' ? flopsOf(entry.plan) : 0), 0));
  };
  return {
    runtime: engine,
    flops,
    get dispatches() {
      return device.dispatches;
    },
    get peak() {
      return device.memory().peak;
    },
    get largest() {
      return device.largest;
    },
  };
}
