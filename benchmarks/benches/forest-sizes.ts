// kB that a page loads: one that predicts with a saved forest, one that trains.
import { join } from 'node:path';
import { bundled } from '../harness/bundled.ts';
import { type Row, row } from '../harness/result.ts';

const pages = [
  { name: 'a page that predicts with a saved forest', program: 'page-forest-predicts.ts', target: 15 },
  { name: 'a page that trains a forest', program: 'page-forest-trains.ts', target: 25 },
] as const;

export async function sizeRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, program, target } of pages) {
    const { gzip, files } = await bundled(join(import.meta.dirname, 'programs', program), 'browser');
    rows.push(row(`size: ${name}`, 'kB gzip', gzip / 1000, {}, { target, notes: { files: files.length } }));
  }
  return rows;
}
