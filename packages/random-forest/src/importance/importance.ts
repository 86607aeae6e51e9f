/** How much each column matters: loaded when it is asked. */
import { DendriteError } from '@dendrite/spec';
import type { CoreParts } from '../forest/core.ts';
import { permutationImportance } from './permutation.ts';

/**
 * One value a column.
 * @param parts.training  there while rows can be shuffled
 * @throws OPTION  for another kind, or where it cannot be known
 */
export function importanceOf(
  kind: 'impurity' | 'permutation',
  parts: CoreParts,
): readonly { readonly name: string; readonly value: number }[] {
  const values = kind === 'impurity' ? shares(parts.importance) : permutationImportance(kind, parts, parts.training);
  return parts.columns.map(({ name }, f) => ({ name, value: values[f] as number }));
}

/** Of what all splits took off the impurity. */
function shares(importance: Float64Array): Float64Array {
  const sum = importance.reduce((total, value) => total + value, 0);
  if (Number.isNaN(sum))
    throw new DendriteError(
      'OPTION',
      "importance(): what the splits took off the impurity must be known, got a model of another library's file, which does not say it. Shuffle columns of data that you have, and compare what evaluate() says.",
    );
  return importance.map((value) => (sum > 0 ? value / sum : 0));
}
