/**
 * A text as parallel streams for truncated backpropagation: row `i` of each batch goes on where row `i` of the one before ended, so
 * that the state of its network may be carried on.
 */
import type { DataSource } from '@dendrite/spec';
import { cutSource } from '../sequence-models/cut-source.ts';

/** How a text is cut: so many streams, in pieces of so many steps. */
export interface StreamPlan {
  readonly streams: number;
  readonly steps: number;
}

/** The plan nearest to what was asked for that this many characters can fill. */
export function planStreams(characters: number, { streams, steps }: StreamPlan): StreamPlan {
  const pairs = Math.max(1, characters - 1);
  const most = Math.min(steps, pairs);
  return { steps: most, streams: Math.max(1, Math.min(streams, Math.floor(pairs / most))) };
}

/** Each character's target is the one behind it; what does not fill a piece of every stream is left out. */
export function streamSource(codes: Int32Array, labels: readonly string[], { streams, steps }: StreamPlan): DataSource {
  const length = Math.floor((codes.length - 1) / streams);
  const pieces = Math.floor(length / steps);
  const rows = pieces * streams;
  const data = new Int32Array(rows * 2 * steps);
  const standing = new Int32Array(rows);
  for (let piece = 0, row = 0; piece < pieces; piece++)
    for (let stream = 0; stream < streams; stream++, row++) {
      const from = stream * length + piece * steps;
      data.set(codes.subarray(from, from + steps), row * 2 * steps);
      data.set(codes.subarray(from + 1, from + 1 + steps), row * 2 * steps + steps);
      standing[row] = codes[from + steps] ?? 0;
    }
  return cutSource({ data, rows, example: [steps], targets: steps, standing, labels, inOrder: true });
}

/** The last `steps` characters of each prompt, `[rows, steps]`; shorter ones behind code 0. */
export function promptCodes(prompts: readonly Int32Array[], steps: number): Int32Array {
  const data = new Int32Array(prompts.length * steps);
  prompts.forEach((codes, row) => {
    const last = codes.subarray(Math.max(0, codes.length - steps));
    data.set(last, (row + 1) * steps - last.length);
  });
  return data;
}
