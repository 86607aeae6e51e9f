/** Data in any form, taken apart into features, targets and weights. */
import type { Column, Data, Label } from '@dendrite/spec';
import { type Features, isBranded, takeFeatures } from './features.ts';
import { forms } from './forms.ts';

const dataErrors = () => import('./data-errors.ts');

export interface Examples {
  readonly features: Features;
  readonly rows: number;
  /** One a row; absent for sources, which keep theirs. */
  readonly targets?: ArrayLike<Label>;
  /** The column they came from. */
  readonly target?: string;
  readonly sampleWeight?: ArrayLike<number>;
}

/** @throws DATA  for a target that is not there, or targets and weights of another number than the rows */
export async function takeExamples(
  data: Data,
  where: string,
  kinds?: ReadonlyMap<string, Column['kind']>,
): Promise<Examples> {
  const examples = await untangled(data, where, kinds);
  const { rows, sampleWeight } = examples;
  if (sampleWeight && sampleWeight.length !== rows)
    throw (await dataErrors()).otherWeights(sampleWeight.length, rows, where);
  return examples;
}

async function untangled(
  data: Data,
  where: string,
  kinds: ReadonlyMap<string, Column['kind']> | undefined,
): Promise<Examples> {
  if (isBranded(data, 'data')) return { features: await takeFeatures(data, where, kinds, forms), rows: data.rows };
  if (typeof data !== 'object' || data === null) throw (await dataErrors()).wrongForm(data, where);
  if ('rows' in data && 'target' in data && Array.isArray(data.rows))
    return (await forms.named()).rowExamples(data, where, kinds);
  if ('table' in data && 'target' in data) return (await forms.table()).tableExamples(data, where);
  if (!('x' in data && 'y' in data)) throw (await dataErrors()).wrongForm(data, where);
  const { x, y, sampleWeight } = data;
  const features = await takeFeatures(x, where, kinds, forms);
  if (features.rows !== y.length) throw (await dataErrors()).otherRows(features.rows, y.length, where);
  return { features, rows: features.rows, targets: y, ...(sampleWeight && { sampleWeight }) };
}
