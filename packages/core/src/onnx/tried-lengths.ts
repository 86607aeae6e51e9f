/** Which lengths a function is tried with, to find how what it does depends on them. */
import type { GraphInput, Lengths } from '@dendrite/onnx/program';
import { DendriteError } from '@dendrite/spec';

/** The most that a length may be; or also the least, and what it is a multiple of. */
export type LengthRange = number | { readonly least?: number; readonly most?: number; readonly multipleOf?: number };
export interface Tried {
  /** Names of the free lengths. */
  readonly names: readonly string[];
  /** All combinations of two values a length (bit i of the place in the list says which of `names[i]`), and two more to judge by. */
  readonly tried: readonly Lengths[];
  /** The greatest lengths that there are tables for. */
  readonly longest?: Lengths;
  /** Lengths with names that may be one thing only. */
  readonly fixed: Lengths;
}
type Samples = readonly [lower: number, higher: number, small: number, large: number];

/**
 * Odd and even, and a large one that all strides part from the others; all differ, so that no two lengths are alike by chance. 1 is left
 * out: it stretches.
 */
const samples: readonly [Samples, ...Samples[]] = [
  [6, 11, 2, 75],
  [7, 12, 3, 84],
  [8, 17, 5, 97],
  [9, 19, 4, 110],
];
/** Rows of tables for lengths without a limit. */
const tableRows = 512;

/** @throws OPTION  for shapes and ranges that mean nothing, and for ranges of lengths that no input has */
export function triedLengths(inputs: readonly GraphInput[], ranges: Readonly<Record<string, LengthRange>>): Tried {
  for (const input of inputs) checkShape(input);
  const all = [...new Set(inputs.flatMap(({ shape }) => shape.filter((length) => typeof length === 'string')))];
  for (const name of Object.keys(ranges))
    if (!all.includes(name))
      throw wrong(`lengths must name free lengths of the inputs (${all.join(', ') || 'there are none'})`, `'${name}'`);
  const known = new Map(all.map((name) => [name, rangeOf(ranges[name], name)]));
  const rangeAt = (name: string | undefined): Range => known.get(name ?? '') ?? rangeOf(undefined);
  // Of two sizes beside 1 nothing can be found that a third would not belie.
  const fixed = Object.fromEntries(
    all.flatMap((name) => {
      const { least, most, unit } = rangeAt(name);
      return most - Math.max(2, least) < 2 ? [[name, most * unit]] : [];
    }),
  );
  const names = all.filter((name) => !(name in fixed));
  const values = names.map((name, i) => valuesOf(samples[i % samples.length] ?? samples[0], rangeAt(name)));
  const at = (choose: (i: number) => number): Lengths => Object.fromEntries(names.map((name, i) => [name, choose(i)]));
  const tried = Array.from({ length: 2 ** names.length }, (_, place) =>
    at((i) => values[i]?.[place & (1 << i) ? 1 : 0] ?? 1),
  );
  if (names.length > 0) for (const more of [2, 3]) tried.push(at((i) => values[i]?.[more] ?? 1));
  // The first axis of the inputs is the batch, of which there are no tables.
  const batch = new Set(inputs.map(({ shape }) => shape[0]));
  const longest = at((i) => {
    const { most, unit } = rangeAt(names[i]);
    const rows = batch.has(names[i]) ? (values[i]?.[0] ?? 1) : Math.ceil(tableRows / unit) * unit;
    return Number.isFinite(most) ? most * unit : rows;
  });
  return { names, tried, fixed, ...(names.length > 0 && { longest }) };
}

/** In units of what it is a multiple of. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly unit: number;
}
/** @throws OPTION */
function rangeOf(range: LengthRange | undefined, name = ''): Range {
  const told = typeof range === 'number' ? { most: range } : (range ?? {});
  const { least = 1, most = Number.POSITIVE_INFINITY, multipleOf: unit = 1, ...more } = told;
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  const found = { least: Math.ceil(least / unit), most: Math.floor(most / unit), unit };
  if (
    Object.keys(more).length > 0 ||
    ![least, unit].every(whole) ||
    !(whole(most) || most === Number.POSITIVE_INFINITY) ||
    found.least > found.most
  )
    throw wrong(
      `lengths.${name} must be { least, most, multipleOf }, whole numbers from 1 that some length fits, or the most alone`,
      JSON.stringify(range),
    );
  return found;
}

/** @throws OPTION */
function checkShape({ name, shape }: GraphInput): void {
  const fits = (length: number | string): boolean =>
    typeof length === 'string' ? length !== '' : Number.isSafeInteger(length) && length >= 0;
  if (!Array.isArray(shape) || !shape.every(fits))
    throw wrong(
      `the shape of input '${name}' must be a list of whole numbers from 0 and names of free lengths`,
      JSON.stringify(shape),
    );
}

const wrong = (rule: string, got: string | undefined): DendriteError =>
  new DendriteError(
    'OPTION',
    `toOnnx(): ${rule}, got ${got}. Write inputs: { x: { shape: ['batch', 8] } }, lengths: { batch: 64 }.`,
  );

function valuesOf(usual: Samples, { least, most, unit }: Range): readonly number[] {
  // The greatest is left out where that can be: a part of a table that is the whole of it is no part.
  const top = most - least > 2 ? most - 1 : most;
  const raised = usual.map((value) => Math.min(top, value + least - 1));
  const found = top > usual[1] + least - 1 ? raised : [1, 0, 2, 3].map((less) => Math.max(least, 2, top - less));
  return found.map((value) => value * unit);
}
