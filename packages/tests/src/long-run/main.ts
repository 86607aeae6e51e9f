// `pnpm long-run [--steps 100000] [--fits 200] [--looks 10]`: a small network is trained for many steps, and then networks and forests
// one after another, all in this process. Prints what it holds meanwhile; exit code 1 where memory grows or something is left.
import { isDendriteError } from '@dendrite/spec';
import { endWith, flags } from '../flags/flags.ts';
import type { Footprint } from './footprint.ts';
import { longRun } from './long-run.ts';

const help = `long-run [--steps 100000] [--fits 200] [--looks 10]

A small network is trained for many steps, and then networks and forests one after another, all in this process.
Prints what it holds meanwhile, --looks times of each; exit code 1 where memory grows or something is left.
At least 2000 steps, 14 fits (each kind twice) and 2 looks.`;
const { values } = flags({
  help,
  options: {
    steps: { type: 'string', default: '100000' },
    fits: { type: 'string', default: '200' },
    looks: { type: 'string', default: '10' },
  },
});
const [steps, fits, looks] = [Number(values.steps), Number(values.fits), Number(values.looks)];
const columns: readonly (readonly [keyof Footprint, string, (value: number) => string])[] = [
  ['heap', 'heap MiB', (value) => (value / 2 ** 20).toFixed(2)],
  ['arrays', 'arrays MiB', (value) => (value / 2 ** 20).toFixed(2)],
  ['rss', 'RSS MiB', (value) => (value / 2 ** 20).toFixed(0)],
  ['device', 'device kB', (value) => (value / 1000).toFixed(1)],
  ['pooled', 'pooled kB', (value) => (value / 1000).toFixed(1)],
  ['buffers', 'buffers', String],
  ['tensors', 'tensors', String],
  ['workers', 'workers', String],
  ['listeners', 'listeners', String],
];
const started = performance.now();
const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(10)).join(' ');
let titles: string | undefined = row(['', 'done', 'seconds', ...columns.map(([, title]) => title)]);
const { faults, threads } = await longRun({
  steps,
  fits,
  looks,
  on(what, done, footprint) {
    if (titles !== undefined) console.log(titles);
    titles = undefined;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(row([what, String(done), seconds, ...columns.map(([name, , show]) => show(footprint[name]))]));
  },
}).catch((error: unknown) => {
  if (isDendriteError(error, 'OPTION')) endWith(help, error.message.replace('longRun(): ', '--'));
  throw error;
});
console.log(faults.length === 0 ? `flat, and nothing left; ${threads} threads were started` : faults.join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;
