/** Arrays of numbers as inputs: nested, or flat with their shape. */
import { DendriteError, type NestedValues, type Numbers, type Shape, type Table, type Values } from '@dendrite/spec';
import { checkFinite } from '../array-source/check-finite.ts';
import { checkFits } from '../array-source/check-fits.ts';
import { sourceColumns } from '../array-source/source-columns.ts';
import type { Preprocessing, ValuesPreprocessing } from '../preprocessing/preprocessing.ts';
import { checkedValues, type TrainedValues } from './as-trained.ts';
import { checkedWidth } from './checked-width.ts';
import type { Features } from './features.ts';

/** Nested rows as one flat float32 array; a flat array with its shape as it is. */
export function takeValues(values: Values, where: string): { readonly data: Numbers; readonly shape: Shape } {
  if (isNested(values)) return flatten(values, where);
  if (ArrayBuffer.isView(values))
    throw new DendriteError(
      'SHAPE',
      `${where}: a flat array must come with its shape, got ${values.constructor.name}. Write { data, shape: [rows, …] }.`,
    );
  if (
    typeof values !== 'object' ||
    values === null ||
    !ArrayBuffer.isView(values.data) ||
    !Array.isArray(values.shape)
  ) {
    throw new DendriteError(
      'DATA',
      `${where}: inputs must be nested rows, { data, shape }, an array of objects, a table or a source, got ${describe(values)}.`,
    );
  }
  const size = values.shape.reduce((product, n) => product * n, 1);
  if (
    values.shape.length === 0 ||
    size !== values.data.length ||
    !values.shape.every((n) => Number.isInteger(n) && n >= 0)
  ) {
    throw new DendriteError(
      'SHAPE',
      `${where}: the shape must hold all ${values.data.length} numbers, got [${values.shape.join(', ')}]. The first length is the number of rows.`,
    );
  }
  const data: ArrayBufferView = values.data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    throw new DendriteError(
      'DATA',
      `${where}: x must hold numbers, got a ${data.constructor.name}. Convert it: Float32Array.from(data, Number).`,
    );
  if (data instanceof Float64Array) checkFits(data, values.shape, where);
  return values;
}

function flatten(nested: NestedValues, where: string): { readonly data: Float32Array; readonly shape: Shape } {
  const shape: number[] = [];
  for (let level: NestedValues[number] | undefined = nested; level !== undefined && isNested(level); level = level[0])
    shape.push(level.length);
  if (shape.length === 1 && nested.length > 0) {
    throw new DendriteError(
      'SHAPE',
      `${where}: inputs must be rows of numbers, got a flat list of ${nested.length}. Wrap one example as [[…]].`,
    );
  }
  const data = new Float32Array(shape.reduce((size, n) => size * n, 1));
  let at = 0;
  // Where the walk is: written over, not made anew for each number.
  const path: number[] = [];
  const fill = (part: NestedValues[number], axis: number): void => {
    const length = shape[axis];
    if (length === undefined) {
      if (typeof part !== 'number')
        throw new DendriteError(
          'DATA',
          `${where}: x must hold numbers, got ${describe(part)} in row ${path[0]}, at ${place(path)}. Give a number, or rows as objects for text.`,
        );
      data[at] = part;
      if (!Number.isFinite(data[at]) && Number.isFinite(part))
        throw new DendriteError(
          'DATA',
          `${where}: x must fit float32, got ${part} at ${place(path)}. Scale the column.`,
        );
      at++;
      return;
    }
    if (!isNested(part))
      throw new DendriteError(
        'DATA',
        `${where}: x must hold lists of ${length} at this depth, got ${describe(part)} at ${place(path)}.`,
      );
    if (part.length !== length)
      throw new DendriteError(
        'DATA',
        `${where}: rows must be of one length, got ${part.length} at ${place(path)} where the first has ${length}. Fill up or cut.`,
      );
    for (let i = 0; i < length; i++) {
      path[axis] = i;
      fill(part[i] as NestedValues[number], axis + 1);
    }
    path.length = axis;
  };
  fill(nested, 0);
  return { data, shape };
}

/** Shape and type of one example. */
export function valuesPreprocessing(
  { data, shape }: { readonly data: Numbers; readonly shape: Shape },
  where: string,
): ValuesPreprocessing {
  const dtype = data instanceof Uint8Array ? 'uint8' : data instanceof Int32Array ? 'int32' : 'float32';
  return checkedWidth({ kind: 'values', shape: shape.slice(1), dtype }, where);
}

/**
 * The values in the dtype of training, row-major.
 * @throws DATA  for one that is not finite
 */
export function finiteValues(
  features: Extract<Features, { readonly form: 'values' }>,
  preprocessing: Preprocessing,
  where: string,
): TrainedValues {
  const values = checkedValues(features, preprocessing, where);
  checkFinite(values.x.data, widthOf(values), values.names, where);
  return values;
}

/** A column an element of an example. */
export function valueColumns(values: TrainedValues): Table {
  const { x, names } = values;
  return sourceColumns({ data: x.data, width: widthOf(values), ...(names && { names }) }, undefined, x.shape[0] ?? 0);
}

const widthOf = ({ x }: TrainedValues): number => x.shape.slice(1).reduce((size, length) => size * length, 1);

const isNested = (values: unknown): values is NestedValues => Array.isArray(values);
const place = (path: readonly number[]): string => `x${path.map((i) => `[${i}]`).join('')}`;

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  return Array.isArray(value)
    ? 'a list'
    : typeof value === 'string'
      ? `'${value}'`
      : typeof value === 'object'
        ? `an object with ${Object.keys(value).slice(0, 6).join(', ') || 'no keys'}`
        : typeof value;
}
