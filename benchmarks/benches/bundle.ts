// kB that a page loads which trains LeNet-5 on WASM, and saves it: the page is bundled and does so once, and what counts is what is
// fetched for it, at once or later, each file compressed. Kernels are emitted when they run, so there is no module to download.
// `--modules` says what each module of them adds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchOptions } from '../harness/bench.ts';
import { bundled } from '../harness/bundled.ts';
import { loadedFiles } from '../harness/loaded-files.ts';
import { moduleShares, sharesTable } from '../harness/module-shares.ts';
import { type Missing, type Result, type Row, row, smallestRatios } from '../harness/result.ts';

/** kB */
const target = 60;
/** What the page does with its program: noise will do. */
const job = `const pixels = Float32Array.from({ length: 784 * input.labels.length }, (_, i) => Math.abs(Math.sin(i)));
  await program.train(pixels, input.labels, () => {});`;
const input = { labels: Array.from({ length: 64 }, (_, i) => String(i % 10)) };
const program = (name: string): string => join(import.meta.dirname, 'programs', name);

export async function bundle({ modules }: BenchOptions): Promise<Result> {
  const ours = await bundled(program('page.ts'), 'browser', { maps: modules });
  const { gzip: loaded, files } = loadedFiles(ours, job, input);
  const missing: Missing[] = [];
  const peers: Record<string, number> = {};
  try {
    const { gzip } = await bundled(program('page-tfjs.ts'), 'browser');
    const file = createRequire(import.meta.url).resolve(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    );
    peers['tfjs-wasm'] = (gzip + gzipSync(readFileSync(file)).byteLength) / 1000;
  } catch (error) {
    missing.push({ peer: 'tfjs-wasm', why: String(error) });
  }
  const notes = {
    'files loaded': `${files.length} of ${ours.files.length}`,
    'kB of all files': (ours.gzip / 1000).toFixed(1),
  };
  const rows: Row[] = [row('a page that trains LeNet-5', 'kB gzip', loaded / 1000, peers, { target, notes })];
  const shares = modules ? moduleShares(ours.files.filter(({ name }) => files.includes(name))) : [];
  return {
    ...{ bench: 'bundle', backend: 'wasm', threads: 1, ratios: smallestRatios(rows), missing, rows },
    ...(modules && { details: sharesTable(shares) }),
  };
}
