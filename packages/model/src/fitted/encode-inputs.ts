/** What a fitted model is asked about, as its core reads it. */
import type { DataSource, Inputs } from '@dendrite/spec';
import { encodeColumns } from '../conversion/encode-columns.ts';
import { type Features, takeFeatures } from '../conversion/features.ts';
import { forms } from '../conversion/forms.ts';
import { kindsOf } from '../prepare/fit-preprocessing.ts';
import { readObjects } from './read-objects.ts';
import { type EncodedInputs, encodeTableInputs } from './table-inputs.ts';
import { type Answering, tableRules } from './trained.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const encoding = () => import('../conversion/encode-source.ts');

/** Inputs of any form, for a model. */
export type ReadInputs = (
  inputs: Inputs,
  by: Pick<Answering, 'definition' | 'preprocessing'>,
  where: string,
) => Promise<EncodedInputs>;

export const readInputs: ReadInputs = async (inputs, by, where) => {
  const { definition, preprocessing } = by;
  const features = (): Promise<Features> => takeFeatures(inputs, where, kindsOf(preprocessing), forms);
  const few =
    definition.capabilities.data === 'columns'
      ? readObjects(inputs, by, async () =>
          encodeColumns(await features(), preprocessing, tableRules(definition).missing, where, forms),
        )
      : undefined;
  return few ?? encodeInputs(await features(), by, where);
};

export async function encodeInputs(
  features: Features,
  by: Pick<Answering, 'definition' | 'preprocessing'>,
  where: string,
): Promise<EncodedInputs> {
  const { definition, preprocessing } = by;
  if (definition.capabilities.data === 'columns') return encodeTableInputs(features, by, where, forms);
  // Models that read columns need not load what makes batches.
  const { encodeSource } = await encoding();
  return sourcePieces(await encodeSource(features, preprocessing, where), definition.rowsAtOnce ?? 256);
}

function sourcePieces(source: DataSource, size: number): EncodedInputs {
  return {
    rows: source.rows,
    async *pieces() {
      for await (const batch of source.batches({ size, epoch: 0 }))
        yield { rows: batch.rows, input: () => batch, batch };
    },
  };
}
