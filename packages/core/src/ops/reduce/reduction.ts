/** What a reduction's WASM kernel is chosen by. */
import type { Call } from '@dendrite/spec';
import { sizeOf } from '../strides.ts';

export interface Reduction {
  readonly form: 'first' | 'last' | 'other';
  /** Elements that become one, and how many results there are. */
  readonly joined: number;
  readonly results: number;
}
export function reductionOf({ inputs: [x], outputs: [y], attributes }: Call): Reduction {
  const shape = x?.shape ?? [];
  const axes = attributes.axes as readonly number[];
  const results = sizeOf(y?.shape ?? []);
  const joined = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  const last = axes.every((axis, i) => axis === shape.length - axes.length + i);
  const first = axes.every((axis, i) => axis === i);
  return { form: axes.length === 0 ? 'other' : last ? 'last' : first ? 'first' : 'other', joined, results };
}
/** Elements that are added in one chain, or in 16 side by side. */
export const block = 4096;
export const blocksOf = (joined: number): number => Math.max(1, Math.ceil(joined / block));
