/** That a model learns, and what may and may not change what it learns. */
import { type Data, isDendriteError, type Label } from '@dendrite/spec';
import { check, type KitCase } from '../kit/kit-case.ts';
import { type AnyFitted, differ, type Examples, type ModelBench, sameArrays } from './model-kit.ts';

const nested = ({ x, y }: Examples): Data => {
  const build = (axis: number, at: number, size: number): unknown => {
    const length = x.shape[axis];
    if (length === undefined) return x.data[at];
    return Array.from({ length }, (_, i) => build(axis + 1, at + i * (size / length), size / length));
  };
  return { x: build(0, 0, x.data.length) as number[][], y };
};

export function learningCases(bench: ModelBench): readonly KitCase[] {
  const { kit, regression } = bench;
  const train = bench.examples();
  const test = bench.examples('test');
  const scoreOf = async (fitted: AnyFitted, data: Examples = test): Promise<number> =>
    bench.score(data.y, await fitted.predict(data.x));
  const saved = async (data: Examples | Data, more?: object) => {
    const fitted: AnyFitted = await bench.make().fit(data, bench.options(more));
    const file = await fitted.save();
    fitted.dispose();
    return file;
  };
  const enough = regression ? 0.5 : 0.65;

  const cases: KitCase[] = [
    {
      name: 'model: learns: far better than always giving the most frequent answer',
      async run() {
        const fitted = await bench.fit(train);
        const score = await scoreOf(fitted);
        fitted.dispose();
        check(score >= enough, `must reach ${enough} on new examples, got ${score}`);
      },
    },
    {
      name: 'model: the same seed gives the same bits',
      async run() {
        sameArrays('fitted again', await saved(train), await saved(train));
      },
    },
    {
      name: 'model: a plan changes nothing of what is learned',
      async run() {
        const plain = await saved(train);
        const plan = await bench
          .make()
          .plan(train, bench.options({ trial: 0.02 } as object))
          .catch((error: unknown) => {
            check(
              isDendriteError(error, 'OPTION'),
              `a model that cannot plan must say so with OPTION, got ${String(error)}`,
            );
          });
        if (!plan) return;
        check(
          plan.units >= 1 && plan.bytes.peak > 0,
          `must have units and bytes, got ${plan.units} and ${plan.bytes.peak}`,
        );
        check(plan.fits && plan.obstacles.length === 0, `must fit, got ${plan.obstacles[0]?.advice}`);
        sameArrays('after a plan', await saved(train), plain);
      },
    },
    {
      name: 'model: another seed gives another model',
      async run() {
        const [a, b] = [await saved(train, { seed: 1 }), await saved(train, { seed: 2 })];
        check(
          differ(a, b) !== (kit.deterministic === true),
          kit.deterministic ? 'the seed must change nothing' : 'the seed must not be ignored',
        );
      },
    },
    {
      name: 'model: validation data never influence what is learned',
      async run() {
        const other = bench.examples('test', ['ant', 'bee', 'cat'], 3);
        const plain = await saved(train);
        sameArrays('with validation data', await saved(train, { validation: test }), plain);
        sameArrays('with other validation data', await saved(train, { validation: other }), plain);
      },
    },
    {
      name: 'model: nested rows and a flat array give the same model',
      async run() {
        const flat = await saved(train);
        sameArrays('from nested rows', await saved(nested(train)), flat);
        const wide = { x: { data: Float64Array.from(train.x.data), shape: train.x.shape }, y: train.y };
        sameArrays('from a Float64Array', await saved(wide), flat);
      },
    },
    {
      name: 'model: rows of weight 0 are not learned from, heavy ones are',
      async run() {
        const plain = await bench.fit(train);
        const before = await scoreOf(plain);
        plain.dispose();
        const labels: readonly Label[] = ['ant', 'bee', 'cat'];
        const wrong = train.y.map((label) =>
          typeof label === 'number' ? -label : (labels[(labels.indexOf(label) + 1) % 3] ?? label),
        );
        const twice = (values: Float32Array): Float32Array => Float32Array.from([...values, ...values]);
        const rows = train.y.length;
        const both: Examples = {
          x: { data: twice(train.x.data), shape: [2 * rows, ...bench.feature] },
          y: [...train.y, ...wrong],
          sampleWeight: [...new Array<number>(rows).fill(1), ...new Array<number>(rows).fill(0)],
        };
        const fitted = await bench.fit(both);
        const score = await scoreOf(fitted);
        fitted.dispose();
        check(
          score >= Math.min(enough, before - 0.15),
          `wrong rows of weight 0 must not spoil ${before}, got ${score}`,
        );
        const turned = await bench.fit({ ...both, sampleWeight: [...(both.sampleWeight ?? [])].reverse() });
        const low = await scoreOf(turned);
        turned.dispose();
        check(low < 0.5 * before, `with the right rows at weight 0 it must learn the wrong ones, got ${low}`);
      },
    },
  ];
  if (bench.feature.length === 1) cases.push(tableCase(bench, saved));
  if (!regression) cases.push(...labelCases(bench, scoreOf));
  return cases;
}

/** Rows of objects and a table of columns. */
function tableCase(bench: ModelBench, saved: (data: Data) => Promise<Parameters<typeof sameArrays>[1]>): KitCase {
  return {
    name: 'model: an array of objects and a table give the same model',
    async run() {
      const { x, y } = bench.examples();
      const names = Array.from({ length: bench.size }, (_, i) => `f${i}`);
      const rows = y.map((label, row) => ({
        ...Object.fromEntries(names.map((name, i) => [name, x.data[row * bench.size + i] ?? 0])),
        label,
      }));
      const labels = [...new Set(y)];
      const target = bench.regression
        ? { name: 'label', kind: 'number' as const, values: Float64Array.from(y, Number) }
        : {
            name: 'label',
            kind: 'category' as const,
            values: Int32Array.from(y, (label) => labels.indexOf(label)),
            categories: labels.map(String),
          };
      const columns = names.map((name, i) => ({
        name,
        kind: 'number' as const,
        values: Float64Array.from(y, (_label, row) => x.data[row * bench.size + i] ?? 0),
      }));
      const fromRows = await saved({ rows, target: 'label' });
      const table = { '~dendrite': 'table' as const, rows: y.length, columns: [...columns, target] };
      sameArrays('from a table', await saved({ table, target: 'label' }), fromRows);
    },
  };
}

/** What labels are called must not matter, and they come back as they were given. */
function labelCases(
  bench: ModelBench,
  scoreOf: (fitted: AnyFitted, data?: Examples) => Promise<number>,
): readonly KitCase[] {
  const kinds: readonly (readonly [string, readonly Label[]])[] = [
    ['texts', ['ant', 'bee', 'cat']],
    ['numbers that are not 0, 1, 2', [30, 7, 11]],
    ['true and false', [true, false]],
    ['numbers with signs and fractions', [-1.5, 0, 2.25]],
  ];
  const renamed = ({ x, y }: Examples, names: readonly Label[]): Examples => ({
    x,
    y: y.map((label) => names[['ant', 'bee', 'cat'].indexOf(String(label))] ?? label),
  });
  return [
    ...kinds.map(
      ([what, labels]): KitCase => ({
        name: `model: labels come back as they were given: ${what}`,
        async run() {
          const fitted = await bench.fit(bench.examples('train', labels));
          const test = bench.examples('test', labels);
          const predicted = await fitted.predict(test.x);
          check(
            predicted.every((label) => labels.includes(label)),
            () => `predictions must be among ${JSON.stringify(labels)}, got ${JSON.stringify([...new Set(predicted)])}`,
          );
          const score = await scoreOf(fitted, test);
          fitted.dispose();
          check(score >= 0.65, `must learn them, got ${score}`);
        },
      }),
    ),
    {
      name: 'model: renaming the classes leaves the accuracy',
      async run() {
        const train = bench.examples();
        const test = bench.examples('test');
        const plain = await bench.fit(train);
        const before = await scoreOf(plain, test);
        plain.dispose();
        for (const names of [
          ['z', 'y', 'x'],
          ['cat', 'ant', 'bee'],
        ]) {
          const fitted = await bench.fit(renamed(train, names));
          const after = await scoreOf(fitted, renamed(test, names));
          fitted.dispose();
          check(Math.abs(after - before) <= 0.12, `as ${names.join(', ')} it must stay near ${before}, got ${after}`);
        }
      },
    },
    {
      name: 'model: a heavier class is predicted more often',
      async run() {
        const train = bench.examples('train', ['ant', 'bee', 'cat'], 4);
        const test = bench.examples('test', ['ant', 'bee', 'cat'], 4);
        const share = async (classWeight?: Readonly<Record<string, number>>): Promise<number> => {
          const fitted = await bench.fit(train, classWeight ? { classWeight } : {});
          const predicted = await fitted.predict(test.x);
          fitted.dispose();
          return predicted.filter((label) => label === 'bee').length / predicted.length;
        };
        const [plain, heavy] = [await share(), await share({ ant: 0.05, bee: 20, cat: 0.05 })];
        check(heavy > plain, `'bee' at weight 20 must be predicted more often than ${plain}, got ${heavy}`);
      },
    },
  ];
}
