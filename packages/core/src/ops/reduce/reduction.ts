/** What a reduction's WASM kernel is chosen by: `[outer, joined, width]` becomes `[outer, width]`. */
import type { Call } from '@dendrite/spec';
import { sizeOf } from '../strides.ts';

export interface Reduction {
  /** `rows`: whole rows are joined, as columns side by side; `last`: elements that lie side by side; `apart`: axes between others. */
  readonly form: 'rows' | 'last' | 'apart';
  readonly outer: number;
  /** Elements that become one. */
  readonly joined: number;
  readonly width: number;
}
export function reductionOf({ inputs: [x], attributes }: Call): Reduction {
  const shape = x?.shape ?? [];
  const axes = attributes.axes as readonly number[];
  const [from = 0] = axes;
  const neighbours = axes.length > 0 && axes.every((axis, i) => axis === from + i);
  const [outer, joined, width] = [
    shape.slice(0, from),
    axes.map((axis) => shape[axis] ?? 1),
    shape.slice(from + axes.length),
  ].map(sizeOf) as [number, number, number];
  return { form: !neighbours ? 'apart' : width === 1 ? 'last' : 'rows', outer, joined, width };
}
/** Elements that are added in one chain, or in 16 side by side. */
export const block = 4096;
export const blocksOf = (joined: number): number => Math.max(1, Math.ceil(joined / block));
