/** A backend that knows shapes and dtypes and computes nothing: counts what a program would run and hold. Reading back throws. */
import {
  type Backend,
  type Buffer,
  DendriteError,
  type Device,
  type DeviceMemory,
  type DType,
  type Executable,
  type HostArray,
} from '@dendrite/spec';
import { version } from '../version.ts';

export interface NullDevice extends Device {
  /** Calls dispatched so far. */
  readonly dispatches: number;
  /** Buffers that did not fit any more. */
  readonly refused: number;
}
export interface NullOptions {
  /** The most bytes there may be at once. Default: no limit. */
  readonly bytes?: number;
  /** The most calls, for a look that must not take long. Default: no limit. */
  readonly dispatches?: number;
}

class ShapeOnly implements NullDevice {
  readonly name = 'null';
  readonly packageVersion: string = version;
  readonly details = 'shapes without data';
  readonly software = true;
  readonly valueless = true;
  readonly languages = ['js'] as const;
  readonly addressing = 'bytes';
  readonly hostVisible = false;
  readonly limits = { bufferBytes: Number.MAX_SAFE_INTEGER };
  readonly dtypes: ReadonlySet<DType> = new Set(['float32', 'float64', 'int32', 'uint8', 'bool']);
  dispatches = 0;
  refused = 0;
  private readonly most: number;
  private readonly mostDispatches: number;
  private live = 0;
  private buffers = 0;
  private peak = 0;

  constructor({ bytes = Number.POSITIVE_INFINITY, dispatches = Number.POSITIVE_INFINITY }: NullOptions) {
    this.most = bytes;
    this.mostDispatches = dispatches;
  }
  allocate(bytes: number): Buffer {
    if (this.live + bytes > this.most) {
      this.refused++;
      throw new DendriteError(
        'BACKEND',
        `null backend: tensors must fit the ${this.most} bytes it was given, got ${bytes} more besides ${this.live}. Give it more, or make them smaller.`,
      );
    }
    this.live += bytes;
    this.buffers++;
    this.peak = Math.max(this.peak, this.live);
    return { bytes, references: 0 };
  }
  free(buffer: Buffer): void {
    this.live -= buffer.bytes;
    this.buffers--;
  }
  upload(): void {}
  download(): Promise<HostArray> {
    return Promise.reject(
      new DendriteError(
        'BACKEND',
        'null backend: values must not be read, for it keeps none. Use another backend to compute.',
      ),
    );
  }
  prepare(): Executable {
    return { label: 'null' };
  }
  prepareExpressions(): Executable {
    return { label: 'null' };
  }
  dispatch(): void {
    if (this.dispatches >= this.mostDispatches)
      throw new DendriteError(
        'BACKEND',
        `null backend: there must be at most ${this.mostDispatches} calls, got one more. Give it more.`,
      );
    this.dispatches++;
  }
  async sync(): Promise<void> {}
  memory(): DeviceMemory {
    return { live: this.live, buffers: this.buffers, pooled: 0, peak: this.peak };
  }
  async dispose(): Promise<void> {}
}

/** Shapes without data: what a program would dispatch, and the bytes it would hold at its peak. Beyond `bytes` a tensor is refused. */
export const nullBackend = (options: NullOptions = {}): Backend => ({
  '~dendrite': 'backend',
  meta: { name: 'null', version, api: 1 },
  open: async () => new ShapeOnly(options),
});
