// Random forests: training and predicting, our WASM and JavaScript engines beside scikit-learn on one thread, in turns, on the
// same data with the same settings. The mean nodes and depth of a tree are printed beside the peer's: equal work, or no ratio.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { interleave } from '../harness/interleave.ts';
import { type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { openPython, type PythonPeer } from '../peers/python.ts';
import { type ForestData, forestData } from './forest-data.ts';

/** Rows, classes (0: numbers) and trees; twenty features. */
const sizes = [
  [20_000, 2, 20],
  [20_000, 5, 20],
  [20_000, 10, 10],
  [20_000, 0, 10],
  [100_000, 2, 5],
] as const;
const features = 20;
const rounds = 3;
/** How far a tree's mean nodes or depth may be from the peer's. */
const alike = 0.05;

export async function forest(): Promise<Result> {
  const peer = await openPython('scikit_learn.py', 1);
  const missing = 'missing' in peer ? [{ peer: 'scikit-learn', why: peer.missing }] : [];
  const scikit = 'missing' in peer ? undefined : peer;
  const folder = mkdtempSync(join(tmpdir(), 'dendrite-forest-'));
  const rows: Row[] = [];
  try {
    for (const [count, classes, trees] of sizes) {
      const data = forestData(count, features, classes);
      await load(scikit, data, folder);
      rows.push(...(await training(data, trees, scikit)), ...(await predicting(data, scikit)));
    }
  } finally {
    scikit?.close();
    rmSync(folder, { recursive: true });
  }
  return { bench: 'forest', backend: 'wasm', threads: 1, ratios: smallestRatios(rows), missing, rows };
}

async function load(peer: PythonPeer | undefined, { rows, classes, x, y }: ForestData, folder: string): Promise<void> {
  if (!peer) return;
  const files = { x: join(folder, 'x'), y: join(folder, 'y') };
  writeFileSync(files.x, x);
  writeFileSync(files.y, y);
  await peer.ask({ do: 'load', ...files, rows, classes, dtype: 'float32' });
}

/** Numbers get all features, as scikit-learn's default is; classes the root of their number on both sides. */
function fit({ rows, classes, x, y }: ForestData, trees: number, engine: Engine, seed: number) {
  const data = { x: { data: x, shape: [rows, features] }, y };
  return classes > 0
    ? randomForestClassifier({ trees, engine }).fit(data, { seed })
    : randomForestRegressor({ trees, engine, maxFeatures: 'all' }).fit(data, { seed });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const label = ({ rows, classes }: ForestData): string =>
  `${classes > 0 ? `${classes} classes` : 'numbers'}, ${rows / 1000}k × ${features}`;

async function training(data: ForestData, trees: number, peer: PythonPeer | undefined): Promise<Row[]> {
  const { classes } = data;
  const theirs: Readonly<Record<string, number>>[] = [];
  const cold: Record<string, number> = {};
  const nodes: number[] = [];
  const depths: number[] = [];
  const ours = async (engine: Engine): Promise<void> => {
    const began = performance.now();
    const fitted = await fit(data, trees, engine, nodes.length);
    cold[engine] ??= performance.now() - began;
    nodes.push(fitted.size.nodes / trees);
    depths.push(fitted.size.depth);
    fitted.dispose();
  };
  const contestants = [
    { name: 'wasm', units: 1, warmUp: 1, run: () => ours('wasm') },
    { name: 'js', units: 1, warmUp: 1, run: () => ours('js') },
    ...(peer
      ? [
          {
            name: peer.name,
            units: 1,
            warmUp: 0,
            run: async () => theirs.push(await peer.ask({ do: 'fit', classes, trees, seed: theirs.length })),
          },
        ]
      : []),
  ];
  const [wasm, js, other] = await interleave(contestants, rounds);
  if (!wasm || !js) return [];
  // A forest's size depends on its seed, so both sides are means over several.
  const size = mean(nodes);
  const theirSize = mean(theirs.map((each) => each.nodes ?? 0));
  const same = Math.abs(size / theirSize - 1) <= alike;
  const peers = other && same ? { [other.name]: other.median } : {};
  const notes = {
    'nodes a tree': Math.round(size),
    'deepest tree': Math.max(...depths),
    ...(other && { theirs: Math.round(theirSize), ...(!same && { apart: 'trees differ in size: no ratio' }) }),
  };
  const name = `${label(data)}, ${trees} trees`;
  return [
    row(`train, wasm warm: ${name}`, 'ms', wasm.median, peers, { notes }),
    row(`train, wasm first: ${name}`, 'ms', cold.wasm ?? Number.NaN, peers, { cold: true }),
    row(`train, js warm: ${name}`, 'ms', js.median, peers),
    row(`train, js first: ${name}`, 'ms', cold.js ?? Number.NaN, peers, { cold: true }),
  ];
}

/** 100 trees; one row at a time, and 10,000 rows at once. */
async function predicting(data: ForestData, peer: PythonPeer | undefined): Promise<Row[]> {
  if (data.rows > 20_000 || (data.classes > 2 && data.classes !== 10)) return [];
  const fitted = await fit(data, 100, 'auto', 7);
  if (peer) await peer.ask({ do: 'fit', classes: data.classes, trees: 100, seed: 0 });
  const measured: Row[] = [];
  for (const [count, repeat] of [
    [1, 50],
    [10_000, 1],
  ] as const) {
    const x = { data: data.x.subarray(0, count * features), shape: [count, features] };
    const theirs: number[] = [];
    const ask = async (): Promise<void> => {
      theirs.push((await peer?.ask({ do: 'predict', rows: count, repeat }))?.ms ?? Number.NaN);
    };
    const [own] = await interleave(
      [
        {
          name: 'ours',
          units: repeat,
          warmUp: 2,
          run: async () => {
            for (let i = 0; i < repeat; i++) await fitted.predict(x);
          },
        },
        ...(peer ? [{ name: 'theirs', units: 1, warmUp: 0, run: ask }] : []),
      ],
      rounds,
    );
    const middle = theirs.sort((a, b) => a - b)[theirs.length >> 1];
    const peers: Record<string, number> = peer && middle !== undefined ? { [peer.name]: middle } : {};
    measured.push(
      row(
        `predict ${count} row${count === 1 ? '' : 's'} × 100 trees: ${label(data)}`,
        'ms',
        own?.median ?? Number.NaN,
        peers,
      ),
    );
  }
  fitted.dispose();
  return measured;
}
