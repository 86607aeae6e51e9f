/** Predicting: inputs in any form, piece by piece through the core, back to labels. */
import { DendriteError, type Inputs, type Label, type Probabilities } from '@dendrite/spec';
import { checkedOutput } from './core-output.ts';
import type { ReadInputs } from './encode-inputs.ts';
import type { Answering } from './trained.ts';

/** One label or number a row. */
export async function predictAll(
  trained: Answering,
  inputs: Inputs,
  read: ReadInputs,
  signal: AbortSignal | undefined,
): Promise<(Label | number)[]> {
  const found: (Label | number)[] = [];
  const classes = trained.definition.capabilities.task === 'classification';
  for await (const { values } of answers(trained, inputs, read, 'predict()', signal)) {
    for (let i = 0; i < values.length; i++)
      found.push(classes ? (trained.labels[values[i] as number] ?? '') : (values[i] as number));
  }
  return found;
}

/** `[rows, labels]` */
export async function predictProbabilities(
  trained: Answering,
  inputs: Inputs,
  read: ReadInputs,
): Promise<Probabilities> {
  const parts: Float32Array[] = [];
  let size = 0;
  for await (const { probabilities } of answers(trained, inputs, read, 'predictProbabilities()', undefined)) {
    // A core may reuse its array for the next piece.
    parts.push(Float32Array.from(probabilities ?? []));
    size += probabilities?.length ?? 0;
  }
  const data = new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, shape: [size / trained.labels.length, trained.labels.length] };
}

async function* answers(
  trained: Answering,
  inputs: Inputs,
  read: ReadInputs,
  where: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly values: ArrayLike<number>; readonly probabilities?: Float32Array }, void, void> {
  const { core, definition, labels } = trained;
  checkSignal(signal, where, 0);
  if (Array.isArray(inputs) && inputs.length === 0) return;
  const { pieces } = await read(inputs, trained, where);
  let done = 0;
  for await (const { rows, numbers, input } of pieces()) {
    const output = (numbers && (await core.predictNumbers?.(numbers, rows))) ?? (await core.predict(await input()));
    yield checkedOutput(output, rows, labels.length, definition, done);
    done += rows;
    checkSignal(signal, where, done);
  }
}

function checkSignal(signal: AbortSignal | undefined, where: string, rows: number): void {
  if (signal?.aborted)
    throw new DendriteError('ABORTED', `${where}: stopped by its signal after ${rows} rows.`, { cause: signal.reason });
}
