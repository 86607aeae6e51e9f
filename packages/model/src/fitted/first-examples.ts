/** The first training rows of a source, one behind the other. */
import { type DataSource, DendriteError } from '@dendrite/spec';
import { type ProbeRows, probedRows } from './probe-rows.ts';

/** @throws DATA  for a source without any */
export async function firstExamples(data: DataSource): Promise<ProbeRows> {
  for await (const { rows, x } of data.batches({ size: probedRows, epoch: 0 }))
    return { rows, data: x.data.slice(), example: data.feature.shape };
  throw new DendriteError('DATA', 'fit(): a source must give at least one batch, got none.');
}
