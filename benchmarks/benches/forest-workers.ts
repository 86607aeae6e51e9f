// Two workers against one: first and warm. Beside it a control: how much faster two threads that only count are on this machine.
import { Worker } from 'node:worker_threads';
import { interleave, median } from '../harness/interleave.ts';
import { type Row, round, row } from '../harness/result.ts';
import { fitTable } from './forest-cases.ts';
import { forestData } from './forest-data.ts';

const trees = 40;
const spinning = `require('node:worker_threads').parentPort.on('message', () => {
  const began = performance.now();
  let sum = 0;
  for (let i = 0; i < 2e8; i++) sum = (sum * 3 + i) | 0;
  require('node:worker_threads').parentPort.postMessage([performance.now() - began, sum]);
});`;

export async function workerRows(rounds: number): Promise<Row[]> {
  const table = forestData(100_000, 20, 2);
  const fit = async (workers: number): Promise<number> => {
    const began = performance.now();
    (await fitTable(table, trees, 'wasm', 1, workers)).dispose();
    return performance.now() - began;
  };
  // Compilers first, then the first fit that starts a worker.
  await fit(1);
  const alone = await fit(1);
  const first = await fit(2);
  const [one, two] = await interleave(
    [
      { name: 'one', units: 1, warmUp: 0, run: () => fit(1) },
      { name: 'two', units: 1, warmUp: 1, run: () => fit(2) },
    ],
    2 * rounds + 1,
  );
  const notes = { 'two counting threads': round(await control()) };
  const name = `two workers: 2 classes, 100k × 20, ${trees} trees`;
  return [
    row(`${name}, first`, 'ms', first, { 'one worker': alone }, { bars: { 'one worker': 1.3 }, cold: true, notes }),
    row(
      `${name}, warm`,
      'ms',
      two?.median ?? Number.NaN,
      { 'one worker': one?.median ?? Number.NaN },
      { bars: { 'one worker': 1.7 }, notes },
    ),
  ];
}

/** How many times the work of one thread two do in the same time. */
async function control(): Promise<number> {
  const pair = [new Worker(spinning, { eval: true }), new Worker(spinning, { eval: true })];
  const spin = (worker: Worker): Promise<unknown> =>
    new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage(0);
    });
  const time = async (workers: readonly Worker[]): Promise<number> => {
    const began = performance.now();
    await Promise.all(workers.map(spin));
    return performance.now() - began;
  };
  await time(pair);
  const samples: number[] = [];
  for (let i = 0; i < 3; i++) samples.push((2 * (await time(pair.slice(0, 1)))) / (await time(pair)));
  for (const worker of pair) await worker.terminate();
  return median(samples);
}
