// Cross-validation of any models on one table: the same folds for all, so that their scores differ by the models alone.
import { accuracy } from '@dendrite/metrics';
import { selectRows } from '@dendrite/model';
import { hostKey, permutation } from '@dendrite/random';
import type { FitOptions, TableData } from '@dendrite/spec';

/** What nets and forests have in common: that is enough to compare them. */
export interface Contestant {
  readonly name: string;
  fit(data: TableData, options: FitOptions): Promise<Judged>;
}
interface Judged {
  evaluate(data: TableData, metrics: { readonly accuracy: typeof accuracy }): Promise<{ readonly accuracy: number }>;
  dispose(): void;
}
export interface Comparison {
  readonly name: string;
  /** Mean accuracy over all folds, and its standard deviation over the folds. */
  readonly mean: number;
  readonly deviation: number;
  /** Of training, all folds together. */
  readonly seconds: number;
}

/** Trains every contestant on every fold but one and judges it on that one. */
export async function compare(
  data: TableData,
  contestants: readonly Contestant[],
  { folds = 5, seed = 0 }: { readonly folds?: number; readonly seed?: number } = {},
): Promise<readonly Comparison[]> {
  const parts = stratifiedFolds(data, folds, seed);
  const found: Comparison[] = [];
  for (const { name, fit } of contestants) {
    const scores: number[] = [];
    let seconds = 0;
    for (const { train, test } of parts) {
      const began = performance.now();
      const model = await fit(train, { seed });
      seconds += (performance.now() - began) / 1000;
      scores.push((await model.evaluate(test, { accuracy })).accuracy);
      model.dispose();
    }
    const mean = scores.reduce((sum, score) => sum + score, 0) / folds;
    const spread = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, folds - 1);
    found.push({ name, mean, deviation: Math.sqrt(spread), seconds });
  }
  return found;
}

/** Rows dealt class by class, in an order that the seed shuffles. */
export function stratifiedFolds(
  { table, target }: TableData,
  folds: number,
  seed: number,
): readonly { readonly train: TableData; readonly test: TableData }[] {
  const values = table.columns.find(({ name }) => name === target)?.values ?? [];
  const order = Array.from(permutation(hostKey(seed).fork('folds'), table.rows));
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  return Array.from({ length: folds }, (_, fold) => {
    const part = (inside: boolean): TableData => {
      const rows = order.filter((_row, turn) => (turn % folds === fold) === inside);
      return { table: selectRows(table, Uint32Array.from(rows).sort()), target };
    };
    return { train: part(false), test: part(true) };
  });
}
