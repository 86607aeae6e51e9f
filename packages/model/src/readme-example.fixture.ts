import { defineModel, type FittedCore, load, noCapabilities, toBytes, wholeNumber } from '@dendrite/model';

const capabilities = { ...noCapabilities, task: 'classification', data: 'batches' } as const;

/** What a trained one computes: for each row the code of the class whose centroid is nearest. */
function nearest(centroids: readonly Float64Array[]): FittedCore<typeof capabilities> {
  const width = centroids[0]?.length ?? 0;
  return {
    predict({ rows, x }) {
      const distance = (row: number, centroid: Float64Array): number =>
        centroid.reduce((sum, c, j) => sum + ((x.data[row * width + j] ?? 0) - c) ** 2, 0);
      const codes = Array.from({ length: rows }, (_, row) => {
        const distances = centroids.map((centroid) => distance(row, centroid));
        return distances.indexOf(Math.min(...distances));
      });
      return { values: codes };
    },
    save: () => ({
      arrays: Object.fromEntries(centroids.map((data, k) => [k, { dtype: 'float64', shape: [width], data }])),
    }),
  };
}

/** The model: how it trains, and how it is rebuilt. All else comes from `defineModel`. */
const nearestCentroid = () =>
  defineModel<typeof capabilities, { readonly epochs?: number }>({
    meta: { name: 'acme/nearest-centroid', version: '1.0.0', api: 1 },
    capabilities,
    config: null,
    options: { epochs: wholeNumber() },
    async *train({ data, labels, options: { epochs = 1 }, key, stopping }) {
      const width = data.feature.shape.reduce((size, n) => size * n, 1);
      const centroids = labels.map(() => new Float64Array(width));
      const seen = labels.map(() => 0);
      for (let epoch = 0; epoch < epochs && !stopping(); epoch++) {
        let loss = 0;
        for await (const { rows, x, y } of data.batches({ size: 32, epoch, shuffle: key.fork('shuffle') })) {
          for (let row = 0; row < rows; row++) {
            const k = y?.[row] ?? 0;
            seen[k] = (seen[k] ?? 0) + 1;
            centroids[k]?.forEach((c, j, centroid) => {
              const away = (x.data[row * width + j] ?? 0) - c;
              centroid[j] = c + away / (seen[k] ?? 1);
              loss += away ** 2 / data.rows;
            });
          }
        }
        yield { unit: 'epoch', done: epoch + 1, of: epochs, examples: (epoch + 1) * data.rows, metrics: { loss } };
      }
      return nearest(centroids);
    },
    restore: ({ arrays, labels }) => nearest(labels.map((_, k) => Float64Array.from(arrays[k]?.data ?? []))),
  });

const pets = [
  { weight: 4, length: 46, pet: 'cat' },
  { weight: 5, length: 50, pet: 'cat' },
  { weight: 21, length: 85, pet: 'dog' },
  { weight: 30, length: 90, pet: 'dog' },
] as const;
const fitted = await nearestCentroid().fit({ rows: pets, target: 'pet' }, { epochs: 2, seed: 7 });
const [kind] = await fitted.predict([{ length: 60, weight: 8 }]); // 'cat' | 'dog', columns by name, in any order
const bytes = toBytes(await fitted.save()); // one safetensors file: arrays, labels, scaling, seed, fingerprint, a probe
const again = await load(bytes, { with: [{ 'acme/nearest-centroid': nearestCentroid }] });
const [other] = await again.predict([{ length: 88, weight: 20 }]);
if (kind !== 'cat' || other !== 'dog') throw new Error();
