// One table's rows of training: warm in this process, in turns with the peers; first in fresh processes of their own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Engine, TreeNodeData } from '@dendrite/random-forest';
import { interleave, median } from '../harness/interleave.ts';
import { type Row, row } from '../harness/result.ts';
import { type FittedForest, type ForestCase, fitTable, tableOf } from './forest-cases.ts';

/** Another library in a process of its own. */
export interface ForestPeer {
  readonly name: string;
  ask(request: {
    readonly do: string;
    readonly [argument: string]: unknown;
  }): Promise<Readonly<Record<string, number>>>;
  close(): void;
}
/** How far a tree's mean nodes may be from the peer's. */
const alike = 0.05;
/** The peer that bars speak of. */
const judge = 'scikit-learn';

export async function training(given: ForestCase, peers: readonly ForestPeer[], rounds: number): Promise<Row[]> {
  const { trees, outOfBag = false } = given;
  const table = tableOf(given);
  const { classes } = table;
  const sizes: Record<string, { nodes: number[]; depths: number[]; ms: number[] }> = {};
  const note = (name: string, nodes: number, depth: number, ms: number): void => {
    const own = (sizes[name] ??= { nodes: [], depths: [], ms: [] });
    own.nodes.push(nodes);
    own.depths.push(depth);
    own.ms.push(ms);
  };
  let seed = 0;
  const ours = async (engine: Engine): Promise<void> => {
    const fitted = await fitTable(table, trees, engine, seed++);
    fitted.dispose();
  };
  const theirs = async (peer: ForestPeer): Promise<void> => {
    const answer = await peer.ask({ do: 'fit', classes, trees, seed: seed++, oob: outOfBag });
    note(peer.name, answer.nodes ?? Number.NaN, answer.depth ?? Number.NaN, answer.ms ?? Number.NaN);
  };
  const [wasm, js] = await interleave(
    [
      { name: 'wasm', units: 1, warmUp: 2, rounds: 2 * rounds, run: () => ours('wasm') },
      { name: 'js', units: 1, warmUp: 2, rounds: 2 * rounds, run: () => ours('js') },
      ...peers.map((peer) => ({ name: peer.name, units: 1, warmUp: 0, rounds, run: () => theirs(peer) })),
    ],
    2 * rounds,
  );
  // Grown once more, because looking at every node takes longer than growing it.
  for (let i = 0; i < rounds; i++) {
    const { nodes, depth } = await meanTree(await fitTable(table, trees, 'wasm', seed++));
    note('ours', nodes, depth, Number.NaN);
  }
  const own = mean(sizes.ours?.nodes);
  const judged: Record<string, number> = {};
  const notes: Record<string, string | number> = {
    nodes: Math.round(own),
    depth: mean(sizes.ours?.depths).toFixed(1),
  };
  for (const { name } of peers) {
    const nodes = mean(sizes[name]?.nodes);
    const depth = mean(sizes[name]?.depths);
    if (!Number.isNaN(nodes)) notes[`nodes of ${name}`] = Math.round(nodes);
    if (!Number.isNaN(depth)) notes[`depth of ${name}`] = depth.toFixed(1);
    // Which does not say how large its trees are, did what it was asked to.
    if (Number.isNaN(nodes) || Math.abs(own / nodes - 1) <= alike) judged[name] = median(sizes[name]?.ms ?? []);
    else notes[`${name} is apart`] = 'trees differ in size: no ratio';
  }
  const [wasmFirst, wasmWarm, jsFirst, jsWarm] = given.bars;
  const line = (what: string, ms: number, bar: number, cold: boolean): Row =>
    row(`train: ${given.name}, ${trees} trees, ${what}`, 'ms', ms, judged, { bars: { [judge]: bar }, cold, notes });
  return [
    line('wasm warm', wasm?.median ?? Number.NaN, wasmWarm, false),
    line('wasm first', first(given, 'wasm', rounds), wasmFirst, true),
    line('js warm', js?.median ?? Number.NaN, jsWarm, false),
    line('js first', first(given, 'js', rounds), jsFirst, true),
  ];
}

const mean = (values: readonly number[] = []): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Nodes and depth of a tree: means over the trees, as scikit-learn's are. */
async function meanTree(fitted: FittedForest): Promise<{ readonly nodes: number; readonly depth: number }> {
  const { trees, nodes } = fitted.size;
  const depths: number[] = [];
  for (let i = 0; i < trees; i++) depths.push(depthOf(await fitted.tree(i)));
  fitted.dispose();
  return { nodes: nodes / trees, depth: mean(depths) };
}

const depthOf = ({ children }: TreeNodeData): number =>
  children ? 1 + Math.max(...children.map(({ node }) => depthOf(node))) : 0;

/** Milliseconds of the first fit of a process: the median of so many processes. */
function first({ name }: ForestCase, engine: Engine, processes: number): number {
  const script = join(import.meta.dirname, 'forest-first.ts');
  const times = Array.from({ length: processes }, () => {
    const { stdout } = spawnSync(process.execPath, [...process.execArgv, script, name, engine], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return Number(stdout);
  });
  return median(times);
}
