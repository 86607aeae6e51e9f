// `pnpm long-run [--steps 100000] [--fits 200] [--looks 10]`: a small network is trained for many steps, and then networks and forests
// one after another, all in this process. Prints what it holds meanwhile; exit code 1 where memory grows or something is left.
import { endWith, flags } from '../flags/flags.ts';
import type { Footprint } from './footprint.ts';
import { longRun } from './long-run.ts';

const help = `long-run [--steps 100000] [--fits 200] [--looks 10]

A small network is trained for many steps, and then networks and forests one after another, all in this process.
Prints what it holds meanwhile, --looks times of each; exit code 1 where memory grows or something is left.`;
const { values } = flags({
  help,
  options: {
    steps: { type: 'string', default: '100000' },
    fits: { type: 'string', default: '200' },
    looks: { type: 'string', default: '10' },
  },
});
const [steps, fits, looks] = [Number(values.steps), Number(values.fits), Number(values.looks)];
if (![steps, fits, looks].every((count) => Number.isInteger(count) && count >= 1))
  endWith(help, '--steps, --fits and --looks must be whole numbers of at least 1');
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
console.log(row(['', 'done', 'seconds', ...columns.map(([, title]) => title)]));
const { faults, threads } = await longRun({
  steps,
  fits,
  looks,
  on(what, done, footprint) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(row([what, String(done), seconds, ...columns.map(([name, , show]) => show(footprint[name]))]));
  },
});
console.log(faults.length === 0 ? `flat, and nothing left; ${threads} threads were started` : faults.join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;
