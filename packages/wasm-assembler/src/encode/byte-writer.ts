/** Bytes being written: LEB128 numbers, floats, texts, sections with their length before them. */

export class ByteWriter {
  private buffer = new Uint8Array(256);
  private length = 0;
  private static readonly float: DataView = new DataView(new ArrayBuffer(8));

  byte(value: number): void {
    if (this.length === this.buffer.length) this.room(1);
    this.buffer[this.length++] = value;
  }
  append(bytes: ArrayLike<number>): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }
  /** Unsigned LEB128. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }
  /** Signed LEB128 of up to 64 bits. */
  signed(value: number | bigint): void {
    if (typeof value === 'number' && (value | 0) === value) {
      let small = value; // most constants are, and BigInt is slow
      while (small < -64 || small >= 64) {
        this.byte((small & 127) | 128);
        small >>= 7;
      }
      this.byte(small & 127);
      return;
    }
    let rest = BigInt.asIntN(64, BigInt(value));
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      if ((rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 128);
    }
  }
  f32(value: number): void {
    ByteWriter.float.setFloat32(0, value, true);
    this.append(new Uint8Array(ByteWriter.float.buffer, 0, 4));
  }
  f64(value: number): void {
    ByteWriter.float.setFloat64(0, value, true);
    this.append(new Uint8Array(ByteWriter.float.buffer, 0, 8));
  }
  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.unsigned(encoded.length);
    this.append(encoded);
  }
  bytes(): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(0, this.length);
  }

  private room(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + count));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
