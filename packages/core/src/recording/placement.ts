/**
 * Which values may share memory. Whole buffers are shared, not parts of one: so each value has a buffer with a count of those
 * who hold it, and no dispatch reads and writes one buffer.
 */
export interface Span {
  readonly bytes: number;
  /** The entry that writes it. */
  readonly from: number;
  /** The first entry that may overwrite it. */
  readonly until: number;
}
export interface Placement {
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  /** The buffer of each span. */
  readonly at: readonly number[];
}

/** Largest first, each into the smallest buffer that is free for all of its life. */
export function place(spans: readonly Span[]): Placement {
  const buffers: number[] = [];
  const tenants: Span[][] = [];
  const at = new Array<number>(spans.length).fill(-1);
  const order = spans.map((_, i) => i).sort((a, b) => (spans[b] as Span).bytes - (spans[a] as Span).bytes || a - b);
  for (const i of order) {
    const span = spans[i] as Span;
    let found = -1;
    // Buffers were opened from large to small: the last that fits is the smallest.
    for (let b = buffers.length - 1; b >= 0 && found < 0; b--)
      if ((tenants[b] as Span[]).every((other) => other.until <= span.from || span.until <= other.from)) found = b;
    if (found < 0) {
      found = buffers.length;
      buffers.push(span.bytes);
      tenants.push([]);
    }
    (tenants[found] as Span[]).push(span);
    at[i] = found;
  }
  return { buffers, at };
}
