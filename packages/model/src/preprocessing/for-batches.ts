/** What models that read batches learn of a table besides: that categories fit into features, and means and deviations. */
import { type Column, DendriteError, type Table } from '@dendrite/spec';
import type { TablePreprocessing } from './preprocessing.ts';

/** One-hot columns wider than this are almost surely names or ids. */
const mostCategories = 1000;

/**
 * @param standardise  also the mean and deviation of numbers and dates
 * @throws DATA  where a column of text has too many values
 */
export function forBatches(
  fitted: TablePreprocessing,
  { columns }: Table,
  { standardise, where }: { readonly standardise: boolean; readonly where: string },
): TablePreprocessing {
  for (const { name, categories = [] } of fitted.columns)
    if (categories.length > mostCategories)
      throw new DendriteError(
        'DATA',
        `${where}: a column of text must have at most ${mostCategories} different values, got ${categories.length} in '${name}'. Leave out names and ids.`,
      );
  if (!standardise) return fitted;
  return {
    ...fitted,
    columns: fitted.columns.map((column, c) =>
      column.kind === 'number' || column.kind === 'date' ? { ...column, ...moments(columns[c] as Column) } : column,
    ),
  };
}

/** Mean and population deviation of the known values, in two passes; 0 and 1 where there is no spread. */
function moments({ values, missing }: Column): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    if (!missing?.[i]) {
      sum += values[i] as number;
      count++;
    }
  const mean = count > 0 ? sum / count : 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (!missing?.[i]) squares += ((values[i] as number) - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, count));
  // Rounding leaves a constant column like 0.1 with a deviation near 1e-17: dividing by it would blow noise up.
  return { mean, deviation: deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
}
