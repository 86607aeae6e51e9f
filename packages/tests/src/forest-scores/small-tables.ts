/** The small tables that scikit-learn brings, as they lie in its folder `datasets/data`: numbers only, no names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Column, DendriteError, type Table } from '@dendrite/spec';

/** The files of a table side by side, and whether the first begins with a line of counts. */
const files = {
  iris: { paths: ['iris.csv'], counts: true },
  wine: { paths: ['wine_data.csv'], counts: true },
  breast_cancer: { paths: ['breast_cancer.csv'], counts: true },
  digits: { paths: ['digits.csv.gz'], counts: false },
  diabetes: { paths: ['diabetes_data_raw.csv.gz', 'diabetes_target.csv.gz'], counts: false },
} as const;
export type SmallTable = keyof typeof files;

/** The table from `folder/sklearn`; its last column is `target`. */
export async function readSmallTable(name: SmallTable, folder: string): Promise<Table> {
  const { paths, counts } = files[name];
  const parts = await Promise.all(paths.map((path) => readRows(join(folder, 'sklearn', path))));
  const [first = []] = parts;
  const rows = first
    .slice(counts ? 1 : 0)
    .map((row, i) => [...row, ...parts.slice(1).flatMap((part) => part[i] ?? [])]);
  const width = rows[0]?.length ?? 0;
  const wrong = rows.findIndex((row) => row.length !== width || !row.every(Number.isFinite));
  if (width < 2 || wrong >= 0)
    throw new DendriteError(
      'FORMAT',
      `forest-scores: ${name} must be rows of as many numbers, got another row ${Math.max(0, wrong)}. Use scikit-learn's files.`,
    );
  const columns = Array.from(
    { length: width },
    (_, j): Column => ({
      name: j === width - 1 ? 'target' : `x${j}`,
      kind: 'number',
      values: Float64Array.from(rows, (row) => row[j] as number),
    }),
  );
  return { '~dendrite': 'table', rows: rows.length, columns };
}

async function readRows(path: string): Promise<number[][]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DendriteError('DATA', `forest-scores: the file must be there, found no ${path}. Give --data FOLDER.`, {
      cause,
    });
  }
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim();
  return text.split(/\r?\n/).map((line) => line.split(/[,\s]+/).map(Number));
}
