/** Features as a model with `data: 'batches'` reads them: a source of encoded rows. */
import { type DataSource, DendriteError, type Label } from '@dendrite/spec';
import { arraySource } from '../array-source/array-source.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { checkedValues, checkFeature, storedDtype } from './as-trained.ts';
import type { Features } from './features.ts';

export interface RowParts {
  readonly targets?: ArrayLike<number>;
  readonly labels?: readonly Label[];
  readonly sampleWeight?: ArrayLike<number>;
}

/** Sources pass as they are, once their feature is right. */
export async function encodeSource(
  features: Features,
  preprocessing: Preprocessing,
  where: string,
  parts: RowParts = {},
): Promise<DataSource> {
  if (features.form === 'source' && preprocessing.kind === 'values') {
    checkFeature(features.source.feature.shape, preprocessing, where);
    const { names, feature } = features.source;
    if (storedDtype(feature.dtype) !== preprocessing.dtype)
      throw new DendriteError(
        'DATA',
        `${where}: a source must hold ${preprocessing.dtype}, as in training, got ${feature.dtype}. Make it of the same kind of array.`,
      );
    if (!names || !preprocessing.names || names.every((name, i) => name === preprocessing.names?.[i]))
      return features.source;
  }
  if (features.form === 'values')
    return arraySource({ ...parts, ...checkedValues(features, preprocessing, where) }, where);
  // Few pages have tables and arrays both.
  const { encodeNamed } = await import('./encode-named.ts');
  return encodeNamed(features, preprocessing, where, parts);
}
