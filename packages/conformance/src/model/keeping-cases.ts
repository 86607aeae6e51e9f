/** Predicting, measuring, saving, restoring; and what is refused. */
import type { SavedArray, SavedModel } from '@dendrite/spec';
import { check, type KitCase } from '../kit/kit-case.ts';
import { raises } from '../kit/raises.ts';
import { type AnyFitted, type ModelBench, probabilitiesOf, rightShare } from './model-kit.ts';

export function keepingCases(bench: ModelBench): readonly KitCase[] {
  const train = bench.examples();
  const test = bench.examples('test');
  const withFitted = (name: string, f: (fitted: AnyFitted) => Promise<void>): KitCase => ({
    name,
    async run() {
      const fitted = await bench.fit(train);
      try {
        await f(fitted);
      } finally {
        fitted.dispose();
      }
    },
  });
  const cases: KitCase[] = [
    withFitted('model: evaluate is predict and then the metric', async (fitted) => {
      const predicted = await fitted.predict(test.x);
      const { share } = await fitted.evaluate(test, { share: rightShare });
      const wanted = test.y.filter((label, i) => label === predicted[i]).length / test.y.length;
      check(share === wanted, `must give ${wanted}, got ${share}`);
    }),
    withFitted('model: a row’s prediction does not depend on the rows beside it', async (fitted) => {
      const all = await fitted.predict(test.x);
      const rows = [...all.keys()].filter((row) => row % 13 === 0);
      for (const row of rows) {
        const data = test.x.data.slice(row * bench.size, (row + 1) * bench.size);
        const [alone] = await fitted.predict({ data, shape: [1, ...bench.feature] });
        const same = bench.regression
          ? Math.abs(Number(alone) - Number(all[row])) <= 1e-5 * (1 + Math.abs(Number(all[row])))
          : alone === all[row];
        check(same, `row ${row} alone must give ${String(all[row])}, got ${String(alone)}`);
      }
      check(
        (await fitted.predict({ data: new Float32Array(0), shape: [0, ...bench.feature] })).length === 0,
        'no rows must give no predictions',
      );
    }),
    withFitted('model: saved and restored it predicts the same bits', async (fitted) => {
      const file = await fitted.save();
      check(
        file.header.format === 'dendrite' && file.header.model.name === fitted.meta.name,
        'the file must name the model',
      );
      check(
        file.header.seed === 1 && /^[0-9a-f]{64}$/.test(file.header.data),
        'the file must keep the seed and the fingerprint of the data',
      );
      const restored = await bench.restore(file);
      const [before, after] = [await fitted.predict(test.x), await restored.predict(test.x)];
      const at = before.findIndex((value, i) => !Object.is(value, after[i]));
      restored.dispose();
      check(at < 0, `row ${at} must be ${String(before[at])}, got ${String(after[at])}`);
    }),
    withFitted('model: damaged files are refused with FORMAT', async (fitted) => {
      const file = await fitted.save();
      for (const [what, damaged] of damages(file))
        await raises(what, ['FORMAT'], async () => (await bench.restore(damaged)).dispose());
    }),
    withFitted('model: inputs of another width are refused with their shape', async (fitted) => {
      const shape = [2, ...bench.feature.slice(0, -1), (bench.feature.at(-1) ?? 0) + 1];
      const size = shape.reduce((product, length) => product * length, 1);
      await raises(
        'a wider input',
        ['SHAPE', 'DATA'],
        () => fitted.predict({ data: new Float32Array(size), shape }),
        shape.at(-1) ?? 0,
      );
    }),
    {
      name: 'model: a disposed model says so',
      async run() {
        const fitted = await bench.fit(train);
        fitted.dispose();
        await raises('predict() after dispose()', ['DISPOSED'], () => fitted.predict(test.x));
      },
    },
    ...wrongUses(bench),
  ];
  if (bench.make().capabilities.probabilities)
    cases.push(
      withFitted('model: probabilities add up to 1 and agree with predict', async (fitted) => {
        const predicted = await fitted.predict(test.x);
        const { data, shape, labels } = await probabilitiesOf(fitted, test.x);
        check(
          shape[0] === test.y.length && shape[1] === labels.length,
          `must be [${test.y.length}, ${labels.length}], got [${shape.join(', ')}]`,
        );
        for (let row = 0; row < shape[0]; row++) {
          const some = Array.from(data.subarray(row * shape[1], (row + 1) * shape[1]));
          const sum = some.reduce((total, value) => total + value, 0);
          check(
            some.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= 1e-5,
            `row ${row} must add up to 1, got ${sum}`,
          );
          check(
            labels[some.indexOf(Math.max(...some))] === predicted[row],
            `row ${row}: the likeliest label must be the predicted one`,
          );
        }
      }),
    );
  return cases;
}

/** One thing wrong at a time. */
function damages(file: SavedModel): readonly (readonly [string, SavedModel])[] {
  const { header, arrays } = file;
  const names = Object.keys(arrays).filter((name) => !name.startsWith('probe.'));
  const largest = [...names].sort((a, b) => (arrays[b]?.data.length ?? 0) - (arrays[a]?.data.length ?? 0))[0];
  const rest = (name: string): Record<string, SavedArray> =>
    Object.fromEntries(Object.entries(arrays).filter(([each]) => each !== name));
  const found: (readonly [string, SavedModel])[] = [
    ['a file of another model', { header: { ...header, model: { ...header.model, name: 'tests/other' } }, arrays }],
    ['a file of a later format', { header: { ...header, version: 2 as 1 }, arrays }],
  ];
  const array = largest === undefined ? undefined : arrays[largest];
  if (largest === undefined || !array) return found;
  const shorter = { ...array, shape: [array.data.length - 1], data: array.data.slice(1) };
  const changed = array.data.slice();
  for (let i = 0; i < changed.length; i++) changed[i] = (changed[i] ?? 0) + (i % 2 === 0 ? 3 : -2);
  return [
    ...found,
    [`a file without '${largest}'`, { header, arrays: rest(largest) }],
    [`a file whose '${largest}' is too short`, { header, arrays: { ...arrays, [largest]: shorter } }],
    [
      `a file whose '${largest}' was altered: its probe`,
      { header, arrays: { ...arrays, [largest]: { ...array, data: changed } } },
    ],
  ];
}

function wrongUses(bench: ModelBench): readonly KitCase[] {
  const { x, y } = bench.examples();
  const refused = (
    name: string,
    ...rest: Parameters<typeof raises> extends readonly [string, ...infer R] ? R : never
  ): KitCase => ({
    name: `model: refuses ${name}`,
    run: async () => {
      await raises(name, ...rest);
    },
  });
  const fit =
    (data: Parameters<ReturnType<ModelBench['make']>['fit']>[0], more?: object) => async (): Promise<void> => {
      const fitted: AnyFitted = await bench.make().fit(data, bench.options(more));
      fitted.dispose();
    };
  const misspelt: object = { valdiation: 0.1 };
  const cases: KitCase[] = [
    refused(
      'no data',
      ['DATA', 'SHAPE'],
      fit({ x: { data: new Float32Array(0), shape: [0, ...bench.feature] }, y: [] }),
    ),
    refused('fewer targets than rows', ['DATA', 'SHAPE'], fit({ x, y: y.slice(1) }), y.length, y.length - 1),
    refused('a misspelt option', ['OPTION'], fit({ x, y }, misspelt), 'valdiation'),
    refused('a validation share of 1.5', ['OPTION', 'DATA'], fit({ x, y }, { validation: 1.5 }), '1.5'),
    refused('fewer sample weights than rows', ['DATA', 'SHAPE'], fit({ x, y, sampleWeight: [1, 2] }), 2, y.length),
    refused(
      'values that do not fill their shape',
      ['DATA', 'SHAPE'],
      fit({ x: { data: x.data.slice(1), shape: x.shape }, y }),
      x.data.length - 1,
    ),
  ];
  if (bench.regression)
    cases.push(refused('a target that is NaN', ['DATA'], fit({ x, y: [Number.NaN, ...y.slice(1)] as number[] })));
  else
    cases.push(
      refused(
        'a weight for a class that is not there',
        ['DATA', 'OPTION'],
        fit({ x, y }, { classWeight: { dog: 2 } }),
        'dog',
      ),
    );
  if (bench.feature.length === 1) {
    const rows = y.map((label, row) => ({ size: x.data[row] ?? 0, label }));
    cases.push(
      refused('a target column that is not there', ['DATA', 'OPTION'], fit({ rows, target: 'colour' }), 'colour'),
    );
  }
  return cases;
}
