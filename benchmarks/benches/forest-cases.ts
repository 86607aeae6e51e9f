// The tables that forests are measured on, and what they must reach beside scikit-learn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fashionMnist } from '@dendrite/datasets';
import { type Engine, randomForestClassifier, randomForestRegressor, type TreeNodeData } from '@dendrite/random-forest';
import type { Missing } from '../harness/result.ts';
import { forestData } from './forest-data.ts';
import type { ForestPeer } from './forest-train.ts';

export interface ForestTable {
  readonly rows: number;
  readonly features: number;
  /** 0 for regression. */
  readonly classes: number;
  readonly x: Float32Array | Uint8Array;
  readonly y: Float64Array;
}
export interface ForestCase {
  readonly name: string;
  readonly trees: number;
  readonly rows: number;
  /** How many times faster than scikit-learn: WASM first and warm, JavaScript first and warm. */
  readonly bars: readonly [number, number, number, number];
  /** Of 10,000 rows at once: WASM, JavaScript. Undefined: prediction is not measured on it. */
  readonly predictBar?: readonly [number, number];
  /** The peer scores out of bag too, as ours always does. */
  readonly outOfBag?: true;
  table(): Promise<ForestTable>;
}

const made = (
  rows: number,
  classes: number,
  trees: number,
  bars: ForestCase['bars'],
  predictBar?: ForestCase['predictBar'],
): ForestCase => ({
  name: `${classes > 0 ? `${classes} classes` : 'regression'}, ${rows / 1000}k × 20`,
  trees,
  rows,
  bars,
  ...(predictBar && { predictBar }),
  table: async () => forestData(rows, 20, classes),
});

async function fashion(rows: number, bytes: boolean): Promise<ForestTable> {
  const { train } = await fashionMnist();
  const some = train.select(Uint32Array.from({ length: rows }, (_, i) => i));
  const columns = some.columns?.().columns ?? [];
  const x = new (bytes ? Uint8Array : Float32Array)(rows * columns.length);
  columns.forEach(({ values }, j) => {
    for (let i = 0; i < rows; i++) x[i * columns.length + j] = values[i] as number;
  });
  return { rows, features: columns.length, classes: 10, x, y: Float64Array.from(some.targets()) };
}

export const forestCases: readonly ForestCase[] = [
  made(20_000, 2, 20, [12, 15, 5, 8], [2.5, 1.2]),
  made(100_000, 2, 5, [12, 15, 5, 8]),
  made(20_000, 5, 20, [9, 10, 3, 4.5]),
  made(20_000, 10, 10, [5.5, 7.5, 1.5, 2.5], [3, 1.2]),
  made(20_000, 0, 10, [4.5, 5.5, 2, 3], [3, 1.2]),
  made(100_000, 0, 3, [4.5, 5.5, 2, 3]),
  {
    name: 'fashion, 10k × 784',
    trees: 20,
    rows: 10_000,
    bars: [4.5, 4.5, 1.3, 1.3],
    table: () => fashion(10_000, false),
  },
  {
    name: 'fashion, 10k × 784 uint8',
    trees: 20,
    rows: 10_000,
    bars: [4.5, 4.5, 1.3, 1.3],
    predictBar: [5, 1.2],
    table: () => fashion(10_000, true),
  },
  {
    name: 'fashion, 60k × 784 uint8, out of bag',
    trees: 10,
    rows: 60_000,
    bars: [5, 5, 1.3, 1.3],
    outOfBag: true,
    table: () => fashion(60_000, true),
  },
];

let loaded: { readonly given: ForestCase; readonly table: ForestTable } | undefined;

/** Hands a table to the peers; what is missing where it cannot be had. */
export async function loadCase(given: ForestCase, peers: readonly ForestPeer[]): Promise<Missing | undefined> {
  if (loaded?.given === given) return undefined;
  let table: ForestTable;
  try {
    table = await given.table();
  } catch (cause) {
    return { peer: given.name, why: cause instanceof Error ? cause.message : String(cause) };
  }
  loaded = { given, table };
  const folder = mkdtempSync(join(tmpdir(), 'dendrite-forest-'));
  try {
    const files = { x: join(folder, 'x'), y: join(folder, 'y') };
    writeFileSync(files.x, table.x);
    writeFileSync(files.y, table.y);
    const { rows, features, classes, x } = table;
    const dtype = x instanceof Uint8Array ? 'uint8' : 'float32';
    for (const peer of peers) await peer.ask({ do: 'load', ...files, rows, features, classes, dtype });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return undefined;
}

/** The table that was loaded last. */
export function tableOf(given: ForestCase): ForestTable {
  if (loaded?.given !== given) throw new Error(`forest: '${given.name}' must be loaded first.`);
  return loaded.table;
}

/** What is asked of a fitted forest here. */
export interface FittedForest {
  readonly size: { readonly trees: number; readonly nodes: number };
  tree(i: number): Promise<TreeNodeData>;
  predict(x: { readonly data: Float32Array | Uint8Array; readonly shape: readonly number[] }): Promise<unknown>;
  dispose(): void;
}

/** The root of the number of features for classes, a third for numbers: ours by default, and asked of the peers. */
export function fitTable(
  { rows, features, classes, x, y }: ForestTable,
  trees: number,
  engine: Engine,
  seed: number,
  workers = 1,
): Promise<FittedForest> {
  const data = { x: { data: x, shape: [rows, features] }, y };
  return classes > 0
    ? randomForestClassifier({ trees, engine, workers }).fit(data, { seed })
    : randomForestRegressor({ trees, engine, workers }).fit(data, { seed });
}
