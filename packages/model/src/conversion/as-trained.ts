/** Inputs against what a model was trained on: their shape and their type. */
import { DendriteError } from '@dendrite/spec';
import type { Preprocessing, ValuesPreprocessing } from '../preprocessing/preprocessing.ts';
import type { Features } from './features.ts';

type ValueFeatures = Extract<Features, { readonly form: 'values' }>;
/** Values in the dtype of training, and the names that their elements have. */
export interface TrainedValues {
  readonly x: { readonly data: Float32Array | Int32Array | Uint8Array; readonly shape: readonly number[] };
  readonly names?: readonly string[];
}

/** @throws DATA  where training had a table, or elements do not fit its dtype; SHAPE  for examples of another shape */
export function checkedValues(features: ValueFeatures, preprocessing: Preprocessing, where: string): TrainedValues {
  if (preprocessing.kind === 'table') {
    const names = preprocessing.columns.map(({ name }) => `'${name}'`).join(', ');
    throw new DendriteError(
      'DATA',
      `${where}: this model was trained on named columns (${names}) and must get objects with these keys, or a table, got rows of plain numbers. Write [{ ${preprocessing.columns[0]?.name ?? 'name'}: …, … }].`,
    );
  }
  const { data, shape } = features.x;
  if (features.rows === 0)
    return { x: { data: asDtype(new Float32Array(0), preprocessing, where), shape: [0, ...preprocessing.shape] } };
  checkFeature(shape.slice(1), preprocessing, where, shape);
  return {
    x: { data: asDtype(data, preprocessing, where), shape },
    ...(preprocessing.names && { names: preprocessing.names }),
  };
}

export function checkFeature(
  given: readonly number[],
  { shape }: ValuesPreprocessing,
  where: string,
  whole: readonly number[] = ['rows', ...given].map(Number),
): void {
  if (given.length === shape.length && shape.every((n, axis) => n === given[axis])) return;
  const text = (sizes: readonly number[]): string => `[${['rows', ...sizes].join(', ')}]`;
  const lacksRows = whole.length === shape.length && shape.every((n, axis) => n === whole[axis]);
  throw new DendriteError(
    'SHAPE',
    `${where}: inputs must have the shape of training, ${text(shape)}, got ${text(given)}. ${lacksRows ? 'For one example put a 1 in front of its shape.' : 'Reshape them.'}`,
  );
}

export function asDtype(
  data: ArrayLike<number>,
  { dtype }: ValuesPreprocessing,
  where: string,
): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return data instanceof Float32Array ? data : Float32Array.from(data);
  const [low, high] = dtype === 'uint8' ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  if (dtype === 'uint8' ? data instanceof Uint8Array : data instanceof Int32Array)
    return data as Uint8Array | Int32Array;
  const to = dtype === 'uint8' ? new Uint8Array(data.length) : new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (!(Number.isInteger(value) && value >= low && value <= high)) {
      throw new DendriteError(
        'DATA',
        `${where}: this model was trained on ${dtype} and must get whole numbers from ${low} to ${high}, got ${value} at element ${i}. ${dtype === 'uint8' ? 'Give the raw bytes, not values scaled to 1.' : 'Round them.'}`,
      );
    }
    to[i] = value;
  }
  return to;
}

/** How the elements of a source of this dtype are kept. */
export function storedDtype(dtype: string): ValuesPreprocessing['dtype'] {
  return dtype === 'uint8' || dtype === 'bool' ? 'uint8' : dtype === 'int32' ? 'int32' : 'float32';
}
