/** What a forest answers for rows of a table: by WebAssembly where it runs, else by JavaScript, the same bits. */
import type { CoreOutput } from '@dendrite/model';
import type { Table } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';
import { type Forest, forestNumbers, forestProbabilities } from '../predict/forest.ts';
import { walkModule } from '../wasm/walk-module.ts';
import { makeWalker, type Walker } from '../wasm/walker.ts';

/** @param script  never by WebAssembly */
export function forestAnswers(
  forest: Forest,
  combine: Settings['combine'],
  script: boolean,
): (table: Table) => Promise<CoreOutput> {
  let walker: Promise<Walker | undefined> | undefined;
  return async (table) => {
    walker ??= script ? Promise.resolve(undefined) : openWalker(forest);
    const walks = await walker;
    if (forest.classes > 0) {
      const way = combine === 'mode' ? 'mode' : 'mean';
      return { probabilities: forestProbabilities(forest, table, way, 'predict()', walks) };
    }
    return { values: forestNumbers(forest, table, combine === 'median' ? 'median' : 'mean', 'predict()', walks) };
  };
}

/** Undefined where WebAssembly does not run, or the trees are not for it: then JavaScript walks, to the same leaves. */
async function openWalker({ trees, bins, exact }: Forest): Promise<Walker | undefined> {
  if (exact) return undefined;
  try {
    return makeWalker(await walkModule(), trees, bins.length);
  } catch {
    return undefined;
  }
}
