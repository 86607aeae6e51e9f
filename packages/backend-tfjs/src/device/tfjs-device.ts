/** A device over one tfjs backend: buffers hold foreign values, routines replace them. */
import {
  type Buffer,
  type Call,
  DendriteError,
  type Device,
  type DeviceMemory,
  type DType,
  type Executable,
  type Expression,
  type HostArray,
  type NativeKernel,
  type Slot,
} from '@dendrite/spec';
import { compileExpressions, type Routine } from '../expressions/compile.ts';
import { Kernels } from '../kernels/kernels.ts';
import { sizeOf, storedDtype, type Value } from '../kernels/value.ts';
import type { OpenedTfjs } from '../load/open-tfjs.ts';
import type { WebgpuBackend } from '../load/tfjs-api.ts';
import { randomBits } from '../routines/random-bits.ts';
import { routines } from '../routines/table.ts';
import { version } from '../version.ts';
import { TfjsBuffer } from './tfjs-buffer.ts';

interface TfjsExecutable extends Executable {
  readonly routine: Routine;
}

export class TfjsDevice implements Device {
  readonly name: string;
  readonly packageVersion: string = version;
  readonly details: string;
  /** Whose kernels they are, and what of this host runs them. */
  readonly arithmetic: string;
  readonly software: boolean;
  readonly languages: readonly 'js'[] = [];
  readonly addressing = 'whole';
  readonly hostVisible = false;
  readonly limits: { readonly bufferBytes: number };
  readonly dtypes: ReadonlySet<DType> = new Set<DType>(['float32', 'int32', 'uint8', 'bool']);
  private readonly opened: OpenedTfjs;
  private readonly kernels: Kernels;
  private readonly buffers = new Set<TfjsBuffer>();
  private live = 0;
  private peak = 0;
  private closed = false;

  constructor(opened: OpenedTfjs) {
    this.opened = opened;
    this.name = `tfjs-${opened.module.variant}`;
    this.details = opened.details;
    const { variant, version: theirs } = opened.module;
    this.arithmetic = variant === 'webgpu' ? opened.details : `tfjs ${theirs}`;
    this.software = opened.software;
    this.limits = { bufferBytes: opened.limitBytes };
    this.kernels = new Kernels(opened.module, this.name, opened.limitBytes);
  }

  native(op: { readonly name: string }, call: Call): NativeKernel | undefined {
    if (op.name === 'core/random-bits')
      return { run: ([output], [counter], _, args) => this.randomBits(output as Slot, counter, args) };
    const routine = routines.get(op.name)?.(this.kernels, call);
    return routine && { run: (outputs, inputs, _, args) => this.execute(routine, outputs, inputs, args) };
  }

  allocate(bytes: number): Buffer {
    if (this.closed)
      throw new DendriteError('DISPOSED', `${this.name}: device must be open, got a disposed one. Open another.`);
    const { totalBytes } = this.opened;
    if (bytes > this.limits.bufferBytes || this.live + bytes > totalBytes) {
      const limit =
        bytes > this.limits.bufferBytes ? `one tensor (${this.limits.bufferBytes} bytes)` : `all (${totalBytes} bytes)`;
      throw new DendriteError(
        'BACKEND',
        `${this.name}: tensors must fit the limit of ${limit}, got ${bytes} bytes with ${this.live} live. Use smaller batches.`,
      );
    }
    const buffer = new TfjsBuffer(bytes);
    this.buffers.add(buffer);
    this.live += bytes;
    this.peak = Math.max(this.peak, this.live);
    return buffer;
  }

  free(buffer: Buffer): void {
    const own = this.own(buffer);
    if (!this.buffers.delete(own)) return;
    this.live -= own.bytes;
    this.drop(own);
    own.freed = true;
  }

  upload({ buffer, spec }: Slot, data: HostArray): void {
    const own = this.own(buffer);
    const size = sizeOf(spec.shape);
    const dtype = storedDtype(spec.dtype);
    this.drop(own);
    if (size === 0) return;
    if (this.kernels.variant === 'webgpu') this.kernels.checkSize(spec.shape);
    const given = data.length === size ? data : data.subarray(0, size);
    // tfjs's cpu backend keeps the array it is given, so it gets one of its own.
    const copy =
      dtype === 'float32'
        ? Float32Array.from(given)
        : dtype === 'int32'
          ? Int32Array.from(given)
          : Uint8Array.from(given, (x) => (x ? 1 : 0));
    own.value = this.kernels.write(copy, spec.shape, dtype);
    if (size === 1) own.host = given.slice();
  }

  async download({ buffer, spec }: Slot): Promise<HostArray> {
    const { value } = this.own(buffer);
    const size = sizeOf(spec.shape);
    if (size === 0) return emptyArray(spec.dtype, 0);
    if (value === null) throw this.kernels.failure('a tensor must be written before it is read, and was not');
    // Held until it has been read, whatever the caller frees meanwhile.
    this.kernels.backend.incRef(value.dataId);
    try {
      const read = await this.kernels.backend.read(value.dataId);
      this.throwErrors();
      const copy = emptyArray(spec.dtype, size);
      for (let i = 0; i < size; i++) copy[i] = read[i] ?? 0;
      return copy;
    } finally {
      if (!this.closed) this.kernels.backend.disposeData(value.dataId);
    }
  }

  prepareExpressions(expressions: readonly Expression[], call: Call): Executable | undefined {
    const routine = compileExpressions(this.kernels, expressions, call.inputs, call.outputs);
    if (routine === undefined) return undefined;
    const executable: TfjsExecutable = { label: `${this.name} expression`, routine };
    return executable;
  }

  dispatch(executable: Executable, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void {
    this.execute((executable as TfjsExecutable).routine, outputs, inputs, args);
  }

  async sync(): Promise<void> {
    if (this.kernels.variant === 'webgpu') {
      const backend = this.kernels.backend as WebgpuBackend;
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    }
    this.throwErrors();
  }

  memory(): DeviceMemory {
    let pooled = 0;
    if (this.kernels.variant === 'webgpu' && !this.closed) {
      const { numBytesAllocatedInGPU, numBytesInGPU } = (this.kernels.backend as WebgpuBackend).memory();
      pooled = Math.max(0, numBytesAllocatedInGPU - numBytesInGPU);
    }
    return { live: this.live, buffers: this.buffers.size, pooled, peak: this.peak };
  }

  async dispose(): Promise<void> {
    if (this.closed) return;
    for (const buffer of this.buffers) this.drop(buffer);
    this.buffers.clear();
    this.live = 0;
    this.kernels.freeConstants();
    this.closed = true;
    await this.opened.close();
  }

  /** For tests and fact sheets about tfjs itself. */
  inside(): { readonly kernels: Kernels } {
    return { kernels: this.kernels };
  }

  /** For leak tests: how many pieces of data tfjs holds, constants of formulas among them. */
  heldByTfjs(): number {
    return this.kernels.backend.numDataIds();
  }

  private execute(routine: Routine, outputs: readonly Slot[], inputs: readonly Slot[], args: readonly number[]): void {
    if (outputs.every((slot) => sizeOf(slot.spec.shape) === 0)) return;
    if (this.kernels.variant === 'webgpu') for (const { spec } of outputs) this.kernels.checkSize(spec.shape);
    const results = this.kernels.settle(() =>
      routine(
        inputs.map((slot) => this.valueOf(slot)),
        args,
      ),
    );
    if (!outputs.every(({ spec }, j) => results[j]?.dtype === storedDtype(spec.dtype))) {
      for (const { dataId } of results) this.kernels.backend.disposeData(dataId);
      const given = results.map(({ dtype }) => dtype).join(', ');
      throw this.kernels.failure(
        `a routine must give ${outputs.map(({ spec }) => spec.dtype).join(', ')}, and gave ${given}`,
      );
    }
    outputs.forEach((slot, j) => {
      const buffer = this.own(slot.buffer);
      this.drop(buffer);
      buffer.value = results[j] ?? null;
    });
  }

  private randomBits(output: Slot, counter: Slot | undefined, [key0 = 0, key1 = 0]: readonly number[]): void {
    const size = sizeOf(output.spec.shape);
    if (size === 0) return;
    const bits = randomBits(size, key0, key1, counter === undefined ? 0 : this.numberOf(counter));
    const buffer = this.own(output.buffer);
    this.drop(buffer);
    buffer.value = this.kernels.write(bits, output.spec.shape, 'int32');
  }

  /** The only element of a tensor, now. */
  private numberOf({ buffer }: Slot): number {
    const { host, value } = this.own(buffer);
    if (host) return (host[0] ?? 0) | 0;
    if (value && this.kernels.variant !== 'webgpu') return (this.kernels.readNow(value)[0] ?? 0) | 0;
    throw new DendriteError(
      'BACKEND',
      `core/random-bits: its counter must be known on the host on ${this.name}, got one that was computed on the device. Make the counter with runtime.tensor(step, [], 'int32').`,
    );
  }

  private valueOf({ buffer, spec }: Slot): Value {
    const { value } = this.own(buffer);
    const shape = [...spec.shape];
    if (value) return { dataId: value.dataId, shape, dtype: value.dtype };
    // A tensor without elements holds nothing; routines look at its shape alone.
    if (sizeOf(spec.shape) === 0) return { dataId: noData, shape, dtype: storedDtype(spec.dtype) };
    throw this.kernels.failure('a tensor must be written before it is read, and was not');
  }

  private drop(buffer: TfjsBuffer): void {
    if (buffer.value) this.kernels.backend.disposeData(buffer.value.dataId);
    buffer.value = null;
    buffer.host = null;
  }

  private own(buffer: Buffer): TfjsBuffer {
    if (buffer instanceof TfjsBuffer) return buffer;
    throw new DendriteError(
      'BACKEND',
      `${this.name}: a buffer must be this device's own, got another's. Copy the data.`,
    );
  }

  private throwErrors(): void {
    const message = this.opened.takeError();
    if (message !== undefined)
      throw new DendriteError('BACKEND', `${this.name}: work must run without errors, and the device says: ${message}`);
  }
}

const noData = {};

function emptyArray(dtype: DType, size: number): HostArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size);
    case 'float64':
      return new Float64Array(size);
    case 'int32':
      return new Int32Array(size);
    default:
      return new Uint8Array(size);
  }
}
