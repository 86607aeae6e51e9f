/** A forest from a file. */
import type { RestoreTask } from '@dendrite/model';
import type { Json, SavedArray } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';
import type { KeptVotes } from '../out-of-bag/out-of-bag.ts';
import { damaged, float64Of, isList, readForest } from '../saved/read-forest.ts';
import type { ColumnInfo } from './column-info.ts';
import type { CoreParts } from './core.ts';

/** @throws FORMAT  for a damaged file */
export function readParts(
  arrays: Readonly<Record<string, SavedArray>>,
  extra: Json,
  classes: number,
  settings: Settings,
): Omit<CoreParts, 'training'> {
  const fields: { readonly [name: string]: Json } =
    typeof extra === 'object' && extra !== null && !Array.isArray(extra)
      ? (extra as { readonly [name: string]: Json })
      : {};
  const forest = readForest(arrays, fields.bins, {
    classes,
    exact: settings.splitter === 'exact',
  });
  const importance = arrays.importance && float64Of(arrays.importance, 'importance');
  if (importance?.length !== forest.bins.length)
    throw damaged("'importance'", `hold ${forest.bins.length} numbers`, importance?.length ?? 'none');
  const predictions = arrays['outOfBag.predictions'];
  if (Object.hasOwn(fields, 'outOfBag') && predictions?.data.length !== fields.rows)
    throw damaged("'outOfBag.predictions'", `hold ${String(fields.rows)} numbers`, predictions?.data.length ?? 'none');
  if (predictions && classes > 0)
    for (const code of predictions.data)
      if (!(Number.isInteger(code) && code >= 0 && code < classes))
        throw damaged("'outOfBag.predictions'", `be codes below ${classes}`, code);
  return {
    forest,
    settings,
    importance,
    columns: readColumns(fields.columns, forest.bins.length),
    engine: 'loaded',
    grownBy: 'loaded',
    ...(predictions && {
      outOfBag: {
        score: typeof fields.outOfBag === 'number' ? fields.outOfBag : Number.NaN,
        predictions: float64Of(predictions, 'outOfBag.predictions'),
      },
    }),
  };
}

export const restoredParts = ({ arrays, extra, labels }: RestoreTask, settings: Settings): CoreParts =>
  readParts(arrays, extra, settings.task === 'classification' ? labels.length : 0, settings);

/**
 * Everything that the file says must agree but the number of trees: a model may be gone on from with more. What it lacks is younger
 * than the file.
 */
export function misfit(config: { readonly [name: string]: Json }, saved: Json): string | undefined {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) return 'must be that of a forest';
  const fields = saved as { readonly [name: string]: Json };
  for (const [name, value] of Object.entries(config))
    if (name !== 'trees' && Object.hasOwn(fields, name) && fields[name] !== value)
      return `must have ${name} ${String(value)}, got ${String(fields[name])}`;
  return undefined;
}

/** Votes go on from a checkpoint; with a model alone, undefined, they begin with the new trees. */
export function readVotes(
  arrays: Readonly<Record<string, SavedArray>>,
  rows: number,
  classes: number,
  combine: Settings['combine'],
): KeptVotes | undefined {
  const [judges, counts, sums] = ['judges', 'counts', 'sums'].map((name) => arrays[`outOfBag.${name}`]?.data);
  const width = rows * Math.max(1, classes);
  return judges instanceof Int32Array &&
    counts instanceof Int32Array &&
    sums instanceof Float64Array &&
    judges.length === rows &&
    counts.length === (classes > 0 ? width : 0) &&
    (combine === 'median'
      ? judges.every((count) => count >= 0) && sums.length === judges.reduce((all, count) => all + count, 0)
      : sums.length === width || (classes > 0 && sums.length === 0))
    ? { judges, counts, sums }
    : undefined;
}

/** A damaged list gives columns that are called by their number: names decide nothing. */
function readColumns(json: Json | undefined, count: number): ColumnInfo[] {
  const list = isList(json) ? json : [];
  return Array.from({ length: count }, (_, f): ColumnInfo => {
    const column = list[f];
    if (typeof column !== 'object' || column === null || isList(column)) return { name: `x${f}` };
    const { name, categories, kind, gaps } = column;
    return {
      name: typeof name === 'string' ? name : `x${f}`,
      ...(isList(categories) && { categories: categories.map(String) }),
      ...((kind === 'boolean' || kind === 'date') && { kind }),
      ...(gaps === true && { gaps }),
    };
  });
}
