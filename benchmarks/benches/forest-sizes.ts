// kB that a page loads: one that predicts with a saved forest, one that trains and predicts, one that trains and saves. Each is
// bundled and does its job once; what counts is what is fetched for it, at once or later. `--only 'size: a page'` measures these
// rows alone.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toBytes } from '@dendrite/model';
import { randomForestClassifier } from '@dendrite/random-forest';
import { bundled } from '../harness/bundled.ts';
import { loadedFiles } from '../harness/loaded-files.ts';
import { type Row, row } from '../harness/result.ts';

const pages = [
  {
    name: 'a page that predicts with a saved forest',
    program: 'page-forest-predicts.ts',
    job: 'await program.predict(Uint8Array.from(input.file), input.rows.map(({ kind, ...row }) => row));',
    target: 15,
  },
  {
    name: 'a page that trains a forest and predicts with it',
    program: 'page-forest-trains.ts',
    job: "await program.train(input.rows, 'kind', () => {});",
    target: 25,
  },
  {
    name: 'a page that trains a forest and saves it',
    program: 'page-forest-saves.ts',
    job: "await program.train(input.rows, 'kind', () => {});",
    target: undefined,
  },
] as const;

export async function sizeRows(): Promise<Row[]> {
  // Numbers alone, so that WebAssembly grows and walks the trees.
  const flowers = Array.from({ length: 200 }, (_, i) => ({
    size: Math.sin(i),
    weight: i % 17,
    kind: i % 3 === 0 ? 'a' : 'b',
  }));
  const forest = await randomForestClassifier({ trees: 5 }).fit({ rows: flowers, target: 'kind' });
  const input = { rows: flowers, file: [...toBytes(await forest.save())] };
  const rows: Row[] = [];
  for (const { name, program, job, target } of pages) {
    const all = await bundled(join(import.meta.dirname, 'programs', program), 'browser');
    const { gzip, files } = loadedFiles(all, job, input);
    const workers = all.files.filter(({ name: file }) => file.includes('worker') && !files.includes(file));
    const more = workers.reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0);
    const notes = {
      'files loaded': `${files.length} of ${all.files.length}`,
      ...(more > 0 && { 'kB more where workers help': (more / 1000).toFixed(1) }),
      'kB of all files': (all.gzip / 1000).toFixed(1),
    };
    rows.push(row(`size: ${name}`, 'kB gzip', gzip / 1000, {}, { ...(target && { target }), notes }));
  }
  return rows;
}
