// Libraries for JavaScript that cannot bear the large tables: as many trees on as many rows as each can.
import { hostKey, normals } from '@dendrite/random';
import { randomForestClassifier } from '@dendrite/random-forest';
import { mlRandomForest } from '@dendrite/random-forest/ml-random-forest';
import { interleave } from '../harness/interleave.ts';
import { type Missing, type Row, row } from '../harness/result.ts';
import { openYdf, ydfDepth, ydfTrees } from '../peers/ydf.ts';
import { forestData } from './forest-data.ts';

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
  try {
    rowsFound.push(await besideYdf());
  } catch (cause) {
    missing.push({ peer: 'ydf-training', why: cause instanceof Error ? cause.message : String(cause) });
  }
  return rowsFound;
}

/** As many trees as deep, each one's vote, out of bag on both sides; ours have no least size of a leaf and so are larger. */
async function besideYdf(): Promise<Row> {
  const { rows, features, x, y } = forestData(5000, 20, 2);
  const columns: Record<string, number[] | string[]> = { label: Array.from(y, String) };
  for (let j = 0; j < features; j++)
    columns[`x${j}`] = Array.from({ length: rows }, (_, i) => x[i * features + j] as number);
  const options = { trees: ydfTrees, maxDepth: ydfDepth, combine: 'mode', workers: 1 } as const;
  const data = { x: { data: x, shape: [rows, features] }, y };
  const ydf = await openYdf();
  let [nodes, theirNodes] = [0, 0];
  const [ours, theirs] = await interleave(
    [
      {
        name: 'ours',
        units: 1,
        run: async () => {
          const forest = await randomForestClassifier(options).fit(data);
          nodes = forest.size.nodes;
          forest.dispose();
        },
      },
      {
        name: 'theirs',
        units: 1,
        run: async () => {
          theirNodes = ydf.fit(columns, 'label');
        },
      },
    ],
    3,
  );
  return row(
    `other libraries: 2 classes, 5k × 20, ${ydfTrees} trees, out of bag`,
    'ms',
    ours?.median ?? Number.NaN,
    { 'ydf-training-0.0.1': theirs?.median ?? Number.NaN },
    {
      bars: { 'ydf-training': 10 },
      notes: { nodes: Math.round(nodes / ydfTrees), 'nodes of ydf-training': Math.round(theirNodes / ydfTrees) },
    },
  );
}
