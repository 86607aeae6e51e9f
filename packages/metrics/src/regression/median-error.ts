/** The error that half of the predictions stay below. */
import type { Metric } from '@dendrite/spec';
import { checkPart, nothing, numberAt, weightOf } from '../part/check-part.ts';

interface Errors {
  readonly size: number;
  readonly weight: number;
}
/** Parts joined without copying. */
export type ErrorList = readonly Errors[] | { readonly joined: readonly [ErrorList, ErrorList] };

/**
 * Median absolute error: a weight of n counts as n rows; of an even number of rows the mean of the middle two. A few wild
 * predictions do not move it. NaN stays NaN. Exact, so it keeps all errors.
 * @throws SHAPE  if lengths differ; DATA  if there is no example, or something is no number
 */
export const medianAbsoluteError: Metric<ErrorList> = /* @__PURE__ */ Object.freeze<Metric<ErrorList>>({
  '~dendrite': 'metric',
  name: 'medianAbsoluteError',
  task: 'regression',
  init: () => [],
  update(state, part) {
    const rows = checkPart('medianAbsoluteError', part);
    const errors: Errors[] = [];
    for (let i = 0; i < rows; i++) {
      const expected = numberAt('medianAbsoluteError', 'expected', part.expected, i);
      const size = Math.abs(expected - numberAt('medianAbsoluteError', 'predicted', part.predicted, i));
      const weight = weightOf(part, i);
      if (weight > 0) errors.push({ size, weight });
    }
    return errors.length === 0 ? state : { joined: [state, errors] };
  },
  merge: (a, b) => ({ joined: [a, b] }),
  value(state) {
    const errors = flat(state).sort((a, b) => a.size - b.size);
    if (errors.length === 0) throw nothing('medianAbsoluteError');
    if (errors.some(({ size }) => Number.isNaN(size))) return Number.NaN;
    const half = errors.reduce((sum, { weight }) => sum + weight, 0) / 2;
    let below = 0;
    for (const [i, { size, weight }] of errors.entries()) {
      below += weight;
      if (below > half) return size;
      if (below === half) return (size + (errors[i + 1]?.size ?? size)) / 2;
    }
    return errors.at(-1)?.size ?? Number.NaN;
  },
});

function flat(state: ErrorList): Errors[] {
  const all: Errors[] = [];
  const open: ErrorList[] = [state];
  while (open.length > 0) {
    const next = open.pop() ?? [];
    if ('joined' in next) open.push(...next.joined);
    else all.push(...next);
  }
  return all;
}
