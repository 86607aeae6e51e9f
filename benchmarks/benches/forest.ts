// Random forests beside scikit-learn, ranger, ydf-training and ml-random-forest: training cold and warm on both engines, predicting,
// two workers against one, out-of-bag judging, pages' sizes, memory. The same data and settings on all sides; the mean nodes and depth of a tree stand beside the
// peer's: unequal work gets no ratio. `--only 'train: 5 classes'` measures one row with its variants.
import type { BenchOptions } from '../harness/bench.ts';
import { type Missing, type Result, type Row, smallestRatios } from '../harness/result.ts';
import { openPython, type PythonPeer } from '../peers/python.ts';
import { openRanger } from '../peers/ranger.ts';
import { type ForestCase, forestCases, loadCase } from './forest-cases.ts';
import { memoryRow } from './forest-memory.ts';
import { outOfBagRows } from './forest-out-of-bag.ts';
import { otherPeers } from './forest-peers.ts';
import { predicting } from './forest-predict.ts';
import { sizeRows } from './forest-sizes.ts';
import { type ForestPeer, training } from './forest-train.ts';
import { workerRows } from './forest-workers.ts';

export async function forest({ only, short, threads }: BenchOptions): Promise<Result> {
  const rounds = short ? 1 : 3;
  const wanted = (name: string): boolean => only === undefined || name.includes(only) || only.includes(name);
  const missing: Missing[] = [];
  const opened = await openPython('scikit_learn.py', 1);
  const scikit: PythonPeer | undefined = 'missing' in opened ? undefined : opened;
  if ('missing' in opened) missing.push({ peer: 'scikit-learn', why: opened.missing });
  const ranger = await openRanger();
  if ('missing' in ranger) missing.push({ peer: 'ranger', why: ranger.missing });
  const peers: ForestPeer[] = [...(scikit ? [scikit] : []), ...('missing' in ranger ? [] : [ranger])];
  const rows: Row[] = [];
  const each = async (kind: string, given: ForestCase, measure: () => Promise<Row[]>): Promise<void> => {
    if (!wanted(`${kind}: ${given.name}`)) return;
    const found = await loadCase(given, peers);
    if (found) missing.push(found);
    else rows.push(...(await measure()));
  };
  try {
    for (const given of forestCases) {
      await each('train', given, () => training(given, peers, rounds));
      if (given.predictBar !== undefined) await each('predict', given, () => predicting(given, scikit, rounds));
    }
    if (wanted('other libraries')) rows.push(...(await otherPeers(missing)));
    if (wanted('two workers')) {
      if (threads > 1) rows.push(...(await workerRows(rounds)));
      else missing.push({ peer: 'two workers', why: 'this run is pinned to one core; give --threads 2' });
    }
    if (wanted('judging out of bag')) rows.push(...(await outOfBagRows(rounds)));
    if (wanted('size: a page')) rows.push(...(await sizeRows()));
    if (wanted('memory: fashion, 60k × 784 uint8')) {
      const measured = await memoryRow();
      if ('peer' in measured) missing.push(measured);
      else rows.push(measured);
    }
  } finally {
    for (const peer of peers) peer.close();
  }
  return { bench: 'forest', backend: 'wasm', threads: 1, ratios: smallestRatios(rows), missing, rows };
}
