/** How many grow the trees of a fit. */

/** Nanoseconds that a row of a feature costs at each level of a tree, roughly, on a common machine. */
const nanoseconds = 1.5;
/** Below so many milliseconds of work, handing it out costs more than it saves. */
const worthwhile = 70;
const most = 8;

interface Work {
  readonly rows: number;
  readonly maxFeatures: number;
  readonly trees: number;
}

/** The caller and its workers together: 1 where the work is too little for two. */
export function workersFor(asked: number | 'auto', { rows, maxFeatures, trees }: Work): number {
  const levels = Math.log2(rows + 1);
  const work = trees * rows * (maxFeatures + 1) * levels * nanoseconds * 1e-6;
  if (work < worthwhile) return 1;
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  return Math.min(trees, asked === 'auto' ? Math.min(most, navigator?.hardwareConcurrency ?? 1) : asked);
}

/** Whether threads can see the same memory here. Pages must be cross-origin isolated for it. */
export const mayShare = (): boolean =>
  typeof SharedArrayBuffer !== 'undefined' &&
  (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
