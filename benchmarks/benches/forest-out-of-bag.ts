// What judging rows out of bag adds to training: the same forests with it and without.
import { randomForestClassifier } from '@dendrite/random-forest';
import { interleave } from '../harness/interleave.ts';
import { type Row, row } from '../harness/result.ts';
import { forestData } from './forest-data.ts';

const trees = 20;
const rows = 20_000;

export async function outOfBagRows(rounds: number): Promise<Row[]> {
  const measured: Row[] = [];
  for (const classes of [2, 10]) {
    const { x: data, y, features } = forestData(rows, 20, classes);
    const fit = async (outOfBag: boolean): Promise<void> => {
      const model = randomForestClassifier({ trees, engine: 'wasm', workers: 1, outOfBag });
      (await model.fit({ x: { data, shape: [rows, features] }, y }, { seed: 1 })).dispose();
    };
    const [judged, quick] = await interleave(
      [
        { name: 'judged', units: 1, warmUp: 2, run: () => fit(true) },
        { name: 'quick', units: 1, warmUp: 2, run: () => fit(false) },
      ],
      4 * rounds + 1,
    );
    const name = `judging out of bag: ${classes} classes, ${rows / 1000}k × ${features}, ${trees} trees, wasm`;
    // At most a tenth on top: without it training is at least 1 / 1.1 of the time.
    const without = { 'without it': quick?.median ?? Number.NaN };
    measured.push(row(name, 'ms', judged?.median ?? Number.NaN, without, { bars: { 'without it': 0.91 }, cold: true }));
  }
  return measured;
}
