/** Preprocessing as it stands in a file's header; read-preprocessing.ts reads it. */
import type { Json } from '@dendrite/spec';
import type { Preprocessing } from './preprocessing.ts';

export function preprocessingJson(preprocessing: Preprocessing): Json {
  if (preprocessing.kind === 'values') {
    const { kind, shape, dtype, names } = preprocessing;
    return { kind, shape, dtype, ...(names && { names }) };
  }
  const columns = preprocessing.columns.map(
    ({ name, kind, categories, mean, deviation }): Json => ({
      name,
      kind,
      ...(categories && { categories }),
      ...(mean !== undefined && { mean }),
      ...(deviation !== undefined && { deviation }),
    }),
  );
  return { kind: 'table', columns, ...(preprocessing.target !== undefined && { target: preprocessing.target }) };
}
