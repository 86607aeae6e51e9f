/** Votes of rows that a tree has not seen: WebAssembly counts what JavaScript counts. */
import { hostKey, integers } from '@dendrite/random';
import { expect, test } from 'vitest';
import { pagesOf, plotOf } from '../engine/engine.ts';
import type { Tree } from '../tree/tree.ts';
import { variantFor } from '../wasm/variant.ts';
import { wasmModule } from '../wasm/wasm-module.ts';
import { voteBytes } from '../wasm/wasm-votes.ts';
import { outOfBag } from './out-of-bag.ts';

const rows = 300;
const none = new Int32Array(0);
const treeOf = (values: Tree['values']): Tree => ({ feature: none, cut: none, right: none, sets: none, values });

/** Trees that judge a third of the rows, but never the last one; with `openFrom` on, some leaves are of several classes. */
function madeVotes(classes: number, trees: number, openFrom: number) {
  return Array.from({ length: trees }, (_, t) => {
    const judged = Int32Array.from({ length: rows - 1 }, (_, row) => row).filter((row) => (row * 7 + t * 11) % 3 === 0);
    const open = classes === 0 ? 40 : t >= openFrom ? 3 : 0;
    const leaves = Int32Array.from(integers(hostKey(t), judged.length, classes + open));
    const fractions = Float32Array.from({ length: open * classes }, (_, i) => (((i * 5 + t) % 4) + 1) / (4 * classes));
    const tree = treeOf(classes === 0 ? Float64Array.from({ length: open }, (_, i) => i / 3 - t) : fractions);
    return { tree, judged, leaves };
  });
}

test.each([
  [0, 'mean', 0],
  [2, 'mean', 12],
  [10, 'mean', 12],
  // Handed over in the middle.
  [4, 'mean', 5],
  [4, 'mode', 5],
  [4, 'mode', 0],
] as const)(
  '%i classes, %s, fractions from tree %i on: WebAssembly counts what JavaScript counts',
  async (classes, combine, openFrom) => {
    for (const shared of [false, true]) {
      const targets =
        classes === 0
          ? Float64Array.from({ length: rows }, (_, row) => Math.sin(row))
          : Int32Array.from(integers(hostKey(99), rows, classes));
      const settings = { classes, trees: 12, combine };
      const sizes = {
        rows,
        features: 1,
        classes,
        codeBytes: 1,
        group: 1,
        growers: 1,
        votes: voteBytes(rows, classes, 12),
      } as const;
      const pages = pagesOf(sizes);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
      const workspace = plotOf(memory, sizes, 0);
      if (classes > 0) workspace.labels.set(targets);
      else workspace.targets.set(targets);
      const kernels = { module: await wasmModule(variantFor(sizes), shared), memory, workspace };
      const wasm = await outOfBag(targets, settings, { kernels });
      const script = await outOfBag(targets, settings, {});
      expect(wasm.score()).toBeNaN();
      for (const { tree, judged, leaves } of madeVotes(classes, 12, openFrom)) {
        for (const votes of [wasm, script]) await votes.add(tree, judged, leaves);
        expect(wasm.score()).toBe(script.score());
        expect(wasm.judged()).toBe(script.judged());
      }
      expect(script.judged()).toBe(rows - 1);
      expect(wasm.predictions()).toEqual(script.predictions());
      expect(wasm.kept()).toEqual(script.kept());
      // Going on from what was kept comes to the same.
      const again = await outOfBag(targets, settings, { before: wasm.kept(), kernels });
      expect(again.score()).toBe(wasm.score());
      expect(again.predictions()).toEqual(wasm.predictions());
    }
  },
);
