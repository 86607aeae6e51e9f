/** From what a case says of an input to its numbers. */
import { type CaseInput, DendriteError, type DType, type HostArray, type HostTensor, type Shape } from '@dendrite/spec';
import { normalOf, numbersOf, shuffled } from './numbers.ts';

export interface MadeInput extends HostTensor {
  readonly dtype: DType;
  readonly data: HostArray;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);
export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** An empty array of a dtype. */
export function hostArray(dtype: DType, length: number): HostArray {
  if (dtype === 'float64') return new Float64Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  return dtype === 'float32' ? new Float32Array(length) : new Uint8Array(length);
}

export function hostArrayOf(dtype: DType, numbers: ArrayLike<number>): HostArray {
  const made = hostArray(dtype, numbers.length);
  made.set(numbers);
  return made;
}

/** The numbers of one input; the same for the same seed. @throws OPTION  if `values` do not fill the shape */
export function makeInput(input: CaseInput, seed: string): MadeInput {
  const { shape, dtype = 'float32', values = 'normal', range } = input;
  const size = sizeOf(shape);
  const next = numbersOf(seed);
  if (range) return { shape, dtype, data: hostArrayOf(dtype, fromRange(size, dtype, range, next)) };
  if (typeof values !== 'string') {
    if (values.length !== size)
      throw new DendriteError(
        'OPTION',
        `conformance: values must fill [${shape.join(', ')}] (${size}), got ${values.length}.`,
      );
    return { shape, dtype, data: hostArrayOf(dtype, values) };
  }
  if (dtype === 'bool') return { shape, dtype, data: Uint8Array.from({ length: size }, () => (next() < 0.5 ? 0 : 1)) };
  if (!isFloat(dtype)) return { shape, dtype, data: hostArrayOf(dtype, fromRange(size, dtype, [0, 10], next)) };
  if (values === 'normal')
    return {
      shape,
      dtype,
      data: hostArrayOf(
        dtype,
        Array.from({ length: size }, () => normalOf(next)),
      ),
    };
  // Steps of 0.1 with a wobble of at most 0.02 each way, in a random order: no two nearer than 0.06.
  const order = shuffled(size, next);
  return {
    shape,
    dtype,
    data: hostArrayOf(
      dtype,
      order.map((place) => (place - size / 2) * 0.1 + (next() - 0.5) * 0.04),
    ),
  };
}

function fromRange(size: number, dtype: DType, [low, high]: readonly [number, number], next: () => number): number[] {
  const whole = !isFloat(dtype);
  return Array.from({ length: size }, () => {
    const value = low + (high - low) * next();
    return whole ? Math.floor(value) : value;
  });
}
