// The tables that are compared on, read from a folder of CSV files.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fromColumns, iris } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import type { TableData } from '@dendrite/spec';

const files: Readonly<Record<string, readonly [path: string, header: 'first line' | 'counts' | 'none']>> = {
  wine: ['sklearn/wine_data.csv', 'counts'],
  breast_cancer: ['sklearn/breast_cancer.csv', 'counts'],
  digits: ['sklearn/digits.csv.gz', 'none'],
  Sonar: ['uci/Sonar.csv.gz', 'first line'],
  Vehicle: ['uci/Vehicle.csv.gz', 'first line'],
  Vowel: ['uci/Vowel.csv.gz', 'first line'],
};

/** Those that the folder has; iris, which comes with the packages, where it has none of them. */
export async function readTables(
  folder: string,
): Promise<readonly { readonly name: string; readonly data: TableData }[]> {
  const found: { name: string; data: TableData }[] = [];
  for (const [name, [path, header]] of Object.entries(files)) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes === undefined) continue;
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    found.push({
      name,
      data: header === 'first line' ? { table: readCsv(text), target: 'Class' } : plainNumbers(text, header),
    });
  }
  return found.length > 0 ? found : [{ name: 'iris', data: await iris() }];
}

/** Rows of numbers, the class last; the class is told as text, so that it is one. */
function plainNumbers(text: string, header: 'counts' | 'none'): TableData {
  const rows = text
    .trim()
    .split('\n')
    .slice(header === 'counts' ? 1 : 0)
    .map((line) => line.trim().split(',').map(Number));
  const width = (rows[0]?.length ?? 1) - 1;
  const features = Array.from({ length: width }, (_, f) => [`x${f}`, rows.map((row) => row[f] ?? 0)] as const);
  const labels = rows.map((row) => `class ${row[width]}`);
  return { table: fromColumns({ ...Object.fromEntries(features), Class: labels }), target: 'Class' };
}
