/** Plain data to a typed array with a shape. */
import { DendriteError, type DType, type HostArray, type NestedNumbers, type Shape } from '@dendrite/spec';

export interface HostData {
  readonly data: HostArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

const makers: Readonly<Record<DType, (size: number) => HostArray>> = {
  float32: (size) => new Float32Array(size),
  float64: (size) => new Float64Array(size),
  int32: (size) => new Int32Array(size),
  uint8: (size) => new Uint8Array(size),
  bool: (size) => new Uint8Array(size),
};

const dtypeOf = (data: HostArray): DType =>
  data instanceof Float32Array
    ? 'float32'
    : data instanceof Float64Array
      ? 'float64'
      : data instanceof Int32Array
        ? 'int32'
        : 'uint8';

/** An empty array that holds elements of this dtype. */
export const emptyHostArray = (dtype: DType, size: number): HostArray => makers[dtype](size);

/**
 * Nested numbers or booleans, or a typed array, as a typed array of `dtype` with its shape. Without `copy`, a typed array that needs
 * no conversion is given back as it is.
 * @throws SHAPE  ragged nesting, or a shape whose product is not the number of elements; DTYPE a value that is not a number,
 *   or not one that an integer dtype holds.
 */
export function hostArray(
  data: NestedNumbers | HostArray | readonly boolean[],
  shape?: Shape,
  dtype?: DType,
  copy = true,
): HostData {
  if (ArrayBuffer.isView(data)) {
    const made = dtype ?? dtypeOf(data);
    if (!copy && made !== 'bool' && made === dtypeOf(data))
      return { data, shape: checkShape(shape ?? [data.length], data.length), dtype: made };
    return { data: convert(data, made), shape: checkShape(shape ?? [data.length], data.length), dtype: made };
  }
  const flat: number[] = [];
  let found: Shape = [];
  let booleans = false;
  const walk = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      if (found.length === depth) {
        if (flat.length > 0) throw ragged(depth);
        found = [...found, value.length];
      } else if (found[depth] !== value.length) throw ragged(depth);
      for (const each of value) walk(each, depth + 1);
      return;
    }
    if (depth !== found.length) throw ragged(depth);
    if (typeof value === 'boolean') booleans = true;
    else if (typeof value !== 'number')
      throw new DendriteError(
        'DTYPE',
        `tensor(): every element must be a number or a boolean, got ${value === null ? 'null' : typeof value}. Convert the data first.`,
      );
    flat.push(Number(value));
  };
  walk(data, 0);
  const made = dtype ?? (booleans ? 'bool' : 'float32');
  return { data: convert(flat, made), shape: checkShape(shape ?? found, flat.length), dtype: made };
}

const ragged = (depth: number): DendriteError =>
  new DendriteError(
    'SHAPE',
    `tensor(): nested arrays must be rectangular, got rows of different length at level ${depth}. Pad them.`,
  );

function checkShape(shape: Shape, size: number): Shape {
  const product = shape.reduce((a, b) => a * b, 1);
  if (product !== size)
    throw new DendriteError(
      'SHAPE',
      `tensor(): the shape's product must be the number of elements, got [${shape.join(', ')}] (${product}) for ${size}.`,
    );
  return shape;
}

function convert(data: ArrayLike<number>, dtype: DType): HostArray {
  if (makers[dtype] === undefined)
    throw new DendriteError('DTYPE', `tensor(): dtype must be one of ${Object.keys(makers).join(', ')}, got ${dtype}.`);
  const made = makers[dtype](data.length);
  if (data.constructor === made.constructor && dtype !== 'bool') {
    made.set(data);
    return made;
  }
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    made[i] = dtype === 'bool' && value ? 1 : value;
    if (dtype !== 'float32' && dtype !== 'float64' && made[i] !== value && dtype !== 'bool')
      throw new DendriteError(
        'DTYPE',
        `tensor(): every element must fit ${dtype}, got ${value} at ${i}. Use float32, or round first.`,
      );
  }
  return made;
}
