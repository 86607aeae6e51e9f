/** Reads a broadcast input block by block, in the order of the output's elements. */
import type { HostArray, Shape } from '@dendrite/spec';

export class BroadcastReader {
  private readonly shape: readonly number[];
  private readonly strides: readonly number[];
  private readonly index: number[];
  private at = 0;

  /** Neighbouring axes with one common stride are joined, so that the inner loop is as long as it can be. */
  constructor(shape: Shape, strides: readonly number[]) {
    const lengths: number[] = [];
    const steps: number[] = [];
    shape.forEach((length, axis) => {
      if (length === 1) return;
      const stride = strides[axis] as number;
      const last = lengths.length - 1;
      if (last >= 0 && steps[last] === stride * length) {
        lengths[last] = (lengths[last] as number) * length;
        steps[last] = stride;
      } else {
        lengths.push(length);
        steps.push(stride);
      }
    });
    this.shape = lengths;
    this.strides = steps;
    this.index = new Array<number>(lengths.length).fill(0);
  }

  rewind(): void {
    this.index.fill(0);
    this.at = 0;
  }

  /** The next `n` elements. */
  read(to: HostArray, from: HostArray, n: number): void {
    const { shape, strides, index } = this;
    const last = shape.length - 1;
    const length = shape[last] as number;
    const step = strides[last] as number;
    for (let i = 0; i < n; ) {
      const begin = index[last] as number;
      const count = Math.min(n - i, length - begin);
      if (step === 0) to.fill(from[this.at] as number, i, i + count);
      else for (let j = 0, p = this.at; j < count; j++, p += step) to[i + j] = from[p] as number;
      i += count;
      this.at += count * step;
      index[last] = begin + count;
      if (begin + count < length) return;
      index[last] = 0;
      this.at -= length * step;
      for (let axis = last - 1; axis >= 0; axis--) {
        const next = (index[axis] as number) + 1;
        this.at += strides[axis] as number;
        if (next < (shape[axis] as number)) {
          index[axis] = next;
          break;
        }
        index[axis] = 0;
        this.at -= next * (strides[axis] as number);
      }
    }
  }
}
