/** The bins of a column that foreign trees ask: none, for thresholds alone decide there. */
import type { Bins } from '../binning/bins.ts';

export const noBins: Bins = {
  kind: 'number',
  edges: new Float64Array(0),
  centers: new Float64Array(1),
  count: 1,
  missing: 1,
};
