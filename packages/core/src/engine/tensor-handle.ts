/** The tensors of this engine: a handle on a part of a reference-counted buffer, and a device slot at the same time. */
import {
  type Buffer,
  DendriteError,
  type DType,
  type HostArrays,
  type NestedNumbers,
  type Shape,
  type Slot,
  type Tensor,
} from '@dendrite/spec';
import type { Engine } from './engine.ts';
import type { InternedSpec } from './interned-spec.ts';
import type { TapeNode } from './tape.ts';

/** Why a handle is dead; the words go into the error of its next use. */
export type End = 'disposed' | 'freed by its scope' | 'consumed' | 'freed with its runtime';

/** What the collector's watcher holds of a tensor that was made outside any scope. */
export interface Watched {
  buffer: Buffer;
  ended: boolean;
}

export class TensorHandle<S extends Shape = Shape> implements Tensor<S>, Slot {
  readonly runtime: Engine;
  readonly buffer: Buffer;
  readonly offset: number;
  readonly spec: InternedSpec;
  /** What made it, while a tape is recording; with the index of the output it is. */
  node: TapeNode | null = null;
  output = 0;
  end: End | null = null;
  /** The next op is the last that reads it, and may write where it lies. */
  isLastUse = false;
  /** No scope frees it. */
  kept = false;
  /** Stamp of the last scope that returned it. */
  survives = 0;
  watched: Watched | null = null;
  /** Shared with tensors that are watched together. */
  token: object | null = null;

  constructor(runtime: Engine, buffer: Buffer, offset: number, spec: InternedSpec) {
    this.runtime = runtime;
    this.buffer = buffer;
    this.offset = offset;
    this.spec = spec;
  }

  get '~dendrite'(): 'tensor' {
    return 'tensor';
  }
  get shape(): Shape {
    return this.spec.shape;
  }
  get dtype(): DType {
    return this.spec.dtype;
  }
  get size(): number {
    return this.spec.size;
  }
  get alive(): boolean {
    return this.end === null;
  }

  async data<D extends DType = 'float32'>(dtype?: D): Promise<HostArrays[D]> {
    const wanted: DType = dtype ?? 'float32';
    if (this.spec.dtype !== wanted)
      throw new DendriteError(
        'DTYPE',
        `data(): dtype must be the tensor's, got ${wanted} for a ${this.spec.dtype} tensor. Call data('${this.spec.dtype}').`,
      );
    return (await this.read()) as HostArrays[D];
  }

  async item(): Promise<number> {
    if (this.spec.size !== 1)
      throw new DendriteError(
        'SHAPE',
        `item(): tensor must have one element, got ${this.spec.size} (shape [${this.shape.join(', ')}]). Call data() or toArray().`,
      );
    const { device, session } = this.runtime;
    // Where the host sees the memory, one number needs no copy.
    if (device.view === undefined || session !== null) return (await this.read())[0] as number;
    this.check('data');
    return device.view(this)[0] as number;
  }

  async toArray(): Promise<NestedNumbers> {
    const data = await this.read();
    const { shape } = this.spec;
    const nest = (axis: number, begin: number, size: number): NestedNumbers => {
      const length = shape[axis];
      if (length === undefined) return data[begin] as number;
      const inner = length === 0 ? 0 : size / length;
      return Array.from({ length }, (_, i) => nest(axis + 1, begin + i * inner, inner));
    };
    return nest(0, 0, data.length);
  }

  dispose(): void {
    this.release('disposed');
  }
  [Symbol.dispose](): void {
    this.release('disposed');
  }

  /** Drops this handle's reference; the buffer goes back to the device with the last one. */
  release(end: End): void {
    if (this.end !== null) return;
    this.end = end;
    this.node = null;
    if (this.watched !== null) this.watched.ended = true;
    this.runtime.dropped(this.buffer);
  }

  private async read(): Promise<HostArrays[DType]> {
    this.check('data');
    this.runtime.session?.readBack();
    return this.runtime.device.download(this);
  }

  /** @throws DISPOSED  if the handle is dead. */
  check(operation: string): void {
    if (this.end === null && this.runtime.closed) this.end = 'freed with its runtime';
    if (this.end !== null)
      throw new DendriteError(
        'DISPOSED',
        `${operation}(): tensor must be alive, got a ${this.spec.dtype} tensor of shape [${this.shape.join(', ')}] that was ${this.end}. ${advice[this.end]}`,
      );
  }
}

const advice: Readonly<Record<End, string>> = {
  disposed: 'Use it before dispose().',
  'freed by its scope': 'Return it from scope(), or keep() it.',
  consumed: 'A step consumes its state: use the state it returned.',
  'freed with its runtime': 'Read results before runtime.dispose().',
};
