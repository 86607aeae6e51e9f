/** Cases of a reference file as they are read: nothing is believed, and what is wrong is named. */
import type { HostTensor } from '@dendrite/spec';

export type Fields = Readonly<Record<string, unknown>>;

export interface ReferenceCase {
  readonly name: string;
  readonly fields: Fields;
}

/** What this repository does not have (yet): the case counts as missing. */
export class NotBuilt extends Error {}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function readCases(file: string, text: string): readonly ReferenceCase[] {
  const json: unknown = JSON.parse(text);
  if (!isFields(json) || !Array.isArray(json.cases)) throw new Error(`${file}: must have a list 'cases'`);
  return json.cases.map((fields: unknown, i) => {
    if (!isFields(fields) || typeof fields.name !== 'string') throw new Error(`${file}: case ${i} must have a name`);
    return { name: fields.name, fields };
  });
}

/** `{ shape, data }`; a data entry that is no number becomes NaN, which no comparison lets pass. */
export function tensorOf(value: unknown, what: string): HostTensor {
  if (!isFields(value) || !Array.isArray(value.shape) || !Array.isArray(value.data))
    throw new Error(`${what}: must be a tensor { shape, data }`);
  const shape = value.shape.map(Number);
  const data = Float64Array.from(value.data, (entry: unknown) => (typeof entry === 'number' ? entry : Number.NaN));
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    throw new Error(`${what}: must have ${size} values for [${shape.join(', ')}], got ${data.length}`);
  return { shape, data };
}

export const tensorAt = (fields: Fields, name: string): HostTensor => tensorOf(fields[name], name);

/** A list of tensors; null where the file has null. */
export function tensorsAt(fields: Fields, name: string): readonly (HostTensor | null)[] {
  const list = fields[name];
  if (!Array.isArray(list)) throw new Error(`${name}: must be a list of tensors`);
  return list.map((value: unknown, i) => (value === null ? null : tensorOf(value, `${name}.${i}`)));
}

export function firstAt(fields: Fields, name: string): HostTensor {
  const [first] = tensorsAt(fields, name);
  if (!first) throw new Error(`${name}: must have a tensor`);
  return first;
}

/** The case's config; `known` are the keys that are understood. @throws NotBuilt  for any other */
export function configOf(fields: Fields, known: readonly string[]): Fields {
  const config = fields.config ?? {};
  if (!isFields(config)) throw new Error('config: must be an object');
  for (const key of Object.keys(config)) if (!known.includes(key)) throw new NotBuilt(`the option ${key}`);
  return config;
}

export function numberAt(fields: Fields, name: string, otherwise?: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`${name}: must be a number, got ${JSON.stringify(value)}`);
  return value;
}

/** A number for all of `rank` axes, or one for each. */
export function eachAt(fields: Fields, name: string, otherwise: number, rank: number): readonly number[] {
  const value = fields[name] ?? otherwise;
  if (typeof value === 'number') return new Array<number>(rank).fill(value);
  if (Array.isArray(value) && value.length === rank) return value.map(Number);
  if (Array.isArray(value) && value.length === 1) return new Array<number>(rank).fill(Number(value[0]));
  throw new Error(`${name}: must be one or ${rank} numbers, got ${JSON.stringify(value)}`);
}

export function numbersAt(fields: Fields, name: string): readonly number[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new Error(`${name}: must be a list of numbers`);
  return value.map((entry: unknown) => (typeof entry === 'number' ? entry : Number.NaN));
}

export function rowsAt(fields: Fields, name: string): readonly (readonly number[])[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new Error(`${name}: must be a list of rows`);
  return value.map((row: unknown) => numbersAt({ row }, 'row'));
}

/** Axes in another order: `out.shape[i] = shape[axes[i]]`. */
export function permuted({ shape, data }: HostTensor, axes: readonly number[]): HostTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const to = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const made = new Float64Array(data.length);
  const index = to.map(() => 0);
  for (let i = 0; i < made.length; i++) {
    made[i] = data[index.reduce((sum, at, axis) => sum + at * (steps[axis] ?? 0), 0)] ?? Number.NaN;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (to[axis] ?? 1) ? next : 0;
      if (next < (to[axis] ?? 1)) break;
    }
  }
  return { shape: to, data: made };
}
