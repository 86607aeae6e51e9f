/** Which lengths a function is tried with, to find how what it does depends on them. */
import type { GraphInput, Lengths } from '@dendrite/onnx/program';

export interface Tried {
  /** Names of the free lengths. */
  readonly names: readonly string[];
  /** All combinations of two values a length (bit i of the place in the list says which of `names[i]`), and one more to judge by. */
  readonly tried: readonly Lengths[];
  /** The greatest lengths that there are tables for. */
  readonly longest?: Lengths;
  /** Lengths with names that may be one thing only. */
  readonly fixed: Lengths;
}

/** Lower, higher, and one more of each length; all differ, so that no two lengths are alike by chance. 1 is left out: it stretches. */
const samples: readonly (readonly [number, number, number])[] = [
  [6, 11, 2],
  [7, 13, 3],
  [8, 17, 4],
  [9, 19, 5],
];
/** Rows of tables for lengths without a limit. */
const tableRows = 512;

/** @param most  of each length, by name */
export function triedLengths(inputs: readonly GraphInput[], most: Lengths): Tried {
  const all = new Set(inputs.flatMap(({ shape }) => shape.filter((length) => typeof length === 'string')));
  const fixed = Object.fromEntries([...all].flatMap((name) => (least(most[name]) ? [[name, most[name] ?? 1]] : [])));
  const names = [...all].filter((name) => !(name in fixed));
  const values = names.map((name, i) =>
    valuesOf(most[name], samples[i % samples.length] as readonly [number, number, number]),
  );
  const at = (choose: (i: number) => number): Lengths => Object.fromEntries(names.map((name, i) => [name, choose(i)]));
  const tried = Array.from({ length: 2 ** names.length }, (_, place) =>
    at((i) => values[i]?.[place & (1 << i) ? 1 : 0] ?? 1),
  );
  tried.push(at((i) => values[i]?.[2] ?? 1));
  // The first axis of the inputs is the batch, of which there are no tables.
  const batch = new Set(inputs.map(({ shape }) => shape[0]));
  const longest = at((i) => most[names[i] ?? ''] ?? (batch.has(names[i]) ? (values[i]?.[0] ?? 1) : tableRows));
  return { names, tried, fixed, ...(names.length > 0 && { longest }) };
}

/** Too few to find anything by. */
const least = (most: number | undefined): boolean => most !== undefined && most < 3;
function valuesOf(most: number | undefined, [low, high, other]: readonly [number, number, number]): readonly number[] {
  if (most === undefined || most > high) return [low, high, other];
  // The greatest is left out where that can be: a part of a table that is the whole of it is no part.
  const top = most > 3 ? most - 1 : most;
  return [Math.max(2, top - 1), top, Math.max(2, top - 2)];
}
