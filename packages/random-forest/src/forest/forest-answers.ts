/** What a forest answers for rows of a table: by WebAssembly where it runs, else by JavaScript, the same bits. */
import type { CoreOutput, FittedCore } from '@dendrite/model';
import type { Capabilities } from '@dendrite/spec';
import type { Settings } from '../options/forest-options.ts';
import {
  codesOf,
  type EachLeaves,
  type Forest,
  forestMeans,
  forestProbabilities,
  walkedLeaves,
} from '../predict/forest.ts';
import { numberCodes } from '../predict/number-codes.ts';
import { walkModule } from '../wasm/walk-module.ts';
import { makeWalker, type Walker } from '../wasm/walker.ts';

/** The ways of JavaScript; without `codedLeaves` rows that WebAssembly does not walk go by a table. */
export type Finders = Pick<typeof import('../predict/leaf-finder.ts'), 'foundLeaves' | 'forestMedians'> &
  Partial<Pick<typeof import('../predict/walk-rows.ts'), 'codedLeaves'>> &
  Partial<Pick<typeof import('../binning/write-codes.ts'), 'writeCodes'>>;
/** More rows are worth loading what encodes them faster. */
const fewRows = 2000;
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
): Pick<FittedCore<ColumnCapabilities>, 'predict' | 'predictNumbers'> {
  let opened: Promise<Walker | undefined> | undefined;
  let walker: Walker | undefined;
  const open = async (): Promise<Walker | undefined> => {
    opened ??= script ? Promise.resolve(undefined) : openWalker(forest);
    walker = await opened;
    return walker;
  };
  const codes = numberCodes(forest.bins);
  const answer = (rows: number, eachLeaves: EachLeaves): CoreOutput =>
    forest.classes > 0
      ? { probabilities: forestProbabilities(forest, rows, combine === 'mode' ? combine : 'mean', eachLeaves) }
      : { values: forestMeans(forest, rows, eachLeaves) };
  return {
    async predict(table) {
      if (combine === 'median') return { values: (await finders()).forestMedians(forest, table, where) };
      const walks = walker ?? (await open());
      const { writeCodes } = table.rows > fewRows ? await finders() : {};
      const coded = walks && codesOf(forest, table, where, writeCodes);
      return answer(
        table.rows,
        walks && coded?.plain
          ? walkedLeaves(forest, coded.codes, table.rows, walks)
          : (await finders()).foundLeaves(forest, table, where),
      );
    },
    async predictNumbers(numbers, rows) {
      if (combine === 'median') return undefined;
      const coded = forest.exact ? undefined : codes(numbers, rows);
      if (!coded) return undefined;
      const walks = walker ?? (await open());
      if (walks) return answer(rows, walkedLeaves(forest, coded, rows, walks));
      const { codedLeaves } = await finders();
      return codedLeaves && answer(rows, codedLeaves(forest, coded, rows));
    },
  };
}
type ColumnCapabilities = Capabilities & { readonly data: 'columns' };

/** Undefined where WebAssembly does not run, or the trees are not for it: then JavaScript walks, to the same leaves. */
async function openWalker({ trees, bins, exact }: Forest): Promise<Walker | undefined> {
  if (exact) return undefined;
  try {
    return makeWalker(await walkModule(), trees, bins.length);
  } catch {
    return undefined;
  }
}
