/** What is done to the numbers of an input before the network sees them: learned from the training data, saved with the model. */
import type { Batch, DataSource, Json, Numbers } from '@dendrite/spec';

/** `'auto'`: bytes over 255, rows of features standardised, anything else as it is. */
export type ScalingChoice = 'auto' | 'bytes' | 'standardise' | 'none';
export type Scaling =
  | { readonly kind: 'none' }
  /** x / 255 */
  | { readonly kind: 'bytes' }
  /** (x − mean) / deviation, feature by feature. */
  | { readonly kind: 'standard'; readonly mean: readonly number[]; readonly deviation: readonly number[] };

/** Means and deviations need one pass over the data; the other kinds none. */
export async function fitScaling(choice: ScalingChoice, source: DataSource): Promise<Scaling> {
  const { dtype, shape } = source.feature;
  const kind =
    choice === 'auto'
      ? dtype === 'uint8'
        ? 'bytes'
        : dtype === 'float32' && shape.length === 1
          ? 'standardise'
          : 'none'
      : choice;
  if (kind === 'none' || kind === 'bytes') return { kind };
  const width = shape.reduce((a, b) => a * b, 1);
  // Two passes: Σ(x − mean)² does not cancel as Σx² − n·mean² does.
  const mean = new Float64Array(width);
  await eachRow(source, width, (value, j) => {
    mean[j] = (mean[j] as number) + value / source.rows;
  });
  const variance = new Float64Array(width);
  await eachRow(source, width, (value, j) => {
    variance[j] = (variance[j] as number) + (value - (mean[j] as number)) ** 2 / source.rows;
  });
  const deviation = Array.from(variance, (each, j) => {
    const root = Math.sqrt(each);
    // A constant feature tells nothing: it becomes 0 instead of noise.
    return root > 1e-6 * Math.max(1, Math.abs(mean[j] as number)) ? root : 1;
  });
  return { kind: 'standard', mean: [...mean], deviation };
}

async function eachRow(
  source: DataSource,
  width: number,
  visit: (value: number, feature: number) => void,
): Promise<void> {
  for await (const { x } of source.batches({ size: 1024, epoch: 0 }))
    for (let i = 0; i < x.data.length; i++) visit(x.data[i] as number, i % width);
}

/** A batch's inputs as the network takes them; the array is the caller's. */
export function scaled(batch: Batch, scaling: Scaling): Float32Array | Int32Array {
  const made = scaledArray(batch, scaling, batch.x.data.length);
  scaleInto(made, batch, scaling);
  return made;
}

/** For so many numbers of inputs. Whole numbers that are not scaled stay whole (codes of words). */
export const scaledArray = ({ x }: Batch, { kind }: Scaling, size: number): Float32Array | Int32Array =>
  kind === 'none' && x.data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);

/** Writes a batch's inputs from element `at` on. */
export function scaleInto(made: Float32Array | Int32Array, { x: { data } }: Batch, scaling: Scaling, at = 0): void {
  if (scaling.kind === 'none') made.set(data, at);
  else if (scaling.kind === 'bytes') for (let i = 0; i < data.length; i++) made[at + i] = (data[i] as number) / 255;
  else standardise(made, data, scaling.mean, scaling.deviation, at);
}

function standardise(
  made: Float32Array | Int32Array,
  data: Numbers,
  mean: readonly number[],
  deviation: readonly number[],
  at: number,
): void {
  const width = mean.length;
  for (let i = 0; i < data.length; i++)
    made[at + i] = ((data[i] as number) - (mean[i % width] as number)) / (deviation[i % width] as number);
}

/** As it stands in a file. */
export const scalingJson = (scaling: Scaling): Json => ({ ...scaling });
