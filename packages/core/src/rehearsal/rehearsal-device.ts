/**
 * A device that plans like another and computes nothing: the same kernels are chosen, buffers of the same sizes are counted, and
 * what is read back is 0. So a program's memory and dispatches are known before they are paid.
 */
import type {
  Attributes,
  Buffer,
  Call,
  Device,
  DeviceMemory,
  DType,
  Executable,
  Expression,
  HostArray,
  JsKernel,
  Language,
  NativeKernel,
  Recorded,
  RecordedCall,
  Slot,
  WasmKernel,
} from '@dendrite/spec';
import { sizeOf } from '../ops/strides.ts';

const nothing = (): void => {};

export class RehearsalDevice implements Device {
  readonly name: string;
  readonly packageVersion: string;
  readonly details: string;
  readonly software: boolean;
  readonly languages: readonly Language[];
  readonly jsKernels: Device['jsKernels'];
  readonly addressing: Device['addressing'];
  readonly hostVisible: boolean;
  readonly limits: Device['limits'];
  readonly dtypes: ReadonlySet<DType>;
  /** Calls so far, of kernels, formulas and routines. */
  dispatches = 0;
  /** Bytes of the largest buffer so far. */
  largest = 0;
  private live = 0;
  private buffers = 0;
  private peak = 0;
  private readonly like: Device;

  constructor(like: Device) {
    this.like = like;
    this.name = like.name;
    this.packageVersion = like.packageVersion;
    this.details = like.details;
    this.software = like.software;
    this.languages = like.languages;
    this.jsKernels = like.jsKernels;
    this.addressing = like.addressing;
    this.hostVisible = like.hostVisible;
    this.limits = like.limits;
    this.dtypes = like.dtypes;
  }

  allocate(asked: number): Buffer {
    const bytes = this.footprint(asked);
    this.live += bytes;
    this.buffers++;
    this.peak = Math.max(this.peak, this.live);
    this.largest = Math.max(this.largest, bytes);
    return { bytes, references: 0 };
  }
  footprint(bytes: number): number {
    return this.like.footprint?.(bytes) ?? bytes;
  }
  free({ bytes }: Buffer): void {
    this.live -= bytes;
    this.buffers--;
  }
  upload(): void {}
  async download({ spec: { shape, dtype } }: Slot): Promise<HostArray> {
    const size = sizeOf(shape);
    if (dtype === 'float32') return new Float32Array(size);
    if (dtype === 'float64') return new Float64Array(size);
    return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
  }

  native(op: { readonly name: string }, call: Call): NativeKernel | undefined {
    if (this.like.native?.(op, call) === undefined) return undefined;
    return {
      run: (_outputs: readonly Slot[], _inputs: readonly Slot[], _attributes: Attributes) => {
        this.dispatches++;
      },
    };
  }
  prepare(kernel: JsKernel | WasmKernel, call: Call): Executable {
    return this.like.prepare?.(kernel, call) ?? { label: 'none' };
  }
  prepareExpressions(expressions: readonly Expression[], call: Call): Executable | undefined {
    return this.like.prepareExpressions(expressions, call);
  }
  dispatch(): void {
    this.dispatches++;
  }
  record(_calls: readonly RecordedCall[]): Recorded {
    return {
      run: (begin, end) => {
        this.dispatches += end - begin;
      },
      move: nothing,
    };
  }
  async sync(): Promise<void> {}
  memory(): DeviceMemory {
    return { live: this.live, buffers: this.buffers, pooled: 0, peak: this.peak };
  }
  async dispose(): Promise<void> {}
}
