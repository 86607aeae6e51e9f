/** Bytes being written: LEB128 numbers, floats, texts, sections with their length before them. */

export interface ByteWriter {
  byte(...values: readonly number[]): void;
  /** Unsigned LEB128. */
  unsigned(value: number): void;
  /** Signed LEB128 of up to 64 bits. */
  signed(value: number | bigint): void;
  f32(value: number): void;
  f64(value: number): void;
  text(value: string): void;
  append(bytes: Uint8Array): void;
  bytes(): Uint8Array<ArrayBuffer>;
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(256);
  let length = 0;
  const room = (count: number): void => {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * buffer.length, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const byte = (...values: readonly number[]): void => {
    room(values.length);
    for (const value of values) buffer[length++] = value;
  };
  const append = (bytes: Uint8Array): void => {
    room(bytes.length);
    buffer.set(bytes, length);
    length += bytes.length;
  };
  const unsigned = (value: number): void => {
    room(5);
    let rest = value;
    while (rest >= 128) {
      buffer[length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    buffer[length++] = rest;
  };
  const signed = (value: number | bigint): void => {
    if (typeof value === 'number' && value >= -64 && value < 64) {
      byte(value & 127); // most constants are small, and BigInt is slow
      return;
    }
    let rest = BigInt.asIntN(64, BigInt(value));
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      if ((rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0)) {
        byte(low);
        return;
      }
      byte(low | 128);
    }
  };
  const view = new DataView(new ArrayBuffer(8));
  const float = (bytes: number): void => append(new Uint8Array(view.buffer, 0, bytes));
  return {
    byte,
    unsigned,
    signed,
    append,
    f32(value) {
      view.setFloat32(0, value, true);
      float(4);
    },
    f64(value) {
      view.setFloat64(0, value, true);
      float(8);
    },
    text(value) {
      const encoded = new TextEncoder().encode(value);
      unsigned(encoded.length);
      append(encoded);
    },
    bytes: () => buffer.slice(0, length),
  };
}
