/** Buffers and slots for the tests of a device, which has no tensors. */
import type { Buffer, Device, DType, HostArray, Shape, Slot } from '@dendrite/spec';
import { hostArrayOf, sizeOf } from '../inputs/make-input.ts';

const bytesOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };

export class Bench {
  readonly device: Device;
  private readonly made: Buffer[] = [];

  constructor(device: Device) {
    this.device = device;
  }

  /** A slot in a buffer of its own, `offset` elements in, with `behind` elements after it. */
  slot(shape: Shape, dtype: DType = 'float32', offset = 0, behind = 0): Slot {
    const buffer = this.device.allocate((offset + sizeOf(shape) + behind) * bytesOf[dtype]);
    this.made.push(buffer);
    return { buffer, offset, spec: { shape, dtype } };
  }

  /** The same, with these values in it. */
  filled(values: readonly number[] | HostArray, shape: Shape = [values.length], dtype: DType = 'float32'): Slot {
    const slot = this.slot(shape, dtype);
    this.device.upload(slot, hostArrayOf(dtype, values));
    return slot;
  }

  free(): void {
    for (const buffer of this.made.splice(0)) this.device.free(buffer);
  }
}

/** Values that show what is lost on the way: signs of zero, NaN, infinities, the ends of each range. */
export function extremes(dtype: DType, length: number): HostArray {
  const values: Readonly<Record<DType, readonly number[]>> = {
    float32: [
      0,
      -0,
      1,
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      3.4028234663852886e38,
      1.1754943508222875e-38,
      0.1,
    ],
    float64: [
      0,
      -0,
      1,
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.MAX_VALUE,
      1e-300,
      0.1,
    ],
    int32: [0, 1, -1, 2147483647, -2147483648, 16777217, 7],
    uint8: [0, 1, 255, 128, 7],
    bool: [0, 1, 1],
  };
  const list = values[dtype];
  return hostArrayOf(
    dtype,
    Array.from({ length }, (_, i) => list[i % list.length] ?? 0),
  );
}
