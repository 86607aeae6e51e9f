// A part of MNIST, as small as asked, with the score that a model has to beat; and how the examples about training are called.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { mnist, takePerClass } from '@dendrite/datasets';
import { htmlReport, type ReportSection } from '@dendrite/report';
import { type DataSource, DendriteError, isDendriteError, type Runtime, type Tensor } from '@dendrite/spec';
import { readFlags } from '../flags/flags.ts';

export interface SomeDigits {
  readonly train: DataSource<number>;
  /** Never trained on. */
  readonly test: DataSource<number>;
  /** Accuracy of always saying the most frequent class of the training part, on the test part. */
  readonly baseline: number;
}

/** So many images of each part, as many of each class as can be. Looks where `mnist()` looks. */
export async function someDigits(
  size: { readonly train: number; readonly test: number },
  seed: number,
): Promise<SomeDigits> {
  const all = await mnist();
  const train = takePerClass(all.train, size.train, seed);
  const test = takePerClass(all.test, size.test, seed);
  const counts = new Map<number, number>();
  for (const code of train.targets()) counts.set(code, (counts.get(code) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [0];
  const right = Array.from(test.targets()).filter((code) => code === most).length;
  return { train, test, baseline: right / test.rows };
}

/** All pictures as rows of shares of ink, `[N, 784]`, as a net sees them. The caller frees it. */
export async function inkRows(runtime: Runtime, source: DataSource<number>): Promise<Tensor> {
  for await (const { x, rows } of source.batches({ size: source.rows, epoch: 0 }))
    return runtime.tensor(
      Float32Array.from(x.data, (byte) => byte / 255),
      [rows, x.data.length / rows],
    );
  throw new DendriteError('DATA', 'inkRows(): there must be a picture, got none. Take some per class.');
}

export interface Asked {
  readonly runtime: Runtime;
  /** The small form that CI runs. */
  readonly short: boolean;
  readonly seed: number;
  /** Writes the picture, where one was asked for. */
  draw(title: string, sections: readonly ReportSection[]): Promise<void>;
}

export interface Outcome {
  readonly accuracy: number;
  /** What it had to beat. Default of its name: `'always the most frequent class'`. */
  readonly baseline: number;
  readonly beats?: string;
}

/**
 * Runs an example on our WASM kernels with `[--short] [--seed S] [--picture FILE.html]`. It returns what it measured and what it
 * had to beat; the program fails where it did not.
 */
export async function runExample(example: (asked: Asked) => Promise<Outcome>): Promise<void> {
  try {
    const { values } = readFlags({
      options: {
        short: { type: 'boolean', default: false },
        seed: { type: 'string', default: '7' },
        picture: { type: 'string' },
      },
    });
    const { picture } = values;
    const runtime = await createRuntime({ backends: [wasm()] });
    const {
      accuracy,
      baseline,
      beats = 'always the most frequent class',
    } = await example({
      runtime,
      short: values.short,
      seed: Number(values.seed),
      async draw(title, sections) {
        if (picture === undefined) return;
        await writeFile(picture, htmlReport({ title, sections }));
        console.log(`picture: ${resolve(picture)}`);
      },
    });
    await runtime.dispose();
    console.log(`accuracy on test images: ${percent(accuracy)}; ${beats}: ${percent(baseline)}`);
    if (!(accuracy > baseline))
      throw new DendriteError(
        'DATA',
        `accuracy must be above the baseline ${baseline}, got ${accuracy}. Something is broken.`,
      );
  } catch (error) {
    console.error(isDendriteError(error) ? error.message : error);
    process.exitCode = 1;
  }
}

export const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
