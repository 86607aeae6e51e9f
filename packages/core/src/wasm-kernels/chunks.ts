/** A known number of rows in chunks of nearly equal height: 10 rows in tiles of at most 6 are 5 + 5, not 6 + 4. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';

export interface Chunks {
  /** So many of `height` rows, then so many of `height − 1`. */
  readonly height: number;
  readonly full: number;
  readonly shorter: number;
}

export function chunksOf(rows: number, tallest: number): Chunks {
  const count = Math.ceil(rows / tallest);
  const height = Math.ceil(rows / count);
  const shorter = count * height - rows;
  return { height, full: count - shorter, shorter };
}

/** Loops over them; `body` is written once a height. */
export function forEachChunk(
  f: FunctionBuilder,
  { height, full, shorter }: Chunks,
  body: (row: Value<'i32'>, height: number) => void,
): void {
  if (full > 0) f.loop(0, full * height, height, (row) => body(row, height));
  const from = full * height;
  if (shorter > 0) f.loop(from, from + shorter * (height - 1), height - 1, (row) => body(row, height - 1));
}
