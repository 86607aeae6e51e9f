/** Ragged sequences from plain data: a list of sequences, each a list of steps, each a number or a list of channels. */
import { DendriteError } from '@dendrite/spec';

export interface Sequences {
  readonly rows: number;
  readonly channels: number;
  /** Steps of each sequence. */
  readonly lengths: readonly number[];
  /** Channel `c` of step `t` of sequence `row`. */
  at(row: number, t: number, c: number): number;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) || ArrayBuffer.isView(value);

/** @throws DATA, SHAPE  it names the sequence and the step */
export function takeSequences(x: unknown, where: string): Sequences {
  if (isList(x) && !ArrayBuffer.isView(x)) return fromLists(x, where);
  if (typeof x === 'object' && x !== null && 'data' in x && 'shape' in x && isList(x.data) && isList(x.shape))
    return fromArray(x.data as ArrayLike<number>, x.shape as readonly number[], where);
  throw new DendriteError(
    'DATA',
    `${where}: sequences must be a list of lists of steps, or { data, shape: [rows, steps, channels] }, got ${x === null ? 'null' : typeof x}.`,
  );
}

function fromArray(data: ArrayLike<number>, shape: readonly number[], where: string): Sequences {
  const [rows = 0, steps = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || rows * steps * channels !== data.length)
    throw new DendriteError(
      'SHAPE',
      `${where}: the shape must be [rows, steps, channels] and hold all ${data.length} numbers, got [${shape.join(', ')}].`,
    );
  return {
    rows,
    channels,
    lengths: new Array<number>(rows).fill(steps),
    at: (row, t, c) => data[(row * steps + t) * channels + c] ?? Number.NaN,
  };
}

function fromLists(list: readonly unknown[], where: string): Sequences {
  let channels: number | undefined;
  for (const [row, sequence] of list.entries()) {
    if (!isList(sequence))
      throw new DendriteError(
        'DATA',
        `${where}: a sequence must be a list of steps, got ${typeof sequence} as sequence ${row}. For one sequence write [steps].`,
      );
    for (let t = 0; t < sequence.length; t++) {
      const step = sequence[t];
      const width = isList(step) ? step.length : 1;
      channels ??= width;
      if (width !== channels || width === 0)
        throw new DendriteError(
          'SHAPE',
          `${where}: every step must have ${channels} channels as the first has, got ${width} in sequence ${row}, step ${t}.`,
        );
    }
  }
  const sequences = list as readonly ArrayLike<number | ArrayLike<number>>[];
  return {
    rows: list.length,
    channels: channels ?? 1,
    lengths: sequences.map((each) => each.length),
    at(row, t, c) {
      const step = sequences[row]?.[t];
      return typeof step === 'object' ? (step[c] ?? Number.NaN) : (step ?? Number.NaN);
    },
  };
}

/** The sequences at these indices. */
export const selectSequences = (from: Sequences, indices: ArrayLike<number>): Sequences => ({
  rows: indices.length,
  channels: from.channels,
  lengths: Array.from(indices, (row) => from.lengths[row] ?? 0),
  at: (row, t, c) => from.at(indices[row] ?? 0, t, c),
});
