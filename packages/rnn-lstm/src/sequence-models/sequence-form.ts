/**
 * What a model of sequences learns of its training data before training: how long a sequence may be, and the scale of each channel.
 * Sequences become `[rows, steps, channels + 1]`: padded with zeros, and a last channel that is 1 where a step is there.
 */
import { DendriteError, type Json } from '@dendrite/spec';
import type { Sequences } from './sequences.ts';

export interface SequenceForm {
  readonly steps: number;
  readonly channels: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** @throws DATA  where there is nothing to learn from, or a number is not finite */
export function fitForm(
  sequences: Sequences,
  { scaling, steps: most }: { readonly scaling: 'standardise' | 'none'; readonly steps?: number | undefined },
  where: string,
): SequenceForm {
  const { rows, channels, lengths, at } = sequences;
  const steps = most ?? lengths.reduce((a, b) => Math.max(a, b), 0);
  if (rows === 0 || steps === 0)
    throw new DendriteError(
      'DATA',
      `${where}: the data must have at least one row with at least one step, got ${rows} rows of at most ${steps} steps.`,
    );
  const none = { mean: new Array<number>(channels).fill(0), deviation: new Array<number>(channels).fill(1) };
  if (scaling === 'none') return { steps, channels, ...none };
  const count = lengths.reduce((a, b) => a + b, 0);
  const each = (visit: (value: number, c: number) => void): void => {
    for (let row = 0; row < rows; row++)
      for (let t = 0; t < (lengths[row] ?? 0); t++) for (let c = 0; c < channels; c++) visit(at(row, t, c), c);
  };
  // Two passes: Σ(x − mean)² does not cancel as Σx² − n·mean² does.
  const mean = [...none.mean];
  each((value, c) => {
    mean[c] = (mean[c] ?? 0) + value / count;
  });
  const variance = [...none.mean];
  each((value, c) => {
    variance[c] = (variance[c] ?? 0) + (value - (mean[c] ?? 0)) ** 2 / count;
  });
  const deviation = variance.map((value, c) => {
    const root = Math.sqrt(value);
    // A constant channel tells nothing: it becomes 0 instead of noise.
    return root > 1e-6 * Math.max(1, Math.abs(mean[c] ?? 0)) ? root : 1;
  });
  return { steps, channels, mean, deviation };
}

/** `[rows, steps, channels + 1]`. @throws SHAPE, DATA */
export function padded(
  { rows, channels, lengths, at }: Sequences,
  form: SequenceForm,
  where: string,
): { readonly data: Float32Array; readonly shape: readonly [number, number, number] } {
  const { steps, mean, deviation } = form;
  if (channels !== form.channels && lengths.some((length) => length > 0))
    throw new DendriteError(
      'SHAPE',
      `${where}: steps must have ${form.channels} channels as in training, got ${channels}.`,
    );
  const width = form.channels + 1;
  const data = new Float32Array(rows * steps * width);
  for (let row = 0; row < rows; row++) {
    const length = lengths[row] ?? 0;
    if (length > steps)
      throw new DendriteError(
        'SHAPE',
        `${where}: a sequence must have at most the ${steps} steps of training, got ${length} in row ${row}. Cut it, or train with steps: ${length}.`,
      );
    for (let t = 0; t < length; t++) {
      const to = (row * steps + t) * width;
      for (let c = 0; c < form.channels; c++) {
        const value = at(row, t, c);
        if (!Number.isFinite(value))
          throw new DendriteError(
            'DATA',
            `${where}: x must be finite numbers, got ${value} in row ${row}, step ${t}, channel ${c}. Fill it in or leave the row out.`,
          );
        data[to + c] = (value - (mean[c] ?? 0)) / (deviation[c] ?? 1);
      }
      data[to + form.channels] = 1;
    }
  }
  return { data, shape: [rows, steps, width] };
}

/** As it stands in a file's config, and back. @throws FORMAT */
export const formJson = ({ steps, channels, mean, deviation }: SequenceForm): Json => ({
  steps,
  channels,
  mean,
  deviation,
});
export function formFrom(json: Json | undefined): SequenceForm {
  const { steps, channels, mean, deviation } = fieldsOf(json);
  const whole = (value: Json | undefined): value is number => Number.isInteger(value) && Number(value) >= 1;
  const numbers = (list: Json | undefined, length: number): list is number[] =>
    Array.isArray(list) && list.length === length && list.every((each) => Number.isFinite(each));
  if (whole(steps) && steps <= mostSteps && whole(channels) && numbers(mean, channels) && numbers(deviation, channels))
    return { steps, channels, mean, deviation };
  throw new DendriteError(
    'FORMAT',
    `restore(): the form of the sequences must be { steps, channels, mean, deviation }, got ${JSON.stringify(json)?.slice(0, 120)}. The file is damaged.`,
  );
}

/** More than any recurrence is run over; a file must not ask for rows that are padded to more. */
const mostSteps = 2 ** 20;

/** Fields of a JSON object; none where it is something else. */
export const fieldsOf = (json: Json | undefined): Readonly<Record<string, Json>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Readonly<Record<string, Json>>) : {};
