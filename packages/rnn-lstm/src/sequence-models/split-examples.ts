/** Examples of sequences, and the part of them that validates. */
import { splitIndices } from '@dendrite/model';
import { hostKey } from '@dendrite/random';
import { DendriteError, type FitOptions } from '@dendrite/spec';
import { type Sequences, selectSequences, takeSequences } from './sequences.ts';

export interface Examples<Y> {
  readonly x: Sequences;
  readonly y: ArrayLike<Y>;
  readonly sampleWeight?: ArrayLike<number>;
}

/** @throws DATA, SHAPE */
export function takeExamples<Y>(data: unknown, where: string): Examples<Y> {
  if (typeof data !== 'object' || data === null || !('x' in data) || !('y' in data))
    throw new DendriteError(
      'DATA',
      `${where}: data must be { x: sequences, y: one entry a sequence }, got ${data === null || typeof data !== 'object' ? String(data) : `an object with ${Object.keys(data).slice(0, 6).join(', ') || 'no keys'}`}.`,
    );
  const {
    x: given,
    y,
    sampleWeight,
  } = data as {
    readonly x: unknown;
    readonly y: ArrayLike<Y>;
    readonly sampleWeight?: ArrayLike<number>;
  };
  const x = takeSequences(given, where);
  if (x.rows !== y?.length)
    throw new DendriteError(
      'DATA',
      `${where}: x and y must have as many rows, got ${x.rows} in x and ${y?.length ?? 0} in y. Give one entry a sequence.`,
    );
  if (sampleWeight && sampleWeight.length !== x.rows)
    throw new DendriteError(
      'DATA',
      `${where}: sampleWeight must have one weight a row, got ${sampleWeight.length} for ${x.rows} rows.`,
    );
  return { x, y, ...(sampleWeight && { sampleWeight }) };
}

function select<Y>({ x, y, sampleWeight }: Examples<Y>, indices: ArrayLike<number>): Examples<Y> {
  return {
    x: selectSequences(x, indices),
    y: Array.from(indices, (i) => y[i] as Y),
    ...(sampleWeight && { sampleWeight: Array.from(indices, (i) => sampleWeight[i] ?? 1) }),
  };
}

/** The part to train on and the part that validates: what is learned of the data is learned of the first alone. @throws OPTION */
export function withoutValidation<Y>(
  all: Examples<Y>,
  { validation, seed = 0 }: Pick<FitOptions, 'validation' | 'seed'>,
  codes?: ArrayLike<number>,
): { readonly train: Examples<Y>; readonly held?: Examples<Y> } {
  if (typeof validation !== 'number') return { train: all };
  const { train, held } = splitIndices({
    rows: all.x.rows,
    fraction: validation,
    key: hostKey(seed).fork('validation'),
    where: 'fit() validation',
    ...(codes && { codes }),
  });
  return { train: select(all, train), held: select(all, held) };
}
