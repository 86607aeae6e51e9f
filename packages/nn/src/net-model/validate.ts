/** Loss and accuracy on data that are not trained on. */
import type { DataSource, Tensor } from '@dendrite/spec';
import type { NetParts } from './fitted-net.ts';
import { uploadBatch } from './net-plan.ts';
import { measureBatch, type TrainingState } from './train-step.ts';

/** Losses times rows, right answers and rows so far. */
export interface Sums {
  loss: number;
  correct: number;
  rows: number;
}

/** Rows that are measured at once. */
export const validationRows = 256;

/** Loss, and accuracy where there is one. */
export const averages = ({ loss, correct, rows }: Sums, classes: boolean): Readonly<Record<string, number>> => ({
  loss: loss / rows,
  ...(classes && { accuracy: correct / rows }),
});

/** Metrics named `validation.loss`, …; in batches of the given order. */
export async function validate(
  rules: Parameters<typeof measureBatch>[0],
  now: TrainingState,
  source: DataSource,
  { head, scaling, runtime }: Omit<NetParts, 'params' | 'state'>,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, number>>> {
  const sums: Sums = { loss: 0, correct: 0, rows: 0 };
  for await (const batch of source.batches({ size: validationRows, epoch: 0 })) {
    const measure = (): Tensor =>
      runtime.scope(() => measureBatch(rules, now, uploadBatch(runtime, head, scaling, batch)));
    if (sums.rows === 0) await runtime.load(measure);
    const found = measure();
    const [loss = Number.NaN, correct = 0] = await found.data();
    found.dispose();
    sums.loss += loss * head.lossScale;
    sums.correct += correct;
    sums.rows += batch.rows;
    // The run ends at its next event; and a page must stay alive meanwhile.
    if (signal?.aborted) break;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
  return Object.fromEntries(
    Object.entries(averages(sums, head.correct !== undefined)).map(([name, value]) => [`validation.${name}`, value]),
  );
}
