// One table's rows of predicting with 100 trees: one row at a time, and 10,000 at once, beside scikit-learn.
import { interleave, median } from '../harness/interleave.ts';
import { type Row, row } from '../harness/result.ts';
import { type FittedForest, type ForestCase, fitTable, tableOf } from './forest-cases.ts';
import type { ForestPeer } from './forest-train.ts';

const trees = 100;

export async function predicting(given: ForestCase, peer: ForestPeer | undefined, rounds: number): Promise<Row[]> {
  const table = tableOf(given);
  const { classes, features, x: all } = table;
  const wasm = await fitTable(table, trees, 'wasm', 7);
  const js = await fitTable(table, trees, 'js', 7);
  if (peer) await peer.ask({ do: 'fit', classes, trees, seed: 0, oob: false });
  const measured: Row[] = [];
  for (const [count, repeat] of [
    // Node compiles the way of one row for good only after some thousands of them; till then a row takes two to five times as long.
    [1, 2000],
    [10_000, 1],
  ] as const) {
    const x = { data: all.subarray(0, count * features), shape: [count, features] };
    const theirs: number[] = [];
    const many = (model: FittedForest) => async (): Promise<void> => {
      for (let i = 0; i < repeat; i++) await model.predict(x);
    };
    const timings = await interleave(
      [
        { name: 'wasm', units: repeat, warmUp: 3, run: many(wasm) },
        { name: 'js', units: repeat, warmUp: 3, run: many(js) },
        ...(peer
          ? [
              {
                name: peer.name,
                units: 1,
                warmUp: 1,
                run: async () => {
                  const { ms } = await peer.ask({ do: 'predict', rows: count, repeat: count === 1 ? 20 : 1 });
                  theirs.push(ms ?? Number.NaN);
                },
              },
            ]
          : []),
      ],
      2 * rounds,
    );
    const peers: Record<string, number> = peer ? { [peer.name]: median(theirs) } : {};
    const [bar, jsBar] = given.predictBar ?? [1, 1];
    const name = `predict: ${given.name}, ${count} row${count === 1 ? '' : 's'} × ${trees} trees`;
    measured.push(
      row(`${name}, wasm`, 'ms', timings[0]?.median ?? Number.NaN, peers, {
        bars: { 'scikit-learn': count === 1 ? 100 : bar },
      }),
      row(`${name}, js`, 'ms', timings[1]?.median ?? Number.NaN, peers, {
        bars: { 'scikit-learn': count === 1 ? 100 : jsBar },
      }),
    );
  }
  for (const model of [wasm, js]) model.dispose();
  return measured;
}
