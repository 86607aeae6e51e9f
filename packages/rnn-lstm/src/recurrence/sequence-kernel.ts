/** What the WASM kernels of a sequence and of its gradient share: lengths, names of parameters, rows of a unit, lanes of a row. */

import { input } from '@dendrite/core';
import { integers, numberedNames, storeLanes } from '@dendrite/core/wasm-kernels';
import type { Call, Expression, KernelConstants } from '@dendrite/spec';
import {
  constant,
  type FunctionBuilder,
  f32x4,
  i32,
  i32x4,
  type Local,
  select,
  type Value,
  v128,
} from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** A few rows go through all steps before the next ones: a few tiles' height, or twice that where there are rows enough for every thread. */
const fewRows = 8;
const manyRows = 16;
export const unitRows = (batch: number): number => (batch > 8 * manyRows ? manyRows : fewRows);

export interface SequenceLengths {
  readonly batch: number;
  readonly time: number;
  readonly units: number;
}
/** What is baked in besides the cell: units, direction, activation, whether lengths differ. */
export const sequenceConstants = ({ attributes }: Call, units: number, ragged: boolean): KernelConstants => ({
  ...{ units, ragged, reverse: attributes.reverse === true },
  ...(typeof attributes.activation === 'string' && { activation: attributes.activation }),
});
export const sequenceArguments = ({ batch, time }: SequenceLengths): readonly number[] => [
  batch,
  time,
  unitRows(batch),
];
export const unitsOf = ({ batch }: SequenceLengths): number => Math.ceil(batch / unitRows(batch));

/** Parameters `name0`, `name1`, …, of which there may be none. */
export const several = (name: string, count: number): { readonly [name: string]: 'i32' } =>
  integers(numberedNames(name, count));
/** Inputs `from` to `from + count − 1` of a formula. */
export const inputsFrom = (from: number, count: number): readonly Expression[] =>
  Array.from({ length: count }, (_, i) => input(from + i));

/** Rows of unit `unit`, and how many they are. */
export function rowsOfUnit(
  f: FunctionBuilder,
  unit: Int,
  { rows, batch }: { readonly rows: Int; readonly batch: Int },
): { readonly first: Local<'i32'>; readonly count: Local<'i32'> } {
  const first = f.let(unit.mul(rows));
  const left = f.let(batch.sub(first));
  return { first, count: f.let(select(left.lt_s(rows), left, rows)) };
}

/** All ones where step `time` of a row takes place. */
export const takesPlace = (f: FunctionBuilder, lengths: Int, row: Int, time: Int): Local<'v128'> =>
  f.let(i32x4.splat(constant('i32', 0).sub(time.lt_s(i32.load(lengths.add(row.shl(2)))))));
/** `x` there, else `y`. */
export const chosen = (mask: Vector | undefined, x: Vector, y: Vector): Vector =>
  mask ? v128.bitselect(x, y, mask) : x;
export const zeros = (f: FunctionBuilder): Vector => f.hoist(f32x4.splat(0));

/** Four units at a time; `at` is their place in a row in bytes. */
export function eachLanes(f: FunctionBuilder, units: number, body: (at: Int, lanes: number) => void): void {
  const whole = units - (units % 4);
  if (whole > 0) f.loop(0, 4 * whole, 16, (at) => body(at, 4));
  if (units > whole) body(f.local('i32', 4 * whole), units - whole);
}
/** Stores what is computed by now, or the first lanes of it. */
export const store = (f: FunctionBuilder, at: Int, value: Vector, lanes: number, offset = 0): void =>
  storeLanes(f, f.let(at), f.let(value), lanes, offset);
