/** Greedy translation: the likeliest token at each step, batch by batch, until every row has ended. */
import { argMax, notEqual, reshape, slice } from '@dendrite/core';
import { specialCodes } from '@dendrite/model';
import type { NetCore } from '@dendrite/nn';
import type { Tensor, Tree } from '@dendrite/spec';
import type { Decoded, PairForm, PairInput } from './translator-net.ts';

export interface Codes {
  readonly data: Int32Array;
  readonly shape: readonly [rows: number, length: number];
}

/** `[rows, S]` codes → `[rows, T]` codes, each row with its end where it came to one. */
export async function translateCodes(
  core: NetCore,
  form: PairForm,
  { data, shape: [rows, length] }: Codes,
): Promise<Codes> {
  const { runtime } = core;
  await runtime.load();
  const steps = form.targetLength;
  const written = new Int32Array(rows * (steps + 1));
  for (let row = 0; row < rows; row++) written[row * (steps + 1)] = specialCodes.begin;
  const read = runtime.untracked(() =>
    runtime.scope(() => {
      const source = runtime.tensor(data, [rows, length]);
      return { memory: apply(core, { source }) as Tensor, memoryMask: notEqual(source, 0) };
    }),
  );
  try {
    const ended = new Uint8Array(rows);
    for (let t = 1; t <= steps && ended.some((each) => each === 0); t++) {
      const next = runtime.untracked(() =>
        runtime.scope(() => {
          const { logits } = apply(core, { ...read, target: firstCodes(core, written, rows, steps + 1, t) }) as Decoded;
          // The end, or a token: padding, unknown and begin are never written.
          const writable = form.targetCodes - specialCodes.end;
          const last = slice(logits, { begin: [0, t - 1, specialCodes.end], size: [rows, 1, writable] });
          return argMax(reshape(last, [rows, writable]), { axis: 1 });
        }),
      );
      const found = await next.data('int32');
      next.dispose();
      for (let row = 0; row < rows; row++) {
        if (ended[row]) continue;
        const code = specialCodes.end + (found[row] ?? 0);
        written[row * (steps + 1) + t] = code;
        if (code === specialCodes.end) ended[row] = 1;
      }
    }
  } finally {
    read.memory.dispose();
    read.memoryMask.dispose();
  }
  return { data: withoutFirst(written, rows, steps), shape: [rows, steps] };
}

/** How each written token looked at the source: `[written, read]` of one pair. */
export async function attentionOf(
  core: NetCore,
  source: readonly number[],
  target: readonly number[],
): Promise<number[][]> {
  const { runtime } = core;
  await runtime.load();
  const weights = runtime.untracked(() =>
    runtime.scope(() => {
      const from = runtime.tensor(Int32Array.from(source), [1, source.length]);
      const memory = apply(core, { source: from }) as Tensor;
      const codes = Int32Array.from([specialCodes.begin, ...target.slice(0, -1)]);
      const to = runtime.tensor(codes, [1, codes.length]);
      return (apply(core, { memory, memoryMask: notEqual(from, 0), target: to }) as Decoded).weights;
    }),
  );
  const found = await weights.data();
  weights.dispose();
  return target.map((_, t) => Array.from(found.subarray(t * source.length, (t + 1) * source.length)));
}

const apply = ({ layer, params, state, runtime }: NetCore, input: PairInput): Tree =>
  layer.apply({ params, state }, input, { training: false, key: runtime.key(0) })[0];

function firstCodes({ runtime }: NetCore, written: Int32Array, rows: number, width: number, count: number): Tensor {
  const cut = new Int32Array(rows * count);
  for (let row = 0; row < rows; row++) cut.set(written.subarray(row * width, row * width + count), row * count);
  return runtime.tensor(cut, [rows, count]);
}
function withoutFirst(written: Int32Array, rows: number, steps: number): Int32Array {
  const made = new Int32Array(rows * steps);
  for (let row = 0; row < rows; row++)
    made.set(written.subarray(row * (steps + 1) + 1, (row + 1) * (steps + 1)), row * steps);
  return made;
}
