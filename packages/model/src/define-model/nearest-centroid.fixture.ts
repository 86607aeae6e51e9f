/**
 * A small honest classifier for tests: one centroid a class, moved towards its examples epoch by epoch.
 * `c ← c + w · (x − c) / n`, n counts the class's examples so far; `p(k) ∝ exp(−|x − c_k|²)`.
 */
import type { Batch, Json, SavedArray } from '@dendrite/spec';
import type { FittedCore, TrainTask } from '../definition/definition.ts';
import { wholeNumber } from '../definition/option-rules.ts';
import { type DefinedModel, defineModel } from './define-model.ts';

export const centroidCapabilities = {
  task: 'classification',
  data: 'batches',
  probabilities: true,
  importance: false,
  outOfBag: false,
  parameters: false,
  resume: 'unit',
} as const;
type C = typeof centroidCapabilities;
export interface CentroidOptions {
  readonly epochs?: number;
}
interface State {
  readonly centroids: Float64Array;
  readonly counts: Float64Array;
}

/** How many cores and training states are alive: every one that is made must go. */
export const centroidLife: { states: number; cores: number } = { states: 0, cores: 0 };

export function nearestCentroid({
  batchSize = 8,
  poison = 0,
  snapshots = true,
}: {
  readonly batchSize?: number;
  readonly poison?: number;
  readonly snapshots?: boolean;
} = {}): DefinedModel<C, CentroidOptions, { readonly centroids: () => readonly number[] }> {
  return defineModel({
    meta: { name: 'test/nearest-centroid', version: '1.0.0', api: 1 },
    capabilities: centroidCapabilities,
    config: { batchSize },
    options: { epochs: wholeNumber() },
    rowsAtOnce: 3,
    async *train(task: TrainTask<C, CentroidOptions>) {
      const {
        data,
        labels,
        classWeight,
        options: { epochs = 4 },
        from,
        validation,
      } = task;
      const width = data.feature.shape.reduce((size, n) => size * n, 1);
      const state: State = from
        ? read(from.arrays)
        : { centroids: new Float64Array(width * labels.length), counts: new Float64Array(labels.length) };
      const first = from && 'cursor' in from ? from.cursor.epoch : 0;
      let examples = first * data.rows;
      centroidLife.states++;
      try {
        for (let epoch = first; epoch < epochs && !task.stopping(); epoch++) {
          for await (const { rows, x, y, sampleWeight } of data.batches({
            size: batchSize,
            epoch,
            shuffle: task.key.fork('shuffle'),
          })) {
            for (let i = 0; i < rows; i++) {
              const k = y?.[i] as number;
              const weight = (sampleWeight?.[i] ?? 1) * (classWeight?.[k] ?? 1);
              state.counts[k] = (state.counts[k] as number) + weight;
              if (weight === 0) continue;
              for (let j = 0; j < width; j++) {
                const at = k * width + j;
                const c = state.centroids[at] as number;
                state.centroids[at] =
                  c + (weight * ((x.data[i * width + j] as number) - c)) / (state.counts[k] as number);
              }
            }
            examples += rows;
          }
          const metrics = {
            loss: epoch + 1 === poison ? Number.NaN : 1 / (epoch + 1),
            ...(validation && { 'validation.loss': await lossOf(core(state, width), validation) }),
          };
          yield {
            unit: 'epoch',
            done: epoch + 1,
            of: epochs,
            examples,
            metrics,
            ...(snapshots && {
              snapshot: () => core({ centroids: state.centroids.slice(), counts: state.counts.slice() }, width),
            }),
            checkpoint: () => ({ ...saved(state, width), cursor: { epoch: epoch + 1, batch: 0, step: 0 } }),
          };
        }
        return core(state, width);
      } finally {
        centroidLife.states--;
      }
    },
    restore: ({ arrays, feature }) =>
      core(
        read(arrays),
        (feature?.shape ?? []).reduce((size, n) => size * n, 1),
      ),
    extend: (made) => ({
      centroids: () => Array.from((made.save() as ReturnType<typeof saved>).arrays.centroids.data),
    }),
  });
}

function core(state: State, width: number): FittedCore<C> {
  const classes = state.counts.length;
  centroidLife.cores++;
  return {
    predict({ rows, x }: Batch) {
      const probabilities = new Float32Array(rows * classes);
      for (let i = 0; i < rows; i++) {
        const distances = Array.from({ length: classes }, (_, k) => {
          let sum = 0;
          for (let j = 0; j < width; j++)
            sum += ((x.data[i * width + j] as number) - (state.centroids[k * width + j] as number)) ** 2;
          return sum;
        });
        const nearest = Math.min(...distances);
        const weights = distances.map((distance) => Math.exp(nearest - distance));
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, k) => {
          probabilities[i * classes + k] = weight / total;
        });
      }
      return { probabilities };
    },
    save: () => saved(state, width),
    dispose() {
      centroidLife.cores--;
    },
  };
}

async function lossOf(model: FittedCore<C>, data: TrainTask<C>['data']): Promise<number> {
  let loss = 0;
  for await (const batch of data.batches({ size: 16, epoch: 0 })) {
    const { probabilities } = await model.predict(batch);
    const classes = (probabilities?.length ?? 0) / batch.rows;
    for (let i = 0; i < batch.rows; i++)
      loss -= Math.log(probabilities?.[i * classes + (batch.y?.[i] as number)] as number) / data.rows;
  }
  model.dispose?.();
  return loss;
}

function saved(
  { centroids, counts }: State,
  width: number,
): { readonly arrays: { readonly centroids: SavedArray; readonly counts: SavedArray }; readonly extra: Json } {
  return {
    arrays: {
      centroids: { dtype: 'float64', shape: [counts.length, width], data: centroids.slice() },
      counts: { dtype: 'float64', shape: [counts.length], data: counts.slice() },
    },
    extra: { width },
  };
}
function read(arrays: Readonly<Record<string, SavedArray>>): State {
  return {
    centroids: Float64Array.from(arrays.centroids?.data ?? []),
    counts: Float64Array.from(arrays.counts?.data ?? []),
  };
}
