/**
 * A small honest regression model on columns for tests: least squares by coordinate descent, a sweep a unit.
 * Missing values count as their column's mean; categories as their codes.
 */
import type { Table } from '@dendrite/spec';
import type { FittedCore, TrainTask } from '../definition/definition.ts';
import { wholeNumber } from '../definition/option-rules.ts';
import { type DefinedModel, defineModel } from './define-model.ts';

const capabilities = {
  task: 'regression',
  data: 'columns',
  probabilities: false,
  importance: true,
  outOfBag: true,
  parameters: false,
  resume: 'none',
} as const;
type C = typeof capabilities;

export function leastSquares(missing: 'error' | 'mask' = 'mask'): DefinedModel<C, { readonly sweeps?: number }> {
  return defineModel({
    meta: { name: 'test/least-squares', version: '1.0.0', api: 1 },
    capabilities,
    config: null,
    options: { sweeps: wholeNumber() },
    tables: { missing },
    rowsAtOnce: 5,
    async *train(task: TrainTask<C, { readonly sweeps?: number }>) {
      const {
        data: { table, targets, sampleWeight },
        options: { sweeps = 200 },
      } = task;
      const weights = new Float64Array(table.columns.length + 1);
      const means = new Float64Array(table.columns.length).map((_, c) => meanOf(table, c));
      for (let sweep = 0; sweep < sweeps && !task.stopping(); sweep++) {
        for (let c = 0; c <= table.columns.length; c++) {
          const answers = predict(table, weights, means);
          let top = 0;
          let bottom = 0;
          for (let i = 0; i < table.rows; i++) {
            const x = value(table, c, i, means);
            const w = sampleWeight?.[i] ?? 1;
            top += w * x * ((targets[i] as number) - (answers[i] as number));
            bottom += w * x * x;
          }
          if (bottom > 0) weights[c] = (weights[c] as number) + top / bottom;
        }
        const answers = predict(table, weights, means);
        const loss = answers.reduce((sum, answer, i) => sum + (answer - (targets[i] as number)) ** 2, 0) / table.rows;
        yield { unit: 'tree', done: sweep + 1, of: sweeps, examples: (sweep + 1) * table.rows, metrics: { loss } };
      }
      return core(
        weights,
        means,
        table.columns.map(({ name }) => name),
        predict(table, weights, means),
      );
    },
    restore: ({ arrays, extra }) =>
      core(
        Float64Array.from(arrays.weights?.data ?? []),
        Float64Array.from(arrays.means?.data ?? []),
        Array.isArray(extra) ? extra.map(String) : [],
        new Float64Array(0),
      ),
  });
}

function core(
  weights: Float64Array,
  means: Float64Array,
  names: readonly string[],
  predictions: Float64Array,
): FittedCore<C> {
  return {
    predict: (table) => ({ values: predict(table, weights, means) }),
    save: () => ({
      arrays: {
        weights: { dtype: 'float64', shape: [weights.length], data: weights },
        means: { dtype: 'float64', shape: [means.length], data: means },
      },
      extra: names,
    }),
    importance: () => names.map((name, c) => ({ name, value: Math.abs(weights[c] as number) })),
    outOfBag: { score: 0.5, predictions },
  };
}

function predict(table: Table, weights: Float64Array, means: Float64Array): Float64Array {
  return Float64Array.from({ length: table.rows }, (_, i) =>
    weights.reduce((sum, weight, c) => sum + weight * value(table, c, i, means), 0),
  );
}
/** Past the last column stands the constant 1. */
function value({ columns }: Table, c: number, i: number, means: Float64Array): number {
  const column = columns[c];
  if (column === undefined) return 1;
  return (column.missing?.[i] ? (means[c] as number) : (column.values[i] as number)) - (means[c] as number);
}
function meanOf({ columns }: Table, c: number): number {
  const { values, missing } = columns[c] ?? { values: new Float64Array(0) };
  const known = Array.from(values).filter((_, i) => !missing?.[i]);
  return known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
}
