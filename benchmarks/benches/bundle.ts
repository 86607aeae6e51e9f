// kB that two pages load which train LeNet-5 on WASM: one by a model, which tells its progress and is saved, and the smallest, a loop of
// one's own. Each is bundled and does its work once, and what counts is what is fetched for it, at once or later, each file compressed.
// Kernels are emitted when they run, so there is no module to download. `--modules` says what each module of them adds.
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
/** Noise will do. */
const pixels = 'const pixels = Float32Array.from({ length: 784 * 64 }, (_, i) => Math.abs(Math.sin(i)));';
const input = { digits: Array.from({ length: 64 }, (_, i) => i % 10) };
/** Programs and what they do. */
const pages = [
  {
    name: 'a model: layers, fit, progress, saving',
    program: 'page.ts',
    job: `${pixels} await program.train(pixels, input.digits.map(String), () => {});`,
  },
  {
    name: 'the smallest: a loop of tensors and Adam',
    program: 'page-loop.ts',
    job: `${pixels} await program.train(pixels, Uint8Array.from(input.digits), () => {});`,
  },
] as const;
const program = (name: string): string => join(import.meta.dirname, 'programs', name);

export async function bundle({ modules }: BenchOptions): Promise<Result> {
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
  const rows: Row[] = [];
  const details: string[] = [];
  for (const page of pages) {
    const ours = await bundled(program(page.program), 'browser', { maps: modules });
    const { gzip, files } = loadedFiles(ours, page.job, input);
    const notes = {
      'files loaded': `${files.length} of ${ours.files.length}`,
      'kB of all files': (ours.gzip / 1000).toFixed(1),
    };
    rows.push(row(page.name, 'kB gzip', gzip / 1000, peers, { target, notes }));
    const shares = modules ? moduleShares(ours.files.filter(({ name }) => files.includes(name))) : [];
    details.push('', page.name, ...sharesTable(shares));
  }
  return {
    ...{ bench: 'bundle', backend: 'wasm', threads: 1, ratios: smallestRatios(rows), missing, rows },
    ...(modules && { details }),
  };
}
