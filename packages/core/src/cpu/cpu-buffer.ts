/** Memory of the CPU device: array buffers, reused by size class, with one view a dtype made when first asked for. */
import { type Buffer, DendriteError, type DType, type HostArray } from '@dendrite/spec';

export class CpuBuffer implements Buffer {
  readonly bytes: number;
  references = 0;
  readonly memory: ArrayBuffer;
  private float32: Float32Array | null = null;
  private float64: Float64Array | null = null;
  private int32: Int32Array | null = null;
  private uint8: Uint8Array | null = null;

  constructor(bytes: number) {
    this.bytes = bytes;
    this.memory = new ArrayBuffer(bytes);
  }

  /** All of it as elements of `dtype`. */
  whole(dtype: DType): HostArray {
    switch (dtype) {
      case 'float32':
        return (this.float32 ??= new Float32Array(this.memory));
      case 'float64':
        return (this.float64 ??= new Float64Array(this.memory));
      case 'int32':
        return (this.int32 ??= new Int32Array(this.memory));
      default:
        return (this.uint8 ??= new Uint8Array(this.memory));
    }
  }
}

/** Classes are 2ᵏ · (4, 5, 6, 7) / 4 bytes from 64 on: at most a quarter is wasted. */
const smallest = 64;
export function sizeClass(bytes: number): number {
  if (bytes <= smallest) return smallest;
  const power = 2 ** Math.floor(Math.log2(bytes - 1));
  return Math.ceil(bytes / (power / 4)) * (power / 4);
}

/** What a typed array may hold. */
const largest = 2 ** 32;

/** Buffers by size class. `keep` bounds what is kept for reuse. */
export class CpuPool {
  live = 0;
  buffers = 0;
  pooled = 0;
  peak = 0;
  private readonly free = new Map<number, CpuBuffer[]>();
  private readonly keep: number;
  // The class asked for last is likely asked for again.
  private lastBytes = -1;
  private lastClass = 0;
  private lastFree: CpuBuffer[] = [];

  constructor(keep: number) {
    this.keep = keep;
  }

  take(bytes: number): CpuBuffer {
    if (bytes !== this.lastBytes) this.find(bytes);
    let buffer = this.lastFree.pop();
    if (buffer === undefined) {
      if (!(bytes <= largest)) throw this.refusal(bytes, `a buffer holds at most ${largest} bytes`);
      try {
        buffer = new CpuBuffer(this.lastClass);
      } catch (error) {
        throw this.refusal(bytes, 'the machine gave no more memory', error);
      }
    } else this.pooled -= buffer.bytes;
    this.live += buffer.bytes;
    this.buffers++;
    if (this.live > this.peak) this.peak = this.live;
    return buffer;
  }

  give(buffer: CpuBuffer): void {
    this.live -= buffer.bytes;
    this.buffers--;
    if (this.pooled + buffer.bytes > this.keep) return; // the collector has it
    this.pooled += buffer.bytes;
    if (buffer.bytes === this.lastClass) this.lastFree.push(buffer);
    else this.stack(buffer.bytes).push(buffer);
  }

  clear(): void {
    this.free.clear();
    this.lastBytes = -1;
    this.lastClass = 0;
    this.lastFree = [];
    this.pooled = 0;
  }

  private find(bytes: number): void {
    this.lastBytes = bytes;
    this.lastClass = sizeClass(bytes);
    this.lastFree = this.stack(this.lastClass);
  }
  private stack(size: number): CpuBuffer[] {
    let stack = this.free.get(size);
    if (stack === undefined) {
      stack = [];
      this.free.set(size, stack);
    }
    return stack;
  }
  private refusal(bytes: number, why: string, cause?: unknown): DendriteError {
    return new DendriteError(
      'BACKEND',
      `cpu: memory must suffice, got a request for ${bytes} bytes with ${this.live} live (${why}). Use smaller batches.`,
      { cause },
    );
  }
}
