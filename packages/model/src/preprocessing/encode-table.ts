/** Aligned tables as networks read them: one flat array of numbers. */
import type { Table } from '@dendrite/spec';
import type { TablePreprocessing } from './preprocessing.ts';

/** How many features a network gets of these columns. */
export function encodedWidth({ columns }: TablePreprocessing): number {
  return columns.reduce((width, { categories }) => width + (categories?.length ?? 1), 0);
}
/** One name a feature: `'age'`, `'colour=red'`. */
export function encodedNames({ columns }: TablePreprocessing): string[] {
  return columns.flatMap(({ name, categories }) => categories?.map((category) => `${name}=${category}`) ?? [name]);
}

/** An aligned table as row-major float32 `[rows, width]`: numbers scaled, categories one-hot, booleans 0 and 1. */
export function encodeTable(table: Table, plan: TablePreprocessing): Float32Array {
  const width = encodedWidth(plan);
  const data = new Float32Array(table.rows * width);
  let at = 0;
  plan.columns.forEach(({ categories, mean = 0, deviation = 1 }, c) => {
    const values = table.columns[c]?.values ?? [];
    for (let i = 0; i < table.rows; i++) {
      const value = values[i] as number;
      if (categories) data[i * width + at + value] = 1;
      else data[i * width + at] = (value - mean) / deviation;
    }
    at += categories?.length ?? 1;
  });
  return data;
}
