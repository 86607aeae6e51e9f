/** The opened CPU backend: plain JavaScript, correct first. */
import type {
  Buffer,
  Call,
  Device,
  DeviceMemory,
  DType,
  Executable,
  Expression,
  HostArray,
  JsKernel,
  JsRoutine,
  Slot,
} from '@dendrite/spec';
import { jsKernels } from '../ops/primitives.js-kernels.ts';
import { sizeOf } from '../ops/strides.ts';
import { version } from '../version.ts';
import { type CpuBuffer, CpuPool, sizeClass } from './cpu-buffer.ts';
import { expressionLoop } from './expression-loop.ts';

interface CpuExecutable extends Executable {
  readonly routine: JsRoutine;
}

/** Bytes kept for reuse at most. */
const kept = 512 * 2 ** 20;
const dtypes: ReadonlySet<DType> = new Set(['float32', 'float64', 'int32', 'uint8', 'bool']);

export class CpuDevice implements Device {
  readonly name = 'cpu';
  readonly packageVersion: string = version;
  readonly details = 'plain JavaScript, one thread';
  readonly software = false;
  readonly languages: readonly 'js'[] = ['js'];
  readonly jsKernels: NonNullable<Device['jsKernels']> = jsKernels;
  readonly addressing = 'bytes';
  readonly hostVisible = true;
  readonly limits: { readonly bufferBytes: number } = { bufferBytes: 2 ** 32 };
  readonly dtypes: ReadonlySet<DType> = dtypes;
  private readonly pool = new CpuPool(kept);

  allocate(bytes: number): Buffer {
    return this.pool.take(bytes);
  }
  footprint(bytes: number): number {
    return sizeClass(bytes);
  }
  free(buffer: Buffer): void {
    this.pool.give(buffer as CpuBuffer);
  }
  upload(slot: Slot, data: HostArray): void {
    this.view(slot).set(data);
  }
  async download(slot: Slot): Promise<HostArray> {
    const view = this.view(slot);
    return view.slice(0, sizeOf(slot.spec.shape));
  }
  view(slot: Slot): HostArray {
    const whole = (slot.buffer as CpuBuffer).whole(slot.spec.dtype);
    return slot.offset === 0 ? whole : whole.subarray(slot.offset);
  }
  prepare(kernel: JsKernel, call: Call): Executable {
    const executable: CpuExecutable = { label: 'js', routine: kernel.prepare(call) };
    return executable;
  }
  prepareExpressions(expressions: readonly Expression[], call: Call): Executable {
    const executable: CpuExecutable = { label: 'js expression', routine: expressionLoop(expressions, call) };
    return executable;
  }
  dispatch(executable: Executable, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void {
    const { routine } = executable as CpuExecutable;
    // Written out for the commonest counts: on small tensors the making of these arrays is a good part of the time.
    const made = outputs.length === 1 ? [this.view(outputs[0] as Slot)] : outputs.map((slot) => this.view(slot));
    const given =
      inputs.length === 1
        ? [this.view(inputs[0] as Slot)]
        : inputs.length === 2
          ? [this.view(inputs[0] as Slot), this.view(inputs[1] as Slot)]
          : inputs.map((slot) => this.view(slot));
    routine(made, given, args);
  }
  async sync(): Promise<void> {}
  memory(): DeviceMemory {
    const { live, buffers, pooled, peak } = this.pool;
    return { live, buffers, pooled, peak };
  }
  async dispose(): Promise<void> {
    this.pool.clear();
  }
}
