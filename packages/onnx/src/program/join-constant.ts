/** Data that a function makes on the host, of which a few examples are known: a table, a number everywhere, a range, or part of a table. */
import type { HostArray, Shape } from '@dendrite/spec';
import { type Amount, isFree } from './amount.ts';
import type { AmountShape, Constant } from './program.ts';

export interface Part {
  readonly shape: Shape;
  readonly data: HostArray;
}
export interface Examples {
  readonly parts: readonly Part[];
  readonly shape: AmountShape;
  fit(numbers: readonly number[]): Amount;
  fail(): never;
}

export function joinConstant({ parts, shape, fit, fail }: Examples): Constant {
  const [first] = parts as readonly [Part, ...Part[]];
  if (parts.every(({ data }) => sameNumbers(data, first.data)) && !shape.some(isFree))
    return { kind: 'array', data: first.data, shape: first.shape };
  const ones = parts.map(onlyNumber);
  if (ones.every((one) => one !== undefined)) return { kind: 'filled', value: fit(ones) };
  const [count = 0] = shape;
  if (shape.length === 1 && parts.every(({ data }) => data.every((value: number, i: number) => value === i)))
    return { kind: 'range', count };
  const axes = shape.flatMap((length, axis) => (isFree(length) ? [axis] : []));
  const [axis] = axes;
  const longer = parts.reduce((a, b) => ((b.shape[axis ?? 0] ?? 0) > (a.shape[axis ?? 0] ?? 0) ? b : a));
  if (axis === undefined || axes.length > 1 || !parts.every((part) => isFront(part, longer, axis))) return fail();
  return { kind: 'part', data: longer.data, shape: longer.shape, axis, count: shape[axis] as Amount };
}

const sameNumbers = (a: HostArray, b: HostArray): boolean =>
  a.length === b.length && a.every((value: number, i: number) => Object.is(value, b[i]));
function onlyNumber({ data }: Part): number | undefined {
  const [first] = data;
  return first !== undefined && data.every((value: number) => Object.is(value, first)) ? first : undefined;
}
/** Whether a part is the first of a table along an axis. */
function isFront({ shape, data }: Part, table: Part, axis: number): boolean {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const [own, all] = [(shape[axis] ?? 1) * inner, (table.shape[axis] ?? 1) * inner];
  return data.every((value: number, i: number) => Object.is(value, table.data[Math.floor(i / own) * all + (i % own)]));
}
