/** Bins of categories, and for exact splits: loaded where there are such. */
import type { Column } from '@dendrite/spec';
import { type Bins, binsOfValues } from './bins.ts';
import { mostBins } from './quantile-edges.ts';

/** Undefined where quantiles make the bins. */
export function oddBins(column: Column, exact: boolean): Bins | undefined {
  if (column.kind === 'category') return categoryBins(column);
  return exact ? exactBins(column) : undefined;
}

/** One bin a different value: for exact splits. */
function exactBins(column: Column): Bins {
  const bins = binsOfValues(distinctOf(sortedKnown(column.values, column.missing)));
  return { ...bins, missing: bins.count };
}

function categoryBins({ values, missing, categories = [] }: Column): Bins {
  const count = Math.min(categories.length, mostBins);
  const bins: Bins = {
    kind: 'category',
    edges: new Float64Array(0),
    centers: new Float64Array(0),
    count,
    missing: mostBins,
  };
  if (categories.length <= mostBins) return bins;
  const frequency = new Float64Array(categories.length);
  for (let i = 0; i < values.length; i++)
    if (!missing?.[i]) frequency[values[i] as number] = (frequency[values[i] as number] as number) + 1;
  const order = categories
    .map((_, code) => code)
    .sort((a, b) => (frequency[b] as number) - (frequency[a] as number) || a - b);
  const codes = new Uint8Array(categories.length);
  order.forEach((code, place) => {
    codes[code] = Math.min(place, mostBins - 1);
  });
  return { ...bins, codes };
}

function sortedKnown(values: Column['values'], missing: Uint8Array | undefined): Float64Array {
  return Float64Array.from(values)
    .filter((_, i) => !missing?.[i])
    .sort();
}
function distinctOf(sorted: Float64Array): Float64Array {
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}
