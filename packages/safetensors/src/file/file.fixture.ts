/** Makes files for tests, right or wrong: a header as text (or bytes) and data. */
export function fileOf(
  header: string | Uint8Array,
  data: ArrayLike<number> = [],
  length?: number,
): Uint8Array<ArrayBuffer> {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(Uint8Array.from(data), 8 + text.length);
  return bytes;
}

/** An array's entry in a header. */
export const entry = (dtype: string, shape: readonly number[], begin: number, end: number): string =>
  `{"dtype":"${dtype}","shape":[${shape.join()}],"data_offsets":[${begin},${end}]}`;
