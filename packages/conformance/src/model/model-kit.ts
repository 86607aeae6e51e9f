/** Data to learn from, and small readings of a model: what the model cases share. */
import type {
  Capabilities,
  FitOptions,
  Fitted,
  FittedBase,
  Inputs,
  Label,
  Metric,
  Model,
  Probabilities,
  Runtime,
  SavedModel,
  Shape,
} from '@dendrite/spec';
import { checkSameBits } from '../compare/compare.ts';
import { normalOf, numbersOf } from '../inputs/numbers.ts';
import { check, type ExpectedFailures } from '../kit/kit-case.ts';

export interface ModelKit {
  /** The model's own fit options: enough training for the small data here to be learned. */
  readonly fit?: object;
  /** Where it computes, for models with tensors: nothing may be left alive there. */
  readonly runtime?: Runtime;
  /** One example; default `[4]`. With more than one axis, tables and rows are left out. */
  readonly feature?: Shape;
  /** Rows of training data, default 90. */
  readonly rows?: number;
  /** The seed changes nothing. Default false. */
  readonly deterministic?: boolean;
  /** `toBytes` and `fromBytes` of `@dendrite/safetensors`: saved models then go through bytes. */
  readonly bytes?: { toBytes(model: SavedModel): Uint8Array; fromBytes(bytes: Uint8Array): SavedModel };
  readonly expectedFailures?: ExpectedFailures;
}

export type AnyFitted = FittedBase<Capabilities, Label>;
export interface Examples {
  readonly x: { readonly data: Float32Array; readonly shape: Shape };
  readonly y: readonly Label[];
  readonly sampleWeight?: readonly number[];
}

export class ModelBench {
  /** A fresh model for so many labels. */
  readonly make: (classes?: number) => Model;
  readonly kit: ModelKit;
  readonly feature: Shape;
  readonly size: number;
  readonly regression: boolean;

  constructor(make: (classes: number) => Model, kit: ModelKit) {
    this.make = (classes = 3) => make(classes);
    this.kit = kit;
    this.feature = kit.feature ?? [4];
    this.size = this.feature.reduce((product, length) => product * length, 1);
    this.regression = this.make().capabilities.task === 'regression';
  }

  options(more: FitOptions = {}): FitOptions {
    const { runtime } = this.kit;
    return { seed: 1, ...this.kit.fit, ...(runtime && { runtime }), ...more };
  }
  async fit(data: Examples, more?: FitOptions): Promise<AnyFitted> {
    const fitted: Fitted<Capabilities, Label> = await this.make(this.regression ? 1 : new Set(data.y).size).fit(
      data,
      this.options(more),
    );
    return fitted;
  }
  async restore(saved: SavedModel, labels?: readonly Label[]): Promise<AnyFitted> {
    const { runtime, bytes } = this.kit;
    const read = bytes ? bytes.fromBytes(bytes.toBytes(saved)) : saved;
    return this.make().restore<Label>(read, { ...(runtime && { runtime }), ...(labels && { labels }) });
  }

  /** Clouds around a centre for each label, or a straight line of the features with a little noise. */
  examples(part: 'train' | 'test' = 'train', labels: readonly Label[] = ['ant', 'bee', 'cat'], noise = 0.8): Examples {
    const rows = part === 'train' ? (this.kit.rows ?? 90) : 90;
    const next = numbersOf(`examples/${part}`);
    const centres = labels.map((_, k) => {
      const of = numbersOf(`centre/${k}`);
      return Array.from({ length: this.size }, () => 1.5 * normalOf(of));
    });
    const slopes = numbersOf('slopes');
    const slope = Array.from({ length: this.size }, () => normalOf(slopes));
    const data = new Float32Array(rows * this.size);
    const y: Label[] = [];
    for (let row = 0; row < rows; row++) {
      const k = row % labels.length;
      let line = 0.5;
      for (let i = 0; i < this.size; i++) {
        const value = (this.regression ? 0 : (centres[k]?.[i] ?? 0)) + (this.regression ? 1 : noise) * normalOf(next);
        data[row * this.size + i] = value;
        line += (slope[i] ?? 0) * value;
      }
      y.push(this.regression ? line + 0.05 * normalOf(next) : (labels[k] ?? 'ant'));
    }
    return { x: { data, shape: [rows, ...this.feature] }, y };
  }

  /** Share of right labels, or 1 − mean squared error / variance. */
  score(expected: readonly Label[], predicted: readonly (Label | number)[]): number {
    if (!this.regression) return expected.filter((label, i) => label === predicted[i]).length / expected.length;
    const numbers = expected.map(Number);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const spread = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return 1 - numbers.reduce((sum, value, i) => sum + (value - Number(predicted[i])) ** 2, 0) / spread;
  }
}

/** Share of right labels, streaming: a metric of the kit's own. */
export const rightShare: Metric<{ readonly right: number; readonly all: number }> = {
  '~dendrite': 'metric',
  name: 'rightShare',
  task: 'any',
  init: () => ({ right: 0, all: 0 }),
  update: ({ right, all }, { expected, predicted }) => ({
    right: right + Array.from(expected).filter((label, i) => label === predicted[i]).length,
    all: all + expected.length,
  }),
  merge: (a, b) => ({ right: a.right + b.right, all: a.all + b.all }),
  value: ({ right, all }) => right / all,
};

/** @throws ConformanceFailure  unless two saved models have the same arrays, bit for bit */
export function sameArrays(what: string, a: SavedModel, b: SavedModel): void {
  const names = Object.keys(b.arrays).sort();
  check(
    Object.keys(a.arrays).sort().join() === names.join(),
    `${what}: must have the arrays ${names.join(', ')}, got ${Object.keys(a.arrays).sort().join(', ')}`,
  );
  for (const name of names) {
    const [one, other] = [a.arrays[name], b.arrays[name]];
    if (one && other) checkSameBits(`${what}: '${name}'`, one, other);
  }
}

/** Whether any array but the probe differs. */
export const differ = (a: SavedModel, b: SavedModel): boolean =>
  Object.entries(a.arrays).some(
    ([name, { data }]) =>
      !name.startsWith('probe.') && Array.from(data).some((value, i) => value !== b.arrays[name]?.data[i]),
  );

/** Of a model that has probabilities. */
export async function probabilitiesOf(
  fitted: AnyFitted,
  x: Inputs,
): Promise<Probabilities & { readonly labels: readonly Label[] }> {
  check(
    'predictProbabilities' in fitted && 'labels' in fitted,
    'a model with probabilities must have predictProbabilities() and labels',
  );
  const able = fitted as AnyFitted & {
    readonly labels: readonly Label[];
    predictProbabilities(x: Inputs): Promise<Probabilities>;
  };
  return { ...(await able.predictProbabilities(x)), labels: able.labels };
}
