// Libraries for JavaScript that cannot bear the large tables: as many trees on as many rows as each can.
import { hostKey, normals } from '@dendrite/random';
import { randomForestClassifier } from '@dendrite/random-forest';
import { mlRandomForest } from '@dendrite/random-forest/ml-random-forest';
import { interleave } from '../harness/interleave.ts';
import { type Missing, type Row, row } from '../harness/result.ts';

const rows = 1000;
const features = 10;
const trees = 5;

export async function otherPeers(missing: Missing[]): Promise<Row[]> {
  const data = Float32Array.from(normals(hostKey(1), rows * features));
  const y = Array.from({ length: rows }, (_, i) =>
    Number((data[i * features] as number) + (data[i * features + 1] as number) > 0),
  );
  const x = { data, shape: [rows, features] };
  const rowsFound: Row[] = [];
  try {
    const [ours, theirs] = await interleave(
      [
        { name: 'ours', units: 1, run: () => randomForestClassifier({ trees, workers: 1 }).fit({ x, y }) },
        {
          name: 'theirs',
          units: 1,
          warmUp: 0,
          run: () => randomForestClassifier({ trees, engine: mlRandomForest() }).fit({ x, y }),
        },
      ],
      2,
    );
    rowsFound.push(
      row(`other libraries: 2 classes, 1k × 10, ${trees} trees`, 'ms', ours?.median ?? Number.NaN, {
        'ml-random-forest-2.1': theirs?.median ?? Number.NaN,
      }),
    );
  } catch (cause) {
    missing.push({ peer: 'ml-random-forest', why: cause instanceof Error ? cause.message : String(cause) });
  }
  missing.push({ peer: 'ydf-training', why: 'not a dependency of the benchmarks' });
  return rowsFound;
}
