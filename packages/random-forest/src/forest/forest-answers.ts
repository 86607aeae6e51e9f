/** What a forest answers for rows of a table: by WebAssembly where it runs, else by JavaScript, the same bits. */
import type { CoreOutput } from '@dendrite/model';
import type { Table } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';
import { codesOf, type Forest, forestMeans, forestProbabilities, walkedLeaves } from '../predict/forest.ts';
import { walkModule } from '../wasm/walk-module.ts';
import { makeWalker, type Walker } from '../wasm/walker.ts';

type Finders = Pick<typeof import('../predict/leaf-finder.ts'), 'foundLeaves' | 'forestMedians'>;
const where = 'predict()';

/**
 * @param script  never by WebAssembly
 * @param finders  the ways of JavaScript, which most pages need not load
 */
export function forestAnswers(
  forest: Forest,
  combine: Settings['combine'],
  script: boolean,
  finders: () => Finders | Promise<Finders>,
): (table: Table) => Promise<CoreOutput> {
  let walker: Promise<Walker | undefined> | undefined;
  return async (table) => {
    if (combine === 'median') return { values: (await finders()).forestMedians(forest, table, where) };
    walker ??= script ? Promise.resolve(undefined) : openWalker(forest);
    const walks = await walker;
    const { rows } = table;
    const coded = walks && codesOf(forest, table, where);
    const eachLeaves =
      walks && coded?.plain
        ? walkedLeaves(forest, coded.codes, rows, walks)
        : (await finders()).foundLeaves(forest, table, where);
    return forest.classes > 0
      ? { probabilities: forestProbabilities(forest, rows, combine, eachLeaves) }
      : { values: forestMeans(forest, rows, eachLeaves) };
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
