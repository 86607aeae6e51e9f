/**
 * One WebAssembly memory, handed out by size class. What is freed is kept for its class, so that steady work finds everything again
 * and never grows the memory. Where the work changes, classes would keep what others need: before much new memory is begun, past
 * twice what was ever live at a time, and before anything is refused, all that is free is joined with its neighbours and cut anew.
 */
import { type Buffer, DendriteError, type DType, type HostArray } from '@dendrite/spec';

const page = 65536;
/** Kernels may read this far behind a tensor. */
const guard = 64;
/** Addresses are compared as signed numbers. */
export const largestMemory: number = 2 ** 31 - page;
/** Grown by at least this much at a time, for growing takes every view's memory away. */
const smallestGrowth = 16 * 2 ** 20;

/** From this size on free memory of other classes is better than new: a page's first touch costs up to 16 µs, joining 10 to 50. */
const worthJoining = 2 ** 16;

/** Classes are 2ᵏ · (4, 5, 6, 7) / 4 bytes from 64 on: at most a quarter is wasted, and every address is a multiple of 16. */
const smallest = 64;
export function sizeClass(bytes: number): number {
  if (bytes <= smallest) return smallest;
  const power = 2 ** Math.floor(Math.log2(bytes - 1));
  return Math.ceil(bytes / (power / 4)) * (power / 4);
}

export class WasmBuffer implements Buffer {
  readonly bytes: number;
  readonly address: number;
  references = 0;
  /** Another buffer has its memory. */
  isGone = false;

  constructor(address: number, bytes: number) {
    this.address = address;
    this.bytes = bytes;
  }
}

/** Free bytes between buffers, of no class. */
interface Gap {
  readonly address: number;
  readonly bytes: number;
}

/** Views of the whole memory; made anew when it has grown. */
interface Views {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
}

export interface PoolOptions {
  readonly shared?: boolean;
  readonly from?: number;
}

export class WasmPool {
  readonly memory: WebAssembly.Memory;
  live = 0;
  buffers = 0;
  pooled = 0;
  peak = 0;
  /** Counts growths of the memory and moves of scratch: what rests on either must be made anew. */
  version = 0;
  private readonly limit: number;
  private readonly free = new Map<number, WasmBuffer[]>();
  private gaps: Gap[] = [];
  /** Address 0 stays unused, so that no tensor has it. */
  private top: number;
  private scratchBuffer: WasmBuffer | undefined;
  private held: ArrayBufferLike | undefined;
  private views: Views | undefined;

  /**
   * @param limit  bytes of memory at most
   * @param options.shared  several threads see it
   * @param options.from  the first bytes, which the pool leaves alone
   */
  constructor(limit: number = largestMemory, { shared = false, from = 0 }: PoolOptions = {}) {
    this.limit = Math.floor(Math.min(limit, largestMemory) / page) * page;
    this.top = from + guard;
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: Math.max(16, this.limit / page), shared });
  }

  take(bytes: number): WasmBuffer {
    const buffer = this.find(bytes);
    this.live += buffer.bytes;
    this.buffers++;
    if (this.live > this.peak) this.peak = this.live;
    buffer.references = 0;
    return buffer;
  }

  give(buffer: WasmBuffer): void {
    if (buffer.isGone) return;
    this.live -= buffer.bytes;
    this.buffers--;
    this.keep(buffer);
  }

  /** The same memory as another buffer, which is given back in its place. */
  renew(buffer: WasmBuffer): WasmBuffer {
    buffer.isGone = true;
    return new WasmBuffer(buffer.address, buffer.bytes);
  }

  /** Address of at least this many bytes that kernels may write until the next call; no buffer counts them. */
  scratch(bytes: number): number {
    if (bytes === 0) return 0;
    if (this.scratchBuffer === undefined || this.scratchBuffer.bytes < bytes) {
      if (this.scratchBuffer) this.keep(this.scratchBuffer);
      this.scratchBuffer = undefined;
      this.scratchBuffer = this.find(bytes);
      this.version++;
    }
    return this.scratchBuffer.address;
  }

  /** Bytes for the device itself; no buffer counts them. */
  reserve(bytes: number): WasmBuffer {
    return this.find(bytes);
  }
  release(buffer: WasmBuffer): void {
    this.keep(buffer);
  }

  /** `length` elements from this address on; dead when the memory grows. */
  view(address: number, length: number, dtype: DType): HostArray {
    const at = placeOf(address, dtype);
    return this.whole(dtype).subarray(at, at + length);
  }
  /** Their copy. */
  copy(address: number, length: number, dtype: DType): HostArray {
    const at = placeOf(address, dtype);
    return this.whole(dtype).slice(at, at + length);
  }
  write(address: number, data: HostArray, dtype: DType): void {
    this.whole(dtype).set(data, placeOf(address, dtype));
  }

  /** All of the memory as elements of `dtype`. */
  private whole(dtype: DType): HostArray {
    if (this.held !== this.memory.buffer || this.views === undefined) {
      const buffer = this.memory.buffer;
      this.held = buffer;
      this.views = {
        float32: new Float32Array(buffer),
        float64: new Float64Array(buffer),
        int32: new Int32Array(buffer),
        uint8: new Uint8Array(buffer),
      };
    }
    return this.views[dtype === 'bool' ? 'uint8' : dtype];
  }

  private find(bytes: number): WasmBuffer {
    const size = sizeClass(bytes);
    const buffer = this.free.get(size)?.pop();
    if (buffer !== undefined) {
      this.pooled -= size;
      return buffer;
    }
    return this.fromGap(size) ?? this.fromJoined(size) ?? this.fromTop(size, bytes);
  }

  /** Where the memory may reach before free buffers of other classes are used. */
  private get budget(): number {
    return Math.min(this.limit, Math.max(smallestGrowth, 2 * this.peak));
  }

  private fromTop(size: number, asked: number): WasmBuffer {
    const end = this.top + size;
    if (end + guard > this.memory.buffer.byteLength) this.grow(asked, end + guard);
    const made = new WasmBuffer(this.top, size);
    this.top = end;
    return made;
  }

  /** The smallest gap that is large enough; what is left of it stays a gap. */
  private fromGap(size: number): WasmBuffer | undefined {
    let best: Gap | undefined;
    for (const gap of this.gaps) if (gap.bytes >= size && !(best && best.bytes <= gap.bytes)) best = gap;
    if (best === undefined) return undefined;
    const { address, bytes } = best;
    this.gaps = this.gaps.filter((gap) => gap !== best);
    if (bytes > size) this.gaps.push({ address: address + size, bytes: bytes - size });
    this.pooled -= size;
    return new WasmBuffer(address, size);
  }

  /** Joins all that is free, rather than to begin much new memory or to rise over `budget`. */
  private fromJoined(size: number): WasmBuffer | undefined {
    const isWorthIt = size >= worthJoining && this.pooled >= size;
    if (this.pooled === 0 || !(isWorthIt || this.top + size + guard > this.budget)) return undefined;
    const all: Gap[] = [...this.gaps, ...[...this.free.values()].flat()].sort((a, b) => a.address - b.address);
    this.free.clear();
    this.gaps = [];
    for (const { address, bytes } of all) {
      const before = this.gaps.at(-1);
      if (before && before.address + before.bytes === address)
        this.gaps[this.gaps.length - 1] = { address: before.address, bytes: before.bytes + bytes };
      else this.gaps.push({ address, bytes });
    }
    const last = this.gaps.at(-1);
    if (last && last.address + last.bytes === this.top) {
      this.gaps.pop();
      this.pooled -= last.bytes;
      this.top = last.address;
    }
    return this.fromGap(size);
  }

  private keep(buffer: WasmBuffer): void {
    this.pooled += buffer.bytes;
    const stack = this.free.get(buffer.bytes);
    if (stack) stack.push(buffer);
    else this.free.set(buffer.bytes, [buffer]);
  }

  private grow(asked: number, end: number): void {
    if (!(end <= this.limit)) throw this.refusal(asked, `a memory holds at most ${this.limit} bytes`);
    const now = this.memory.buffer.byteLength;
    const ample = Math.min(this.limit, Math.max(end, now + Math.max(smallestGrowth, now / 4)));
    let refused: unknown;
    for (const wanted of [ample, end])
      try {
        this.memory.grow(Math.ceil((wanted - now) / page));
        this.version++;
        return;
      } catch (error) {
        refused = error;
      }
    throw this.refusal(asked, `the machine gives no more than ${now} of ${this.limit} bytes`, refused);
  }

  private refusal(bytes: number, why: string, cause?: unknown): DendriteError {
    const { live, pooled, top } = this;
    return new DendriteError(
      'BACKEND',
      `wasm: memory must suffice, got a request for ${bytes} bytes with ${live} live, ${pooled} kept for reuse and ${top - live - pooled} for scratch and tables (${why}). Use smaller batches.`,
      { cause },
    );
  }
}

/** Which element of the whole memory has this address. */
const placeOf = (address: number, dtype: DType): number =>
  dtype === 'float64' ? address / 8 : dtype === 'float32' || dtype === 'int32' ? address / 4 : address;
